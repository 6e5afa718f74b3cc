"""The things a user's own file names: a list, a TSV or CSV table, or RDF."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from oncoresist.errors import InputError, UnknownNameError
from oncoresist.exchange.identifiers import Recogniser
from oncoresist.namespaces import RDF_TYPE

_RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "n3": ox.RdfFormat.N3,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_VOCABULARY = re.compile(r"https?://(www\.w3\.org|purl\.org/dc|xmlns\.com|schema\.org|www\.geneontology\.org/formats)/")
_MANY = 2_000


@dataclass(frozen=True)
class Thing:
    """One thing of the file.

    :param given: as it stands there
    :param curie: the identifier in it, if it is one
    :param where: line, or in RDF the first subject that points to it
    :param may_be_name: whether it may also be a label
    """

    given: str
    curie: str | None
    where: str
    may_be_name: bool = True


def read(path: Path, recognise: Recogniser, is_name: Callable[[str], bool], column: str | None = None) -> list[Thing]:
    """The things of a file, each once, in the order of the file.

    :param is_name: whether a text is a label in the graph, to find the column to read
    :param column: name of the column to read; by default the one with most identifiers and names
    :raises InputError: it cannot be read, is no RDF though its name says so, or holds nothing
    :raises UnknownNameError: no such column
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({(error.strerror or str(error)).lower()}).") from None
    if form := _RDF.get(path.suffix.lstrip(".").casefold()):
        things = _of_rdf(path, data, form, recognise)
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(path, f"is no text in UTF-8 (byte {error.start}).") from None
        things = _of_table(path, text, recognise, is_name, column)
    first: dict[str, Thing] = {}
    for thing in things:
        first.setdefault(thing.curie or thing.given, thing)
    if not first:
        raise InputError(path, "names nothing: no identifier, name or IRI was found.")
    return list(first.values())


def _of_rdf(path: Path, data: bytes, form: ox.RdfFormat, recognise: Recogniser) -> list[Thing]:
    things = []
    try:
        for quad in ox.parse(data, format=form, base_iri=path.resolve().as_uri()):
            for term in (quad.subject, *([quad.object] if quad.predicate != RDF_TYPE else [])):
                shown = "" if term is quad.subject else quad.subject.value
                if isinstance(term, ox.NamedNode) and not _VOCABULARY.match(term.value):
                    things.append(Thing(term.value, recognise(term.value), shown, False))
                elif isinstance(term, ox.Literal) and ":" in term.value and (curie := recognise(term.value)):
                    things.append(Thing(term.value, curie, shown, False))
    except SyntaxError as error:
        raise InputError(path, f"is no {form.name} ({error.msg}).", error.lineno) from None
    return sorted(things, key=lambda thing: thing.where == "")  # what is pointed to first, so that its subject is named


def _of_table(path: Path, text: str, recognise: Recogniser, is_name: Callable[[str], bool], column: str | None) -> list[Thing]:
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    comma = path.suffix.casefold() == ".csv"
    separator = "," if comma else "\t"
    quoting = csv.QUOTE_MINIMAL if comma else csv.QUOTE_NONE
    if not numbered:
        return []
    rows = [(n, next(csv.reader(io.StringIO(line), delimiter=separator, quoting=quoting))) for n, line in numbered]
    is_table = any(len(cells) > 1 for _, cells in rows)

    def known(cell: str, default: str | None = None) -> bool:
        return any(recognise(part, default) or is_name(part) for part in _parts(cell))

    header = rows[0][1]
    is_heading = not any(known(cell) for cell in header) and (is_table or recognise.prefix(header[0]) is not None)
    has_header = is_heading or column in header
    names = header if has_header else [str(n) for n in range(1, len(header) + 1)]
    body = rows[1:] if has_header else rows
    defaults = [recognise.prefix(name) if has_header else None for name in names]
    if column is not None:
        if column not in names:
            raise UnknownNameError("column", column, names, f"There are: {', '.join(names)}.")
        chosen = names.index(column)
    else:
        sample = body[:_MANY]
        score = [sum(known(cells[i], defaults[i]) for _, cells in sample if i < len(cells)) for i in range(len(names))]
        chosen = score.index(max(score))
    return [
        Thing(part, recognise(part, defaults[chosen]), f"line {number}")
        for number, cells in body
        if chosen < len(cells)
        for part in _parts(cells[chosen])
    ]


def _parts(cell: str) -> list[str]:
    """The things in one cell.

    >>> _parts("HGNC:40|HGNC:41")
    ['HGNC:40', 'HGNC:41']
    """
    return [part.strip() for part in re.split(r"[|;]", cell) if part.strip()]
