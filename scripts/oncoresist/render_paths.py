"""Paths for a terminal: the chain in one line, its hops with their claims and references, and what it comes to."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from oncoresist.mechanism.edges import Edge
from oncoresist.mechanism.meet import MeetAnswer
from oncoresist.mechanism.path_answer import PathAnswer
from oncoresist.mechanism.paths import Hop, Path
from oncoresist.mechanism.verdict import net_sentence, seam_reason, standing_sentence
from oncoresist.render import linked

_ARROWS = {
    "promotes": ("→", "green"),
    "suppresses": ("⊣", "red"),
    "influences": ("⤳", "yellow"),
    "raisesResistanceTo": ("→", "green"),
    "lowersResistanceTo": ("⊣", "red"),
    "influencesResponseTo": ("⤳", "yellow"),
    "yields": ("⇢", "cyan"),
    "becomes": ("⇒", "cyan"),
}
_BRIDGE = ("≈", "dim")
_RESPONSES = {
    "raisesResistanceTo": "resistance to ",
    "lowersResistanceTo": "resistance to ",
    "influencesResponseTo": "response to ",
}
LEGEND = (
    "→ promotes   ⊣ suppresses   ⤳ acts on, direction open   ⇢ makes   ⇒ becomes   "
    "≈ a molecule and its signaling or axis   (?) no sign is given"
)
_CLAIMS_SHOWN = 3
_PARTIAL = "A source has more paths than were compared; there may be other meetings."
_GIVEN_UP = "The search was given up after many partial paths; there may be others."


def heading(answer: PathAnswer) -> str:
    """What was asked."""
    here, there = answer.network.name(answer.source), answer.network.name(answer.target)
    return f"From {here} to {there}, {answer.asked}; the most credible first"


def paths(answer: PathAnswer, width: int) -> RenderableType:
    """The whole answer for a terminal of `width` columns."""
    network = answer.network
    if not answer.paths:
        head = f"No path from {network.name(answer.source)} to {network.name(answer.target)} {answer.asked}."
        given_up = [] if answer.exhausted else [_GIVEN_UP]
        said = dict.fromkeys([*given_up, *answer.denials, *answer.why_none])
        return Group(*_lines(head, "", width, "bold"), *(line for why in said for line in _lines(why, "  · ", width)))
    lines: list[Text] = []
    for number, path in enumerate(answer.paths, 1):
        lines += [*_block(answer, path, number, width), Text("")]
    if answer.more:
        lines.append(Text(f"… and more: --limit {2 * len(answer.paths)} shows the next ones.", style="dim"))
    elif lines:
        lines.pop()
    for denial in answer.denials:
        lines += [Text(""), *_lines(denial, "    ", width, "yellow")]
    if not answer.exhausted:
        lines.append(Text(_GIVEN_UP, style="dim"))
    return Text("\n").join(lines)


def _block(answer: PathAnswer, path: Path, number: int, width: int) -> Iterator[Text]:
    network = answer.network
    yield from _chain(answer, path, f"{number:>3} ", width)
    yield from _lines(net_sentence(path, network), "    ", width, "bold")
    standing = standing_sentence(path, network)
    yield from _lines(standing, "    ", width, "yellow" if path.stitched else "")
    hedged = f"   hedged: {path.hedged} of {path.steps} steps" if path.hedged else ""
    yield Text(f"    weakest grade: {path.weakest[1]}{hedged}", style="dim")
    piece, step, told = 0, 0, ()
    for hop in path.hops:
        if hop.edge is None:
            continue
        step += 1
        if hop.edge.iri not in path.pieces[piece].edges:
            reason = seam_reason(path.pieces[piece], path.pieces[piece + 1])
            piece += 1
            yield Text(f"    ┄┄ stitched here: {reason} ┄┄", style="yellow")
        yield from _hop(answer, hop, step, width, told)
        told = hop.claims


def meetings(answer: MeetAnswer, width: int) -> RenderableType:
    """Each shared point with the way to it and on from it, from both sides."""
    network = answer.network
    if not answer.meetings:
        ends = [network.name(iri) for iri in (answer.one, answer.other, answer.target)]
        nothing = "The paths from {} and from {} to {} have nothing in common on the way.".format(*ends)
        return Text("\n".join([nothing, *([_PARTIAL] if answer.partial else [])]))
    lines: list[Text] = []
    for number, meeting in enumerate(answer.meetings, 1):
        lines += _lines(network.name(meeting.point), f"{number:>3} ", width, "bold")
        lines += _lines(answer.verdict(meeting), "    ", width, "yellow" if meeting.stitched else "green")
        for path in (meeting.one, meeting.other):
            lines += _chain(answer, path, "    · ", width)
            lines += _lines(f"{net_sentence(path, network)} {standing_sentence(path, network)}", "      ", width, "dim")
        lines.append(Text(""))
    if answer.more:
        lines.append(Text(f"… and {answer.more} more: --limit {len(answer.meetings) + answer.more} shows all.", style="dim"))
    if answer.partial:
        lines.append(Text(_PARTIAL, style="dim"))
    return Text("\n").join(lines if lines[-1].plain else lines[:-1])


def _chain(answer: PathAnswer | MeetAnswer, path: Path, lead: str, width: int) -> Iterator[Text]:
    """Entities and arrows, broken only in front of an arrow."""
    name = answer.network.name
    line = Text.assemble((lead, "dim"), (name(path.start), "bold"))
    for hop in path.hops:
        arrow, colour = _ARROWS.get(hop.effect, _BRIDGE)
        bit = Text.assemble((f" {arrow} ", colour), (_RESPONSES.get(hop.effect, "") + name(hop.end), "bold"))
        if hop.sign == 0 and hop.is_bridge:
            bit.append(" (?)", "yellow")
        if line.cell_len + bit.cell_len > width:
            yield line
            line = Text(" " * (len(lead) + 1))
        line.append_text(bit)
    yield line


def _hop(answer: PathAnswer, hop: Hop, step: int, width: int, told: tuple) -> Iterator[Text]:
    """The steps as the sources have them, then who says so."""
    edge = hop.edge
    assert edge is not None
    claims = sorted(hop.claims, key=lambda claim: (claim.hedged, claim.iri))
    sentences = list(dict.fromkeys(s for claim in claims for s in edge.sentences.get(claim.iri, ())))
    for position, sentence in enumerate(sentences[:_CLAIMS_SHOWN]):
        yield from _lines(sentence, f"    {step}. " if not position else "       ", width)
    if hop.claims == told:
        return
    others = len(edge.claims) - len(hop.claims)
    for claim in claims[:_CLAIMS_SHOWN]:
        yield from _lines(claim.label + (" (hedged)" if claim.hedged else ""), "       ", width, "italic dim")
        references = "; ".join(answer.network.name(reference) for reference in claim.references)
        yield from (linked(line) for line in _lines(references, "         ", width, "dim"))
    if len(claims) > _CLAIMS_SHOWN:
        yield Text(f"       … and {len(claims) - _CLAIMS_SHOWN} more claims", style="dim")
    if others:
        yield Text(f"       also said by {others} other claim{'s' if others > 1 else ''}, outside this piece", style="dim")
    yield from _beside(answer, edge, width)


def _beside(answer: PathAnswer, edge: Edge, width: int) -> Iterator[Text]:
    """The same effect in other cells or with another agent: evidence of its own, though not on this path."""
    others = answer.network.beside(edge)
    for other in others[:_CLAIMS_SHOWN]:
        told = list(dict.fromkeys(sentence for claim in other.claims for sentence in other.sentences.get(claim.iri, ())))
        references = "; ".join(sorted({answer.network.name(r) for claim in other.claims for r in claim.references}))
        yield from (linked(line) for line in _lines(f"elsewhere: {told[0]}  ({references})", "       ", width, "dim"))
    if len(others) > _CLAIMS_SHOWN:
        yield Text(f"       … and {len(others) - _CLAIMS_SHOWN} more elsewhere", style="dim")


def _lines(text: str, lead: str, width: int, style: str = "") -> list[Text]:
    parts = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
    return [Text(part, style=style) for part in parts]
