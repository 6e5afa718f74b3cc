"""Faults in the references of a claim."""

from __future__ import annotations

import pyoxigraph as ox

from tests.mutation.faults.kinds import about, kind, one, pick, renamed
from tests.mutation.graph import CITES_AS_EVIDENCE, Graph, local, onr


def _evidence(graph: Graph, line) -> list[ox.Triple]:
    claim = graph.claim_of(line)
    return [ox.Triple(claim, onr("hasEvidence"), line), *graph.of_subject[line]]


def _cite(graph, rng, pool):
    line = pick(rng, graph.all("EvidenceLine"))
    old = graph.value(line, CITES_AS_EVIDENCE)
    claim = graph.claim_of(line)
    printed = graph.values(graph.value(claim, onr("statedAt")), onr("cites"))
    taken = {graph.value(other, CITES_AS_EVIDENCE) for other in graph.values(claim, onr("hasEvidence"))}
    new = pick(rng, [p for p in pool(printed) if p not in taken])
    if old not in printed or new is None:
        return None
    removed, added = one(graph, line, CITES_AS_EVIDENCE, new)
    return line, old, new, removed, added


@kind("wrong-reference", "an evidence line cites another publication of the list")
def wrong_reference(graph, rng):
    change = _cite(graph, rng, lambda printed: [p for p in graph.all("Publication") if p not in printed])
    if change is None:
        return None
    line, old, new, removed, added = change
    return f"{about(line, graph)}: {local(old)} becomes {local(new)}", removed, added


@kind("wrong-reference-nearby", "an evidence line is made for another reference of the same passage", group="hard")
def wrong_reference_nearby(graph, rng):
    change = _cite(graph, rng, lambda printed: printed)
    if change is None:
        return None
    line, old, new, removed, added = change
    number = local(new).rsplit("-", 1)[-1]
    names = {line: ox.NamedNode(line.value.rsplit("-", 1)[0] + f"-r{number}")}
    everything = _evidence(graph, line)
    rest = [t for t in everything if t not in removed]
    return f"{about(line, graph)}: {local(old)} becomes {local(new)}", everything, renamed(added + rest, names)


@kind("drop-reference", "an evidence line is removed")
def drop_reference(graph, rng):
    line = pick(rng, graph.all("EvidenceLine"))
    count = len(graph.values(graph.claim_of(line), onr("hasEvidence")))
    return f"{about(line, graph)}: removed (one of {count})", _evidence(graph, line), []


@kind("drop-directness", "an evidence line loses its directness")
def drop_directness(graph, rng):
    line = pick(rng, graph.all("EvidenceLine"))
    removed = [t for t in graph.of_subject[line] if t.predicate == onr("directness")]
    return f"{about(line, graph)}: directness dropped", removed, []
