"""Which saved questions answer otherwise than before, row by row, and because of which claims.

A question is asked for every value of its parameters that a change can reach: the entities that changed claims name, with
their kin, and some of the terms these are mapped to. So a change that only shows under a drug nobody thought of shows all the
same, and questions that cannot answer for everything at once need not. Where a rule changed, anything may have, and they are
asked for everything. Numbers (thresholds) take their default or example. Questions that call other endpoints
(tagged ``federated``) are left out: their answers change for reasons that are not ours.

Responsible for a row that came or went is, in this order:

1. a changed claim the row names (itself, one of its steps or lines of evidence),
2. the changed claims behind a derived record that the row names (a drug mechanism, a conflict),
3. the changed claims behind a changed edge of which the row holds both ends,
4. the changed claims that name most of what the row names, among it at least two entities (one, where the row has one);
   this is likely and not certain, and said so; beside them a changed entity, publication or term that the row names
   (one of which only a mapping changed, if the question reads mappings),
5. a changed rule or the reworded question.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from oncoresist.errors import OncoResistError
from oncoresist.mechanism.edge_changes import EdgeChange
from oncoresist.mechanism.state import State
from oncoresist.namespaces import ENT
from oncoresist.saved_query import SavedQuery

_READS_MAPPINGS = re.compile(r"\b(?:skos:\w+Match|sssom:|onr:unmappedBecause)")
_NOTHING = f"{ENT}nothing"
_MOST_VALUES = 2000
_MOST_TERMS = 20
Row = tuple[ox.NamedNode | ox.Literal | ox.BlankNode | None, ...]


@dataclass(frozen=True)
class RowChange:
    """Rows that came or went; a row of which only numbers differ is one change.

    :param what: added, withdrawn or changed
    :param row: column → value as people read it (``5 → 4`` where a number changed); empty cells left out
    :param because: IRIs responsible, claims first
    :param certain: False where they are only the likeliest
    :param rule: no record is responsible but this: a rule or the wording of the question
    :param answer: what became of the whole answer, where several rows make one: withdrawn, added or changed
    :param iris: column → IRI, where the value is one (the later state's)
    """

    what: str
    row: dict[str, str]
    because: tuple[str, ...] = ()
    certain: bool = True
    rule: str = ""
    answer: str = ""
    iris: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswerChange:
    """One saved question and how its answer differs.

    :param what: changed, added (a new question), withdrawn, or unanswerable (in one of the two states)
    :param reworded: its query is not the same in both states
    :param note: why it is unanswerable
    :param per: the column of which one value makes one answer
    :param columns: column → kind
    :param given: its parameters
    :param labels: IRI of every cause → its name
    """

    question: str
    summary: str
    what: str
    rows: list[RowChange] = field(default_factory=list)
    reworded: bool = False
    note: str = ""
    per: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict:
        """As plain data for JSON."""
        return vars(self) | {"rows": [vars(row) for row in self.rows]}


@dataclass(frozen=True)
class Causes:
    """What may be responsible for a changed row.

    :param claims: changed claims
    :param others: changed entity, publication, passage or term → its kind
    :param ends: both ends of a changed edge → its changed claims
    :param near: changed claim → all that it names, the kin of its entities included
    """

    claims: set[str]
    others: dict[str, str]
    ends: dict[frozenset[str], set[str]]
    near: dict[str, set[str]]
    rules: list[str]

    @property
    def reach(self) -> frozenset[str] | None:
        """What a parameter must be for its answer to change; None if it may be anything."""
        return None if self.rules else frozenset().union(self.claims, self.others, *self.near.values())


def compare_answers(
    old: State, new: State, changed: set[str], others: dict[str, str], edges: list[EdgeChange], rules: list[str]
) -> list[AnswerChange]:
    """Every saved question whose answer differs.

    :param changed: IRIs of the claims that differ
    :param others: IRI → kind of what else differs
    :param rules: ids of derive queries that differ
    """
    ends: dict[frozenset[str], set[str]] = defaultdict(set)
    for edge in edges:
        ends[frozenset(edge.ends)] |= set(edge.claims)
    near = {claim: _near(claim, old, new) for claim in changed}
    causes = Causes(changed, others, {pair: claims for pair, claims in ends.items() if claims}, near, rules)
    _answer_all(old, new, causes.reach)
    found = []
    for id_ in sorted(old.questions.keys() | new.questions.keys()):
        before, after = _wording(id_, old, new), _wording(id_, new, old)
        if before is None or after is None:
            question = before or after
            assert question
            found.append(AnswerChange(id_, question.summary, "added" if after else "withdrawn"))
        elif after.federated:
            continue
        elif change := _compare(before, after, old, new, causes):
            found.append(change)
    return found


def _wording(id_: str, state: State, other: State) -> SavedQuery | None:
    """The question as the state words it, or as the other does where today's program cannot read its header."""
    return state.questions.get(id_) or (other.questions.get(id_) if id_ in state.unreadable else None)


def _answer_all(old: State, new: State, reach: frozenset[str] | None) -> None:
    """Answer every question on both states side by side: the engine works outside Python's lock."""

    def answer(pair: tuple[State, State]) -> None:
        for id_ in old.questions.keys() | new.questions.keys():
            question = _wording(id_, *pair)
            if question and _wording(id_, *reversed(pair)) and "federated" not in question.tags:
                with contextlib.suppress(OncoResistError):  # told where it is compared
                    _lines(question, pair[0], reach)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, ((old, new), (new, old))))


