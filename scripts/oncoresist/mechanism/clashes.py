"""What makes ontology and content contradict each other: the axioms and triples that clash, and where they stand.

HermiT says that there is a contradiction, not which. Here the usual kinds are looked for: a thing of two classes that
exclude each other (stated, or by domain and range), a value that is not of the datatype its property asks for, and a class
below two that exclude each other. Each is cut down to a smallest set, which HermiT can confirm.
"""

from __future__ import annotations

from itertools import combinations

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.engines import Engine
from oncoresist.errors import ContradictionError, UsageError
from oncoresist.findings import Finding
from oncoresist.mechanism.classification import Disagreement, compare_with_hermit
from oncoresist.mechanism.justify import Prover, shrink
from oncoresist.mechanism.theory import Axiom, Facts, Theory
from oncoresist.mechanism.wording import Wording
from oncoresist.names import Names
from oncoresist.namespaces import BASE

_LITERALS = """SELECT ?thing ?property ?value ?datatype WHERE { ?property a owl:DatatypeProperty ; rdfs:range ?datatype .
  ?thing ?property ?value . FILTER(!isLiteral(?value) || DATATYPE(?value) != ?datatype) } ORDER BY ?thing ?property ?value"""
_SHOWN = 10


def compare_or_explain(engine: Engine, content: Content) -> tuple[int, list[Disagreement]]:
    """The comparison with HermiT, if what it is given does not contradict itself.

    :raises UsageError: HermiT cannot run here
    :raises ContradictionError: with a finding for each clash
    """
    from oncoresist import reasoner

    if reason := reasoner.unavailable():
        raise UsageError(reason)
    if (compared := compare_with_hermit(engine, content)) is None:
        raise ContradictionError(contradictions(engine, content))
    return compared


def contradictions(engine: Engine, content: Content) -> list[Finding]:
    """A finding for each clash among individuals, the first ten; one that says so if none of the usual kinds is there."""
    theory = Theory.read(engine)
    found = _values(engine) + list(_clashing(engine, theory))
    findings = [_finding(axioms, subject, engine, content, theory) for subject, axioms in found[:_SHOWN]]
    if len(found) > _SHOWN:
        note = f"{len(found) - _SHOWN} more things contradict the ontology in such ways."
        findings.append(Finding("graph", "…", note, "Mend those shown and run again.", "owl-consistency"))
    if not findings:
        problem = "Ontology and content contradict each other under OWL, but no thing is of two classes that exclude each other."
        remedy = "Look at the axioms that changed last (functional or inverse properties, complements, cardinalities)."
        findings.append(Finding("ontology/oncoresist.ttl", "onr:", problem, remedy, "owl-consistency"))
    return findings


def empty_class(class_: str, engine: Engine, content: Content) -> Finding | None:
    """Why a class can have no member: the axioms that put it below two classes that exclude each other."""
    theory = Theory.read(engine)
    thing = BASE + "entity/any-member"
    for low, high in _exclusive(theory, theory.above(class_)):
        axioms = theory.climb(class_, low) | theory.climb(class_, high) | {Axiom("disjoint", (low, high))}
        return _finding(axioms, class_, engine, content, theory, thing)
    return None


def _exclusive(theory: Theory, classes) -> list[tuple[str, str]]:
    """Pairs of `classes` that exclude each other."""
    held = set(classes)
    return sorted({pair for group in theory.disjoint for pair in combinations(sorted(group & held), 2)})


def _clashing(engine: Engine, theory: Theory):
    """(thing, smallest set of axioms) for each thing of two classes that exclude each other."""
    facts = Facts(engine, theory)
    prover = Prover(theory, facts, by_links=True)
    held: dict[str, set[str]] = {}
    for row in engine.query("SELECT ?thing ?class WHERE { ?thing a ?class . FILTER(isIRI(?thing)) }"):
        held.setdefault(row["thing"].value, set()).update(theory.above(row["class"].value))
    links = """SELECT DISTINCT ?thing ?property ?other WHERE {
      ?thing ?property ?other . ?property a owl:ObjectProperty . FILTER(isIRI(?other)) }"""
    kinds: dict[str, tuple[set[str], set[str]]] = {}
    for row in engine.query(links):
        property_ = row["property"].value
        if property_ not in kinds:
            wide = theory.above(property_, properties=True)
            kinds[property_] = tuple(  # type: ignore[assignment]
                {above for p in wide for kind in table.get(p, ()) for above in theory.above(kind)}
                for table in (theory.domains, theory.ranges)
            )
        for end, kind in zip(("thing", "other"), kinds[property_], strict=True):
            held.setdefault(row[end].value, set()).update(kind)
    for thing in sorted(held):
        for low, high in _exclusive(theory, held[thing])[:1]:
            why = [prover.member(thing, low), prover.member(thing, high)]
            if None not in why:
                goals = [(thing, low), (thing, high)]
                yield thing, shrink(why[0] | why[1], theory, goals) | {Axiom("disjoint", (low, high))}


def _values(engine: Engine) -> list[tuple[str, frozenset[Axiom]]]:
    """(thing, fact and range) for each value that is not of the datatype of its property."""
    found = []
    for row in engine.query(_LITERALS):
        thing, property_, value = row["thing"].value, row["property"].value, row["value"]
        parts = (thing, property_, value.value) if isinstance(value, ox.NamedNode) else (thing, property_)
        fact = Axiom("fact", parts, "" if len(parts) == 3 else str(value))
        found.append((thing, frozenset({fact, Axiom("range", (property_, row["datatype"].value))})))
    return found


def _finding(
    axioms: frozenset[Axiom], subject: str, engine: Engine, content: Content, theory: Theory, member: str | None = None
) -> Finding:
    iris = {part for axiom in axioms for part in axiom.parts if not part.isdigit()}
    labels = Names(engine, content.prefixes).labels(iris) | ({member: "any member"} if member else {})
    wording = Wording(labels, content.prefixes.curie, theory, {})
    order = ("fact", "definition", "domain", "range", "subproperty", "subclass", "disjoint")
    told = []
    for axiom in sorted(axioms, key=lambda a: (order.index(a.kind), a.parts[0] != subject, a)):
        place = content.places.get(axiom.parts[0], "")
        told.append(f"{wording.axiom(axiom)}{f' [{place}]' if place and place != content.places.get(subject) else ''}")
    what = "The class can have no member" if member else "It contradicts the ontology"
    problem = f"{what}. These statements cannot all hold: " + " ".join(f"({n}) {text}" for n, text in enumerate(told, 1))
    rule = "owl-satisfiability" if member else "owl-consistency"
    where = content.places.get(subject, "ontology/oncoresist.ttl")
    return Finding(where, content.prefixes.curie(subject), problem, "Withdraw one of them.", rule)
