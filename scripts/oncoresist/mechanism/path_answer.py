"""The answer to "how does X bear on Y": its paths, or why there are none, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oncoresist.engines import Engine
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.edges import Claim, Edge, Network
from oncoresist.mechanism.paths import MOST_STEPS, Hop, Path, find_paths
from oncoresist.mechanism.shortfall import denials, shortfall
from oncoresist.mechanism.verdict import net_sentence, standing_sentence

FORMATS = ("table", "json", "csv", "tsv", "dot")
GRADES = "ABCDE"
_COLUMNS = ("path", "hop", "from", "effect", "to", "sign", "fromCell", "toCell", "grade", "piece", "claims", "references")
_COLUMNS += ("cancers", "hedged", "withAgents", "edge", "beside", "net", "netFrom", "stitched", "verdict")


@dataclass(frozen=True)
class PathAnswer:
    """Paths in the order of their credibility.

    :param more: whether there are more than were asked for
    :param exhausted: False if the search was given up before everything had been looked at
    :param why_none: lines that say how far one gets, if there is no path
    :param denials: lines with what sources deny of this very pair, whether there are paths or not
    """

    network: Network
    source: str
    target: str
    paths: tuple[Path, ...]
    more: bool
    exhausted: bool
    asked: str
    why_none: tuple[str, ...]
    denials: tuple[str, ...]
    curie: Callable[[str], str]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def to_dict(self) -> dict:
        """Everything, as plain data.

        ``source``, ``target``; ``paths``, each with ``net`` (1, -1, 0 open, None without a sign), ``stitched``, ``weakestGrade``,
        ``studies`` and ``hops``, each with ``from``, ``effect``, ``to``, ``sign``, ``edge``, its ``claims`` (label, hedged,
        steps, cancers, drugs, references) and ``beside``: edges by which others say the same in other cells; ``denials``;
        ``whyNone``. Entities and records are CURIEs, and ``labels`` has the label of each.
        """
        used = {self.source, self.target} | {iri for path in self.paths for hop in path.hops for iri in self._used(hop)}
        return {
            "source": self.curie(self.source),
            "target": self.curie(self.target),
            "paths": [self._path(path) for path in self.paths],
            "more": self.more,
            "exhausted": self.exhausted,
            "whyNone": list(self.why_none),
            "denials": list(self.denials),
            "labels": {self.curie(iri): self.network.name(iri) for iri in sorted(used)},
        }

    def _used(self, hop: Hop) -> Iterator[str]:
        yield from (hop.start, hop.end)
        if hop.edge:
            for edge in (hop.edge, *self.network.beside(hop.edge)):
                yield from filter(None, (edge.start_cell, edge.end_cell, *edge.agents))
                for claim in edge.claims:
                    yield from (*claim.cancers, *claim.drugs, *claim.references)

    def to_text(self, format: str) -> str:
        """As ``json``, as ``csv`` or ``tsv`` with one row for each hop, or as a ``dot`` graph for Graphviz.

        In ``dot``, what occurs in stitched paths only is brown, and the title says how many paths are hypotheses.

        :raises UnknownNameError: no such format
        """
        if format == "json":
            return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"
        if format in ("csv", "tsv"):
            return self._rows("," if format == "csv" else "\t")
        if format == "dot":
            return self._dot()
        raise UnknownNameError("format", format, FORMATS, f"Paths come as {', '.join(FORMATS)}.")

    def verdict(self, path: Path) -> str:
        """What the path comes to, and on whose word."""
        return f"{net_sentence(path, self.network)} {standing_sentence(path, self.network)}"

    def _path(self, path: Path) -> dict:
        return {
            "net": path.net,
            "netFrom": self.curie(path.net_from),
            "stitched": path.stitched,
            "steps": path.steps,
            "weakestGrade": _letter(path.weakest),
            "hedgedSteps": path.hedged,
            "verdict": self.verdict(path),
            "cancers": [self.curie(cancer) for cancer in path.cancers],
            "studies": [self.curie(study) for study in path.studies],
            "hops": [self._hop(path, hop) for hop in path.hops],
        }

    def _hop(self, path: Path, hop: Hop) -> dict:
        told = {"from": self.curie(hop.start), "effect": hop.effect, "to": self.curie(hop.end), "sign": hop.sign}
        if hop.edge is None:
            return told | {"bridge": True}
        edge = hop.edge
        return told | {
            "edge": self.curie(edge.iri),
            "fromCell": edge.start_cell and self.curie(edge.start_cell),
            "toCell": edge.end_cell and self.curie(edge.end_cell),
            "withAgents": [self.curie(agent) for agent in edge.agents],
            "grade": _letter(edge.grade),
            "piece": _piece_number(path, hop),
            "claims": [self._claim(edge, claim) for claim in hop.claims],
            "otherClaims": [self.curie(claim.iri) for claim in edge.claims if claim not in hop.claims],
            "beside": [
                {
                    "edge": self.curie(other.iri),
                    "fromCell": other.start_cell and self.curie(other.start_cell),
                    "toCell": other.end_cell and self.curie(other.end_cell),
                    "withAgents": [self.curie(agent) for agent in other.agents],
                    "grade": _letter(other.grade),
                    "claims": [self._claim(other, claim) for claim in other.claims],
                }
                for other in self.network.beside(edge)
            ],
        }

    def _claim(self, edge: Edge, claim: Claim) -> dict:
        return {
            "claim": self.curie(claim.iri),
            "label": claim.label,
            "hedged": claim.hedged,
            "steps": list(edge.sentences.get(claim.iri, ())),
            "cancers": sorted(self.curie(cancer) for cancer in claim.cancers),
            "drugs": sorted(self.curie(drug) for drug in claim.drugs),
            "references": [self.curie(reference) for reference in claim.references],
        }

    def _rows(self, delimiter: str) -> str:
        text = io.StringIO()
        table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        table.writerow(_COLUMNS)
        for number, path in enumerate(self.paths, 1):
            whole = (
                "" if path.net is None else path.net,
                self.curie(path.net_from),
                str(path.stitched).lower(),
                self.verdict(path),
            )
            for order, hop in enumerate(path.hops, 1):
                table.writerow([number, order, *self._row(path, hop), *whole])
        return text.getvalue()

    def _row(self, path: Path, hop: Hop) -> list[object]:
        edge = hop.edge
        row: list[object] = [self.curie(hop.start), hop.effect, self.curie(hop.end), "" if hop.sign is None else hop.sign]
        if edge is None:
            return row + [""] * 11
        cells = [self.curie(cell) if cell else "" for cell in (edge.start_cell, edge.end_cell)]
        references = sorted({reference for claim in hop.claims for reference in claim.references})
        cancers = sorted({cancer for claim in hop.claims for cancer in claim.cancers})
        lists = [[claim.iri for claim in hop.claims], references, cancers]
        hedged = str(all(claim.hedged for claim in hop.claims)).lower()
        joined = [
            " ".join(map(self.curie, iris))
            for iris in (*lists, edge.agents, [edge.iri], [e.iri for e in self.network.beside(edge)])
        ]
        return [*row, *cells, _letter(edge.grade), _piece_number(path, hop), *joined[:3], hedged, *joined[3:]]

    def _dot(self) -> str:
        nodes = sorted({iri for path in self.paths for hop in path.hops for iri in (hop.start, hop.end)})
        arrows: dict[tuple[str, str, str], bool] = {}
        for path in self.paths:
            for hop in path.hops:
                arrow = (hop.start, hop.end, hop.effect)
                arrows[arrow] = arrows.get(arrow, True) and path.stitched
        stitched = sum(path.stitched for path in self.paths)
        title = f"{stitched} of {len(self.paths)} paths are stitched: hypotheses (brown: in these only)"
        lines = ["digraph paths {", "  rankdir=LR;", f"  label={_quoted(title)};"]
        lines.append('  node [shape=box, style=rounded, fontname="sans-serif"];')
        lines += [f"  {_quoted(self.curie(iri))} [label={_quoted(self.network.name(iri))}];" for iri in nodes]
        for (start, end, effect), only_stitched in arrows.items():
            look = _DOT.get(effect, _DOT_BRIDGE) + (", color=saddlebrown, fontcolor=saddlebrown" if only_stitched else "")
            lines.append(f"  {_quoted(self.curie(start))} -> {_quoted(self.curie(end))} [{look}];")
        return "\n".join([*lines, "}", ""])


_DOT = {
    "promotes": 'arrowhead=normal, label="promotes"',
    "suppresses": 'arrowhead=tee, label="suppresses"',
    "influences": 'arrowhead=odot, label="influences"',
    "raisesResistanceTo": 'arrowhead=normal, label="raises resistance to"',
    "lowersResistanceTo": 'arrowhead=tee, label="lowers resistance to"',
    "influencesResponseTo": 'arrowhead=odot, label="influences response to"',
    "yields": 'arrowhead=vee, style=dashed, label="makes"',
    "becomes": 'arrowhead=vee, style=bold, label="becomes"',
}
_DOT_BRIDGE = 'dir=none, style=dotted, label="acts as"'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _letter(grade: tuple[int, str]) -> str:
    return grade[1].partition(":")[0]


def _piece_number(path: Path, hop: Hop) -> int:
    return next(n for n, piece in enumerate(path.pieces, 1) if hop.edge and hop.edge.iri in piece.edges)


def check_numbers(max_steps: int, limit: int, what: str) -> None:
    """Refuse numbers with which nothing can be searched.

    :param what: what is asked for, in the singular
    :raises UsageError: a number out of range
    """
    if not 1 <= max_steps <= MOST_STEPS:
        raise UsageError(f"max-steps is {max_steps}, but paths have 1 to {MOST_STEPS} steps.")
    if limit < 1:
        raise UsageError(f"limit is {limit}, but at least 1 {what} must be asked for.")


def answer_paths(
    network: Network,
    engine: Engine,
    curie: Callable[[str], str],
    source: str,
    target: str,
    *,
    max_steps: int = 6,
    min_grade: str | None = None,
    cancer: str | None = None,
    limit: int = 20,
) -> PathAnswer:
    """The paths between two entities given by IRI, or why there are none.

    :raises UsageError: a number out of range, or an unknown grade
    """
    check_numbers(max_steps, limit, "path")
    if min_grade is not None and (len(min_grade) != 1 or min_grade.upper() not in GRADES):
        raise UsageError(f'"{min_grade}" is no grade. Grades go from A, the best, to E.')
    max_rank = GRADES.index(min_grade.upper()) + 1 if min_grade else None
    filtered = network.only(max_rank=max_rank, cancer=cancer) if max_rank or cancer else network
    found = find_paths(filtered, source, target, max_steps=max_steps, limit=limit)
    asked = f"within {max_steps} step{'s' if max_steps > 1 else ''}"
    asked += f", grade {min_grade.upper()} or better" if min_grade else ""
    asked += f", in {network.name(cancer)}, a wider cancer, or none stated" if cancer else ""
    why: list[str] = []
    denied = denials(network, engine, source, target)
    if not found.paths:
        why = shortfall(filtered, engine, source, target, max_steps=max_steps, narrowed=filtered is not network)
        told = {line.partition(": ")[2] for line in denied}
        why = [line for line in why if line.partition(": ")[2] not in told]
        if filtered is not network and find_paths(network, source, target, max_steps=max_steps, limit=1).paths:
            options = [o for o, given in (("--min-grade", min_grade), ("--cancer", cancer)) if given]
            why.append(f"There are paths without {' and '.join(options)}.")
    return PathAnswer(filtered, source, target, found.paths, found.more, found.exhausted, asked, tuple(why), tuple(denied), curie)