def _compare(before: SavedQuery, after: SavedQuery, old: State, new: State, causes: Causes) -> AnswerChange | None:
    reworded = before.text != after.text
    try:
        (head, *was), (_, *is_) = _lines(before, old, causes.reach), _lines(after, new, causes.reach)
    except OncoResistError as error:
        return AnswerChange(after.id, after.summary, "unanswerable", reworded=reworded, note=str(error))
    columns = list(after.columns)
    if list(before.columns) != columns:
        note = f"columns {', '.join(before.columns)} → {', '.join(columns)}"
        return AnswerChange(after.id, after.summary, "changed", reworded=True, note=note)
    gone, come = (Counter(lines) - Counter(others) for lines, others in ((was, is_), (is_, was)))
    if not gone and not come:
        return None
    if not _READS_MAPPINGS.search(after.text):
        causes = replace(causes, others={iri: kind for iri, kind in causes.others.items() if kind != "mapping"})
    rows = _paired(_parsed(head, gone, columns), _parsed(head, come, columns), after, old, new, causes, reworded)
    if after.per:
        kept = _values_of(columns.index(after.per), was) & _values_of(columns.index(after.per), is_)
        rows = [replace(row, answer="changed" if f"<{row.iris.get(after.per)}>".encode() in kept else row.what) for row in rows]
    mentioned = {iri for row in rows for iri in row.because}
    labels = {iri: new.labels.get(iri) or old.name(iri) for iri in mentioned}
    return AnswerChange(
        after.id, after.summary, "changed", rows, reworded, "", after.per, after.columns, tuple(after.params), labels
    )


def _lines(question: SavedQuery, state: State, reach: frozenset[str] | None) -> list[bytes]:
    """The answer as lines of TSV, the head first: comparing lines is much faster than comparing terms."""
    key = (question.id, reach)
    if key not in state.answers:
        results = state.engine.query(question.bound(_values(question, state, reach)), question.id)
        state.answers[key] = results.serialize(format=ox.QueryResultsFormat.TSV).splitlines(keepends=True)
    return state.answers[key]


def _values(question: SavedQuery, state: State, reach: frozenset[str] | None) -> dict[str, list[str]]:
    """Parameter → what to ask for. One that nothing can reach is asked for nothing, and answers nothing."""
    values = {p.name: [str(p.default or p.example)] for p in question.params.values() if p.type == "integer"}
    if reach is None:
        return values
    named = " ".join(f"<{iri}>" for iri in sorted(reach) if "://" in iri and " " not in iri)
    for parameter in question.params.values():
        if parameter.required and parameter.type in ("entity", "term", "record"):
            what = "?named onr:subtypeOfOrSelf? ?entity . " + (
                "?entity a ?class ; onr:mappedUnder ?thing"
                if parameter.type == "term"
                else "?entity a ?class BIND(?entity AS ?thing)"
            )
            found = state.engine.query(
                f"SELECT DISTINCT ?thing WHERE {{ VALUES ?named {{ {named} }} VALUES ?class {{ {parameter.of_class} }} {what} }}"
            )
            things = sorted(row["thing"].value for row in found) or [_NOTHING]
            # Terms of other vocabularies lead to the same entities again and again, so a few of them tell it all.
            values[parameter.name] = things[:_MOST_TERMS] if parameter.type == "term" else things
    if math.prod(map(len, values.values())) > _MOST_VALUES:  # a large change: asking for everything is less work
        return {name: terms for name, terms in values.items() if question.params[name].type == "integer"}
    return values


