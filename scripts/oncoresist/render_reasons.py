"""Explanations for a terminal: the conclusion, then what it rests on or what is lacking."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text


def text(explanations: list) -> Group:
    """Explanations (`oncoresist.mechanism.explain.Explanation`), one below the other."""
    lines: list[RenderableType] = []
    for number, why in enumerate(explanations):
        if number:
            lines.append("")
        lines.append(Text(why.conclusion, style="bold"))
        for place, reason in enumerate(why.reasons, 1):
            line = Text(f"{place:2}. {reason.sentence}")
            if reason.where:
                line.append(f"  {reason.where}", style="dim")
            lines.append(Padding(line, (0, 0, 0, 2)))
        if why.reasons:
            end = "These suffice, and none can be spared."
            if why.confirmed is not None:
                end += " HermiT confirms it." if why.confirmed else " HermiT does NOT confirm it: report this."
            lines.append(Padding(Text(end, style="dim"), (0, 0, 0, 2)))
        for depth, met, sentence in why.lacking:
            lines.append(Padding(Text(f"{'✓' if met else '✗'} {sentence}"), (0, 0, 0, 2 + 2 * depth)))
    return Group(*lines)
