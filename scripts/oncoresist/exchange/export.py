"""Writing a selection in a format: the parts put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oncoresist.errors import UsageError
from oncoresist.exchange.compression import compressed, require, suffix_of
from oncoresist.exchange.formats import Format
from oncoresist.exchange.ledger import LEDGER, Ledger
from oncoresist.exchange.selection import Selected
from oncoresist.target import replaced_file, replaced_folder


@dataclass(frozen=True)
class ExportReport:
    """What an export did.

    :param output: file or folder; None if it went to a stream
    :param ledger: where the loss ledger lies, if the format loses anything
    :param triples: how many were to be exported, and how many the format kept
    """

    format: Format
    output: Path | None
    ledger: Path | None
    triples: int
    kept: int


def export(selected: Selected, format_: Format, output: Path | BinaryIO) -> ExportReport:
    """Write `selected`; a file ending in ``.gz`` or ``.zst`` is compressed.

    :param output: file, folder (for formats of several files), or a binary stream
    :raises UsageError: the selection is empty, or a folder of files is to go to a stream or be compressed
    :raises NotWritableError: the target cannot be written or is full; it is as it was before
    :raises InputError: content that must not leave as it is; the message names the subject
    """
    if not selected.quad_lines:
        raise UsageError(f"nothing to export: no triple belongs to {_described(selected)}.")
    ledger = Ledger(format_, selected)
    if isinstance(output, Path) and format_.is_folder:
        return _to_folder(selected, format_, output, ledger)
    if format_.is_folder:
        raise UsageError(f"{format_.name} is a folder of files: give the folder with -o.")
    if not isinstance(output, Path):
        _write(selected, format_, output, ledger)
        return _report(format_, None, None, ledger)
    suffix = suffix_of(output)
    require(suffix)
    with replaced_file(output, "the export") as file:
        with compressed(file, suffix) as stream:
            _write(selected, format_, stream, ledger)
        beside = None
        if format_.keeps != "quads" and not _is_special(output):
            beside = output.with_name(f"{output.name}.{LEDGER}")
            with replaced_file(beside, "the export") as its_ledger:
                its_ledger.write(ledger.to_text().encode())
    return _report(format_, output, beside, ledger)


def _write(selected: Selected, format_: Format, out: BinaryIO, ledger: Ledger) -> None:
    if format_.keeps == "part":
        format_.load_writer()(selected, out, ledger)
        return
    format_.load_writer()(selected, out)
    ledger.keep_all()
    if format_.keeps == "triples" and len(selected.selection.layers) > 1:
        ledger.note("Which layer a triple belongs to is lost: the layers become one graph. nquads, trig and jsonld keep it.")


def _to_folder(selected: Selected, format_: Format, output: Path, ledger: Ledger) -> ExportReport:
    if suffix_of(output):
        raise UsageError(f"{format_.name} is a folder of files, which cannot end in {suffix_of(output)}. Compress it afterwards.")
    with replaced_folder(output, LEDGER, "the export") as folder:
        format_.load_writer()(selected, folder, ledger)
        (folder / LEDGER).write_text(ledger.to_text(), encoding="utf-8")
    return _report(format_, output, output / LEDGER, ledger)


def _is_special(path: Path) -> bool:
    """A device or a pipe, beside which no ledger belongs."""
    return path.exists() and not path.is_file()


def _report(format_: Format, output: Path | None, beside: Path | None, ledger: Ledger) -> ExportReport:
    return ExportReport(format_, output, beside, len(ledger.selected.quad_lines), ledger.kept)


def _described(selected: Selected) -> str:
    chosen = selected.selection
    parts = [f"the layers {', '.join(chosen.layers)}"]
    parts += [f"the source {' or '.join(chosen.sources)}"] * bool(chosen.sources)
    parts += [f"claims about {' or '.join(map(selected.prefixes.curie, chosen.drugs))}"] * bool(chosen.drugs)
    return " and ".join(parts)
