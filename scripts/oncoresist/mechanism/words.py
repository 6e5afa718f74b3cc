"""A proof in words: the conclusion, the claims it rests on with passages and references, the rules that lead there.

Everything said is looked up among the premises and what follows from them, so the words of a proof can be checked too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.engines import Embedded
from oncoresist.mechanism.premises import pattern
from oncoresist.mechanism.proof import Goal, Row, Rule
from oncoresist.names import Names
from oncoresist.namespaces import ONR, RDF_TYPE
from oncoresist.results import Term
from oncoresist.saved_query import SavedQuery

# What the words need besides the conclusions: sentences of steps, names of publications.
WORDING_RULES = ("step-labels", "publication-labels")
_UNSAID = (*WORDING_RULES, "derived-labels")
_ABSENT = re.compile(r"\bMINUS\b|\bNOT\s+EXISTS\b|!\s*(?:EXISTS|BOUND)\b", re.IGNORECASE)
_OPTIONAL_FACTS = (("aboutDrug", "about"), ("aboutCancer", "cancer"), ("inModel", "model"), ("polarity", "meaning"))


def tell(
    goal: Goal,
    scope: str,
    conclusions: list[ox.Triple],
    rows: list[Row],
    rules: Iterable[Rule],
    premises: ox.Store,
    content: Content,
    question: SavedQuery | None = None,
) -> list[str]:
    """The lines of the proof for reading; two spaces a level.

    :param premises: the premises and what follows from them
    :param question: the saved question that was answered
    """
    teller = _Teller(premises, content)
    lines = [_HEADS[goal.kind]]
    if goal.kind == "answer":
        given = ", ".join(f"{name} = {teller.name(iris[0])}" for name, iris in goal.parameters.items() if iris)
        lines.append(f"  {' '.join(question.summary.split()) if question else '?'}{f' ({given})' if given else ''}")
        lines += [f"  {teller.row(row, set(goal.parameters))}" for row in rows]
    if goal.route:
        lines.append(f"  {teller.route(goal)}")
    for number, record in enumerate(goal.records, 1):
        lines.append(f"  {f'{number}. ' if goal.kind == 'path' else ''}{teller.record(record, conclusions)}")
        lines += [f"    {fact}" for fact in teller.about(record, conclusions)]
    if goal.kind == "path":
        lines += [f"  {line}" for line in teller.path(goal.records, conclusions)]
    named = {t.subject.value: _values(conclusions, t.subject.value, "fromStep") for t in conclusions}
    steps = {step for found in named.values() for step in found}
    steps |= {t.value for row in rows for t in row.values() if isinstance(t, ox.NamedNode) and teller.is_step(t)}
    lines.append("Because")
    claims = teller.claims()
    for claim in claims:
        lines += [f"  {line}" for line in teller.claim(claim, steps)]
    if not claims:
        lines.append("  No claim takes part; the premises are facts about the things named.")
    lines.append("By rule")
    named_rules = [rule for rule in rules if rule.id.partition("/")[2] not in _UNSAID]
    lines += [f"  {rule.id.partition('/')[2]}: {rule.summary}" for rule in named_rules]
    if scope == "graph":
        lines.append("  The answer depends on all of the graph; the premises are the part that is seen in it.")
    elif question and _ABSENT.search(pattern(question.text)):
        lines.append(
            "  The question also asks that something is absent; only all of the graph shows that, so verify asks it too."
        )
    return lines


_JOINS = {
    "subtypeOfOrSelf": "is a kind of {}, so both may be one cell",
    "subtypeOf": "is a kind of {}",
    "givenIn": "is given in {}",
    "memberOf": "is a member of {}",
    "bridgedTo": "and {} may stand for each other",
}
_HEADS = {"derived": "Derived", "path": "Derived, hop by hop", "answer": "Answer"}


class _Teller:
    def __init__(self, premises: ox.Store, content: Content) -> None:
        self._store, self._curie = premises, content.prefixes.curie
        self._names = Names(Embedded(premises, content.prefixes.namespaces), content.prefixes)
        self._labels: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """Its label (of a publication with PMID or DOI), else its CURIE; a number is its own name."""
        if "://" not in iri:
            return iri
        if iri not in self._labels:
            self._labels[iri] = self._names.labels([iri]).get(iri) or self._curie(iri)
        return self._labels[iri]

    def is_step(self, term: ox.NamedNode) -> bool:
        return bool(self._objects(term.value, "relation"))

    def claims(self) -> list[str]:
        return sorted({q.subject.value for q in self._store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(ONR + "Claim"))})

    def record(self, edge: str, conclusions: list[ox.Triple]) -> str:
        """``IL6 → promotes → STAT3 signaling in cancer cell (edge:…)``, or the label of what has no effect."""
        if not all(_values(conclusions, edge, name) for name in ("from", "effect", "to")):
            return f"{self.name(edge)} ({self._curie(edge)})"

        def one(name: str, lead: str = "") -> str:
            return "".join(f"{lead}{self.name(iri)}" for iri in _values(conclusions, edge, name))

        ends = f"{one('from')}{one('fromCell', ' in ')} → {one('effect')} → {one('to')}{one('toCell', ' in ')}"
        return f"{ends}{one('withAgent', ', together with ')} ({self._curie(edge)})"

    def about(self, record: str, conclusions: list[ox.Triple]) -> list[str]:
        """The grade of an edge; class and differences of a conflict."""
        grades = [self.name(iri) for iri in _values(conclusions, record, "grade")]
        kinds = [self.name(iri) for prop in ("conflictKind", "conflictClass") for iri in _values(conclusions, record, prop)]
        differs = sorted(self.name(iri) for iri in _values(conclusions, record, "differsIn"))
        told = [("evidence", grades), ("conflict", kinds), ("differs in", differs)]
        return [f"{heading}: {', '.join(found)}" for heading, found in told if found]

    def route(self, goal: Goal) -> str:
        """``IL6 … gefitinib: net sign +``."""
        assert goal.route
        net = "none, since nothing on the way has a sign" if goal.net is None else _sign(str(goal.net))
        return f"{self.name(goal.route.source)} … {self.name(goal.route.target)}: net sign {net}"

    def path(self, edges: tuple[str, ...], conclusions: list[ox.Triple]) -> list[str]:
        """Where hops join by more than the same entity, and whether any one claim holds all of them."""
        told = [
            f"joined: {self.name(t.subject.value)} {join.format(self.name(t.object.value))}"
            for t in conclusions
            if t.subject.value not in edges and (join := _JOINS.get(t.predicate.value.removeprefix(ONR)))
        ]
        claims = [set(_values(conclusions, edge, "fromClaim")) for edge in edges]
        if claims and not set.intersection(*claims):
            told.append("No single claim holds all hops: each is proved, but that they act one after the other is a hypothesis.")
        return told

    def row(self, row: Row, given: set[str]) -> str:
        return "; ".join(f"{name}: {self._term(term)}" for name, term in row.items() if name not in given)

    def claim(self, claim: str, steps: set[str]) -> list[str]:
        """One claim: what it says, its steps (those in question, if any is), where it stands, on what it rests."""
        certainty = "".join(f", {self.name(iri)}" for iri in self._objects(claim, "certainty"))
        lines = [f"{self.name(claim)} ({self._curie(claim)}{certainty})"]
        own = sorted(self._objects(claim, "hasStep"), key=lambda step: (self._order(step), step))
        lines += [f"  · {self.name(step)}{self._signs(step)}" for step in own if step in steps or steps.isdisjoint(own)]
        facts = [
            f"{heading}: {', '.join(map(self.name, found))}"
            for prop, heading in _OPTIONAL_FACTS
            if (found := self._objects(claim, prop)) and found != [ONR + "none"]
        ]
        lines += [f"  {'; '.join(facts)}"] if facts else []
        lines += [f"  restates {self._curie(other)}" for other in self._objects(claim, "restates")]
        lines += [f"  said in {self._passage(passage)}" for passage in self._objects(claim, "statedAt")]
        for line in self._objects(claim, "hasEvidence"):
            papers = self._objects(line, "http://purl.org/spar/cito/citesAsEvidence")
            cited = ", ".join(map(self.name, papers))
            kinds = [self.name(kind) for kind in self._objects(line, "studyKind")]
            kinds += [f"notice: {text}" for paper in papers for text in self._objects(paper, "editorialNotice")]
            kinds += ["disputes it"] if ONR + "disputes" in self._objects(line, "direction") else []
            lines.append(f"  rests on {cited}" + (f" ({', '.join(kinds)})" if kinds else ""))
        for note in self._objects(claim, "http://www.w3.org/2004/02/skos/core#editorialNote"):
            lines.append(f"  curator's note: {note}")
        return lines

    def _signs(self, step: str) -> str:
        """How the net sign of a step comes about: `` [signs: sensitises to -, silenced -; net +]``."""
        net = self._objects(step, "netSign")
        factors = [
            f"{self.name(value)} {_sign(sign)}"
            for prop in ("relation", "perturbation", "subjectChange")
            for value in self._objects(step, prop)
            for sign in self._objects(value, "sign")
        ]
        ends = (("subjectAspect", "degradation of the subject"), ("objectAspect", "degradation of the object"))
        factors += [f"{words} -" for prop, words in ends if ONR + "degradation" in self._objects(step, prop)]
        return f" [signs: {', '.join(factors)}; net {_sign(net[0])}]" if net and len(factors) > 1 else ""

    def _passage(self, passage: str) -> str:
        locator = ", ".join(self._objects(passage, "http://purl.org/dc/terms/identifier")) or self._curie(passage)
        section = "".join(f", section {name}" for name in self._objects(passage, "section"))
        source = "".join(f" of {self.name(iri)}" for iri in self._objects(passage, "http://purl.org/dc/terms/isPartOf"))
        digest = "".join(f"; sha256 of its text {value[:16]}…" for value in self._objects(passage, "textDigest"))
        return f"{locator}{section}{source}{digest}"

    def _order(self, step: str) -> int:
        return min((int(value) for value in self._objects(step, "order") if value.isdigit()), default=0)

    def _objects(self, subject: str, prop: str) -> list[str]:
        predicate = ox.NamedNode(prop if "://" in prop else ONR + prop)
        found = self._store.quads_for_pattern(ox.NamedNode(subject), predicate, None, ox.DefaultGraph())
        return sorted(quad.object.value for quad in found)

    def _term(self, term: Term) -> str:
        return self.name(term.value) if isinstance(term, ox.NamedNode) else getattr(term, "value", "")


def _sign(number: str) -> str:
    return {"1": "+", "-1": "-", "0": "unknown"}.get(number, number)


def _values(triples: list[ox.Triple], subject: str, name: str) -> list[str]:
    return [t.object.value for t in triples if t.subject.value == subject and t.predicate.value == ONR + name]
