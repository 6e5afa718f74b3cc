"""Whether derived edges make up a path, by the rules that `oncoresist.mechanism.paths` walks by, read from the graph alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.errors import UsageError
from oncoresist.mechanism.edges import WALKED
from oncoresist.namespaces import ONR, RDF_TYPE, onr

_WIDEST_TUMOUR_CELL = """ASK {{ <{0}> a <{1}NeoplasticCell> . ?kind <{1}subtypeOf> <{0}> .
  FILTER NOT EXISTS {{ <{0}> <{1}subtypeOf> ?wider . ?wider a <{1}NeoplasticCell> }} }}"""


def joins(edges: Sequence[str], store: ox.Store, content: Content) -> list[ox.Triple]:
    """Why each hop may follow the one before, where they do not meet in the very same entity and cell.

    :param edges: IRIs of derived edges, in order
    :param store: the whole graph
    :raises UsageError: an edge is never walked, or two do not join; with both named
    """
    for edge in edges:
        _refuse_unwalked(edge, store, content)
    return [link for one, next_ in pairwise(edges) for link in _links(one, next_, store, content)]


def _refuse_unwalked(edge: str, store: ox.Store, content: Content) -> None:
    effect = _one(store, edge, "effect")
    if effect is None or effect.value.removeprefix(ONR) not in WALKED or not _has(store, edge, RDF_TYPE, onr("DerivedEdge")):
        raise UsageError(f"{content.prefixes.curie(edge)} is no hop: paths walk derived edges that are not correlations.")


def _links(one: str, next_: str, store: ox.Store, content: Content) -> list[ox.Triple]:
    curie = content.prefixes.curie
    end, start = _one(store, one, "to"), _one(store, next_, "from")
    assert end
    assert start
    found = []
    if end != start:
        if not _has(store, end.value, onr("bridgedTo"), start):
            raise UsageError(
                f"{curie(one)} ends at {curie(end.value)}, but {curie(next_)} begins at {curie(start.value)}. "
                "Give the hops of one path in order."
            )
        found.append(ox.Triple(end, onr("bridgedTo"), start))
    if _has(store, start.value, RDF_TYPE, onr("Treatment")):
        raise UsageError(f"{curie(next_)} begins at {curie(start.value)}: no path goes on beyond a treatment.")
    cell, next_cell = _one(store, one, "toCell"), _one(store, next_, "fromCell")
    if cell and next_cell and cell != next_cell:
        kin = [ox.Triple(a, onr("subtypeOfOrSelf"), b) for a, b in ((cell, next_cell), (next_cell, cell))]
        held = [t for t in kin if _has(store, t.subject.value, t.predicate, t.object)]
        if not held:
            raise UsageError(
                f"{curie(one)} ends in {curie(cell.value)}, but {curie(next_)} begins in {curie(next_cell.value)}: "
                "these are not one cell."
            )
        found.append(held[0])
    if _is_no_relay(end, store) and not _claims(one, store) & _claims(next_, store):
        raise UsageError(
            f"{curie(one)} and {curie(next_)} meet at {curie(end.value)}, where only one claim that says both joins."
        )
    return found


def _is_no_relay(end: ox.NamedNode, store: ox.Store) -> bool:
    """What is measured under a drug, and the tumour cell as such."""
    if next(store.quads_for_pattern(end, onr("responseSign"), None, ox.DefaultGraph()), None):
        return True
    return bool(store.query(_WIDEST_TUMOUR_CELL.format(end.value, ONR)))


def _claims(edge: str, store: ox.Store) -> set[str]:
    found = store.quads_for_pattern(ox.NamedNode(edge), onr("fromClaim"), None, ox.DefaultGraph())
    return {quad.object.value for quad in found}


def _one(store: ox.Store, subject: str, name: str) -> ox.NamedNode | None:
    found = next(store.quads_for_pattern(ox.NamedNode(subject), onr(name), None, ox.DefaultGraph()), None)
    return found and found.object


def _has(store: ox.Store, subject: str, predicate: ox.NamedNode, object_: ox.NamedNode) -> bool:
    return ox.Quad(ox.NamedNode(subject), predicate, object_) in store
