"""Why something belongs to a class: a smallest set of facts and axioms from which it follows; or what it lacks.

A justification is a set of axioms that entails the type while no proper subset does (Kalyanpur et al. 2007,
https://doi.org/10.1007/978-3-540-76298-0_20). A candidate is read off the definition; then, black box, every axiom is left
out in turn and the fast closure asked again, until none can be spared. HermiT can be asked to confirm both.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist.definitions import OWL, Any, Every, Expression, Named, Some, new_members, read_definitions
from oncoresist.mechanism.theory import RDFS, Axiom, Facts, Theory
from oncoresist.namespaces import RDF_TYPE

# Rules cax-sco, prp-spo1, prp-dom and prp-rng of OWL 2 RL; the definitions bring the rules for expressions.
_RULES = [
    f"CONSTRUCT {{ ?x a ?wide }} WHERE {{ ?x a ?narrow . ?narrow <{RDFS}subClassOf> ?wide }}",
    f"CONSTRUCT {{ ?x ?wide ?y }} WHERE {{ ?x ?narrow ?y . ?narrow <{RDFS}subPropertyOf> ?wide }}",
    f"CONSTRUCT {{ ?x a ?kind }} WHERE {{ ?x ?p ?y . ?p <{RDFS}domain> ?kind }}",
    f"CONSTRUCT {{ ?y a ?kind }} WHERE {{ ?x ?p ?y . ?p <{RDFS}range> ?kind }}",
]


class Prover:
    """Finds candidates for justifications by going down the definitions.

    :param by_links: also use domains and ranges; content that passes the shapes never needs them
    """

    def __init__(self, theory: Theory, facts: Facts, *, by_links: bool = False) -> None:
        self.theory, self.facts, self._links_count = theory, facts, by_links
        self._known: dict[tuple[str, str], frozenset[Axiom] | None] = {}

    def member(self, thing: str, class_: str, seen: frozenset = frozenset()) -> frozenset[Axiom] | None:
        """Axioms and facts from which `thing a class_` follows (as few as are found), or None."""
        if (thing, class_) not in self._known and (thing, class_) not in seen:
            self._known[thing, class_] = self._member(thing, class_, seen | {(thing, class_)})
        return self._known.get((thing, class_))

    def _member(self, thing: str, class_: str, seen: frozenset) -> frozenset[Axiom] | None:
        ways = []
        for type_ in self.facts.types(thing):
            if class_ in self.theory.above(type_):
                ways.append({Axiom("fact", (thing, RDF_TYPE.value, type_))} | self.theory.climb(type_, class_))
        if ways:
            return _least(ways)
        for defined, expressions in self.theory.definitions.items():
            if class_ in self.theory.above(defined):
                for number, expression in enumerate(expressions):
                    if (why := self.meets(thing, expression, seen)) is not None:
                        ways.append(why | {Axiom("definition", (defined, str(number)))} | self.theory.climb(defined, class_))
        return _least(ways) if ways or not self._links_count else self._by_links(thing, class_)

    def meets(self, thing: str, expression: Expression, seen: frozenset = frozenset()) -> frozenset[Axiom] | None:
        """Axioms and facts from which `thing` meets the expression, or None."""
        match expression:
            case Named(iri):
                return self.member(thing, iri, seen)
            case Every(parts):
                found = [self.meets(thing, part, seen) for part in parts]
                return None if None in found else frozenset().union(*found)
            case Any(parts):
                return _least([why for part in parts if (why := self.meets(thing, part, seen)) is not None])
            case Some(property_, filler, inverse):
                ways = []
                for narrow, other in self.facts.links(thing, property_, inverse=inverse):
                    if (why := self.meets(other, filler, seen)) is not None:
                        ends = (other, narrow, thing) if inverse else (thing, narrow, other)
                        ways.append(why | {Axiom("fact", ends)} | self.theory.climb(narrow, property_, properties=True))
                return _least(ways)

    def _by_links(self, thing: str, class_: str) -> frozenset[Axiom] | None:
        """By the domain of a property it has, or the range of one that points at it."""
        ways = []
        for inverse, table in ((False, self.theory.domains), (True, self.theory.ranges)):
            for property_, other in self.facts.properties(thing, inverse=inverse):
                for wide in self.theory.above(property_, properties=True):
                    for kind in table.get(wide, ()):
                        if class_ in self.theory.above(kind):
                            fact = _fact(other, property_, thing) if inverse else _fact(thing, property_, other)
                            axioms = {fact, Axiom("range" if inverse else "domain", (wide, kind))}
                            climbs = self.theory.climb(property_, wide, properties=True) | self.theory.climb(kind, class_)
                            ways.append(frozenset(axioms) | climbs)
        return _least(ways)


def _fact(subject: str, property_: str, object_: str) -> Axiom:
    return Axiom("fact", (subject, property_), object_) if object_[:1] == '"' else Axiom("fact", (subject, property_, object_))


def _least(ways: list) -> frozenset[Axiom] | None:
    return min((frozenset(way) for way in ways), key=lambda way: (len(way), sorted(way)), default=None)


def entails(axioms: frozenset[Axiom], theory: Theory, goals: list[tuple[str, str]]) -> bool:
    """Whether the axioms alone give every (thing, class), by the fast closure over nothing else."""
    store = ox.Store()
    for axiom in axioms:
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in axiom.triples(theory.definitions))
    definitions = read_definitions(store)
    before = -1
    while before != len(store):
        before = len(store)
        for rule in _RULES:
            # A range on a literal types nothing.
            new = [t for t in store.query(rule) if isinstance(t.subject, ox.NamedNode)]
            store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new_members(store, definitions))
    return all(ox.Quad(ox.NamedNode(thing), RDF_TYPE, ox.NamedNode(class_)) in store for thing, class_ in goals)


def shrink(axioms: frozenset[Axiom], theory: Theory, goals: list[tuple[str, str]]) -> frozenset[Axiom]:
    """Leave out one after the other whatever can be spared; what stays is minimal.

    :raises ValueError: even all of them do not give the goals
    """
    if not entails(axioms, theory, goals):
        raise ValueError(f"{len(axioms)} axioms do not give {goals}")
    for axiom in sorted(axioms):
        if entails(axioms - {axiom}, theory, goals):
            axioms = axioms - {axiom}
    return axioms


def confirmed_by_hermit(axioms: frozenset[Axiom], theory: Theory, thing: str, class_: str) -> bool:
    """Whether HermiT too finds that the axioms suffice and that none can be spared.

    Java starts once: every variant, the whole set and the set without each of its axioms, is a copy under names of its own.
    """
    from oncoresist import reasoner

    ordered = sorted(axioms)
    variants = [ordered, *([a for a in ordered if a != left_out] for left_out in ordered)]
    triples: list[ox.Triple] = []
    for number, variant in enumerate(variants):
        triples += [_renamed(t, number) for t in declarations(ordered, theory)]
        triples += [_renamed(t, number) for axiom in variant for t in axiom.triples(theory.definitions)]
    found = reasoner.realise(triples)
    types = found.types if found else {}
    held = [f"{class_}#{n}" in types.get(f"{thing}#{n}", ()) for n in range(len(variants))]
    return held == [True] + [False] * len(ordered)


def declarations(axioms, theory: Theory) -> list[ox.Triple]:
    """What an OWL reader must know of the names: class, property or individual."""
    kinds: dict[str, str] = {}
    for axiom in axioms:
        if axiom.kind == "fact" and axiom.parts[1] == RDF_TYPE.value:
            kinds |= {axiom.parts[0]: "NamedIndividual", axiom.parts[2]: "Class"}
        elif axiom.kind == "fact":
            kind = "DatatypeProperty" if axiom.value else "ObjectProperty"
            kinds |= {axiom.parts[0]: "NamedIndividual", axiom.parts[1]: kind}
            kinds |= {iri: "NamedIndividual" for iri in axiom.parts[2:]}
        elif axiom.kind == "definition":
            kinds |= {axiom.parts[0]: "Class"} | dict(_names(theory.definitions[axiom.parts[0]][int(axiom.parts[1])]))
        elif axiom.kind in ("subclass", "disjoint"):
            kinds |= dict.fromkeys(axiom.parts, "Class")
        elif axiom.kind == "subproperty":
            kinds |= dict.fromkeys(axiom.parts, "ObjectProperty")
        elif not axiom.parts[1].startswith("http://www.w3.org/2001/XMLSchema#"):
            kinds |= {axiom.parts[0]: kinds.get(axiom.parts[0], "ObjectProperty"), axiom.parts[1]: "Class"}
    return [ox.Triple(ox.NamedNode(iri), RDF_TYPE, ox.NamedNode(OWL + kind)) for iri, kind in kinds.items()]


def _names(expression: Expression):
    match expression:
        case Named(iri):
            yield iri, "Class"
        case Some(property_, filler, _):
            yield property_, "ObjectProperty"
            yield from _names(filler)
        case Every(parts) | Any(parts):
            for part in parts:
                yield from _names(part)


def _renamed(triple: ox.Triple, number: int) -> ox.Triple:
    def new(term):
        ours = isinstance(term, ox.NamedNode) and not term.value.startswith("http://www.w3.org/")
        return ox.NamedNode(f"{term.value}#{number}") if ours else term

    return ox.Triple(new(triple.subject), new(triple.predicate), new(triple.object))


@dataclass(frozen=True)
class Condition:
    """Whether one condition of a definition is met.

    :param expression: the condition
    :param met: whether it is
    :param parts: for a list of conditions, each of them; for ``some``, those of the thing that comes nearest
    :param nearest: for ``some``: IRI of that thing, None if there is no link at all
    """

    expression: Expression
    met: bool
    parts: tuple[Condition, ...] = ()
    nearest: str | None = None

    @property
    def score(self) -> float:
        """How much of it is met, from 0 to 1."""
        if self.met or not self.parts:
            return float(self.met)
        share = [part.score for part in self.parts]
        return (max(share) if isinstance(self.expression, Any) else sum(share) / len(share)) * 0.99


def conditions(prover: Prover, thing: str, expression: Expression) -> Condition:
    """Which conditions `thing` meets and which not, with the nearest miss where there are several candidates."""
    met = prover.meets(thing, expression) is not None
    if isinstance(expression, Every | Any):
        return Condition(expression, met, tuple(conditions(prover, thing, part) for part in expression.parts))
    if isinstance(expression, Some):
        links = prover.facts.links(thing, expression.property, inverse=expression.inverse)
        tried = [(conditions(prover, other, expression.filler), other) for _, other in links]
        if tried:
            best, other = max(tried, key=lambda pair: pair[0].score)
            return Condition(expression, met, (best,), other)
    return Condition(expression, met)
