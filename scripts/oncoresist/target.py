"""Where output goes: a file or folder that is replaced as a whole or not at all, or a stream."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from oncoresist.errors import NotWritableError, UsageError


@contextmanager
def replaced_file(path: Path, what: str = "the file") -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when everything went well; until then `path` stays as it was.

    A device or pipe is written to directly: it cannot be replaced.

    :param what: what is written, for the message
    :raises NotWritableError: no permission, no such folder, no space
    """
    if not path.name:  # nothing was given, or the root
        raise _not_writable(path, IsADirectoryError(21, "it is a folder"), what)
    special = path.exists() and not path.is_file() and not path.is_dir()
    draft = path if special else _draft(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with draft.open("wb") as file:
            yield file
        if not special:
            os.replace(draft, path)
    except OSError as error:
        raise _not_writable(path, error, what) from None
    finally:
        if not special:
            _remove(draft)


def replace_text(path: Path, text: str, what: str = "the file") -> None:
    """Write `text` as UTF-8 with the line ends it has, as `replaced_file` does.

    :raises NotWritableError: no permission, no such folder, no space
    """
    with replaced_file(path, what) as file:
        file.write(text.encode())


@contextmanager
def replaced_folder(path: Path, mark: str, what: str) -> Iterator[Path]:
    """A folder that takes the place of `path` when everything went well.

    :param mark: the name of a file that tells a folder of ours from any other
    :param what: what is written, for the message
    :raises UsageError: `path` holds something else; it is not touched
    :raises NotWritableError: no permission, no such parent folder, no space
    """
    draft, old = _draft(path), path.with_name(f".{path.name}.old-{os.getpid()}")
    try:
        if path.is_dir() and any(path.iterdir()) and not (path / mark).is_file():
            raise UsageError(
                f"{path}: this folder is not empty and holds no {what.removeprefix('the ')}. "
                "Choose another, or empty it. Nothing was changed."
            )
        draft.mkdir()
        yield draft
        if path.exists():
            os.replace(path, old)
        os.replace(draft, path)
    except OSError as error:
        if old.exists() and not path.exists():
            os.replace(old, path)
        raise _not_writable(path, error, what) from None
    finally:
        for leftover in (draft, old):
            shutil.rmtree(leftover, ignore_errors=True)


def require_new_folder(path: Path, what: str) -> None:
    """Pass if `new_folder` could make `path` now: asked before long work.

    :raises UsageError: it is there and not empty, or is a file
    :raises NotWritableError: no permission, no such parent folder
    """
    if path.is_dir() and any(path.iterdir()):
        raise UsageError(f"{path}: this folder is not empty. Choose another; it is never replaced. Nothing was changed.")
    draft = _draft(path)
    try:
        if path.exists() and not path.is_dir():
            raise FileExistsError(17, "it is a file")
        draft.mkdir()
        draft.rmdir()
    except OSError as error:
        raise _not_writable(path, error, what) from None


@contextmanager
def new_folder(path: Path, what: str) -> Iterator[Path]:
    """A folder that appears at `path` when everything went well; it never replaces another.

    :raises UsageError: `path` is there and not empty
    :raises NotWritableError: no permission, no such parent folder, no space
    """
    require_new_folder(path, what)
    draft = _draft(path)
    try:
        draft.mkdir()
        yield draft
        os.replace(draft, path)  # an empty folder gives way, any other stops this
    except OSError as error:
        raise _not_writable(path, error, what) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.unfinished-{os.getpid()}")


def _remove(draft: Path) -> None:
    with suppress(OSError):  # below a file, or in a folder that became read-only: then there is no draft either
        draft.unlink(missing_ok=True)


def _not_writable(path: Path, error: OSError, what: str) -> NotWritableError:
    reason = (error.strerror or str(error)).lower()
    return NotWritableError(path, reason, what, "Free some space or choose another place.")
