"""What a path from here to the target costs at least: it keeps the search for paths from looking where nothing can be found."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable

from oncoresist.mechanism.edges import Bridge, Edge, Network
from oncoresist.mechanism.pieces import Piece

Move = tuple[Bridge | None, Edge]


class Moves:
    """Where one can go from each entity: along its own edges and those of what it is bridged to.

    Two bridges in a row would lead from one component of an axis to the next, a step no source gives.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        by_start: dict[str, list[Edge]] = defaultdict(list)
        for edge in network.edges:
            by_start[edge.start].append(edge)
        self.outgoing: dict[str, list[Move]] = defaultdict(list)
        for start, edges in by_start.items():
            self.outgoing[start] += [(None, edge) for edge in edges]
        for here, bridges in network.bridges.items():
            self.outgoing[here] += [(bridge, edge) for bridge in bridges for edge in by_start.get(bridge.end, ())]
        self._molecules = {
            bridge.start: min(bridge.start, bridge.end)
            for bridges in network.bridges.values()
            for bridge in bridges
            if bridge.kind == "signalling"
        }

    def molecule(self, entity: str) -> str:
        """One key for a molecule and its signalling, so that a path does not come back to the same thing by its other name."""
        return self._molecules.get(entity, entity)

    def incoming(self, starts: frozenset[str]) -> dict[str, list[tuple[str, Edge]]]:
        """Where one can have come from; treatments are left only as a start."""
        found: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
        for here, moves in self.outgoing.items():
            if here in starts or here not in self.network.treatments:
                for _, edge in moves:
                    found[edge.end].append((here, edge))
        return found

    def reached(self, starts: Iterable[str], backwards: bool = False) -> dict[str, int]:
        """Entities that can be reached from `starts` (or that lead there), with the fewest steps, whatever the cells.

        Nothing goes on beyond a treatment, but one may be where a way begins or ends.
        """
        starts = frozenset(starts)
        incoming = self.incoming(frozenset(self.outgoing)) if backwards else {}
        steps = dict.fromkeys(starts, 0)
        pending = deque(sorted(starts))
        while pending:
            here = pending.popleft()
            if here in self.network.treatments and here not in starts:
                following = []
            elif backwards:
                following = [start for start, _ in incoming.get(here, ())]
            else:
                following = [edge.end for _, edge in self.outgoing.get(here, ())]
            for there in following:
                if there not in steps:
                    steps[there] = steps[here] + 1
                    pending.append(there)
        return steps


class Bounds:
    """Lower bounds on what is still to come, from each entity to any of `ends`.

    :ivar distance: steps
    :ivar rank: rank of the worst grade on the way
    """

    def __init__(self, moves: Moves, starts: frozenset[str], ends: frozenset[str]) -> None:
        network = moves.network
        bridged = {bridge.start for bridges in network.bridges.values() for bridge in bridges if bridge.end in ends}
        self._ends = ends | (bridged - network.treatments)
        self._incoming = moves.incoming(starts)
        self.distance = self._distances()
        self.rank = self._ranks()
        self._switches, self._afresh = self._pieces()

    def more_pieces(self, entity: str, piece: Piece) -> int:
        """How often at least the path must go over to another claim or study."""
        if entity in self._ends:
            return 0
        afresh = self._afresh.get(entity, 0) + 1
        tokens = [*piece.claims, *piece.studies]
        return min([afresh, *(self._switches.get((entity, token), afresh) for token in tokens)])

    def _distances(self) -> dict[str, int]:
        distance = dict.fromkeys(self._ends, 0)
        pending = deque(sorted(self._ends))
        while pending:
            here = pending.popleft()
            for before, _ in self._incoming.get(here, ()):
                if before not in distance:
                    distance[before] = distance[here] + 1
                    pending.append(before)
        return distance

    def _ranks(self) -> dict[str, int]:
        """The least possible rank of the worst edge on the way: Dijkstra with the worst in place of the sum."""
        best = dict.fromkeys(self._ends, 0)
        heap = [(0, end) for end in sorted(self._ends)]
        while heap:
            rank, here = heapq.heappop(heap)
            if rank > best[here]:
                continue
            for before, edge in self._incoming.get(here, ()):
                worst = max(rank, edge.grade[0])
                if worst < best.get(before, worst + 1):
                    best[before] = worst
                    heapq.heappush(heap, (worst, before))
        return best

    def _pieces(self) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
        """Fewest changes of claim or study to the end, going on with a given one or starting with any: level by level."""
        before: dict[tuple[str, str], list[str]] = defaultdict(list)
        tokens: dict[str, set[str]] = defaultdict(set)
        for here, moves in self._incoming.items():
            for start, edge in moves:
                tokens[here] |= (own := _tokens(edge))
                for token in own:
                    before[here, token].append(start)
        going_on: dict[tuple[str, str], int] = {}
        afresh: dict[str, int] = {}
        level, arrived = 0, sorted(self._ends)
        while arrived:
            pending = deque((start, token) for here in arrived for token in tokens[here] for start in before[here, token])
            fresh = []
            while pending:
                here, token = state = pending.popleft()
                if state in going_on:
                    continue
                going_on[state] = level
                if here not in afresh:
                    afresh[here] = level
                    fresh.append(here)
                pending += [(start, token) for start in before.get(state, ())]
            level, arrived = level + 1, fresh
        return going_on, afresh


def _tokens(edge: Edge) -> set[str]:
    return {claim.iri for claim in edge.claims} | {study for claim in edge.claims for study in claim.studies}
