"""Which saved questions answer otherwise than before, row by row, and because of which claims.

A question is asked for everything it can be asked for, so a change that only shows under a drug, or a pair of cancers, nobody
thought of shows all the same. Numbers (thresholds) take their default or example. Questions that call other endpoints
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
import re
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from oncoresist.errors import OncoResistError
from oncoresist.mechanism.edge_changes import EdgeChange
from oncoresist.mechanism.state import State
from oncoresist.namespaces import ENT
from oncoresist.saved_query import Parameter, SavedQuery

_READS_MAPPINGS = re.compile(r"\b(?:skos:\w+Match|sssom:|onr:unmappedBecause)")
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
    _answer_all(old, new)
    found = []
    for id_ in sorted({id_ for state in (old, new) for id_ in (*state.questions, *state.unreadable)}):
        before, after = _wording(id_, old, new), _wording(id_, new, old)
        if before is None and after is None:
            note = old.unreadable.get(id_) or new.unreadable[id_]
            found.append(AnswerChange(id_, "", "unanswerable", note=note))
        elif before is None or after is None:
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


def _answer_all(old: State, new: State) -> None:
    """Answer every question on both states side by side: the engine works outside Python's lock."""

    def answer(pair: tuple[State, State]) -> None:
        for id_ in old.questions.keys() | new.questions.keys():
            question = _wording(id_, *pair)
            if question and _wording(id_, *reversed(pair)) and not question.federated:
                with contextlib.suppress(OncoResistError):  # told where it is compared
                    _lines(question, *pair)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, ((old, new), (new, old))))


def _compare(before: SavedQuery, after: SavedQuery, old: State, new: State, causes: Causes) -> AnswerChange | None:
    reworded = before.text != after.text
    try:
        (head, *was), (_, *is_) = _lines(before, old, new), _lines(after, new, old)
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


def _lines(question: SavedQuery, state: State, other: State) -> list[bytes]:
    """The answer as lines of TSV, the head first: comparing lines is much faster than comparing terms."""
    text = question.bound(_values(question, state, other))
    if text not in state.answers:
        results = state.engine.query(text, question.id)
        state.answers[text] = results.serialize(format=ox.QueryResultsFormat.TSV).splitlines(keepends=True)
    return state.answers[text]


def _values(question: SavedQuery, state: State, other: State) -> dict[str, list[str]]:
    """Parameter → what to ask for: everything that it may be in either state, so that both are asked the same."""
    values = {p.name: [str(p.default or p.example)] for p in question.params.values() if p.type == "integer"}
    named = [p for p in question.params.values() if p.required and p.type in ("entity", "term", "record")]
    # Engines answer for one list of values much faster than for none, and for all pairs of two lists much slower.
    if len(named) == 1:
        values[named[0].name] = sorted(_possible(named[0], state) | _possible(named[0], other))
    return values


def _possible(parameter: Parameter, state: State) -> set[str]:
    """Every thing of its class; for terms of other vocabularies, one that leads to each such thing and to the fewest others."""
    if parameter.type != "term":
        return {row["thing"].value for row in state.engine.query(f"SELECT DISTINCT ?thing {{ ?thing a {parameter.of_class} }}")}
    query = f"SELECT DISTINCT ?thing ?term {{ ?thing a {parameter.of_class} ; onr:mappedUnder ?term }}"
    pairs = [(row["thing"].value, row["term"].value) for row in state.engine.query(query)]
    width = Counter(term for _, term in pairs)
    narrowest: dict[str, str] = {}
    for thing, term in sorted(pairs, key=lambda pair: (width[pair[1]], pair[1])):
        narrowest.setdefault(thing, term)
    return set(narrowest.values())


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
