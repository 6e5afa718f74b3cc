"""Mappings to external vocabularies, as SSSOM TSV (https://mapping-commons.github.io/sssom/).

The `sssom` package reads these files too; the checks here are ours because they must be strict and fast.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from oncoresist.errors import InputError, UnknownNameError, UsageError
from oncoresist.namespaces import BASE, RDF_TYPE, Prefixes

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source",
    "object_source_version",
    "comment",
)
_OPTIONAL = {"comment", "object_source_version"}
_PREDICATES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")
_SSSOM = "https://w3id.org/sssom/"
_IRI_SLOTS = {"subject_id", "predicate_id", "object_id", "mapping_justification"}


@dataclass(frozen=True)
class Mapping:
    """One row: an entity of ours, how it relates, and the external term.

    :param line: line in the file
    """

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def read(path: Path, shown: str) -> list[Mapping]:
    """The rows of one file.

    :raises InputError: wrong header, missing cell or unknown predicate, with the line
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(shown, f"cannot be read ({error})") from None
    lines = text.splitlines()
    skipped = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.reader(io.StringIO("\n".join(lines[skipped:])), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = tuple(next(rows, ()))
    if header != COLUMNS:
        raise InputError(shown, f"the columns must be {', '.join(COLUMNS)}. [sssom-columns]", skipped + 1)
    return [_row(cells, number, shown) for number, cells in enumerate(rows, skipped + 2)]


def _row(cells: list[str], number: int, shown: str) -> Mapping:
    if len(cells) != len(COLUMNS):
        raise InputError(shown, f"{len(cells)} cells instead of {len(COLUMNS)}. [sssom-columns]", number)
    values = dict(zip(COLUMNS, cells, strict=True))
    for column, value in values.items():
        if not value and column not in _OPTIONAL:
            raise InputError(shown, f"{column} is empty. Every mapping says it. [sssom-{column}]", number)
    if values["predicate_id"] not in _PREDICATES:
        raise InputError(
            shown, f"{UnknownNameError('predicate', values['predicate_id'], _PREDICATES)} [sssom-predicate_id]", number
        )
    return Mapping(number, values)


def to_triples(rows: list[Mapping], prefixes: Prefixes, shown: str) -> Iterator[ox.Triple]:
    """Each row as a direct link (``ent:x skos:exactMatch obo:y``) and as a ``sssom:Mapping`` node that justifies it.

    :raises InputError: an unknown prefix, or an identifier that is not of its registry's pattern
    """
    for row in rows:
        iris = {}
        for column in _IRI_SLOTS:
            prefix, _, local = row[column].partition(":")
            if not prefixes.knows(row[column]):
                raise InputError(
                    shown, f"{column}: {UnknownNameError('prefix', prefix, prefixes.namespaces)} [sssom-prefix]", row.line
                )
            pattern = prefixes.patterns.get(prefix)
            if pattern and not re.fullmatch(pattern, local):
                raise InputError(
                    shown, f"{row[column]}: not an identifier of {prefix} (pattern {pattern}). [sssom-identifier]", row.line
                )
            try:
                iris[column] = ox.NamedNode(prefixes.iri(row[column]))
            except UsageError as error:
                raise InputError(shown, f"{column}: {error} [sssom-identifier]", row.line) from None
        subject, predicate, target = iris["subject_id"], iris["predicate_id"], iris["object_id"]
        yield ox.Triple(subject, predicate, target)
        node = ox.NamedNode(BASE + "mapping/" + _hash(subject, predicate, target))
        yield ox.Triple(node, RDF_TYPE, ox.NamedNode(_SSSOM + "Mapping"))
        for column in COLUMNS:
            if column in _IRI_SLOTS:
                yield ox.Triple(node, ox.NamedNode(_SSSOM + column), iris[column])
            elif row[column]:
                yield ox.Triple(node, ox.NamedNode(_SSSOM + column), ox.Literal(row[column]))


def node_of(row: Mapping, prefixes: Prefixes) -> str:
    """The IRI under which `to_triples` describes the row."""
    return BASE + "mapping/" + _hash(*(ox.NamedNode(prefixes.iri(row[c])) for c in ("subject_id", "predicate_id", "object_id")))


def _hash(*terms: ox.NamedNode) -> str:
    """The same mapping always has the same node, so it cannot exist twice."""
    return hashlib.sha256(" ".join(t.value for t in terms).encode()).hexdigest()[:16]
