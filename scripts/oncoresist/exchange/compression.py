"""gzip and Zstandard, chosen by the end of the file name, with equal bytes for equal content."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from oncoresist.errors import UsageError

_LEVEL = {".gz": 6, ".zst": 9}


def suffix_of(path: Path) -> str:
    """``.gz``, ``.zst`` or nothing."""
    return path.suffix if path.suffix in _LEVEL else ""


@contextmanager
def compressed(out: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """A file whose bytes go to `out` compressed as `suffix` says; no names or times are stored.

    :raises UsageError: Zstandard is not installed
    """
    if suffix == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=_LEVEL[suffix], mtime=0) as file:
            yield file  # type: ignore[misc]
    elif suffix == ".zst":
        compressor = _zstandard().ZstdCompressor(level=_LEVEL[suffix], write_checksum=True)
        with compressor.stream_writer(out, closefd=False) as stream, io.BufferedWriter(stream, 1 << 16) as file:
            yield file  # type: ignore[misc]
    else:
        yield out


def decompressed(data: bytes) -> bytes:
    """What was compressed, or `data` itself if it is neither gzip nor Zstandard.

    :raises UsageError: it is Zstandard, and that is not installed

    >>> decompressed(gzip.compress(b"<a:s> <a:p> <a:o> ."))
    b'<a:s> <a:p> <a:o> .'
    """
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return _zstandard().ZstdDecompressor().stream_reader(data).read()
    return data


def require(suffix: str) -> None:
    """Pass if this compression can be done here.

    :raises UsageError: Zstandard is not installed
    """
    if suffix == ".zst":
        _zstandard()


def _zstandard():
    try:
        return import_module("zstandard")
    except ImportError:
        raise UsageError('Zstandard is not installed: pip install "oncoresist[zstd]", or use .gz.') from None
