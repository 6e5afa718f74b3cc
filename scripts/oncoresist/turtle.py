"""Reading Turtle with positions, and writing it in the one canonical form.

Canonical form: prefixes used, sorted; one block per subject, sorted by IRI; type first, then label, names and
definition, then our own properties, then foreign ones, provenance last; the predicate is repeated for each object
(one triple, one line); lexical forms are kept. Adding a triple changes one line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from oncoresist.errors import InputError
from oncoresist.namespaces import ONR, RDF_TYPE, Prefixes

_FIRST = [
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#definition",
]
_LAST = ("http://purl.org/dc/terms/", "http://www.w3.org/ns/prov#")
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Which lexical forms Turtle writes without quotes.
_BARE = {_XSD + "integer": re.compile(r"[+-]?[0-9]+"), _XSD + "boolean": re.compile(r"true|false")}


def read(path: Path, shown_as: str | None = None) -> list[ox.Quad]:
    """All triples of a Turtle file, in file order.

    :param shown_as: how errors name the file
    :raises InputError: with the line, if the file is missing or broken
    """
    name = shown_as or str(path)
    try:
        return parse(path.read_bytes(), name)
    except OSError as error:
        raise InputError(name, f"cannot be read ({error.strerror})") from None


def parse(text: bytes | str, shown_as: str) -> list[ox.Quad]:
    """All triples of a Turtle text.

    :raises InputError: with the line

    >>> parse("<a:s> <a:p> .", "draft.ttl")
    Traceback (most recent call last):
        ...
    oncoresist.errors.InputError: draft.ttl:1: not valid Turtle (...; column 13)
    """
    data = text.encode() if isinstance(text, str) else text
    if data.startswith(b"\xef\xbb\xbf"):
        raise InputError(shown_as, "begins with a byte order mark. Save it as UTF-8 without one.", 1)
    try:
        return list(ox.parse(data, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        reason = error.msg.split(": ", 1)[-1].rstrip(".")
        reason = reason[:1].lower() + reason[1:]
        raise InputError(shown_as, f"not valid Turtle ({reason}; column {error.offset})", error.lineno) from None


def write(triples: Iterable[ox.Quad | ox.Triple], prefixes: Prefixes) -> str:
    """The triples as canonical Turtle.

    :raises ValueError: a blank node is used; content files have none

    >>> table = Prefixes({"ent": "https://w3id.org/oncoresist/entity/", "onr": "https://w3id.org/oncoresist/ontology/"})
    >>> il6 = "@prefix e: <https://w3id.org/oncoresist/entity/> . e:il6 a <https://w3id.org/oncoresist/ontology/Cytokine> ."
    >>> print(write(parse(il6, "il6.ttl"), table))
    @prefix ent: <https://w3id.org/oncoresist/entity/> .
    @prefix onr: <https://w3id.org/oncoresist/ontology/> .
    <BLANKLINE>
    ent:il6 a onr:Cytokine .
    <BLANKLINE>
    """
    triples = list(triples)
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        raise ValueError("a blank node: give it an IRI")
    body, used = blocks(triples, prefixes)
    return f"{head(used, prefixes)}\n{body}" if body else ""


def blocks(triples: Iterable[ox.Quad | ox.Triple], prefixes: Prefixes) -> tuple[str, set[str]]:
    """The blocks of canonical Turtle without the prefixes, and which prefixes they use.

    Blank nodes keep the labels they have and come after the IRIs.
    """
    rows: dict[tuple[bool, str], set[tuple]] = defaultdict(set)
    for triple in triples:
        key = (isinstance(triple.subject, ox.BlankNode), triple.subject.value)
        rows[key].add((_rank(triple.predicate), _object_rank(triple.object), triple.predicate, triple.object))
    used: set[str] = set()
    short = _Shortener(prefixes, used)
    body = "\n".join(_block(f"_:{name}" if blank else short(name), of, short) for (blank, name), of in sorted(rows.items()))
    return body, used


def head(used: Iterable[str], prefixes: Prefixes) -> str:
    """The ``@prefix`` lines for `used`, sorted."""
    return "".join(f"@prefix {p}: <{prefixes.namespaces[p]}> .\n" for p in sorted(used))


class _Shortener(dict):
    """IRI → its short form; remembers which prefixes were used."""

    def __init__(self, prefixes: Prefixes, used: set[str]) -> None:
        self._prefixes, self._used = prefixes, used

    def __missing__(self, iri: str) -> str:
        name = self[iri] = self._prefixes.curie(iri)
        if not name.startswith("<"):
            self._used.add(name.partition(":")[0])
        return name

    __call__ = dict.__getitem__


def _block(subject: str, rows: set[tuple], short: Callable[[str], str]) -> str:
    lines = [
        f"{'a' if predicate == RDF_TYPE else short(predicate.value)} {_term(object_, short)}"
        for _, _, predicate, object_ in sorted(rows, key=lambda row: row[:2])
    ]
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _rank(predicate: ox.NamedNode) -> tuple[int, int, str]:
    iri = predicate.value
    if predicate == RDF_TYPE:
        return (0, 0, "")
    if iri in _FIRST:
        return (1, _FIRST.index(iri), "")
    if iri.startswith(ONR):
        return (2, 0, iri)
    return (4, 0, iri) if iri.startswith(_LAST) else (3, 0, iri)


def _object_rank(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> tuple[int, str, str, str]:
    if not isinstance(term, ox.Literal):
        return (0, term.value, "", "")
    return (1, term.value, term.language or "", term.datatype.value)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal, short: Callable[[str], str]) -> str:
    if isinstance(term, ox.NamedNode):
        return short(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    if (pattern := _BARE.get(term.datatype.value)) and pattern.fullmatch(term.value):
        return term.value
    escaped = term.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if term.language:
        return f'"{escaped}"@{term.language}'
    if term.datatype.value == _XSD + "string":
        return f'"{escaped}"'
    return f'"{escaped}"^^{short(term.datatype.value)}'
