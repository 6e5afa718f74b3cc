"""A report of changes, for a terminal and as Markdown for release notes."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oncoresist.mechanism.report import Item, Report

_STYLES = {"+": "green", "−": "red", "~": "yellow", "!": "magenta", "<": "red", ">": "green"}


def text(report: Report, limit: int | None = 10) -> RenderableType:
    """For a terminal: counts first, then one block a heading.

    :param limit: show so many items of each heading and say how many more there are; None shows all
    """
    parts: list[RenderableType] = [Text(report.title, style="bold"), *(Text(line) for line in report.lead)]
    if report.counts:
        columns = _columns(report)
        grid = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in ("", *columns):
            grid.add_column(column, justify="right" if column else "left")
        for kind, row in report.counts.items():
            grid.add_row(kind, *(f"{row[c]:,}" if row.get(c) else "" for c in columns))
        parts += [Text(""), grid]
    for section in report.sections:
        parts.append(Text.assemble(f"\n{section.title} ", (f"({len(section.items):,})", "dim"), style="bold"))
        if section.note:
            parts.append(Text(f"  {section.note}", style="dim"))
        grid = Table.grid(padding=(0, 1, 0, 0))
        for item in section.items[:limit]:
            name = (f"{item.id}  ", "cyan") if item.id else ""
            grid.add_row("", Text(item.mark, style=_STYLES.get(item.mark, "")), Text.assemble(name, item.text))
            for line in _details(item, limit):
                grid.add_row("", "", Padding(Text(line, style="dim"), (0, 0, 0, 2), expand=False))
        parts.append(grid)
        if limit and len(section.items) > limit:
            parts.append(Text(f"  … and {len(section.items) - limit:,} more; --all shows them."))
    return Group(*parts)


def markdown(report: Report, limit: int | None = None) -> str:
    """For release notes: the same headings and items as Markdown."""
    lines = [f"## {report.title}", "", *(f"{line}\n" for line in report.lead)]
    if report.counts:
        columns = _columns(report)
        lines += ["| | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
        for kind, row in report.counts.items():
            lines.append(f"| {kind} | " + " | ".join(f"{row[c]:,}" if row.get(c) else "" for c in columns) + " |")
    for section in report.sections:
        lines += ["", f"### {section.title} ({len(section.items):,})", ""]
        lines += [section.note, ""] if section.note else []
        for item in section.items[:limit]:
            lines.append(f"- {item.mark} " + (f"`{item.id}` " if item.id else "") + _escaped(item.text))
            lines += [f"  - {_escaped(line)}" for line in _details(item, limit)]
        if limit and len(section.items) > limit:
            lines.append(f"- … and {len(section.items) - limit:,} more")
    return "\n".join(lines).rstrip() + "\n"


def _details(item: Item, limit: int | None) -> list[str]:
    """The lines below an item, cut like the items themselves."""
    if limit is None or len(item.details) <= limit:
        return list(item.details)
    return [*item.details[:limit], f"… and {len(item.details) - limit:,} more"]


def _columns(report: Report) -> list[str]:
    order = ("added", "changed", "weakened", "strengthened", "deprecated", "withdrawn", "unanswerable")
    used = [what for row in report.counts.values() for what in row]
    return sorted(dict.fromkeys(used), key=lambda what: order.index(what) if what in order else -1)


def _escaped(words: str) -> str:
    """Characters that Markdown would take for its own."""
    return "".join(f"\\{c}" if c in "\\`*_<>|[]#" else c for c in words)
