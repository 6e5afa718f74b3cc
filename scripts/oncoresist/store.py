"""The built store: an embedded Oxigraph database that is replaced as a whole or not at all.

    <store folder>/
        current.json          which database is current, of which content, with how many quads
        db-<fingerprint>/     the database
        lock                  held while building

A build writes a new database beside the old one and then replaces `current.json` in one step, so readers see the old
content or the new, never half of it. A database that `current.json` does not describe is not ours and is not used.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from oncoresist.content import Content, into_store
from oncoresist.derive import derive
from oncoresist.errors import NotWritableError
from oncoresist.namespaces import BASE

# Raised when the way a store is made changes, so that stores of older versions are rebuilt.
_FORMAT = "1"
_BUILD = ox.NamedNode(BASE + "graph/build")
_FINGERPRINT = ox.NamedNode(BASE + "ontology/fingerprint")


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    :param built: False if the store was already current
    :param counts: triples by layer, and per derive query
    """

    built: bool
    path: Path
    fingerprint: str
    counts: dict[str, int]


def build_in_memory(content: Content) -> tuple[ox.Store, dict[str, int]]:
    """Everything in one store in memory: content, what is inferred, and the mechanism layer.

    :raises InputError: a file cannot be read
    """
    store, counts = ox.Store(), {}
    for layer in ("ontology", "evidence", "mappings"):
        counts[layer] = into_store(store, layer, content.triples(layer))
    counts |= derive(store, content)
    return store, counts


def is_current(content: Content, folder: Path) -> bool:
    """Whether `folder` holds a whole store of exactly this content."""
    return _current(folder, content.fingerprint) is not None


def open_store(content: Content, folder: Path, announce: Callable[[], None] | None = None) -> ox.Store:
    """The built store, read-only; built first if need be.

    :raises InputError: content cannot be read
    :raises NotWritableError: it must be built and cannot be written
    """
    if current := _current(folder, content.fingerprint):
        return current[1]
    report = build(content, folder, announce=announce)
    return ox.Store.read_only(str(report.path))


def build(content: Content, folder: Path, *, force: bool = False, announce: Callable[[], None] | None = None) -> BuildReport:
    """Bring the store up to date.

    :param force: build even if nothing changed
    :param announce: called once if there is work to do
    :raises InputError: content cannot be read; the old store stays as it was
    :raises NotWritableError: no permission or no space; the old store stays as it was
    """
    if not force and (current := _current(folder, content.fingerprint)):
        manifest = current[0]
        return BuildReport(False, folder / manifest["database"], content.fingerprint, manifest["counts"])
    if announce:
        announce()
    store, counts = build_in_memory(content)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            path = _write(store, content.fingerprint, counts, folder)
    except OSError as error:
        raise NotWritableError(folder, error.strerror or str(error)) from None
    return BuildReport(True, path, content.fingerprint, counts)


def _write(memory: ox.Store, fingerprint: str, counts: dict[str, int], folder: Path) -> Path:
    unfinished = folder / f"unfinished-{os.getpid()}"
    try:
        database = ox.Store(str(unfinished))
        database.bulk_extend(memory)
        database.add(ox.Quad(_BUILD, _FINGERPRINT, ox.Literal(fingerprint), _BUILD))
        database.flush()
        database.optimize()
        size = len(database)
        del database  # closes it: Oxigraph has no close
        final = folder / f"db-{fingerprint[:16]}-{os.getpid()}"
        shutil.rmtree(final, ignore_errors=True)
        unfinished.rename(final)
        manifest = {"format": _FORMAT, "fingerprint": fingerprint, "database": final.name, "quads": size, "counts": counts}
        draft = folder / f"current-{os.getpid()}.json"
        draft.write_text(json.dumps(manifest, indent=1))
        os.replace(draft, folder / "current.json")
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        (folder / f"current-{os.getpid()}.json").unlink(missing_ok=True)
        raise
    for other in folder.iterdir():
        if other.is_dir() and other != final and other.name.startswith(("db-", "unfinished-")):
            shutil.rmtree(other, ignore_errors=True)
    return final


def _current(folder: Path, fingerprint: str) -> tuple[dict, ox.Store] | None:
    """The manifest and the opened database, if both are whole and of this content."""
    try:
        manifest = json.loads((folder / "current.json").read_text())
        if manifest["format"] != _FORMAT or manifest["fingerprint"] != fingerprint:
            return None
        store = ox.Store.read_only(str(folder / manifest["database"]))
        marked = ox.Quad(_BUILD, _FINGERPRINT, ox.Literal(fingerprint), _BUILD) in store
        return (manifest, store) if marked else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Held while writing, so that two builds do not delete each other's work."""
    import fcntl

    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


__all__ = ["BuildReport", "build", "build_in_memory", "is_current", "open_store"]
