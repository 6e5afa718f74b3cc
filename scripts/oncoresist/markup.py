"""Answers as Markdown and HTML tables: labels that link to what they name."""

from __future__ import annotations

import html
from collections.abc import Iterable

import pyoxigraph as ox

Row = tuple["ox.NamedNode | ox.Literal | ox.BlankNode | None", ...]


def markdown(variables: list[str], rows: Iterable[Row], labels: dict[str, str]) -> str:
    """A table in GitHub-flavoured Markdown.

    >>> print(markdown(["drug"], [(ox.NamedNode("https://example.org/a"),)], {"https://example.org/a": "a|b"}), end="")
    | drug |
    | --- |
    | [a\\|b](https://example.org/a) |
    """

    def cell(term) -> str:
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return f"[{_escaped(labels.get(term.value, term.value))}]({term.value})"
        return _escaped(term.value)

    lines = [variables, ["---"] * len(variables), *([cell(term) for term in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def table(variables: list[str], rows: Iterable[Row], labels: dict[str, str]) -> str:
    """A ``<table>`` in HTML, to be put into any page.

    >>> print(table(["n"], [(ox.Literal("1 < 2"),)], {}), end="")
    <table>
    <thead><tr><th>n</th></tr></thead>
    <tbody>
    <tr><td>1 &lt; 2</td></tr>
    </tbody>
    </table>
    """

    def cell(term) -> str:
        if term is None:
            return "<td></td>"
        if isinstance(term, ox.NamedNode):
            return f'<td><a href="{html.escape(term.value)}">{html.escape(labels.get(term.value, term.value))}</a></td>'
        return f"<td>{html.escape(term.value)}</td>"

    head = "".join(f"<th>{html.escape(name)}</th>" for name in variables)
    body = "".join(f"<tr>{''.join(cell(term) for term in row)}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("[", "\\[").replace("]", "\\]").split())