def _parsed(head: bytes, lines: Counter[bytes], columns: list[str]) -> list[Row]:
    text = head + b"".join(lines.elements())
    return [tuple(row[c] for c in columns) for row in ox.parse_query_results(text, format=ox.QueryResultsFormat.TSV)]


def _values_of(column: int, lines: list[bytes]) -> set[bytes]:
    return {line.rstrip(b"\n").split(b"\t")[column] for line in lines}


def _paired(
    gone: list[Row], come: list[Row], question: SavedQuery, old: State, new: State, causes: Causes, reworded: bool
) -> list[RowChange]:
    """Rows that differ; two that agree in everything but numbers are one changed row."""
    numbers = [
        i for i, kind in enumerate(question.columns.values()) if kind == "integer" and list(question.columns)[i] != "order"
    ]

    def key(row: Row) -> Row:
        return tuple(None if i in numbers else term for i, term in enumerate(row))

    by_key: dict[Row, list[Row]] = defaultdict(list)
    for row in gone:
        by_key[key(row)].append(row)
    found = []
    for row in come:
        partner = by_key[key(row)].pop() if numbers and by_key[key(row)] else None
        found.append(_row_change("changed" if partner else "added", row, partner, question, old, new, causes, reworded))
    for rows in by_key.values():
        found += [_row_change("withdrawn", row, None, question, old, new, causes, reworded) for row in rows]
    return sorted(found, key=lambda change: (list(change.row.values()), change.what))


def _row_change(
    what: str, row: Row, partner: Row | None, question: SavedQuery, old: State, new: State, causes: Causes, reworded: bool
) -> RowChange:
    state = old if what == "withdrawn" else new
    cells = {}
    for i, column in enumerate(question.columns):
        if row[i] is not None:
            text = _cell(row[i], state)
            cells[column] = text if partner is None or partner[i] == row[i] else f"{_cell(partner[i], old)} → {text}"
    iris = {term.value for term in row if isinstance(term, ox.NamedNode)}
    because, certain = _because(iris, old, new, causes)
    rule = ""
    if not because or (reworded and not certain):
        rule = "the question was reworded" if reworded else "changed rules" if causes.rules else "other changes"
        because = ()
    named = {c: term.value for c, term in zip(question.columns, row, strict=True) if isinstance(term, ox.NamedNode)}
    return RowChange(what, cells, because, certain or bool(rule), rule, iris=named)


def _because(iris: set[str], old: State, new: State, causes: Causes) -> tuple[tuple[str, ...], bool]:
    """Who is responsible for a row that holds `iris`, and whether that is certain."""
    named = {state.owners.get(iri, iri) for iri in iris for state in (old, new)}
    if claims := named & causes.claims:
        return tuple(sorted(claims)), True
    if behind := {claim for iri in iris for state in (old, new) for claim in state.behind.get(iri, ())} & causes.claims:
        return tuple(sorted(behind)), True
    entities = {iri for iri in iris if iri.startswith(ENT)}
    if behind := {claim for pair, claims in causes.ends.items() if pair <= entities for claim in claims}:
        return tuple(sorted(behind)), True
    others = sorted(named & causes.others.keys())
    enough = min(2, len(entities))
    touching = {claim: len(iris & near) for claim, near in causes.near.items() if len(entities & near) >= enough > 0}
    most = max(touching.values(), default=0)
    likely = sorted(claim for claim, count in touching.items() if count == most)
    return (*likely, *others), not likely


def _near(claim: str, old: State, new: State) -> set[str]:
    """All that a claim names: its entities with their next of kin, its polarity and certainty, its references."""
    found: set[str] = set()
    for state in (old, new):
        found |= {v for values in state.evidence.get(claim, {}).values() for v in values if isinstance(v, str)}
        found |= state.references.get(claim, set())
        for entity in state.entities.get(claim, ()):
            found |= {entity} | state.kin.get(entity, set())
    return found


def _cell(term: ox.NamedNode | ox.Literal | ox.BlankNode | None, state: State) -> str:
    if term is None:
        return "none"
    return state.name(term.value) if isinstance(term, ox.NamedNode) else term.value
