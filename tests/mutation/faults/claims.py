"""Faults in what a claim says of itself: drug, cell, certainty, polarity, label; claims merged and doubled."""

from __future__ import annotations

import random

import pyoxigraph as ox

from tests.mutation.faults.kinds import about, kind, one, pick, records_of, renamed, replaced
from tests.mutation.graph import IDENTIFIER, IS_PART_OF, LABEL, Graph, local, onr


def _swap(graph: Graph, rng: random.Random, claim, old, new):
    removed, added = replaced(records_of(graph, claim), old, new)
    return f"{about(claim, graph)}: {local(old)} becomes {local(new)}; the claim says: {graph.label(claim)}", removed, added


def _named_nearby(graph: Graph, claim) -> set[ox.NamedNode]:
    """What the passage of a claim names."""
    passage = graph.value(claim, onr("statedAt"))
    return {*graph.values(passage, onr("mentions")), *graph.values(passage, onr("rowContext"))}


def _drug_swap(graph: Graph, rng: random.Random, *, nearby: bool):
    claim = pick(rng, graph.all("Claim"))
    old = pick(rng, [d for d in graph.values(claim, onr("aboutDrug")) if graph.is_a(d, "TherapeuticAgent")])
    if old is None:
        return None
    taken = graph.kin(old) | graph.used_by(claim)
    pool = _named_nearby(graph, claim) if nearby else set(graph.all("AntineoplasticDrug"))
    new = pick(rng, sorted((d for d in pool - taken if graph.is_a(d, "TherapeuticAgent")), key=str))
    return _swap(graph, rng, claim, old, new) if new else None


def _cell_swap(graph: Graph, rng: random.Random, *, nearby: bool):
    claim = pick(rng, graph.all("Claim"))
    old = pick(rng, sorted((e for e in graph.used_by(claim) if graph.is_a(e, "Cell")), key=str))
    if old is None:
        return None
    taken = graph.kin(old) | graph.used_by(claim)
    pool = _named_nearby(graph, claim) if nearby else set(graph.all("Cell"))
    new = pick(rng, sorted((c for c in pool - taken if graph.is_a(c, "Cell")), key=str))
    return _swap(graph, rng, claim, old, new) if new else None


@kind("swap-drug", "a claim tells of another drug, anywhere from the graph")
def swap_drug(graph, rng):
    return _drug_swap(graph, rng, nearby=False)


@kind("swap-drug-nearby", "a claim tells of another drug that its passage names too", group="hard")
def swap_drug_nearby(graph, rng):
    return _drug_swap(graph, rng, nearby=True)


@kind("swap-cell", "a claim tells of another cell, anywhere from the graph")
def swap_cell(graph, rng):
    return _cell_swap(graph, rng, nearby=False)


@kind("swap-cell-nearby", "a claim tells of another cell that its passage names too", group="hard")
def swap_cell_nearby(graph, rng):
    return _cell_swap(graph, rng, nearby=True)


@kind("drop-certainty", "a claim loses its certainty")
def drop_certainty(graph, rng):
    claim = pick(rng, graph.all("Claim"))
    removed = [t for t in graph.of_subject[claim] if t.predicate == onr("certainty")]
    return f"{about(claim, graph)}: certainty dropped", removed, []


def _certainty(graph, rng, old, new):
    claim = pick(rng, graph.subjects(onr("certainty"), onr(old)))
    change = one(graph, claim, onr("certainty"), onr(new))
    return f"{about(claim, graph)}: {old} becomes {new}; the claim says: {graph.label(claim)}", *change


@kind("assert-hedged", "a hedged claim is marked asserted")
def assert_hedged(graph, rng):
    return _certainty(graph, rng, "hedged", "asserted")


@kind("hedge-asserted", "an asserted claim is marked hedged")
def hedge_asserted(graph, rng):
    return _certainty(graph, rng, "asserted", "hedged")


