"""Explanations for a terminal: the conclusion, then what it rests on or what is lacking."""

from __future__ import annotations

from rich.padding import Padding
from rich.text import Text


def show(explanations: list) -> None:
    """Print explanations (`oncoresist.mechanism.explain.Explanation`) to stdout."""
    from oncoresist.render import console as new_console

    console = new_console()
    for number, why in enumerate(explanations):
        if number:
            console.print()
        console.print(Text(why.conclusion, style="bold"))
        for place, reason in enumerate(why.reasons, 1):
            line = Text(f"{place:2}. {reason.sentence}")
            if reason.where:
                line.append(f"  {reason.where}", style="dim")
            console.print(Padding(line, (0, 0, 0, 2)))
        if why.reasons:
            end = "These suffice, and none can be spared."
            if why.confirmed is not None:
                end += " HermiT confirms it." if why.confirmed else " HermiT does NOT confirm it: report this."
            console.print(Padding(Text(end, style="dim"), (0, 0, 0, 2)))
        for depth, met, sentence in why.lacking:
            console.print(Padding(Text(f"{'✓' if met else '✗'} {sentence}"), (0, 0, 0, 2 + 2 * depth)))
