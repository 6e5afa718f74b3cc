"""Links for a terminal: a table, and what is unknown in one paragraph."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from oncoresist.exchange.link import Linked

# Where there is no room, these go first; every other format has them.
_BESIDE = ("identifier", "where", "justification", "source", "source_version")
_UNKNOWN_SHOWN = 20


def links(linked: Linked) -> RenderableType:
    """The rows without what is of use to programs only."""
    shown = [i for i, name in enumerate(linked.columns) if name not in _BESIDE]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for i in shown:
        table.add_column(linked.columns[i].replace("_", " "), overflow="fold")
    for row in linked.rows:
        table.add_row(*(Text(row[i]) for i in shown))
    if not linked.unknown:
        return table
    more = f" and {len(linked.unknown) - _UNKNOWN_SHOWN} more" if len(linked.unknown) > _UNKNOWN_SHOWN else ""
    named = Text(f"\nunknown: {', '.join(linked.unknown[:_UNKNOWN_SHOWN])}{more}", style="dim")
    return Group(table, named) if linked.rows else named
