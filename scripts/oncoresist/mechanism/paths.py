"""Signed causal paths: chains of derived edges with their net sign, and on whose word each hop rests.

A path is found by best-first search in the order in which paths are shown, so the first ones found are the most credible
and dense hubs cost nothing. The bounds of `oncoresist.mechanism.bounds` make it an A* search (Hart, Nilsson, Raphael 1968,
doi:10.1109/TSSC.1968.300136) over costs that are compared one after the other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from oncoresist.mechanism.bounds import Bounds, Moves
from oncoresist.mechanism.edges import UNSIGNED, WALKED, Bridge, Claim, Edge, Network
from oncoresist.mechanism.pieces import Piece, piece_of

# Partial paths kept before the search gives up (about a second); the whole curated graph needs a few hundred.
EFFORT = 100_000
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Hop:
    """One arrow of a path: a derived edge, or the bridge between a molecule and its signalling.

    :param sign: +1, -1, 0 (not known); None where none passes on: from a cell to what it makes or becomes
    """

    start: str
    end: str
    effect: str
    sign: int | None
    edge: Edge | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def is_bridge(self) -> bool:
        return self.effect not in WALKED


@dataclass(frozen=True)
class Path:
    """A chain from `source` to `target`.

    :param hops: its arrows, bridges included
    :param pieces: runs of hops of one claim or one study; more than one makes the path stitched
    :param source: what was asked for; the first hop may start at a kind or member of it
    :param target: likewise; the last hop may end at a kind of it or, for a treatment, at the class it belongs to
    """

    hops: tuple[Hop, ...]
    pieces: tuple[Piece, ...]
    source: str
    target: str

    @cached_property
    def steps(self) -> int:
        """How many hops rest on evidence."""
        return sum(not hop.is_bridge for hop in self.hops)

    @property
    def start(self) -> str:
        return self.hops[0].start

    @property
    def end(self) -> str:
        return self.hops[-1].end

    @property
    def stitched(self) -> bool:
        """Whether no single claim, and no single study of one cancer, holds all hops: then the path is a hypothesis."""
        return len(self.pieces) > 1

    @cached_property
    def net_from(self) -> str:
        """Where the sign starts to count: behind the last cell that became another one."""
        return next((hop.end for hop in reversed(self.hops) if hop.effect == "becomes"), self.start)

    @cached_property
    def net(self) -> int | None:
        """Product of the signs from `net_from` on; 0 if one is not known, None if nothing on the way has a sign."""
        return net_sign(self.hops)

    @property
    def weakest(self) -> tuple[int, str]:
        """Rank and label of the worst grade on the way."""
        return max(hop.edge.grade for hop in self.hops if hop.edge)

    @property
    def hedged(self) -> int:
        """How many hops no claim asserts."""
        return sum(hop.edge.hedged for hop in self.hops if hop.edge)

    @cached_property
    def studies(self) -> tuple[str, ...]:
        """Primary studies behind the claims shown."""
        return tuple(sorted({study for hop in self.hops for claim in hop.claims for study in claim.studies}))

    @cached_property
    def cancers(self) -> tuple[str, ...]:
        """Cancers the claims shown speak of."""
        return tuple(sorted({cancer for hop in self.hops for claim in hop.claims for cancer in claim.cancers}))

    @cached_property
    def drugs(self) -> tuple[str, ...]:
        """Treatments the claims shown speak of."""
        return tuple(sorted({drug for hop in self.hops for claim in hop.claims for drug in claim.drugs}))


def net_sign(hops: Sequence[Hop]) -> int | None:
    """Product of the signs behind the last cell that becomes another; 0 if one is not known, None if nothing has a sign.

    >>> net_sign([Hop("x:IL6", "x:STAT3", "axis", 0)]) is None
    True
    """
    hops = list(hops)
    while any(hop.effect == "becomes" for hop in hops):
        hops.pop(0)
    signs = [hop.sign for hop in hops if hop.sign is not None and hop.effect not in UNSIGNED and not hop.is_bridge]
    if not signs:
        return None
    product = 1
    for hop in hops:
        product *= 1 if hop.sign is None else hop.sign
    return product


@dataclass(frozen=True)
class Found:
    """Paths in the order of their credibility.

    :param more: whether there are more than were asked for
    :param exhausted: False if the search was given up before everything had been looked at
    """

    paths: tuple[Path, ...]
    more: bool = False
    exhausted: bool = True


Cost = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Partial:
    hops: tuple[Hop, ...]
    pieces: tuple[Piece, ...]
    seen: frozenset[str]
    steps: int
    rank: int
    hedged: int
    done: bool = False

    def cost(self, target: str) -> Cost:
        """What paths are ordered by; no part of it ever falls when a path grows."""
        retold = sum(not piece.claims for piece in self.pieces)
        elsewhere = int(self.done and self.hops[-1].end != target)
        unsigned = sum(hop.sign == 0 for hop in self.hops)
        bridges = len(self.hops) - self.steps
        return (len(self.pieces), elsewhere, retold, unsigned, self.rank, self.steps, bridges, self.hedged)


def find_paths(network: Network, source: str, target: str, *, max_steps: int = 6, limit: int = 20, strict: bool = True) -> Found:
    """The `limit` most credible simple paths from `source` to `target`.

    Order: fewer pieces (an unstitched path has one); said of the target itself rather than of its class or a kind of it; told by
    one claim rather than by several of one study; fewer hops of unknown sign; better grade of the weakest hop; fewer steps;
    fewer bridges; fewer hedged hops; then the IRIs of the edges.
    Of paths through the same entities with the same signs only the most credible is given.

    :param strict: False lets hops join whose cells differ, to see what stands in the way
    """
    moves = Moves(network)
    starts, ends = starts_of(network, source), ends_of(network, target)
    if source != target:
        starts -= ends
    bounds = Bounds(moves, starts, ends)
    search = _Search(network, moves, bounds, target, ends, max_steps, strict)
    found: dict[tuple, Path] = {}
    for partial in search.run(starts):
        path = _path(partial, network, source, target)
        found.setdefault(tuple((hop.start, hop.effect, hop.end) for hop in path.hops), path)
        if len(found) > limit:
            break
    paths = tuple(found.values())
    return Found(paths[:limit], len(paths) > limit, search.exhausted)


def starts_of(network: Network, source: str) -> frozenset[str]:
    """`source` with its kinds and members."""
    return network.narrower.get(source, frozenset()) | {source}


def ends_of(network: Network, target: str) -> frozenset[str]:
    """`target` with its kinds and members and, for a treatment, the classes it belongs to."""
    classes = network.wider.get(target, frozenset()) if target in network.treatments else frozenset()
    return network.narrower.get(target, frozenset()) | classes | {target}


class _Search:
    def __init__(
        self, network: Network, moves: Moves, bounds: Bounds, target: str, ends: frozenset[str], max_steps: int, strict: bool
    ) -> None:
        self._network, self._moves, self._bounds = network, moves, bounds
        self._target, self._ends, self._max_steps, self._strict = target, ends, max_steps, strict
        self._heap: list[tuple[Cost, tuple[str, ...], int, _Partial]] = []
        self._pushed = 0

    @property
    def exhausted(self) -> bool:
        """Whether nothing was left out for want of effort."""
        return self._pushed < EFFORT

    def run(self, starts: Iterable[str]) -> Iterable[_Partial]:
        """Complete paths, the most credible first."""
        for start in sorted(starts):
            for bridge, edge in self._moves.outgoing.get(start, ()):
                self._extend(_Partial((), (), frozenset({self._moves.molecule(start)}), 0, 0, 0), start, bridge, edge)
        while self._heap and self.exhausted:
            *_, partial = heapq.heappop(self._heap)
            if partial.done:
                yield partial
                continue
            here = partial.hops[-1].end
            for bridge, edge in self._moves.outgoing.get(here, ()):
                self._extend(partial, here, bridge, edge)

    def _extend(self, partial: _Partial, here: str, bridge: Bridge | None, edge: Edge) -> None:
        """Go on by one edge, over a bridge if need be, where nothing forbids it."""
        steps = partial.steps + 1
        last = partial.hops[-1].edge if partial.hops else None
        if steps + self._bounds.distance.get(edge.end, self._max_steps) > self._max_steps:
            return
        end_key = self._moves.molecule(edge.end)
        closes_loop = edge.end == self._target and partial.steps > 0 and edge.end == (partial.hops[0].start)
        if end_key in partial.seen and not closes_loop:
            return
        seen = partial.seen | {end_key}
        if bridge:
            bridge_key = self._moves.molecule(bridge.end)
            if bridge_key == end_key or (bridge_key in partial.seen and bridge_key != self._moves.molecule(here)):
                return
            seen |= {bridge_key}
        if last and self._strict and not self._joins(last, edge):
            return
        piece = partial.pieces[-1].with_edge(edge, self._network) if partial.pieces else None
        pieces = (*partial.pieces[:-1], piece) if piece else (*partial.pieces, piece_of(edge))
        hops = (*partial.hops, *self._crossed(bridge, last, edge), _hop(edge))
        grown = _Partial(hops, pieces, seen, steps, max(partial.rank, edge.grade[0]), partial.hedged + edge.hedged)
        self._push(grown)

    def _joins(self, last: Edge, edge: Edge) -> bool:
        """Cells must fit; what was measured under a drug is no relay, nor any tumour cell, unless one claim says both."""
        if not self._network.compatible(last.end_cell, edge.start_cell):
            return False
        return last.end not in self._network.no_relays or bool(_common_claims(last, edge))

    @staticmethod
    def _crossed(bridge: Bridge | None, last: Edge | None, edge: Edge) -> tuple[Hop, ...]:
        if not bridge:
            return ()
        sign = 1 if last and _common_claims(last, edge) else bridge.sign
        return (Hop(bridge.start, bridge.end, bridge.kind, sign),)

    def _push(self, partial: _Partial) -> None:
        end = partial.hops[-1].end
        if end in self._ends:
            self._add(_done(partial, ()), 0, 0, 0)
            return
        for bridge in self._network.bridges.get(end, ()):
            if bridge.end in self._ends and bridge.end != partial.hops[0].start:
                self._add(_done(partial, (Hop(bridge.start, bridge.end, bridge.kind, bridge.sign),)), 0, 0, 0)
        if partial.steps < self._max_steps and end not in self._network.treatments and end in self._bounds.distance:
            more_pieces = self._bounds.more_pieces(end, partial.pieces[-1])
            self._add(partial, more_pieces, self._bounds.rank.get(end, 0), max(self._bounds.distance[end], 1))

    def _add(self, partial: _Partial, more_pieces: int, rank: int, more_steps: int) -> None:
        pieces, elsewhere, retold, unsigned, own_rank, steps, *rest = partial.cost(self._target)
        cost = (pieces + more_pieces, elsewhere, retold, unsigned, max(own_rank, rank), steps + more_steps, *rest)
        self._pushed += 1
        iris = tuple(hop.edge.iri if hop.edge else f"{hop.start} {hop.end}" for hop in partial.hops)
        heapq.heappush(self._heap, (cost, iris, self._pushed, partial))


def _done(partial: _Partial, last: tuple[Hop, ...]) -> _Partial:
    return _Partial((*partial.hops, *last), partial.pieces, partial.seen, partial.steps, partial.rank, partial.hedged, done=True)


def _hop(edge: Edge) -> Hop:
    return Hop(edge.start, edge.end, edge.effect, edge.sign, edge, edge.claims)


def _common_claims(one: Edge, other: Edge) -> set[str]:
    return {claim.iri for claim in one.claims} & {claim.iri for claim in other.claims}


def _path(partial: _Partial, network: Network, source: str, target: str) -> Path:
    """The path with, on each hop, only the claims by which it belongs to its piece."""
    piece_by_edge = {iri: piece for piece in partial.pieces for iri in piece.edges}
    hops = tuple(
        Hop(hop.start, hop.end, hop.effect, hop.sign, hop.edge, piece_by_edge[hop.edge.iri].backing(hop.edge, network))
        if hop.edge
        else hop
        for hop in partial.hops
    )
    return Path(hops, partial.pieces, source, target)
