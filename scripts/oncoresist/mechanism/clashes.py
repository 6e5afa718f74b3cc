"""What makes ontology and content contradict each other: the axioms and triples that clash, and where they stand.

HermiT says that there is a contradiction, not which. The usual kinds are read off the graph: a thing of two classes that
exclude each other (stated, or by domain and range), a value that is not of the datatype its property asks for, and a class
below two that exclude each other. For all others HermiT is asked about parts of the whole until the part is smallest
(`oncoresist.mechanism.culprits`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.definitions import OWL
from oncoresist.engines import Engine
from oncoresist.findings import Finding
from oncoresist.mechanism.classification import premises
from oncoresist.mechanism.culprits import Statement, smallest
from oncoresist.mechanism.justify import Prover, shrink
from oncoresist.mechanism.theory import RDFS, Axiom, Facts, Theory
from oncoresist.mechanism.wording import Wording
from oncoresist.names import Names
from oncoresist.namespaces import BASE, RDF_TYPE

_LITERALS = """SELECT ?thing ?property ?value ?datatype WHERE { ?property a owl:DatatypeProperty ; rdfs:range ?datatype .
  ?thing ?property ?value . FILTER(!isLiteral(?value) || DATATYPE(?value) != ?datatype) } ORDER BY ?thing ?property ?value"""
_SHOWN = 10
_MEMBER = BASE + "entity/any-member"
_ORDER = ("fact", "definition", "domain", "range", "subproperty", "subclass", "disjoint")


def contradictions(engine: Engine, content: Content) -> list[Finding]:
    """A finding for each clash of the usual kinds, the first ten; where there is none, one for whatever else it is.

    To be asked when HermiT has found a contradiction.

    :raises InputError: HermiT stopped
    """
    theory = Theory.read(engine)
    told = _Told(engine, content, theory)
    found = _values(engine) + list(_clashing(engine, theory))
    findings = [told.axioms(axioms, subject) for subject, axioms in found[:_SHOWN]]
    if len(found) > _SHOWN:
        note = f"{len(found) - _SHOWN} more things contradict the ontology in such ways."
        findings.append(Finding("graph", "…", note, "Mend those shown and run again.", "owl-consistency"))
    return findings or _emptied(engine, content) or [_unusual(engine, content, told)]


def empty_classes(classes: Collection[str], engine: Engine, content: Content) -> list[Finding]:
    """Why classes can have no member: the axioms that empty the widest of them, and of the others, which these are.

    :param classes: all that HermiT finds unsatisfiable
    """
    theory, given = Theory.read(engine), _ontology(engine)
    told = _Told(engine, content, theory)
    roots: dict[str, list[str]] = {}
    for class_ in sorted(classes):
        above = set(theory.above(class_)) & set(classes)
        # Classes in a circle are above each other; the first of them is explained.
        widest = min(above, key=lambda wide: (len(set(theory.above(wide)) & above), wide))
        roots.setdefault(widest, []).extend({class_} - {widest})
    findings = []
    for number, (class_, below) in enumerate(sorted(roots.items())):
        if number < _SHOWN:
            findings.append(_empty_class(class_, theory, given, told, content))
        else:
            findings.append(_bare(class_, content, "The class can have no member.", "Mend those above and run again."))
        if below:
            names = ", ".join(map(content.prefixes.curie, below[:_SHOWN])) + (" and more" if len(below) > _SHOWN else "")
            problem = f"So can none of the {len(below)} classes below it: {names}."
            findings.append(_bare(class_, content, problem, "Mend it, and they have members again."))
    return findings


def _empty_class(class_: str, theory: Theory, given: list[ox.Triple], told: _Told, content: Content) -> Finding:
    from oncoresist.reasoner import first_contradictory

    for low, high in _exclusive(theory, theory.above(class_)):
        axioms = theory.climb(class_, low) | theory.climb(class_, high) | {Axiom("disjoint", (low, high))}
        return told.axioms(axioms, class_, empty=True)
    member = ox.Triple(ox.NamedNode(_MEMBER), RDF_TYPE, ox.NamedNode(class_))
    if culprits := smallest(given, first_contradictory, [member]):
        return told.statements(culprits, class_)
    return _bare(class_, content, "The class can have no member.", "Relax the axiom or disjointness that empties it.")


def _bare(class_: str, content: Content, problem: str, remedy: str) -> Finding:
    where = content.places.get(class_, "ontology/oncoresist.ttl")
    return Finding(where, content.prefixes.curie(class_), problem, remedy, "owl-satisfiability")


def _emptied(engine: Engine, content: Content) -> list[Finding]:
    """Where a class that has members can have none, that is what to mend, whoever its members are."""
    from oncoresist.reasoner import check_consistency

    found = check_consistency(_ontology(engine))
    return empty_classes(found.unsatisfiable, engine, content) if found.unsatisfiable else []


def _ontology(engine: Engine) -> list[ox.Triple]:
    return list(engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{LAYERS['ontology'].value}> {{ ?s ?p ?o }} }}"))


def _unusual(engine: Engine, content: Content, told: _Told) -> Finding:
    from oncoresist.reasoner import first_contradictory

    if culprits := smallest(premises(engine, content), first_contradictory):
        return told.statements(culprits)
    problem = "HermiT finds a contradiction in all that is derived, but none in ontology and content alone."
    return Finding("queries/derive", "onr:", problem, "Look at the rules that changed last.", "owl-consistency")


def _exclusive(theory: Theory, classes: Iterable[str]) -> list[tuple[str, str]]:
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


class _Told:
    """Says which statements clash, each with the file and line it stands at, if that is another than the finding's."""

    def __init__(self, engine: Engine, content: Content, theory: Theory) -> None:
        self._names, self._content, self._theory = Names(engine, content.prefixes), content, theory

    def axioms(self, axioms: frozenset[Axiom], subject: str, *, empty: bool = False) -> Finding:
        ordered = sorted(axioms, key=lambda a: (_ORDER.index(a.kind), a.parts[0] != subject, a))
        heads = [axiom.triples(self._theory.definitions)[0] for axiom in ordered]
        wording = self._wording(part for axiom in axioms for part in axiom.parts if not part.isdigit())
        return self._finding(list(zip(map(wording.axiom, ordered), heads, strict=True)), subject, empty)

    def statements(self, statements: list[Statement], empty: str | None = None) -> Finding:
        """:param empty: the class that they empty, where no thing contradicts anything"""
        ordered = sorted(statements, key=lambda s: (not s.rare, s.head.predicate.value.startswith((OWL, RDFS)), str(s.head)))
        wording = self._wording(name for s in statements for name in s.names)
        told = [(wording.statement(s.triples), s.head) for s in ordered]
        head = ordered[0].head.subject
        subject = empty or (head.value if isinstance(head, ox.NamedNode) else min(ordered[0].names))
        return self._finding(told, subject, empty is not None)

    def _wording(self, iris: Iterable[str]) -> Wording:
        labels = self._names.labels(set(iris)) | {_MEMBER: "any member"}
        return Wording(labels, self._content.prefixes.curie, self._theory, {})

    def _finding(self, told: list[tuple[str, ox.Triple]], subject: str, empty: bool) -> Finding:
        places = self._content.stand_at([head for _, head in told])
        # The finding stands where the first of them does that speaks of its subject: that need not be where the subject is.
        own = [places[head] for _, head in told if head in places and str(head.subject) == f"<{subject}>"]
        where = own[0] if own else self._content.places.get(subject, "ontology/oncoresist.ttl")
        texts = []
        for number, (text, head) in enumerate(told, 1):
            place = places.get(head, "")
            texts.append(f"({number}) {text}{f' [{place}]' if place and place != where else ''}")
        what = "The class can have no member" if empty else "It contradicts the ontology"
        problem = f"{what}. {'These statements cannot all hold: ' if len(texts) > 1 else ''}{' '.join(texts)}"
        remedy = "Withdraw one of them." if len(texts) > 1 else "Withdraw it."
        rule = "owl-satisfiability" if empty else "owl-consistency"
        return Finding(where, self._content.prefixes.curie(subject), problem, remedy, rule)


__all__ = ["contradictions", "empty_classes"]
