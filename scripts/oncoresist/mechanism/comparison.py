"""What differs between two states of the graph: records, derived edges, conflicts and the answers of saved questions.

The one home for comparing: two revisions (`oncoresist diff`) and the graph with and without a paper
(`oncoresist what-if`) are both two `State` objects. Records are compared as curated, by their IRI; a step or an evidence
line counts as part of its claim. Everything comes out in words, in a stable order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from oncoresist.mechanism.answers import AnswerChange, compare_answers
from oncoresist.mechanism.edge_changes import ConflictChange, DirectionChange, EdgeChange, compare_conflicts, compare_edges
from oncoresist.mechanism.state import KINDS, Facts, State
from oncoresist.namespaces import ONR, RDF_TYPE, SKOS

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_REPLACED_BY = "http://purl.org/dc/terms/isReplacedBy"
_SSSOM = "https://w3id.org/sssom/"
_CITES = "http://purl.org/spar/cito/citesAsEvidence"
# Changing only these changes what people read, never what follows.
_WORDING = {_RDFS + "label", _RDFS + "comment", SKOS + "editorialNote", SKOS + "definition", SKOS + "altLabel"}
_NAMES = {RDF_TYPE.value: "class", _RDFS + "subClassOf": "parent", _RDFS + "domain": "domain", _RDFS + "range": "range"}
_PARTS = {ONR + "hasStep": "step", ONR + "hasEvidence": "evidence"}


@dataclass(frozen=True)
class Change:
    """One record that differs.

    :param kind: claim, entity, publication, passage, term, imported term, axiom or mapping
    :param what: added, changed, withdrawn (gone), or deprecated (still there, marked ``owl:deprecated``)
    :param details: what differs, in words
    :param aspects: the properties that differ, for counting
    :param wording: only labels, notes or definitions differ
    """

    kind: str
    iri: str
    label: str
    what: str
    details: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    wording: bool = False


@dataclass(frozen=True)
class Comparison:
    """Everything that differs from `old` to `new` (titles of the two states)."""

    old: str
    new: str
    changes: list[Change]
    edges: list[EdgeChange]
    directions: list[DirectionChange]
    conflicts: list[ConflictChange]
    answers: list[AnswerChange] | None
    rules: list[str] = field(default_factory=list)

    def of(self, kind: str, what: str | None = None) -> list[Change]:
        """The changes of one kind."""
        return [c for c in self.changes if c.kind == kind and what in (None, c.what)]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Kind → what → how many; kinds without change are left out."""
        rows: dict[str, Counter[str]] = {}
        for kind, what in [(c.kind, c.what) for c in self.changes] + [(e.kind, e.what) for e in self.edges]:
            rows.setdefault(kind, Counter())[what] += 1
        for conflict in self.conflicts:
            what = {"began": "added", "ended": "withdrawn"}.get(conflict.what, conflict.what)
            rows.setdefault("conflict", Counter())[what] += 1
        if self.directions:
            rows["direction of an effect"] = Counter(changed=len(self.directions))
        for answer in self.answers or ():
            rows.setdefault("saved question", Counter())[answer.what] += 1
        return {kind: dict(sorted(counted.items())) for kind, counted in rows.items()}

    def __bool__(self) -> bool:
        return bool(self.changes or self.edges or self.conflicts or self.answers or self.rules)

    def to_dict(self) -> dict:
        """Everything, as plain data for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "counts": self.counts,
            "changes": [vars(c) for c in self.changes],
            "edges": [vars(e) for e in self.edges],
            "directions": [vars(d) for d in self.directions],
            "conflicts": [vars(c) for c in self.conflicts],
            "rules": self.rules,
            "answers": None if self.answers is None else [answer.to_dict() for answer in self.answers],
        }


def compare(old: State, new: State, *, questions: bool = True) -> Comparison:
    """What differs from `old` to `new`.

    :param questions: also answer the saved questions on both, and say which claims changed the rows
    """
    changes = [*_records(old, new), *_terms(old, new), *_mappings(old, new)]
    changed = {c.iri for c in changes if c.kind == "claim" and not c.wording}
    rules = sorted(i for i in old.rules.keys() | new.rules.keys() if old.rules.get(i) != new.rules.get(i))
    edges, directions = compare_edges(old, new, changed)
    conflicts = compare_conflicts(old, new, changed)
    others = {c.iri: c.kind for c in changes if c.kind in ("entity", "publication", "passage", "term") and not c.wording}
    for mapping in (c for c in changes if c.kind == "mapping" and not c.wording):
        record = new.mappings.get(mapping.iri) or old.mappings[mapping.iri]
        others = {str(v): "mapping" for v in record.get(_SSSOM + "subject_id", ())} | others
    answers = compare_answers(old, new, changed, others, edges, rules) if questions else None
    return Comparison(old.title, new.title, changes, edges, directions, conflicts, answers, rules)


def _records(old: State, new: State) -> Iterable[Change]:
    for kind, namespace in KINDS.items():
        iris = {iri for state in (old, new) for iri in state.evidence if iri.startswith(namespace)}
        touched = _owners_of_changed_parts(old, new) if kind == "claim" else set()
        for iri in sorted(iris):
            before, after = old.evidence.get(iri), new.evidence.get(iri)
            if before != after or iri in touched:
                parts = _part_differences(old, new, iri, before, after) if kind == "claim" else ([], [])
                yield _change(kind, iri, before, after, old, new, *parts)


def _owners_of_changed_parts(old: State, new: State) -> set[str]:
    parts = old.owners.keys() | new.owners.keys()
    changed = [part for part in parts if old.evidence.get(part) != new.evidence.get(part)]
    return {state.owners[part] for part in changed for state in (old, new) if part in state.owners}


def _part_differences(
    old: State, new: State, claim: str, before: Facts | None, after: Facts | None
) -> tuple[list[str], list[str]]:
    """What differs in the steps and evidence lines of a claim: in words, and which aspects."""
    if before is None or after is None:
        return [], []
    words, aspects = [], []
    for prop, what in _PARTS.items():
        for part in sorted({str(v) for record in (before, after) for v in record.get(prop, ())}):
            was, is_ = old.evidence.get(part), new.evidence.get(part)
            if was == is_:
                continue
            aspects.append(what)
            then, now = _part_name(old, part), _part_name(new, part)
            if was is None or part not in old.owners:
                words.append(f"{what} added: {now}")
            elif is_ is None or part not in new.owners:
                words.append(f"{what} withdrawn: {then}")
            elif then != now:
                words.append(f"{what}: “{then}” became “{now}”")
            else:
                words += [f"{what} “{now}”: {text}" for text, _ in _differences(was, is_, old, new)]
    return words, aspects


def _part_name(state: State, part: str) -> str:
    cited = sorted(state.name(v) for v in state.evidence.get(part, {}).get(_CITES, ()))
    return "; ".join(cited) or state.name(part)


def _terms(old: State, new: State) -> Iterable[Change]:
    for iri in sorted(old.terms.keys() | new.terms.keys()):
        before, after = old.terms.get(iri), new.terms.get(iri)
        if before != after:
            kind = "axiom" if iri.startswith("[") else "term" if iri.startswith(ONR) else "imported term"
            yield _change(kind, iri, before, after, old, new)


def _mappings(old: State, new: State) -> Iterable[Change]:
    for iri in sorted(old.mappings.keys() | new.mappings.keys()):
        before, after = old.mappings.get(iri), new.mappings.get(iri)
        if before != after:
            yield _change("mapping", iri, before, after, old, new)


def _change(
    kind: str,
    iri: str,
    before: Facts | None,
    after: Facts | None,
    old: State,
    new: State,
    part_words: list[str] | None = None,
    part_aspects: list[str] | None = None,
) -> Change:
    state, record = (new, after) if after is not None else (old, before or {})
    label = (
        _mapping_label(record, state) if kind == "mapping" else _axiom_label(iri, state) if kind == "axiom" else state.name(iri)
    )
    if before is None:
        return Change(kind, iri, label, "added")
    if after is None:
        return Change(kind, iri, label, "withdrawn")
    differing = _differences(before, after, old, new)
    aspects = [text.partition(": ")[0] for text, _ in differing]
    wording = not part_words and all(p in _WORDING for _, p in differing)
    if _deprecated(after) and not _deprecated(before):
        heirs = ", ".join(sorted(new.name(v) for v in after.get(_REPLACED_BY, ())))
        why = [f"use instead: {heirs}"] if heirs else []
        why += [text for text, p in differing if p not in (_OWL_DEPRECATED, _REPLACED_BY)]
        return Change(kind, iri, label, "deprecated", (*why, *(part_words or ())), (*aspects, *(part_aspects or ())))
    words = (*(text for text, _ in differing), *(part_words or ()))
    return Change(kind, iri, label, "changed", words, tuple(dict.fromkeys((*aspects, *(part_aspects or ())))), wording)


def _differences(before: Facts, after: Facts, old: State, new: State) -> list[tuple[str, str]]:
    """Each differing property as ``certainty: asserted → hedged`` (or ``about drug: + gemcitabine``), with its IRI."""
    found = []
    for prop in sorted(before.keys() | after.keys(), key=lambda p: (p != RDF_TYPE.value, p)):
        was, is_ = before.get(prop, frozenset()), after.get(prop, frozenset())
        if was == is_ or prop in _PARTS:
            continue
        gone, come = (sorted(state.name(v) for v in some) for state, some in ((old, was - is_), (new, is_ - was)))
        name = (_NAMES.get(prop) or new.labels.get(prop) or old.labels.get(prop) or _local(prop)).removeprefix("has ")
        if len(gone) == 1 and len(come) == 1:
            text = f"{gone[0]} → {come[0]}"
        else:
            text = ", ".join([f"+ {v}" for v in come] + [f"− {v}" for v in gone])
        found.append((f"{name}: {text}", prop))
    return found


def _deprecated(record: Facts) -> bool:
    return any(isinstance(v, ox.Literal) and v.value in ("true", "1") for v in record.get(_OWL_DEPRECATED, ()))


def _mapping_label(record: Facts, state: State) -> str:
    def get(slot: str) -> str:
        value = next(iter(record.get(_SSSOM + slot, ())), "")
        return value.value if isinstance(value, ox.Literal) else state.prefixes.curie(value)

    return f"{get('subject_label')} {_local(get('predicate_id'))} {get('object_id')} ({get('object_label')})"


def _axiom_label(written: str, state: State) -> str:
    """An axiom without a name, cut to its first words."""
    names = [state.name(word[1:-1]) for word in written.replace(";", " ").split() if word.startswith(f"<{ONR}")]
    return f"axiom over {', '.join(dict.fromkeys(names[:6]))}{' …' if len(names) > 6 else ''}"


def _local(iri: str) -> str:
    return iri.replace("#", "/").replace(":", "/").rpartition("/")[2]
