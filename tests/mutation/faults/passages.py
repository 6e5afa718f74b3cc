"""Faults in what a passage records of its text."""

from __future__ import annotations

import pyoxigraph as ox

from tests.mutation.faults.kinds import about, kind, one, pick
from tests.mutation.graph import local, onr


@kind("change-digest", "one digit of a passage's digest changes", needs_text=True)
def change_digest(graph, rng):
    passage = pick(rng, graph.all("Passage"))
    old = graph.value(passage, onr("textDigest")).value
    place = rng.randrange(64)
    new = old[:place] + rng.choice([d for d in "0123456789abcdef" if d != old[place]]) + old[place + 1 :]
    change = one(graph, passage, onr("textDigest"), ox.Literal(new))
    return f"{about(passage, graph)}: digit {place + 1} of the digest changed", *change


@kind("drop-mention", "a passage loses an entity it names and a claim of it uses")
def drop_mention(graph, rng):
    passage = pick(rng, [p for p in graph.all("Passage") if graph.claims_of(p)])
    used = {e for claim in graph.claims_of(passage) for e in graph.used_by(claim)}
    gone = pick(rng, [e for e in graph.values(passage, onr("mentions")) if e in used])
    if gone is None:
        return None
    return f"{about(passage, graph)}: mention of {local(gone)} dropped", [ox.Triple(passage, onr("mentions"), gone)], []


@kind("drop-unused-mention", "a passage loses an entity it names and no claim of it uses", group="hard", needs_text=True)
def drop_unused_mention(graph, rng):
    passage = pick(rng, graph.all("Passage"))
    used = {e for claim in graph.claims_of(passage) for e in graph.used_by(claim)}
    gone = pick(rng, [e for e in graph.values(passage, onr("mentions")) if e not in used])
    if gone is None:
        return None
    return f"{about(passage, graph)}: mention of {local(gone)} dropped", [ox.Triple(passage, onr("mentions"), gone)], []


@kind("wrong-mention", "a passage names an entity that its text does not", needs_text=True)
def wrong_mention(graph, rng):
    passage, entity = pick(rng, graph.all("Passage")), pick(rng, graph.all("Entity"))
    if entity in graph.values(passage, onr("mentions")):
        return None
    return f"{about(passage, graph)}: names {local(entity)}", [], [ox.Triple(passage, onr("mentions"), entity)]
