"""One hash for one meaning: the sha256 of the canonical N-Quads of a dataset (RDFC-1.0, https://www.w3.org/TR/rdf-canon/).

Canonical N-Quads are sorted by code point, hold each quad once, and name blank nodes by what is said of them. Only quads with
blank nodes go through the algorithm: by its definition the others have no part in the names it gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox


def canonical_hash(quads: Iterable[ox.Quad | ox.Triple]) -> str:
    """The sha256 (hex) of the canonical N-Quads of `quads`.

    Equal hashes mean equal datasets, whatever the order, the format they came from and the names of blank nodes.

    >>> a = ox.parse(b"_:x <a:p> _:y . _:y <a:p> 'z' .", format=ox.RdfFormat.TURTLE)
    >>> b = ox.parse(b"_:q <a:p> 'z' . _:r <a:p> _:q .", format=ox.RdfFormat.TURTLE)
    >>> canonical_hash(a) == canonical_hash(b)
    True
    """
    return hash_of_lines(canonical_lines(ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)))


def hash_of_lines(lines: Iterable[bytes]) -> str:
    """The sha256 (hex) of lines that are canonical already."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def canonical_lines(lines: Iterable[bytes]) -> list[bytes]:
    """N-Quads (or N-Triples) lines of Oxigraph's serializer in canonical form: blank nodes named, sorted, each once.

    >>> canonical_lines([b"_:q <a:p> <a:o> .\\n", b"<a:s> <a:p> <a:o> .\\n", b"<a:s> <a:p> <a:o> .\\n"])
    [b'<a:s> <a:p> <a:o> .\\n', b'_:c14n0 <a:p> <a:o> .\\n']
    """
    ground, blank = [], []
    for line in lines:
        (blank if b"_:" in line and _has_blank_node(line) else ground).append(line)
    if blank:
        dataset = ox.Dataset(ox.parse(b"".join(blank), format=ox.RdfFormat.N_QUADS))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        ground += ox.serialize(dataset, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    ground.sort()
    return [line for line, before in zip(ground, [b"", *ground], strict=False) if line != before]


def _has_blank_node(line: bytes) -> bool:
    quad = next(ox.parse(line, format=ox.RdfFormat.N_QUADS))
    return any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name))
