"""Rewriting content files in canonical form: format is write(read(file))."""

from __future__ import annotations

from pathlib import Path

from oncoresist import turtle
from oncoresist.content import Content
from oncoresist.errors import InputError
from oncoresist.target import replace_text


def format_files(content: Content, paths: list[Path], *, check: bool = False) -> list[Path]:
    """Bring Turtle files into canonical form.

    :param paths: files, or folders searched for ``*.ttl``
    :returns: the files changed, or with `check` those that would be
    :raises InputError: a path is missing or not Turtle; nothing is half-written
    """
    changed = []
    for path in _files(content, paths):
        shown = content.layout.relative(path)
        triples = turtle.read(path, shown)
        try:
            canonical = turtle.write(triples, content.prefixes)
        except ValueError as error:
            raise InputError(shown, f"cannot be written in canonical form ({error})") from None
        if canonical.encode() == path.read_bytes():
            continue
        changed.append(path)
        if not check:
            replace_text(path, canonical)
    return changed


def _files(content: Content, paths: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.extend(sorted(path.rglob("*.ttl")))
        elif path.is_file():
            files.append(path)
        else:
            raise InputError(content.layout.relative(path), "no such file or folder")
    return files
