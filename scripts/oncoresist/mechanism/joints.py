"""Whether derived edges make up a path, by the rules that `oncoresist.mechanism.paths` walks by, read from the graph alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.errors import UsageError
from oncoresist.mechanism.edges import BRIDGE_LINKS, KIND_LINKS, KIND_OR_MEMBER_LINKS, WALKED, Bridge, bridges_of
from oncoresist.mechanism.paths import Hop, net_sign
from oncoresist.namespaces import ONR, RDF_TYPE, onr

_WIDEST_TUMOUR_CELL = """ASK {{ <{0}> a <{1}NeoplasticCell> . ?kind <{1}subtypeOf> <{0}> .
  FILTER NOT EXISTS {{ <{0}> <{1}subtypeOf> ?wider . ?wider a <{1}NeoplasticCell> }} }}"""


@dataclass(frozen=True)
class Route:
    """Between what a path leads; the defaults of `joints` are the ends of its edges.

    :param source: what was asked for
    :param start: where the path sets out: the source, or a kind or member of it
    :param end: where it arrives: the target, a kind or member of it, or the class of treatments that the target belongs to
    :param target: what was asked for
    """

    source: str
    start: str
    end: str
    target: str


@dataclass(frozen=True)
class Joints:
    """What holds a path together besides its edges.

    :param links: why it may set out where it does, each hop follow the one before, and end where it does, where these are not
        the very same entity and cell
    :param net: its net sign, as `oncoresist.mechanism.paths.Path.net`
    """

    route: Route
    links: list[ox.Triple]
    net: int | None


def joints(edges: Sequence[str], store: ox.Store, content: Content, route: Route | None = None) -> Joints:
    """How edges join to a path.

    :param edges: IRIs of derived edges, in order
    :param store: the whole graph
    :param route: from what to what; by default from the start of the first edge to the end of the last
    :raises UsageError: an edge is never walked, or two do not join, or the path does not lead there; with both named
    """
    return _Joiner(store, content).join(list(edges), route)


class _Joiner:
    def __init__(self, store: ox.Store, content: Content) -> None:
        self._store, self._curie = store, content.prefixes.curie

    def join(self, edges: list[str], route: Route | None) -> Joints:
        if not edges:
            raise UsageError("A path has at least one hop.")
        for edge in edges:
            self._refuse_unwalked(edge)
        first, last = self._end(edges[0], "from"), self._end(edges[-1], "to")
        route = route or Route(first, first, last, last)
        links = self._kinship(route.start, route.source) + self._bridged(route.start, first)
        for one, next_ in pairwise(edges):
            links += self._between(one, next_)
        links += self._bridged(last, route.end)
        # What is said of a class of treatments counts for the treatment.
        treatment = self._has(route.target, RDF_TYPE, onr("Treatment"))
        of_class = self._ascent(route.target, route.end, KIND_LINKS) if treatment else None
        links += self._kinship(route.end, route.target) if of_class is None else of_class
        return Joints(route, links, net_sign(self._hops(edges, route)))

    def _hops(self, edges: list[str], route: Route) -> list[Hop]:
        """Edges and bridges with their signs; a bridge that one claim crosses passes on the sign."""
        hops, here, before = [], route.start, None
        for edge in [*edges, None]:
            there = self._end(edge, "from") if edge else route.end
            if there != here:
                bridge = self._bridge(here, there)
                crossed = bool(before and edge and self._claims(before) & self._claims(edge))
                hops.append(Hop(here, there, bridge.kind, 1 if crossed else bridge.sign))
            if edge:
                effect = self._end(edge, "effect").removeprefix(ONR)
                hops.append(Hop(there, self._end(edge, "to"), effect, WALKED[effect]))
                here, before = self._end(edge, "to"), edge
        return hops

    def _refuse_unwalked(self, edge: str) -> None:
        effect = self._one(edge, "effect")
        if effect is None or effect.removeprefix(ONR) not in WALKED or not self._has(edge, RDF_TYPE, onr("DerivedEdge")):
            raise UsageError(f"{self._curie(edge)} is no hop: paths walk derived edges that are not correlations.")

    def _kinship(self, narrow: str, wide: str) -> list[ox.Triple]:
        if (found := self._ascent(narrow, wide, KIND_OR_MEMBER_LINKS)) is None:
            raise UsageError(
                f"The path runs to or from {self._curie(narrow)}, which is no kind or member of {self._curie(wide)}."
            )
        return found

    def _ascent(self, narrow: str, wide: str, properties: Sequence[str]) -> list[ox.Triple] | None:
        """The steps of the shortest way from an entity up to another; none, if they are the same."""
        ways: dict[str, list[ox.Triple]] = {narrow: []}
        waiting = [narrow]
        while waiting and wide not in ways:
            here = waiting.pop(0)
            for name in properties:
                quads = self._store.quads_for_pattern(ox.NamedNode(here), onr(name), None, ox.DefaultGraph())
                for triple in sorted((ox.Triple(q.subject, q.predicate, q.object) for q in quads), key=str):
                    if triple.object.value not in ways:
                        ways[triple.object.value] = [*ways[here], triple]
                        waiting.append(triple.object.value)
        return ways.get(wide)

    def _bridged(self, one: str, other: str) -> list[ox.Triple]:
        """That one may stand for the other; nothing, if it is the other."""
        if one == other:
            return []
        self._bridge(one, other)
        return [ox.Triple(ox.NamedNode(one), onr("bridgedTo"), ox.NamedNode(other))]

    def _bridge(self, one: str, other: str) -> Bridge:
        """The way from the one to the other by name.

        :raises UsageError: there is none
        """
        links = [
            (whole, name, part)
            for name in BRIDGE_LINKS
            for whole, part in ((one, other), (other, one))
            if self._has(whole, onr(name), ox.NamedNode(part))
        ]
        for bridge in bridges_of(links).get(one, ()):
            return bridge  # of links between two, there is one
        raise UsageError(
            f"The path comes to {self._curie(one)} and goes on from {self._curie(other)}, which is not the same and does not "
            "stand for it. Give the hops of one path in order."
        )

    def _between(self, one: str, next_: str) -> list[ox.Triple]:
        end, start = self._end(one, "to"), self._end(next_, "from")
        found = self._bridged(end, start)
        if self._has(start, RDF_TYPE, onr("Treatment")):
            raise UsageError(f"{self._curie(next_)} begins at {self._curie(start)}: no path goes on beyond a treatment.")
        cell, next_cell = self._one(one, "toCell"), self._one(next_, "fromCell")
        if cell and next_cell and cell != next_cell:
            kin = [(a, onr("subtypeOfOrSelf"), ox.NamedNode(b)) for a, b in ((cell, next_cell), (next_cell, cell))]
            held = [ox.Triple(ox.NamedNode(a), is_, b) for a, is_, b in kin if self._has(a, is_, b)]
            if not held:
                raise UsageError(
                    f"{self._curie(one)} ends in {self._curie(cell)}, but {self._curie(next_)} begins in "
                    f"{self._curie(next_cell)}: these are not one cell."
                )
            found.append(held[0])
        if self._is_no_relay(end) and not self._claims(one) & self._claims(next_):
            raise UsageError(
                f"{self._curie(one)} and {self._curie(next_)} meet at {self._curie(end)}, "
                "where only one claim that says both joins."
            )
        return found

    def _is_no_relay(self, end: str) -> bool:
        """What is measured under a drug, and the tumour cell as such."""
        if next(self._store.quads_for_pattern(ox.NamedNode(end), onr("responseSign"), None, ox.DefaultGraph()), None):
            return True
        return bool(self._store.query(_WIDEST_TUMOUR_CELL.format(end, ONR)))

    def _claims(self, edge: str) -> set[str]:
        found = self._store.quads_for_pattern(ox.NamedNode(edge), onr("fromClaim"), None, ox.DefaultGraph())
        return {quad.object.value for quad in found}

    def _end(self, edge: str, name: str) -> str:
        """What every derived edge has."""
        found = self._one(edge, name)
        assert found
        return found

    def _one(self, subject: str, name: str) -> str | None:
        found = next(self._store.quads_for_pattern(ox.NamedNode(subject), onr(name), None, ox.DefaultGraph()), None)
        return found and found.object.value

    def _has(self, subject: str, predicate: ox.NamedNode, object_: ox.NamedNode) -> bool:
        return ox.Quad(ox.NamedNode(subject), predicate, object_) in self._store
