"""What differs in the mechanism layer: edges and drug mechanisms, their strength, the direction of an effect, conflicts.

The IRI of such a record is made of its ends, cells and effect, so one that turns its sign is another record. Hence two
views: records one by one, and for each pair of ends the set of signed effects, cells left aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist.mechanism.state import Facts, State
from oncoresist.namespaces import ONR, RDF_TYPE

_FROM, _TO, _EFFECT, _CLAIM = (ONR + name for name in ("from", "to", "effect", "fromClaim"))
_RANK, _CLASS = ONR + "rank", ONR + "conflictClass"
_SIGNED = {ONR + name for name in ("promotes", "suppresses", "raisesResistanceTo", "lowersResistanceTo")}
# How well an edge is supported, and whether more is better. A grade counts by its rank, of which 1 is the best.
_STRENGTH = {ONR + "grade": False, ONR + "independentStudies": True, ONR + "tentativeStudies": True}


@dataclass(frozen=True)
class EdgeChange:
    """One derived edge or drug mechanism that is new, gone, weaker or stronger.

    :param kind: derived edge, or drug mechanism
    :param what: added, withdrawn, weakened, strengthened
    :param ends: IRIs of both ends
    :param claims: the changed claims behind it
    :param details: the strength before and after, in words
    """

    kind: str
    what: str
    iri: str
    label: str
    ends: tuple[str, str]
    claims: tuple[str, ...]
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class DirectionChange:
    """A pair of ends between which the signed effects are others than before.

    :param kind: of the records: derived edge, or drug mechanism
    :param what: turned (the opposite of before), one side left, or contradicted (an opposite joined it)
    :param label: both directions in words
    :param claims: the changed claims behind it
    """

    kind: str
    what: str
    ends: tuple[str, str]
    label: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ConflictChange:
    """A disagreement between sources that began or ended, or is now explained otherwise.

    :param what: began, ended or changed
    :param details: what may account for it
    """

    what: str
    iri: str
    label: str
    claims: tuple[str, ...]
    details: tuple[str, ...] = ()


def compare_edges(old: State, new: State, changed: set[str]) -> tuple[list[EdgeChange], list[DirectionChange]]:
    """Edges and directions that differ.

    :param changed: IRIs of the claims that differ; the others cannot be the cause
    """
    found: list[EdgeChange] = []
    for iri in old.edges.keys() | new.edges.keys():
        before, after = old.edges.get(iri), new.edges.get(iri)
        state, record = (new, after) if after is not None else (old, before or {})
        claims = tuple(sorted((old.behind.get(iri, set()) | new.behind.get(iri, set())) & changed))
        if before is None or after is None:
            what, details = ("added" if before is None else "withdrawn"), ()
        else:
            what, details = _strength_change(old, new, iri, claims)
        if what:
            found.append(EdgeChange(_kind(record), what, iri, edge_label(record, state), _ends(record), claims, details))
    found.sort(key=lambda edge: (edge.kind, edge.what, edge.label, edge.iri))
    return found, _directions(old, new, changed)


def edge_label(edge: Facts, state: State) -> str:
    """``STIM1 raises resistance to cisplatin, in cancer cell``."""

    def names(prop: str) -> str:
        return " and ".join(sorted(state.name(v) for v in edge.get(ONR + prop, ())))

    start = names("from") + (f" of {cell}" if (cell := names("fromCell")) else "")
    end = names("to") + (f", in {cell}" if (cell := names("toCell")) else "")
    agent = names("withAgent")
    effect = names("effect").replace(" (derived)", "")  # as the ontology tells them from the relations of steps
    return f"{start} {effect} {end}{f', together with {agent}' if agent else ''}"


def strength(state: State, edge: str) -> dict[str, tuple[float, str]]:
    """How well an edge is supported: aspect → (number, in words); more is better for all but the grade.

    Where the graph carries no count of independent studies, the references behind its claims are counted.
    """
    record = state.edges[edge]
    found = {prop: _measured(state, value) for prop in _STRENGTH for value in sorted(record.get(prop, ()), key=str)}
    if ONR + "independentStudies" not in found:
        papers = {paper for claim in record.get(_CLAIM, ()) for paper in state.references.get(str(claim), ())}
        found["references"] = (len(papers), str(len(papers)))
    return found


def _measured(state: State, value: str | ox.Literal) -> tuple[float, str]:
    if isinstance(value, ox.Literal):
        return float(value.value), value.value
    ranks = [q.object.value for q in state.store.quads_for_pattern(ox.NamedNode(value), ox.NamedNode(_RANK), None)]
    return float(ranks[0]) if ranks else 0.0, state.name(value)


def _strength_change(old: State, new: State, edge: str, claims: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Weaker if any aspect is, else stronger if any is; what only moved between claims is neither."""
    if old.edges[edge] == new.edges[edge] and not claims:
        return "", ()
    before, after = strength(old, edge), strength(new, edge)
    words, worse, better = [], False, False
    for prop in before.keys() & after.keys():
        (was, then), (is_, now) = before[prop], after[prop]
        if was != is_:
            name = new.labels.get(prop) or prop.removeprefix(ONR)
            words.append(f"{name} {then} → {now}")
            up = (is_ > was) == _STRENGTH.get(prop, True)
            worse, better = worse or not up, better or up
    gone = len(old.edges[edge].get(_CLAIM, ())) - len(new.edges[edge].get(_CLAIM, ()))
    if gone:
        words.append(f"claims {len(old.edges[edge].get(_CLAIM, ()))} → {len(new.edges[edge].get(_CLAIM, ()))}")
    what = "weakened" if worse or (gone > 0 and not better) else "strengthened" if better or gone < 0 else ""
    return what, tuple(sorted(words))


