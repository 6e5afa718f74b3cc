"""Does a store hold what it was given? Counts first, then the canonical triples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from oncoresist.exchange.hashing import canonical_lines, hash_of_lines

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "decimal", "double", "float")}


@dataclass(frozen=True)
class Comparison:
    """Two graphs, compared.

    :param hash: of what the store holds; equal to that of what was sent if nothing differs
    :param missing: canonical N-Triples lines that were sent and are not there
    :param extra: lines that are there and were not sent
    :param rewritten: how many triples have the same value in another spelling (``true`` as ``1``, ``1.50`` as ``1.5``)
    """

    hash: str
    missing: list[bytes]
    extra: list[bytes]
    rewritten: int = 0

    @property
    def is_same(self) -> bool:
        return not self.missing and not self.extra


def compare(sent: list[bytes], held: list[bytes]) -> Comparison:
    """Compare N-Triples lines of Oxigraph's serializer; blank nodes by what is said of them (RDFC-1.0).

    >>> compare([b'<a:s> <a:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\\n'],
    ...         [b'<a:s> <a:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\\n']).rewritten
    1
    """
    expected, actual = canonical_lines(sent), canonical_lines(held)
    digest = hash_of_lines(actual)
    there, wanted = set(actual), set(expected)
    missing, extra = [line for line in expected if line not in there], [line for line in actual if line not in wanted]
    spelled = [Counter(map(_value, lines)) for lines in (missing, extra)]
    same = spelled[0] & spelled[1]
    return Comparison(
        digest,
        [line for line in missing if _value(line) not in same],
        [line for line in extra if _value(line) not in same],
        same.total(),
    )


def _value(line: bytes) -> tuple:
    quad = next(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))
    return quad.subject, quad.predicate, _value_of(quad.object)


def _value_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple:
    if not isinstance(term, ox.Literal):
        return ("term", term)
    if term.language:
        return ("text", term.value, term.language.lower())
    if term.datatype.value == _XSD + "boolean" or term.datatype.value in _NUMBERS:
        try:
            return ("number", Decimal({"true": "1", "false": "0"}.get(term.value, term.value)))
        except InvalidOperation:
            return ("number", term.value)
    return ("literal", term.value, term.datatype.value)
