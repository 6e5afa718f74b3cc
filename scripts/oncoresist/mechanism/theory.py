"""What a justification is made of: the axioms of the ontology and the facts of the graph, each to leave in or out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

import pyoxigraph as ox

from oncoresist.definitions import OWL, WRITTEN_WITH, Every, Expression, Named, Some, read_definitions
from oncoresist.engines import Engine
from oncoresist.namespaces import RDF_TYPE

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
AXIOM_KINDS = {
    RDFS + "subClassOf": "subclass",
    RDFS + "subPropertyOf": "subproperty",
    RDFS + "domain": "domain",
    RDFS + "range": "range",
}
_PREDICATES = {kind: predicate for predicate, kind in AXIOM_KINDS.items()}


@dataclass(frozen=True, order=True)
class Axiom:
    """One statement that can be left in or out.

    :param kind: ``fact`` (a triple about individuals), ``subclass``, ``subproperty``, ``domain``, ``range``,
        ``definition`` or ``disjoint``
    :param parts: IRIs: subject, property, object of a fact; narrower and wider; the class and the number of its definition;
        the two classes that exclude each other
    :param value: of a fact whose object is a literal, that literal; parts then has no object
    """

    kind: str
    parts: tuple[str, ...]
    value: str = ""

    def triples(self, definitions: dict[str, list[Expression]]) -> list[ox.Triple]:
        """In RDF, for a reasoner."""
        nodes = [ox.NamedNode(part) for part in self.parts if not part.isdigit()]
        match self.kind:
            case "fact":
                return [ox.Triple(nodes[0], nodes[1], nodes[2] if len(nodes) > 2 else _literal(self.value))]
            case "definition":
                class_, number = self.parts
                return _written(nodes[0], OWL + "equivalentClass", definitions[class_][int(number)])
            case "disjoint":
                return [ox.Triple(nodes[0], ox.NamedNode(OWL + "disjointWith"), nodes[1])]
        return [ox.Triple(nodes[0], ox.NamedNode(_PREDICATES[self.kind]), nodes[1])]


def _literal(text: str) -> ox.Literal:
    return next(iter(ox.parse(f"<x:s> <x:p> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES))).object


def _written(subject, predicate: str, expression: Expression) -> list[ox.Triple]:
    """`subject predicate expression` in the RDF of OWL."""
    predicate_node = ox.NamedNode(predicate)
    if isinstance(expression, Named):
        return [ox.Triple(subject, predicate_node, ox.NamedNode(expression.iri))]
    node = ox.BlankNode()
    triples = [ox.Triple(subject, predicate_node, node)]
    if isinstance(expression, Some):
        on: ox.NamedNode | ox.BlankNode = ox.NamedNode(expression.property)
        if expression.inverse:
            on = ox.BlankNode()
            triples.append(ox.Triple(on, ox.NamedNode(OWL + "inverseOf"), ox.NamedNode(expression.property)))
        triples.append(ox.Triple(node, RDF_TYPE, ox.NamedNode(OWL + "Restriction")))
        triples.append(ox.Triple(node, ox.NamedNode(OWL + "onProperty"), on))
        return triples + _written(node, OWL + "someValuesFrom", expression.filler)
    triples.append(ox.Triple(node, RDF_TYPE, ox.NamedNode(OWL + "Class")))
    place, via = node, OWL + ("intersectionOf" if isinstance(expression, Every) else "unionOf")
    for part in expression.parts:
        cell = ox.BlankNode()
        triples.append(ox.Triple(place, ox.NamedNode(via), cell))
        triples += _written(cell, _RDF + "first", part)
        place, via = cell, _RDF + "rest"
    return [*triples, ox.Triple(place, ox.NamedNode(via), ox.NamedNode(_RDF + "nil"))]


@dataclass
class Theory:
    """The ontology's axioms that a classification rests on.

    :param wider_classes: class → its direct superclasses; `wider_properties` likewise
    :param disjoint: sets of classes that exclude each other
    """

    definitions: dict[str, list[Expression]]
    wider_classes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wider_properties: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    domains: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ranges: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    disjoint: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def read(cls, engine: Engine) -> Theory:
        """From wherever `engine` finds the graph.

        :raises InputError: a definition is beyond what the closure decides
        """
        predicates = [*WRITTEN_WITH, *AXIOM_KINDS, OWL + "members", OWL + "disjointWith"]
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {' '.join(f'<{p}>' for p in predicates)} }} ?s ?p ?o }}"
        return cls.of(engine.query(query))

    @classmethod
    def of(cls, triples: Iterable[ox.Triple | ox.Quad]) -> Theory:
        """From triples that hold the ontology."""
        known = list(triples)
        theory = cls(read_definitions(known))
        first = {str(t.subject): t.object for t in known if t.predicate.value == _RDF + "first"}
        rest = {str(t.subject): t.object for t in known if t.predicate.value == _RDF + "rest"}
        tables = [theory.wider_classes, theory.wider_properties, theory.domains, theory.ranges]
        for t in known:
            if (
                (kind := AXIOM_KINDS.get(t.predicate.value))
                and isinstance(t.subject, ox.NamedNode)
                and isinstance(t.object, ox.NamedNode)
            ):
                tables[list(AXIOM_KINDS.values()).index(kind)][t.subject.value].add(t.object.value)
            elif t.predicate.value == OWL + "members":
                members, node = set(), t.object
                while str(node) in first:
                    members.add(first[str(node)].value)
                    node = rest[str(node)]
                theory.disjoint.append(frozenset(members))
            elif t.predicate.value == OWL + "disjointWith":
                theory.disjoint.append(frozenset({t.subject.value, t.object.value}))
        return theory

    def above(self, narrow: str, *, properties: bool = False) -> dict[str, tuple[str, ...]]:
        """Everything at or above `narrow` → the shortest way there."""
        return self._ways(narrow, properties)

    @cached_property
    def _ways(self):
        @cache
        def ways(narrow: str, properties: bool) -> dict[str, tuple[str, ...]]:
            table = self.wider_properties if properties else self.wider_classes
            found, waiting = {narrow: (narrow,)}, [narrow]
            while waiting:
                here = waiting.pop(0)
                for wide in sorted(table.get(here, ())):
                    if wide not in found:
                        found[wide] = (*found[here], wide)
                        waiting.append(wide)
            return found

        return ways

    def climb(self, narrow: str, wide: str, *, properties: bool = False) -> frozenset[Axiom]:
        """The axioms of the shortest way from `narrow` up to `wide`."""
        way = self.above(narrow, properties=properties)[wide]
        kind = "subproperty" if properties else "subclass"
        return frozenset(Axiom(kind, pair) for pair in pairwise(way))

    def excludes(self, one: str, other: str) -> tuple[str, str] | None:
        """Two disjoint classes at or above `one` and `other`, if there are any; the lowest."""
        for low, high in sorted(((a, b) for a in self.above(one) for b in self.above(other)), key=self._depth):
            if low != high and any({low, high} <= group for group in self.disjoint):
                return low, high
        return None

    def _depth(self, pair: tuple[str, str]) -> tuple:
        return (-len(self.above(pair[0])) - len(self.above(pair[1])), pair)


class Facts:
    """The types of things and what they are linked to, looked up when needed; only the narrow ones of what the store has."""

    def __init__(self, engine: Engine, theory: Theory) -> None:
        self._theory = theory
        self._out = cache(
            lambda thing: [(r["p"].value, r["o"]) for r in engine.query(f"SELECT ?p ?o WHERE {{ <{thing}> ?p ?o }}")]
        )
        self._in = cache(
            lambda thing: [(r["p"].value, r["s"]) for r in engine.query(f"SELECT ?p ?s WHERE {{ ?s ?p <{thing}> }}")]
        )

    def all_types(self, thing: str) -> set[str]:
        return {o.value for p, o in self._out(thing) if p == RDF_TYPE.value and isinstance(o, ox.NamedNode)}

    def types(self, thing: str) -> list[str]:
        """Those that rest on no other: neither met by definition nor above another one."""
        given = {t for t in self.all_types(thing) if t not in self._theory.definitions}
        return sorted(t for t in given if not any(t != n and t in self._theory.above(n) for n in given))

    def links(self, thing: str, property_: str, *, inverse: bool = False) -> list[tuple[str, str]]:
        """(property, other end) for every link of that property or a narrower one, the narrowest if there are several."""
        rows = self._in(thing) if inverse else self._out(thing)
        found: dict[str, set[str]] = defaultdict(set)
        for p, o in rows:
            if isinstance(o, ox.NamedNode) and property_ in self._theory.above(p, properties=True):
                found[o.value].add(p)
        above = self._theory.above
        return sorted(
            (p, other)
            for other, ps in found.items()
            for p in ps
            if not any(p != n and p in above(n, properties=True) for n in ps)
        )

    def properties(self, thing: str, *, inverse: bool = False) -> list[tuple[str, str]]:
        """(property, other end) for every link from the thing, or to it."""
        rows = self._in(thing) if inverse else self._out(thing)
        return sorted((p, o.value if isinstance(o, ox.NamedNode) else str(o)) for p, o in rows if p != RDF_TYPE.value)
