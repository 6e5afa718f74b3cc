"""Writes the catalogue into a folder: each part is there as a whole or as it was before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oncoresist.catalogue.entries import entries, traps
from oncoresist.catalogue.manifest import DATA, manifest_files
from oncoresist.catalogue.page import html_page, markdown_page
from oncoresist.catalogue.sib import sib_files
from oncoresist.errors import NotWritableError, UnknownNameError
from oncoresist.target import replace_text, replaced_folder

if TYPE_CHECKING:
    from oncoresist.knowledge_graph import KnowledgeGraph

FORMATS = ("html", "markdown", "sib", "manifest")
# Where `oncoresist serve` listens; for published examples give the public endpoint.
TARGET = "http://127.0.0.1:8000/sparql"
_MARK = ".oncoresist-catalogue"


def write_catalogue(kg: KnowledgeGraph, folder: Path, formats: Sequence[str] = (), target: str = TARGET) -> list[Path]:
    """Write `catalogue.html`, `catalogue.md` and the folders `sib/` and `manifest/`.

    :param formats: some of `FORMATS`; by default all
    :returns: what was written
    :raises UnknownNameError: there is no such format
    :raises NotWritableError: the folder cannot be written
    :raises UsageError: a folder in the way is not ours
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS, f"Known are {', '.join(FORMATS)}.")
    from oncoresist import __version__

    wanted, found = formats or FORMATS, entries(kg)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritableError(folder, (error.strerror or str(error)).lower(), "the catalogue", "Choose another place.") from None
    if "html" in wanted:
        written.append(_file(folder / "catalogue.html", html_page(found, traps(kg), kg.prefixes.curie, __version__)))
    if "markdown" in wanted:
        written.append(_file(folder / "catalogue.md", markdown_page(found, traps(kg), kg.prefixes.curie, __version__)))
    if "sib" in wanted:
        written.append(_folder(folder / "sib", sib_files(found, kg.prefixes, target)))
    if "manifest" in wanted:
        written.append(_folder(folder / "manifest", manifest_files(found) | {DATA: _data(kg)}))
    return written


def _data(kg: KnowledgeGraph) -> str:
    """Every triple the questions are asked of, as canonical N-Triples: the same bytes each time."""
    from oncoresist.exchange.hashing import canonical_lines

    data = kg.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").data
    return b"".join(canonical_lines(data.splitlines(keepends=True))).decode()


def _file(path: Path, text: str) -> Path:
    replace_text(path, text, "the catalogue")
    return path


def _folder(path: Path, files: dict[str, str]) -> Path:
    """Replace a folder of ours, so that no file of a question that is gone stays behind."""
    with replaced_folder(path, _MARK, "the catalogue") as draft:
        (draft / _MARK).touch()
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8")
    return path


__all__ = ["FORMATS", "TARGET", "write_catalogue"]
