"""Several files as one zip that is the same every time: names sorted, one fixed date, no owner."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

# The first day a zip can name.
_DATE = (1980, 1, 1, 0, 0, 0)


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (name → bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, files[name])


def files_of(folder: Path, *, under: str = "") -> dict[str, bytes]:
    """Every file of a folder and its folders, by name relative to it; hidden files and caches are left out.

    :param under: put before each name
    """
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in name.parts):
            found[under + name.as_posix()] = path.read_bytes()
    return found
