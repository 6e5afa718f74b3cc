"""Faults in the class of an entity."""

from __future__ import annotations

import pyoxigraph as ox

from oncoresist.namespaces import RDF_TYPE
from tests.mutation.faults.kinds import about, kind, pick, top
from tests.mutation.graph import local, onr


def _class_swap(graph, rng, *, near: bool):
    entity = pick(rng, graph.all("Entity"))
    here = graph.classes(entity)
    old = [c for c in graph.values(entity, RDF_TYPE) if c.value.startswith(onr("").value)]
    donors = [e for e in graph.all("Entity") if bool(top(graph, e) & top(graph, entity)) == near]
    pool = {c for e in donors for c in graph.values(e, RDF_TYPE) if c not in here}
    pool = {c for c in pool if not here & {s for s, above in graph.superclasses.items() if c in above}}  # not merely wider
    if near:  # a sister: the same superclass
        parents = {p for c in old for p in graph.superclasses[c] - {c}}
        pool = {c for c in pool if graph.superclasses[c] - {c} == parents}
    pool = {c for c in pool if onr("ResponseReadout") not in graph.superclasses[c]}
    new = pick(rng, sorted(pool, key=str))
    if new is None or not old:
        return None
    removed = [ox.Triple(entity, RDF_TYPE, c) for c in old]
    return (
        f"{about(entity, graph)}: class {', '.join(map(local, old))} becomes {local(new)}",
        removed,
        [ox.Triple(entity, RDF_TYPE, new)],
    )


@kind("wrong-class", "an entity gets a class from another part of the hierarchy, such as a cell called a protein")
def wrong_class(graph, rng):
    return _class_swap(graph, rng, near=False)


@kind("near-wrong-class", "an entity gets a sister of its class, such as a T cell called a B cell", group="hard")
def near_wrong_class(graph, rng):
    return _class_swap(graph, rng, near=True)