def _directions(old: State, new: State, changed: set[str]) -> list[DirectionChange]:
    before, after = _signed(old), _signed(new)
    found = []
    for key in before.keys() & after.keys():
        was, is_ = before[key].keys(), after[key].keys()
        if was == is_:
            continue
        what = "turned" if not was & is_ else "one side left" if is_ < was else "contradicted"
        claims = {claim for side in (before[key], after[key]) for of in side.values() for claim in of} & changed
        start, end = (new.name(iri) for iri in key[1:])
        then, now = (" and ".join(sorted(new.name(e) for e in effects)).replace(" (derived)", "") for effects in (was, is_))
        found.append(DirectionChange(key[0], what, key[1:], f"{start} on {end}: {then} → {now}", tuple(sorted(claims))))
    return sorted(found, key=lambda change: (change.kind, change.label, change.ends))


def _signed(state: State) -> dict[tuple[str, str, str], dict[str, set[str]]]:
    """Kind of record and both ends → signed effect → claims behind it."""
    found: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for edge in state.edges.values():
        for effect in edge.get(_EFFECT, ()):
            if effect in _SIGNED:
                found[(_kind(edge), *_ends(edge))][str(effect)] |= {str(claim) for claim in edge.get(_CLAIM, ())}
    return found


def compare_conflicts(old: State, new: State, changed: set[str]) -> list[ConflictChange]:
    """Conflicts that are in one state only, or have another class."""
    found = []
    for iri in old.conflicts.keys() | new.conflicts.keys():
        before, after = old.conflicts.get(iri), new.conflicts.get(iri)
        claims = tuple(sorted((old.behind.get(iri, set()) | new.behind.get(iri, set())) & changed))
        then, now = (", ".join(sorted(s.name(v) for v in (r or {}).get(_CLASS, ()))) for s, r in ((old, before), (new, after)))
        if before is None or after is None:
            what, state, kinds = ("began", new, now) if after else ("ended", old, then)
            found.append(ConflictChange(what, iri, state.name(iri), claims, (kinds,) if kinds else ()))
        elif then != now:
            found.append(ConflictChange("changed", iri, new.name(iri), claims, (f"{then} → {now}",)))
    return sorted(found, key=lambda change: (change.what, change.label, change.iri))


def _kind(record: Facts) -> str:
    return "drug mechanism" if ONR + "DrugMechanism" in record.get(RDF_TYPE.value, ()) else "derived edge"


def _ends(edge: Facts) -> tuple[str, str]:
    return (_only(edge.get(_FROM, ())), _only(edge.get(_TO, ())))


def _only(values: Iterable[str | ox.Literal]) -> str:
    return min((str(v) for v in values), default="")
