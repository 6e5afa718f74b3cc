"""What people see in a terminal: answers as tables or, where those do not fit, as short blocks; labels instead of IRIs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import pyoxigraph as ox
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oncoresist.record import Record, short_name
from oncoresist.results import Answer, Term
from oncoresist.saved_query import TOPICS, SavedQuery
from oncoresist.traps import Trap

# A column narrower than this makes words break; then blocks read better than a table.
_COMFORTABLE = 14
_LINK = re.compile(r"(PMID:(\d+))|(doi:(10\.\S+))")


def answer(result: Answer, curie, width: int, first: int | None = None) -> RenderableType:
    """An answer for a terminal of `width` columns.

    :param curie: function from IRI to CURIE, for what has no label
    :param first: show only so many answers, and say how many more there are
    """
    if result.boolean is not None:
        return Text("yes" if result.boolean else "no")
    if not result.rows:
        return Text("Nothing in the graph answers this.", style="italic")
    rows = _merged(result, curie)
    if first and len(rows) > first:
        shown = _laid_out(result, rows[:first], width)
        return Group(shown, Text(f"\n… and {len(rows) - first} more; without --first they are all shown."))
    return _laid_out(result, rows, width)


def _laid_out(result: Answer, rows: list[dict[str, list[str]]], width: int) -> RenderableType:
    hidden = result.given | ({"order"} if result.per else set())  # in blocks the steps already stand in order
    columns = [v for v in result.variables if v not in hidden and any(row[v] for row in rows)]
    is_of_records = result.per and result.columns.get(result.per) == "record"
    if is_of_records or (result.per and (len(columns) * _COMFORTABLE > width or _has_sentence(rows, columns))):
        return _blocks(result, rows, columns, width)
    return _table(rows, columns)


def _merged(result: Answer, curie) -> list[dict[str, list[str]]]:
    """Rows as shown text; those that share the value of `per` become one, with their distinct values in order."""
    merged: dict[object, dict[str, list[str]]] = {}
    for number, row in enumerate(result.rows):
        named = dict(zip(result.variables, row, strict=True))
        key = named[result.per] if result.per else number
        cells = merged.setdefault(key, {v: [] for v in result.variables})
        for variable, term in named.items():
            text = _cell(term, result, curie)
            if text and text not in cells[variable]:
                cells[variable].append(text)
    return list(merged.values())


def _cell(term: Term, result: Answer, curie) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return result.labels.get(term.value) or curie(term.value)
    return term.value


def _has_sentence(rows: list[dict[str, list[str]]], columns: list[str]) -> bool:
    return any(len(text) > 60 for row in rows for column in columns for text in row[column])


def _table(rows: list[dict[str, list[str]]], columns: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        numeric = all(text.isdigit() for row in rows for text in row[column])
        table.add_column(words(column), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(linked("; ".join(row[column])) for column in columns))
    return table


def _blocks(result: Answer, rows: list[dict[str, list[str]]], columns: list[str], width: int) -> Text:
    """Each answer as its headline, its steps one a line, its short facts in one line, and its references.

    Wrapped here and not by nested tables: those take a third of a second for a long answer.
    """
    rest = [c for c in columns if c != result.per]
    long = [c for c in rest if result.columns.get(c) in ("record", "text")]
    references = [c for c in rest if result.columns.get(c) == "reference"]
    facts = [c for c in rest if c not in long + references]
    lines: list[Text] = []
    for number, row in enumerate(rows, 1):
        lines += _wrapped("; ".join(row[result.per]), f"{number:>3} ", width, style="bold")
        for column in long:
            for text in row[column]:
                lines += _wrapped(text, "    · ", width)
        lines += _wrapped("   ".join(f"{words(c)}: {'; '.join(row[c])}" for c in facts if row[c]), "    ", width, style="dim")
        for column in references:
            lines += [linked(line) for line in _wrapped("; ".join(row[column]), "    ", width)]
        lines.append(Text(""))
    return Text("\n").join(lines[:-1])


def _wrapped(text: str, lead: str, width: int, style: str = "") -> list[Text]:
    """`text` in lines of at most `width`, the first after `lead`, the others as far in."""
    if not text:
        return []
    parts = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
    return [Text(part, style=style) for part in parts]


def linked(text: str | Text) -> Text:
    """PMIDs and DOIs become links where the terminal knows links."""
    shown = text if isinstance(text, Text) else Text(text)
    for match in _LINK.finditer(shown.plain):
        url = (
            f"https://pubmed.ncbi.nlm.nih.gov/{match.group(2)}/"
            if match.group(2)
            else f"https://doi.org/{match.group(4).rstrip(';,')}"
        )
        shown.stylize(f"link {url}", match.start(), match.end())
    return shown


def words(name: str) -> str:
    """
    >>> words("stromalCell")
    'stromal cell'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


