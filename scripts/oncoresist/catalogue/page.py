"""The catalogue for people: one page, by topic, each question with how to ask it and the first rows of its answer."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from oncoresist.catalogue.entries import Entry, TrapEntry, by_topic, sparql_of
from oncoresist.results import Answer

_ROWS = 5
_LINK = re.compile(r"PMID:(\d+)|\bPMC\d+|doi:(10\.\S+)")
Curie = Callable[[str], str]


def html_page(entries: list[Entry], traps: list[TrapEntry], curie: Curie, version: str) -> str:
    """One self-contained page: no script, nothing fetched from elsewhere."""
    topics = by_topic(entries)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>OncoResist: saved questions</title><style>\n{_style()}</style></head><body>",
        '<nav aria-label="Questions"><h2>Questions</h2>',
    ]
    for topic, members in topics.items():
        parts.append(f'<details open><summary>{_e(topic)} <span class="count">{len(members)}</span></summary><ul>')
        parts += [f'<li><a href="#{e.question.id}">{_e(e.question.summary)}</a></li>' for e in members]
        parts.append("</ul></details>")
    if traps:
        parts.append(f'<details open><summary>traps <span class="count">{len(traps)}</span></summary><ul>')
        parts += [f'<li><a href="#trap-{t.trap.id}">{_e(t.trap.title)}</a></li>' for t in traps]
        parts.append("</ul></details>")
    parts += [
        "</nav><main><header><h1>Questions OncoResist answers</h1>",
        f"<p>{len(entries)} saved questions, each with its answer for one example. Version {_e(version)}. "
        "Every question is plain SPARQL 1.1 and gives the same rows on any engine that holds the graph.</p></header>",
    ]
    for topic, members in topics.items():
        parts.append(f'<section><h2 id="{_anchor(topic)}">{_e(topic.capitalize())}</h2>')
        parts += [_article(entry, curie) for entry in members]
        parts.append("</section>")
    if traps:
        parts.append('<section><h2 id="traps">Traps</h2><p>Queries that look right and are not, beside those that are. ')
        parts.append("Rows that only one of the two has come first.</p>")
        parts += [_trap(trap, curie) for trap in traps]
        parts.append("</section>")
    parts.append("</main></body></html>")
    return "\n".join(parts) + "\n"


def markdown_page(entries: list[Entry], traps: list[TrapEntry], curie: Curie, version: str) -> str:
    """The same as Markdown, for reading where the repository is read."""
    parts = [f"# Questions OncoResist answers\n\n{len(entries)} saved questions, version {version}.\n"]
    for topic, members in by_topic(entries).items():
        parts.append(f"## {topic.capitalize()}\n")
        for entry in members:
            question = entry.question
            parts.append(f"### {question.summary}\n")
            parts += [f"{text}\n" for text in _prose(entry)]
            parts.append(f"```sh\n{command_line(entry)}\n```\n")
            parts.append(_markdown_table(entry.answer, curie))
    if traps:
        parts.append("## Traps\n")
        for trap in traps:
            parts.append(f"### {trap.trap.title}\n\n{trap.trap.trap} {trap.trap.wrong}\n")
            for heading, query, answer in _sides(trap):
                parts.append(f"{heading}: {query.summary}\n\n{_markdown_table(answer, curie, _told_apart(trap, answer))}")
    return "\n".join(parts)


def command_line(entry: Entry) -> str:
    """What to type in a shell.

    >>> from oncoresist import KnowledgeGraph
    >>> from oncoresist.catalogue.entries import Entry
    >>> command_line(Entry(KnowledgeGraph.open().question("drugs-by-cell"), {"cell": "tumour cell"}, "", None))
    "oncoresist ask drugs-by-cell --cell 'tumour cell'"
    """
    return " ".join(
        ["oncoresist ask", entry.question.id, *(f"--{name} {shlex.quote(value)}" for name, value in entry.parameters.items())]
    )


def python_call(entry: Entry) -> str:
    """What to type in Python."""
    given = "".join(f', {name}="{value}"' for name, value in entry.parameters.items())
    lines = ["from oncoresist import KnowledgeGraph", "", "kg = KnowledgeGraph.open()"]
    return "\n".join([*lines, f'kg.ask("{entry.question.id}"{given}).to_pandas(labels=True)'])


def _style() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def _article(entry: Entry, curie: Curie) -> str:
    question = entry.question
    parts = [f'<article id="{question.id}"><h3><a href="#{question.id}">{_e(question.summary)}</a></h3>']
    parts.append(
        f'<p class="meta"><code>{question.id}</code> '
        + " ".join(f'<span class="tag">{_e(t)}</span>' for t in question.tags)
        + "</p>"
    )
    if question.params:
        parts.append('<table class="params"><thead><tr><th>parameter<th>what<th>here</tr></thead><tbody>')
        for p in question.params.values():
            what = p.description or _words(p.of_class.partition(":")[2])
            what += "" if p.required else f" (optional; without it: {p.default})" if p.default else " (optional)"
            here = entry.parameters.get(p.name, p.default or "any")
            parts.append(f"<tr><td><code>{p.name}</code><td>{_e(what)}<td>{_e(here)}</tr>")
        parts.append("</tbody></table>")
    parts.append(_html_table(entry.answer, curie))
    parts += [f"<p>{_e(text)}</p>" for text in _prose(entry)]
    parts.append("<details><summary>Ask it yourself</summary>")
    for title, code in (("Command line", command_line(entry)), ("Python", python_call(entry)), ("SPARQL", entry.sparql)):
        parts.append(f"<h4>{title}</h4><pre><code>{_e(code)}</code></pre>")
    parts.append("</details></article>")
    return "\n".join(parts)


def _trap(trap: TrapEntry, curie: Curie) -> str:
    parts = [
        f'<article id="trap-{trap.trap.id}"><h3><a href="#trap-{trap.trap.id}">{_e(trap.trap.title)}</a></h3>',
        f'<p>{_e(trap.trap.trap)}</p><p>{_e(trap.trap.wrong)}</p><div class="sides">',
    ]
    for heading, query, answer in _sides(trap):
        parts.append(f'<div class="side {heading.lower()}"><h4>{heading}: {_e(query.summary)}</h4>')
        parts.append(_html_table(answer, curie, _told_apart(trap, answer)))
        parts.append(f"<details><summary>SPARQL</summary><pre><code>{_e(sparql_of(query.text))}</code></pre></details></div>")
    parts.append("</div></article>")
    return "\n".join(parts)


def _sides(trap: TrapEntry):
    return (("Tempting", trap.trap.tempting, trap.tempting_answer), ("Right", trap.trap.right, trap.right_answer))


def _told_apart(trap: TrapEntry, answer: Answer) -> list[tuple]:
    """The rows of one side, first those that the other does not have: they are what the trap is about."""
    other = set((trap.right_answer if answer is trap.tempting_answer else trap.tempting_answer).rows)
    return sorted(answer.rows, key=lambda row: row in other)


def _prose(entry: Entry) -> list[str]:
    header = entry.question.header
    lead = {"description": "", "why": "Why this answer: ", "reading": "How to read it: "}
    return [f"{begin}{' '.join(str(header[key]).split())}" for key, begin in lead.items() if header.get(key)]


def _cells(answer: Answer, curie: Curie, rows: list[tuple] | None) -> tuple[list[str], list[list[str]]]:
    """Columns and the first rows, without the columns that only repeat what was asked and those that are empty."""
    rows = (answer.rows if rows is None else rows)[:_ROWS]
    places = [n for n, v in enumerate(answer.variables) if v not in answer.given and any(row[n] for row in rows)]
    shown = [[_cell(row[n], answer, curie) for n in places] for row in rows]
    return [answer.variables[n] for n in places], shown


def _is_long(rows: list[list[str]], column: int) -> bool:
    return any(len(row[column]) > 40 for row in rows)


def _cell(term, answer: Answer, curie: Curie) -> str:
    if term is None:
        return ""
    return answer.labels.get(term.value) or curie(term.value) if isinstance(term, ox.NamedNode) else term.value


def _count(answer: Answer) -> str:
    return f"first {_ROWS} of {len(answer)} rows" if len(answer) > _ROWS else f"{len(answer)} row{'s' * (len(answer) != 1)}"


def _html_table(answer: Answer | None, curie: Curie, rows: list[tuple] | None = None) -> str:
    if answer is None:
        return '<p class="more">Asks endpoints of others, so no answer is printed here.</p>'
    columns, shown = _cells(answer, curie, rows)
    head = "".join(f"<th>{_e(_words(c))}" for c in columns)
    marks = [
        ' class="long"' if answer.columns.get(c) in ("record", "text") and _is_long(shown, n) else ""
        for n, c in enumerate(columns)
    ]
    body = "\n".join(
        "<tr>" + "".join(f"<td{mark}>{_linked(cell)}" for mark, cell in zip(marks, row, strict=True)) + "</tr>" for row in shown
    )
    table = f'<table class="answer"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>'
    return f'<div class="scroll" tabindex="0">{table}</div><p class="more">{_count(answer)}</p>'


def _markdown_table(answer: Answer | None, curie: Curie, rows: list[tuple] | None = None) -> str:
    if answer is None:
        return "Asks endpoints of others, so no answer is printed here.\n"
    columns, shown = _cells(answer, curie, rows)
    lines = ["| " + " | ".join(_words(c) for c in columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in shown]
    return "\n".join(lines) + f"\n\n{_count(answer)}\n"


def _linked(text: str) -> str:
    """Escaped text with links from PMIDs and DOIs."""

    def link(match: re.Match[str]) -> str:
        shown = match.group()
        if match.group(1):
            url = f"https://pubmed.ncbi.nlm.nih.gov/{match.group(1)}/"
        elif match.group(2):
            url = f"https://doi.org/{match.group(2)}"
        else:
            url = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{shown}/"
        return f'<a href="{url}">{shown}</a>'

    return _LINK.sub(link, _e(text))


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _anchor(topic: str) -> str:
    return "topic-" + re.sub(r"\W+", "-", topic.lower())


def _e(text: str) -> str:
    return html.escape(text)


__all__ = ["command_line", "html_page", "markdown_page", "python_call"]
