"""Where two stories about one target meet: what the paths from both sources have in common, and whether a source says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from oncoresist.mechanism.bounds import Moves
from oncoresist.mechanism.edges import Claim, Network
from oncoresist.mechanism.paths import Hop, Path, find_paths
from oncoresist.mechanism.verdict import net_sentence, standing_sentence

# Paths compared from each side; none in the curated graph has as many.
COMPARED = 2000


@dataclass(frozen=True)
class Meeting:
    """A point at which a path from each of two sources passes.

    :param point: what they share, as the first path calls it; a molecule and its signalling are one point
    :param one: the most credible path through it from the first source; from the second, `other`
    :param claims: claims that tell both paths up to there; if there are none, the meeting is stitched
    :param cancers: cancers that both speak of up to there, each in claims of its own
    """

    point: str
    one: Path
    other: Path
    claims: frozenset[str]
    cancers: frozenset[str]

    @property
    def stitched(self) -> bool:
        return not self.claims


@dataclass(frozen=True)
class MeetAnswer:
    """Where the paths from `one` and from `other` to `target` meet, the most credible meeting first.

    :param more: how many meetings there are beyond those asked for
    :param partial: whether a source has more paths than were compared, so that there may be other meetings
    """

    network: Network
    one: str
    other: str
    target: str
    meetings: tuple[Meeting, ...]
    curie: Callable[[str], str]
    more: int = 0
    partial: bool = False

    def verdict(self, meeting: Meeting) -> str:
        """Whether a source says that both come together there, or it was stitched."""
        point = self.network.name(meeting.point)
        if not meeting.stitched:
            return f"Said: {' and '.join(self.curie(claim) for claim in sorted(meeting.claims))} tells both ways to {point}."
        shared = " and ".join(sorted(self.network.name(cancer) for cancer in meeting.cancers))
        where = f"both speak of {shared} up to there" if shared else "up to there they share no cancer"
        return f"Stitched: no claim tells both ways to {point}, {where}. That they come together there is a hypothesis."

    def to_json(self) -> str:
        """Everything, with CURIEs."""
        data = [
            {
                "point": self.curie(meeting.point),
                "label": self.network.name(meeting.point),
                "stitched": meeting.stitched,
                "claims": sorted(self.curie(claim) for claim in meeting.claims),
                "verdict": self.verdict(meeting),
                "paths": [self._path(path) for path in (meeting.one, meeting.other)],
            }
            for meeting in self.meetings
        ]
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    def _path(self, path: Path) -> dict:
        return {
            "hops": [
                {
                    "from": self.curie(hop.start),
                    "effect": hop.effect,
                    "to": self.curie(hop.end),
                    "claims": [self.curie(claim.iri) for claim in hop.claims],
                }
                for hop in path.hops
            ],
            "net": path.net,
            "stitched": path.stitched,
            "verdict": f"{net_sentence(path, self.network)} {standing_sentence(path, self.network)}",
        }


def answer_meet(
    network: Network, curie: Callable[[str], str], one: str, other: str, target: str, *, max_steps: int = 6, limit: int = 10
) -> MeetAnswer:
    """The points shared on the way to `target`, in the order of the credibility of the weaker of their paths."""
    moves = Moves(network)
    found = [find_paths(network, source, target, max_steps=max_steps, limit=COMPARED) for source in (one, other)]
    firsts, seconds = (_through(paths.paths, moves) for paths in found)
    shared = sorted(firsts.keys() & seconds.keys(), key=lambda p: (max(firsts[p][0], seconds[p][0]), network.name(p), p))
    meetings = tuple(_meeting(point, firsts[point][1], seconds[point][1], moves) for point in shared[:limit])
    partial = any(paths.more or not paths.exhausted for paths in found)
    return MeetAnswer(network, one, other, target, meetings, curie, max(len(shared) - limit, 0), partial)


def _meeting(point: str, path: Path, its_path: Path, moves: Moves) -> Meeting:
    here, there = _up_to(path, point, moves), _up_to(its_path, point, moves)
    common = _claims(here) & _claims(there)  # one claim on both ways says nothing of their meeting in one cancer
    cancers = _cancers(_claims(here) - common) & _cancers(_claims(there) - common)
    return Meeting(here[-1].end, path, its_path, _told(here) & _told(there), cancers)


def _through(paths: tuple[Path, ...], moves: Moves) -> dict[str, tuple[int, Path]]:
    """What lies between the ends → place and path of the most credible path through it."""
    found: dict[str, tuple[int, Path]] = {}
    for place, path in enumerate(paths):
        for hop in path.hops[:-1]:
            found.setdefault(moves.molecule(hop.end), (place, path))
    return found


def _up_to(path: Path, point: str, moves: Moves) -> tuple[Hop, ...]:
    arrived = next(place for place, hop in enumerate(path.hops, 1) if moves.molecule(hop.end) == point)
    return path.hops[:arrived]


def _told(hops: tuple[Hop, ...]) -> frozenset[str]:
    """Claims that tell every hop."""
    each = [frozenset(claim.iri for claim in hop.edge.claims) for hop in hops if hop.edge]
    return frozenset.intersection(*each) if each else frozenset()


def _claims(hops: tuple[Hop, ...]) -> frozenset[Claim]:
    return frozenset(claim for hop in hops for claim in hop.claims)


def _cancers(claims: frozenset[Claim]) -> frozenset[str]:
    return frozenset(cancer for claim in claims for cancer in claim.cancers)