def question_list(questions: Iterable[SavedQuery]) -> RenderableType:
    """The saved questions by topic, in the order of `TOPICS`."""
    topics: dict[str, list[SavedQuery]] = {topic: [] for topic in TOPICS}
    for question in questions:
        topics[question.topic].append(question)
    parts: list[RenderableType] = []
    for topic, members in topics.items():
        if not members:
            continue
        parts.append(Text(topic, style="bold"))
        for question in members:
            parts.append(Text(f"  {question.summary}"))
            parts.append(Text(f"    oncoresist ask {question.id}{_example(question)}", style="cyan"))
        parts.append(Text(""))
    return Group(*parts[:-1])


def _example(question: SavedQuery) -> str:
    return (" --federated" if question.federated else "") + "".join(
        f" --{p.name} {p.example if ' ' not in p.example else chr(34) + p.example + chr(34)}"
        for p in question.params.values()
        if p.required
    )


def trap_list(traps: Iterable[Trap]) -> RenderableType:
    """The traps, with what to type to see one."""
    parts: list[RenderableType] = []
    for trap in traps:
        parts.append(Text(trap.title, style="bold"))
        parts.append(Text(f"  {trap.question}"))
        parts.append(Text(f"    oncoresist traps {trap.id}", style="cyan"))
    return Group(*parts)


def trap(item: Trap, tempting: Answer, right: Answer, curie, width: int) -> RenderableType:
    """A trap with both queries and both answers; rows that only the tempting query gives are marked."""
    wrong = set(tempting.rows) - set(right.rows)
    parts: list[RenderableType] = [Text(item.title, style="bold"), Text(item.question), Text("")]
    parts += _wrapped(item.trap, "", width)
    for heading, query, result in (("tempting", item.tempting, tempting), ("right", item.right, right)):
        parts += [Text(f"\n{heading}: {query.summary}", style="bold"), Text(query.body, style="dim"), Text("")]
        marked = [
            {"": ["wrong" if heading == "tempting" and row in wrong else ""]}
            | {v: [_cell(term, result, curie)] for v, term in zip(result.variables, row, strict=True)}
            for row in result.rows
        ]
        parts.append(_table(marked, ["", *result.variables]) if marked else Text("no rows", style="italic"))
    return Group(*parts, Text(""), *_wrapped(item.wrong, "Why: ", width))


def record(item: Record, curie) -> RenderableType:
    """An entity, claim or publication for reading."""
    parts: list[RenderableType] = [Text.assemble((item.label, "bold"), ("  " + item.curie, "dim"))]
    if item.steps:
        parts += _claim(item)
    else:
        parts += _facts(item)
    if item.links:
        parts.append(Text("\nlinks out", style="bold"))
        grid = Table.grid(padding=(0, 2, 0, 2))
        for predicate, identifier, label in item.links:
            grid.add_row(
                identifier, label, Text("" if predicate == "skos:exactMatch" else words(predicate.partition(":")[2]), style="dim")
            )
        parts.append(grid)
    if item.claims:
        parts.append(Text(f"\nclaims ({len(item.claims)})", style="bold"))
        grid = Table.grid(padding=(0, 2, 0, 2))
        for claim in item.claims:
            grid.add_row(Text(curie(claim), style="dim"), Text(item.name(claim)))
        parts.append(grid)
    return Group(*parts)


