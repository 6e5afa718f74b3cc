"""What must hold of every line that leaves: valid IRIs, UTF-8 in NFC. Many stores accept a bad IRI in silence and fail later."""

from __future__ import annotations

import re
import string
import unicodedata

from oncoresist.errors import InputError

# RFC 3987 without the characters N-Triples excludes; what Oxigraph writes, byte by byte.
_IRI = rb'<[A-Za-z][A-Za-z0-9+.\-]*+:(?:[^\x00-\x20<>"{}|\\^`%]++|%[0-9A-Fa-f]{2})*+>'
_LITERAL = rb'"(?:[^"\\\n\r]++|\\.)*+"(?:@[A-Za-z]++(?:-[A-Za-z0-9]++)*+|\^\^' + _IRI + rb")?"
_BLANK = rb"_:[A-Za-z0-9]++"
_LINE = re.compile(
    rb"(?:" + _IRI + rb"|" + _BLANK + rb") " + _IRI + rb" (?:" + _IRI + rb"|" + _BLANK + rb"|" + _LITERAL + rb") \."
)
# Without the characters an IRI may have, a line is a skeleton that is quick to judge: <:> <:> <:> or <:> <:> "  "^^<:>.
_PLAIN = bytes(c for c in range(256) if c > 0x7F or chr(c) in string.ascii_letters + string.digits + "-._~/?#[]@!$&'()*+,;=")
_SKELETON = re.compile(rb'(?:(?:<:++>|:) <:++> (?:<:++>|:|"[^"\\%\n]*+"(?:\^\^<:++>)?) \n)*+')


def verify(triples: bytes) -> None:
    """Pass if every line of these N-Triples has valid IRIs and text in NFC.

    :raises InputError: with the subject of the first line that has not

    >>> verify(b'<a:s> <a:p> "cafe\\xcc\\x81" .\\n')
    Traceback (most recent call last):
        ...
    oncoresist.errors.InputError: a:s: text that is not in Unicode normal form C: "cafe\u0301". Write it composed. [unicode-nfc]
    """
    if not triples.isascii():
        for line in triples.splitlines():
            if not line.isascii() and not unicodedata.is_normalized("NFC", text := line.decode()):
                raise InputError(
                    _subject(line),
                    f"text that is not in Unicode normal form C: {text.split(' ', 2)[2][:-2]}. Write it composed. [unicode-nfc]",
                )
    skeleton = triples.translate(None, _PLAIN)
    found = _SKELETON.match(skeleton)
    if found and found.end() == len(skeleton):
        return
    # Escapes, percent signs, or something wrong: look at the lines themselves.
    for line in triples.splitlines():
        if not _LINE.fullmatch(line):
            raise InputError(
                _subject(line),
                f"an IRI that no parser need accept, in: {line.decode(errors='replace')[:200]} Correct the IRI. [valid-iri]",
            )


def _subject(line: bytes) -> str:
    return line.split(b"> ", 1)[0].lstrip(b"<").decode(errors="replace")
