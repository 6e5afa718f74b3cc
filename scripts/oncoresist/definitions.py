"""Defined classes of the ontology (``owl:equivalentClass``): read as expressions, turned into SPARQL that finds members.

Expressions are those of OWL 2 EL plus unions and inverse properties, on the side of the definition that an OWL 2 RL closure
needs (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL): named classes, ``and``, ``or``, ``some``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import pyoxigraph as ox

from oncoresist.errors import InputError

OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# The properties a definition is written with; a reader of definitions needs exactly these triples.
WRITTEN_WITH = [
    *(OWL + name for name in ("equivalentClass", "intersectionOf", "unionOf", "onProperty", "someValuesFrom", "inverseOf")),
    _RDF + "first",
    _RDF + "rest",
]


@dataclass(frozen=True)
class Named:
    """Members of a class."""

    iri: str


@dataclass(frozen=True)
class Some:
    """Things with `property` to something of the kind `filler`; the other way round if `inverse`."""

    property: str
    filler: Expression
    inverse: bool = False


@dataclass(frozen=True)
class Every:
    """Things of all these kinds (intersection)."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Any:
    """Things of at least one of these kinds (union)."""

    parts: tuple[Expression, ...]


Expression = Named | Some | Every | Any


def read_definitions(triples: Iterable[ox.Triple | ox.Quad]) -> dict[str, list[Expression]]:
    """Class IRI → its definitions, in a stable order.

    :param triples: at least those of the ontology whose predicate is in `WRITTEN_WITH`
    :raises InputError: a definition uses what the closure cannot decide

    >>> text = b'''PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX x: <x:>
    ... x:C owl:equivalentClass [ owl:intersectionOf ( x:A [ owl:onProperty x:p ; owl:someValuesFrom x:B ] ) ] .'''
    >>> read_definitions(ox.parse(text, format=ox.RdfFormat.TURTLE))
    {'x:C': [Every(parts=(Named(iri='x:A'), Some(property='x:p', filler=Named(iri='x:B'), inverse=False)))]}
    """
    values = _values(triples)
    found: dict[str, list[Expression]] = {}
    for subject, properties in sorted(values.items()):
        if subject.startswith("<"):
            for definition in properties.get(OWL + "equivalentClass", []):
                found.setdefault(subject[1:-1], []).append(_expression(definition, values, subject[1:-1]))
    return found


def read_expression(node: ox.NamedNode | ox.BlankNode, triples: Iterable[ox.Triple]) -> Expression:
    """The class expression that `node` stands for.

    :param triples: at least those that describe the node
    :raises InputError: it uses more than named classes, and, or, some
    """
    return _expression(node, _values(triples), "")


def _values(triples: Iterable[ox.Triple | ox.Quad]) -> dict[str, dict[str, list]]:
    """Subject → property → objects."""
    values: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        values[str(t.subject)][t.predicate.value].append(t.object)
    return values


def _expression(node, values, defined: str) -> Expression:
    if isinstance(node, ox.NamedNode):
        return Named(node.value)
    properties = values[str(node)]
    if lists := properties.get(OWL + "intersectionOf"):
        return Every(tuple(_expression(part, values, defined) for part in _list(lists[0], values)))
    if lists := properties.get(OWL + "unionOf"):
        return Any(tuple(_expression(part, values, defined) for part in _list(lists[0], values)))
    if (on := properties.get(OWL + "onProperty")) and (fillers := properties.get(OWL + "someValuesFrom")):
        filler = _expression(fillers[0], values, defined)
        if isinstance(on[0], ox.NamedNode):
            return Some(on[0].value, filler)
        if inverse := values[str(on[0])].get(OWL + "inverseOf"):
            return Some(inverse[0].value, filler, inverse=True)
    raise InputError(
        "ontology/oncoresist.ttl",
        f"the definition of <{defined}> uses more than named classes, and, or, some: nobody would be typed by it",
    )


def _list(node, values) -> list:
    items = []
    while str(node) != f"<{_RDF}nil>":
        items.append(values[str(node)][_RDF + "first"][0])
        node = values[str(node)][_RDF + "rest"][0]
    return items


def members_query(defined: str, expression: Expression) -> str:
    """SPARQL CONSTRUCT that types whatever meets the definition.

    >>> members_query("x:C", Every((Named("x:A"), Some("x:p", Named("x:B")))))
    'CONSTRUCT { ?t0 a <x:C> } WHERE { ?t0 a <x:A> . ?t0 <x:p> ?t1 . ?t1 a <x:B> . }'
    """
    numbers = count()
    return f"CONSTRUCT {{ ?t0 a <{defined}> }} WHERE {{ {_pattern(expression, f't{next(numbers)}', numbers)} }}"


def _pattern(expression: Expression, thing: str, numbers: count) -> str:
    match expression:
        case Named(iri):
            return f"?{thing} a <{iri}> ."
        case Some(property_, filler, inverse):
            other = f"t{next(numbers)}"
            ends = (other, thing) if inverse else (thing, other)
            return f"?{ends[0]} <{property_}> ?{ends[1]} . {_pattern(filler, other, numbers)}"
        case Every(parts):
            return " ".join(_pattern(part, thing, numbers) for part in parts)
        case Any(parts):
            return " UNION ".join(f"{{ {_pattern(part, thing, numbers)} }}" for part in parts)


def new_members(store: ox.Store, definitions: dict[str, list[Expression]]) -> set[ox.Triple]:
    """The types that follow from the definitions and are not in the default graph of `store` yet; one round."""
    found: set[ox.Triple] = set()
    for defined, expressions in definitions.items():
        for expression in expressions:
            found |= set(store.query(members_query(defined, expression)))
    return {t for t in found if ox.Quad(t.subject, t.predicate, t.object) not in store}