_ENTITY_FACTS = {
    "skos:altLabel": "also",
    "onr:subtypeOf": "kind of",
    "onr:givenIn": "given in",
    "onr:memberOf": "member of",
    "onr:partOf": "part of",
    "onr:variantOf": "variant of",
    "onr:derivesFrom": "derives from",
    "onr:signallingOf": "signalling of",
    "onr:hasComponent": "components",
    "onr:unmappedBecause": "no external term",
    "dcterms:title": "title",
    "onr:authors": "authors",
    "onr:journal": "journal",
    "fabio:hasPublicationYear": "year",
    "prism:doi": "doi",
    "fabio:hasPubMedId": "PMID",
    "fabio:hasPubMedCentralId": "PMCID",
    "onr:editorialNotice": "notice",
    "onr:missingBecause": "missing",
    "onr:section": "section",
    "onr:status": "status",
    "onr:exclusionReason": "excluded as",
    "onr:cites": "cites",
    "onr:hedgeCue": "hedge cues",
    "onr:mentions": "mentions",
    "skos:definition": "definition",
    "skos:editorialNote": "note",
}


def _facts(item: Record) -> list[RenderableType]:
    grid = Table.grid(padding=(0, 2, 0, 2))
    kinds = [item.name(c) for c in item.classes]
    if kinds:
        grid.add_row(Text("is a", style="dim"), "; ".join(kinds))
    for prop, heading in _ENTITY_FACTS.items():
        if values := item.facts.get(prop):
            grid.add_row(Text(heading, style="dim"), Text("; ".join(item.name(v) for v in values)))
    return [grid]


def _claim(item: Record) -> list[RenderableType]:
    grid = Table.grid(padding=(0, 2, 0, 2))

    def add(heading: str, prop: str) -> None:
        if values := item.facts.get(prop):
            grid.add_row(
                Text(heading, style="dim"), Text("; ".join(item.name(v) if v in item.labels else short_name(v) for v in values))
            )

    add("drug", "onr:aboutDrug")
    add("cancer", "onr:aboutCancer")
    add("model", "onr:inModel")
    add("effect", "onr:polarity")
    add("certainty", "onr:certainty")
    add("stated at", "onr:statedAt")
    add("explains", "onr:explains")
    add("restates", "onr:restates")
    add("doubted", "onr:doubtedBecause")
    add("note", "skos:editorialNote")
    steps: list[RenderableType] = [Text("\nsteps", style="bold")]
    steps += [Padding(Text(f"{n}. {item.name(step['iri'][0])}"), (0, 0, 0, 2)) for n, step in enumerate(item.steps, 1)]
    evidence: list[RenderableType] = [Text("\nevidence", style="bold")]
    for line in item.evidence:
        cited = "; ".join(item.name(v) for v in line.get("cito:citesAsEvidence", []))
        more = [item.name(v).lower() for v in line.get("onr:studyKind", [])]
        more += ["disputes it"] if any(v.endswith("/disputes") for v in line.get("onr:direction", [])) else []
        more += ["from a neighbouring passage"] if any(v.endswith("/inherited") for v in line.get("onr:directness", [])) else []
        evidence.append(Padding(linked(cited + (f" ({', '.join(more)})" if more else "")), (0, 0, 0, 2)))
    return [grid, *steps, *evidence]


def indented(lines: Iterable[str], width: int) -> RenderableType:
    """Lines whose indentation is their level, wrapped within it; those at the margin are headings."""
    shown: list[Text] = []
    for line in lines:
        text = line.lstrip(" ")
        lead = " " * (len(line) - len(text))
        hanging = lead + ("  " if text.startswith("· ") else "")
        parts = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=hanging, break_on_hyphens=False) or [""]
        shown += [linked(Text(part, style="" if lead else "bold")) for part in parts]
    return Text("\n").join(shown)


def console(stderr: bool = False, *, plain: bool = False) -> Console:
    """A console as wide as the terminal (``COLUMNS`` counts), 100 columns where there is none.

    :param plain: without colours even on a terminal, for what goes to a file
    """
    import os
    import shutil

    width = int(os.environ["COLUMNS"]) if os.environ.get("COLUMNS", "").isdigit() else shutil.get_terminal_size((100, 24)).columns
    colours = None if plain else "auto"
    return Console(width=max(width, 40), stderr=stderr, highlight=False, soft_wrap=False, color_system=colours)
