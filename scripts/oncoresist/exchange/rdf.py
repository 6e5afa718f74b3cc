"""The plain RDF formats. All write the same canonical lines or triples, so equal content gives equal bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO

import pyoxigraph as ox

from oncoresist import turtle as canonical_turtle
from oncoresist.content import LAYERS
from oncoresist.errors import InputError
from oncoresist.exchange.selection import Selected
from oncoresist.namespaces import RDF_TYPE, Prefixes

# What XML 1.0 cannot hold, as N-Triples escapes it.
_NOT_XML = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8BCEF]|1))")


def nquads(selected: Selected, out: BinaryIO) -> None:
    """https://www.w3.org/TR/n-quads/, canonical: the sha256 of the file is the canonical hash of the dataset."""
    out.writelines(selected.quad_lines)


def ntriples(selected: Selected, out: BinaryIO) -> None:
    """https://www.w3.org/TR/n-triples/, canonical."""
    out.writelines(selected.triple_lines)


def turtle(selected: Selected, out: BinaryIO) -> None:
    """https://www.w3.org/TR/turtle/, in the canonical form of `oncoresist.turtle`."""
    body, used = canonical_turtle.blocks(selected.triples(), selected.prefixes)
    out.write(canonical_turtle.head(used, selected.prefixes).encode() + b"\n" + body.encode())


def trig(selected: Selected, out: BinaryIO) -> None:
    """https://www.w3.org/TR/trig/: one graph a layer, each in canonical Turtle."""
    parts, used = [], set()
    for layer, quads in selected.by_layer.items():
        body, of_layer = canonical_turtle.blocks(quads, selected.prefixes)
        used |= of_layer
        parts.append(f"\n{LAYERS[layer]} {{\n\n{body}\n}}\n")
    out.write(canonical_turtle.head(used, selected.prefixes).encode())
    out.writelines(part.encode() for part in parts)


def rdfxml(selected: Selected, out: BinaryIO) -> None:
    """https://www.w3.org/TR/rdf-syntax-grammar/"""
    require_xml(selected.triple_lines)
    write_xml((quad.triple for quad in selected.triples()), selected.prefixes, out)


def write_xml(triples: Iterable[ox.Triple], prefixes: Prefixes, out: BinaryIO) -> None:
    """RDF/XML; triples of one subject must stand together."""
    triples = list(triples)
    named = {t.predicate.value for t in triples} | {getattr(t.object, "value", "") for t in triples if t.predicate == RDF_TYPE}
    used = {prefixes.curie(iri).partition(":")[0] for iri in named} & set(prefixes.namespaces)
    out.write(
        ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes={p: prefixes.namespaces[p] for p in sorted(used)}) + b"\n"
    )


def require_xml(lines: Iterable[bytes]) -> None:
    """Pass if XML can hold the text.

    :raises InputError: a control character; the message names the subject
    """
    for line in lines:
        if b"\\" in line and _NOT_XML.search(line):
            subject = line.split(b"> ", 1)[0].lstrip(b"<").decode()
            raise InputError(
                subject, "a control character that XML cannot hold. Remove it, or export as nquads. [xml-characters]"
            )