@kind("change-polarity", "a claim gets another polarity")
def change_polarity(graph, rng):
    claim = pick(rng, [c for c in graph.all("Claim") if graph.value(c, onr("polarity")) != onr("none")])
    old = graph.value(claim, onr("polarity"))
    others = [onr(p) for p in ("resistanceIncreased", "resistanceDecreased", "unaffected", "contextDependent") if onr(p) != old]
    new = rng.choice(others)
    change = one(graph, claim, onr("polarity"), new)
    return f"{about(claim, graph)}: polarity {local(old)} becomes {local(new)}; the claim says: {graph.label(claim)}", *change


@kind("merge-claims", "the steps and references of a claim go to a claim of a neighbouring passage")
def merge_claims(graph, rng):
    first = pick(rng, graph.all("Claim"))
    passage = graph.value(first, onr("statedAt"))
    source = graph.value(passage, IS_PART_OF)
    passages = [p for p in graph.subjects(IS_PART_OF, source) if graph.claims_of(p)]
    passages.sort(key=lambda p: _natural(graph.value(p, IDENTIFIER).value))
    place = passages.index(passage)
    if place + 1 == len(passages):
        return None
    second = rng.choice(graph.claims_of(passages[place + 1]))
    names, removed, added = {second: first}, [], []
    count = len(graph.steps(first))
    for number, step in enumerate(graph.steps(second), count + 1):
        names[step] = ox.NamedNode(f"{step.value[: -len(local(step))]}{local(first)}-{number}")
        old, new = one(graph, step, onr("order"), ox.Literal(number))
        removed, added = removed + old, added + new
    for line in graph.values(second, onr("hasEvidence")):
        names[line] = ox.NamedNode(line.value.replace(local(second), local(first)))
    parts = [*graph.values(second, onr("hasStep")), *graph.values(second, onr("hasEvidence"))]
    moved = [t for part in parts for t in graph.of_subject[part] if t not in removed]
    links = [t for t in graph.of_subject[second] if t.object in names]
    context = [t for t in graph.of_subject[second] if t.predicate in {onr("aboutCancer"), onr("aboutDrug"), onr("inModel")}]
    pointers = [t for t in graph.of_object[second] if t.subject != second]
    removed += moved + list(graph.of_subject[second]) + pointers
    added = renamed(added + moved + links + context + [t for t in pointers if t.subject != first], names)
    return f"{about(second, graph)} goes into {about(first, graph)}", removed, added


def _natural(text: str) -> list:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.replace("-", ".").split(".")]


@kind("duplicate-claim", "a claim stands a second time under a new letter, with steps and references of its own")
def duplicate_claim(graph, rng):
    claim = pick(rng, graph.all("Claim"))
    letters = {local(c).rsplit("-", 1)[1] for c in graph.claims_of(graph.value(claim, onr("statedAt")))}
    letter = next(x for x in "abcdefghijklmnopqrstuvwxyz" if x not in letters) if len(letters) < 26 else "zz"
    old, new = local(claim), f"{local(claim).rsplit('-', 1)[0]}-{letter}"
    parts = [*graph.values(claim, onr("hasStep")), *graph.values(claim, onr("hasEvidence"))]
    names = {record: ox.NamedNode(record.value.replace(old, new)) for record in (claim, *parts)}
    added = renamed([t for record in names for t in graph.of_subject[record]], names)
    return f"{about(claim, graph)}: once more as {new}", [], added


@kind("drop-label", "a claim or an entity loses its label")
def drop_label(graph, rng):
    record = pick(rng, graph.all("Claim") + graph.all("Entity"))
    removed = [t for t in graph.of_subject[record] if t.predicate == LABEL]
    return f"{about(record, graph)}: label dropped", removed, []


@kind("blank-label", "a label is emptied")
def blank_label(graph, rng):
    record = pick(rng, graph.all("Claim") + graph.all("Entity"))
    return f"{about(record, graph)}: label emptied", *one(graph, record, LABEL, ox.Literal(rng.choice(["", " "]), language="en"))
