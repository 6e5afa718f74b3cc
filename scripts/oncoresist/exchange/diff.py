"""Two states of the graph to compare, from wherever they lie: a folder, a release, a git revision, or a file of quads."""

from __future__ import annotations

import gzip
import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive
from oncoresist.errors import InputError, UsageError
from oncoresist.exchange.previous import is_release, release_date, unpacked
from oncoresist.paths import Layout, find_layout
from oncoresist.store import build_in_memory

if TYPE_CHECKING:
    from oncoresist.knowledge_graph import KnowledgeGraph
    from oncoresist.mechanism.comparison import Comparison
    from oncoresist.mechanism.state import State

_QUADS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}
_FOLDERS = ("ontology", "graph", "queries")


def diff(kg: KnowledgeGraph, old: Path | str, new: Path | str | None, *, questions: bool = True) -> Comparison:
    """What differs from `old` to `new`; see `KnowledgeGraph.diff`."""
    from oncoresist.mechanism.comparison import compare

    before = read_state(old, kg)
    after = kg.state if new is None else read_state(new, kg)
    return compare(before, after, questions=questions)


def read_state(place: Path | str, kg: KnowledgeGraph) -> State:
    """The state that lies at `place`.

    What exists as a file or folder is one; everything else is taken for a revision.

    :raises UsageError: nothing is there, the folder holds no content, or git knows no such revision
    :raises InputError: a file cannot be read, with file and line
    """
    path = Path(place)
    if is_release(path):
        with unpacked(path) as layout:
            return _of_layout(layout, f"release {release_date(path)}")
    if path.is_dir():
        return _of_layout(find_layout(path), str(place))
    if path.is_file() or path.name.removesuffix(".gz").endswith(tuple(_QUADS)):
        return _of_file(path, kg.content)
    return _of_revision(str(place), kg.layout)


def _of_layout(layout: Layout, title: str) -> State:
    from oncoresist.mechanism.state import State

    if not layout.prefixes.is_file():
        raise UsageError(f"{title}: no ontology/prefixes.ttl here. Give the folder that holds ontology/, graph/ and queries/.")
    content = Content(layout)
    return State.of(content, build_in_memory(content)[0], title)


def _of_file(path: Path, content: Content) -> State:
    """A dump with the named graphs of the layers. What was not dumped (the mechanism layer) is derived by the present rules."""
    from oncoresist.mechanism.state import State

    format_ = _QUADS.get(Path(path.name.removesuffix(".gz")).suffix)
    if format_ is None:
        raise UsageError(f"{path}: no folder, and no file of quads ({', '.join(_QUADS)}, or these with .gz).")
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None
    store, layers = ox.Store(), set(LAYERS.values())
    try:
        quads = [quad for quad in ox.parse(data, format=format_) if quad.graph_name in layers]
    except SyntaxError as error:
        raise InputError(path, f"not valid {format_.name} ({error.msg})", error.lineno) from None
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    if not any(quad.graph_name == LAYERS["evidence"] for quad in quads):
        raise InputError(path, f"holds nothing in the graph {LAYERS['evidence'].value}, so no claims to compare")
    if not any(quad.graph_name == LAYERS["mechanism"] for quad in quads):
        derive(store, content)
    # A dump carries neither questions nor rules: those at hand are asked of it.
    return State.of(content, store, str(path))


def _of_revision(revision: str, layout: Layout) -> State:
    """A git revision of the checkout, taken out into a temporary folder."""
    commit = _git(layout, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(
            f"{revision}: no file, no folder, and no revision that git knows in {layout.root}. "
            "Give a folder with content, a revision such as HEAD~1, or a .nq file."
        )
    name = commit.decode().strip()
    there = (_git(layout, "ls-tree", "--name-only", name, "./") or b"").decode().split()
    if missing := [folder for folder in ("ontology", "graph") if folder not in there]:
        raise UsageError(f"{revision}: holds no {' and no '.join(f'{folder}/' for folder in missing)}, so nothing to compare.")
    packed = _git(layout, "archive", "--format=tar", name, *(folder for folder in _FOLDERS if folder in there))
    if packed is None:
        raise InputError(revision, "git cannot take it out (git archive failed)")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        title = revision if revision.startswith(name[:7]) else f"{revision} ({name[:7]})"
        try:
            return _of_layout(Layout(Path(folder)), title)
        except InputError as error:
            raise InputError(f"{revision}:{error.path}", error.problem, error.line) from None


def _git(layout: Layout, *arguments: str) -> bytes | None:
    """What git says in the checkout; None if it fails, or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(layout.root), *arguments], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
