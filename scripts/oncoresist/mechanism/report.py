"""A comparison as a report: headings, counts, one item a change. Terminal and Markdown are two ways to print the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from oncoresist.mechanism.answers import AnswerChange, RowChange
from oncoresist.mechanism.comparison import Comparison
from oncoresist.mechanism.edge_changes import EdgeChange
from oncoresist.mechanism.what_if import WhatIf

_PLURALS = {
    "claim": "claims",
    "entity": "entities",
    "term": "terms",
    "mapping": "mappings",
    "publication": "publications",
    "passage": "passages",
    "imported term": "imported terms",
    "axiom": "axioms",
    "derived edge": "derived edges",
    "drug mechanism": "drug mechanisms",
    "conflict": "conflicts",
    "direction of an effect": "directions of an effect",
    "saved question": "saved questions",
}
_MARKS = {"added": "+", "withdrawn": "−", "changed": "~", "deprecated": "!", "weakened": "<", "strengthened": ">"}
_EDGE_KINDS = {"derived edge": "Derived edges", "drug mechanism": "Drug mechanisms"}
# What becomes of an edge, and what is said of it when a paper falls.
_WITHOUT = {"withdrawn": "fall", "weakened": "weaken", "strengthened": "become stronger", "added": "are new"}
# A line names no more than so many; the JSON form has them all.
_NAMES = 8


@dataclass(frozen=True)
class Item:
    """One change.

    :param mark: + added, − withdrawn, ~ changed, ! deprecated, < weakened, > strengthened
    :param id: CURIE, if it has one
    """

    mark: str
    text: str
    id: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    title: str
    items: list[Item]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """:param counts: what → what happened → how many"""

    title: str
    lead: list[str]
    counts: dict[str, dict[str, int]]
    sections: list[Section] = field(default_factory=list)


def of_comparison(found: Comparison, curie: Callable[[str], str]) -> Report:
    """The report of `oncoresist diff`.

    :param curie: function from IRI to CURIE
    """
    title = f"Changes from {found.old} to {found.new}"
    if not found:
        return Report(title, ["Nothing differs."], {})
    counts = {_PLURALS[kind]: found.counts[kind] for kind in _PLURALS if kind in found.counts}
    sections = []
    for kind in list(_PLURALS)[:8]:
        for what in ("withdrawn", "deprecated", "changed", "added"):
            if some := found.of(kind, what):
                items = [
                    Item(_MARKS[what], c.label, "" if kind in ("axiom", "mapping") else curie(c.iri), c.details) for c in some
                ]
                aspects = Counter(aspect for change in some for aspect in change.aspects).most_common(8)
                note = "in " + ", ".join(f"{aspect} ({n})" for aspect, n in aspects) if len(some) > 3 and aspects else ""
                sections.append(Section(f"{_PLURALS[kind].capitalize()} {what}", items, note))
    sections += _mechanism(found, curie, {what: what for what in _WITHOUT})
    if found.rules:
        sections.append(Section("Derivation rules changed", [Item("~", rule) for rule in found.rules]))
    return Report(title, [], counts, sections + _questions(found, curie))


def of_what_if(found: WhatIf, curie: Callable[[str], str]) -> Report:
    """The report of `oncoresist what-if`.

    :param curie: function from IRI to CURIE
    """
    names = " and ".join(f"{name} ({curie(iri)})" for iri, name in found.references.items())
    title = f"If {names} {'falls' if len(found.references) == 1 else 'fall'}"
    lead = []
    if found.second_hand:
        count = _number(len(found.second_hand), "claim")
        lead.append(f"{count} read in a doubted source rest on other references; they stay, at second hand.")
    if not found.cited:
        return Report(title, ["No claim cites it: nothing falls.", *lead], {})
    counts = {"claims": Counter({"fall": len(found.fallen), "weaken": len(found.weakened)})}
    for kind in _EDGE_KINDS:
        counts[_PLURALS[kind]] = Counter(_WITHOUT[e.what] for e in found.comparison.edges if e.kind == kind)
    counts["directions of an effect"] = Counter({"change": len(found.comparison.directions)})
    counts["conflicts"] = Counter({"ended": "end", "began": "are new"}.get(c.what, "change") for c in found.comparison.conflicts)
    counts["saved questions"] = Counter({"change": len(found.comparison.answers or ())})
    sections = []
    for heading, mark, some in (("Claims that fall", "−", found.fallen), ("Claims that weaken", "<", found.weakened)):
        if some:
            sections.append(Section(heading, [Item(mark, c.label, curie(c.iri), (c.why,)) for c in some]))
    sections += _mechanism(found.comparison, curie, {what: f"that {verb}" for what, verb in _WITHOUT.items()})
    shown = {kind: {what: n for what, n in row.items() if n} for kind, row in counts.items()}
    return Report(title, lead, {k: row for k, row in shown.items() if row}, sections + _questions(found.comparison, curie))


def _mechanism(found: Comparison, curie, verbs: dict[str, str]) -> list[Section]:
    """Directions first, then what came and went; `verbs` is what the headings say."""
    sections = []
    for kind, heading in _EDGE_KINDS.items():
        if directions := [d for d in found.directions if d.kind == kind]:
            items = [Item("~", f"{d.label} ({d.what})", details=_because(d.claims, curie)) for d in directions]
            sections.append(Section(f"{heading} of which the direction changed", items))
    for kind, heading in _EDGE_KINDS.items():
        for what, verb in verbs.items():
            if edges := [edge for edge in found.edges if (edge.kind, edge.what) == (kind, what)]:
                sections.append(Section(f"{heading} {verb}", [_edge(edge, curie) for edge in edges]))
    for what, mark in (("ended", "−"), ("changed", "~"), ("began", "+")):
        if conflicts := [conflict for conflict in found.conflicts if conflict.what == what]:
            items = [Item(mark, c.label, details=(*c.details, *_because(c.claims, curie))) for c in conflicts]
            sections.append(Section(f"Conflicts that {what}", items))
    return sections


def _edge(edge: EdgeChange, curie) -> Item:
    details = (", ".join(edge.details),) if edge.details else ()
    return Item(_MARKS[edge.what], edge.label, details=(*details, *_because(edge.claims, curie)))


def _because(claims: tuple[str, ...], curie) -> tuple[str, ...]:
    return (f"because of {_listed([curie(claim) for claim in claims])}",) if claims else ()


def _questions(found: Comparison, curie) -> list[Section]:
    if not found.answers:
        return []
    return [Section("Saved questions that answer otherwise", [_question(answer, curie) for answer in found.answers])]


def _question(answer: AnswerChange, curie) -> Item:
    if answer.what != "changed" or answer.note:
        said = {"added": "new question", "withdrawn": "no longer asked", "unanswerable": "cannot be asked of both"}
        text = f"{said.get(answer.what, 'asks for other columns')}: {answer.note or answer.summary}"
        return Item(_MARKS.get(answer.what, "~"), text, answer.question)
    counted = _counted(answer.rows, answer.per) + (", and its query was reworded" if answer.reworded else "")
    lines = _by_cause(answer, curie) if answer.per else [f"{_row(row)}; {_reason(row, curie)}" for row in answer.rows]
    return Item("~", f"{answer.summary} {counted[:1].upper()}{counted[1:]}.", answer.question, tuple(lines))


def _counted(rows: list[RowChange], per: str | None) -> str:
    """``2 answers (9 rows) withdrawn, 1 answer changed``; an answer that keeps some of its rows is changed."""
    parts = []
    for what in ("withdrawn", "changed", "added"):
        if some := [row for row in rows if (row.answer or row.what) == what]:
            answers = len({row.row.get(per) for row in some}) if per else len(some)
            inside = f" ({_number(len(some), 'row')})" if per and answers != len(some) else ""
            parts.append(f"{_number(answers, 'answer' if per else 'row')}{inside} {what}")
    return ", ".join(parts)


def _by_cause(answer: AnswerChange, curie) -> list[str]:
    """For which values of its first parameter, then everything responsible, each named once."""
    given = sorted({row.row[name] for row in answer.rows for name in answer.given[:1] if name in row.row})
    lines = [f"for {_listed(given)}"] if given and answer.columns.get(answer.given[0]) == "entity" else []
    for certain in (True, False):
        if causes := sorted({curie(iri) for row in answer.rows if row.certain == certain for iri in row.because}):
            lines.append(f"{'' if certain else 'probably '}because of {_listed(causes)}")
    return lines + [f"because of {rule}" for rule in sorted({row.rule for row in answer.rows if row.rule})]


def _row(row: RowChange) -> str:
    cells = [f"{column} {value}" if " → " in value or value.isdigit() else value for column, value in row.row.items()]
    return f"{_MARKS[row.what]} {' · '.join(cells)}"


def _reason(row: RowChange, curie) -> str:
    return f"{'' if row.certain else 'probably '}because of {row.rule or _listed([curie(iri) for iri in row.because])}"


def _listed(names: list[str]) -> str:
    """
    >>> _listed(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
    'a, b, c, d, e, f, g, h and 2 more'
    """
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _number(count: int, noun: str) -> str:
    """
    >>> _number(1, "row"), _number(2, "claim")
    ('1 row', '2 claims')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
