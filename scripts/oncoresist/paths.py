"""Where the content lies and where the built store goes. Names every folder once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from oncoresist.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Layout:
    """The folders of one copy of the content: a checkout, or the copy inside an installed package.

    :param root: folder that holds ``ontology/``, ``graph/`` and ``queries/``
    """

    root: Path

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        return self.ontology / "shapes"

    @property
    def prefixes(self) -> Path:
        return self.ontology / "prefixes.ttl"

    @property
    def graph(self) -> Path:
        return self.root / "graph"

    @property
    def mappings(self) -> Path:
        return self.graph / "mappings"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    @property
    def is_checkout(self) -> bool:
        return (self.root / "pyproject.toml").is_file()

    def store(self) -> Path:
        """The folder for the built store: ``$ONCORESIST_STORE``, the checkout's own, or the user's cache."""
        if chosen := os.environ.get("ONCORESIST_STORE"):
            return Path(chosen)
        if self.is_checkout:
            return self.root / ".oncoresist"
        import platformdirs

        return Path(platformdirs.user_cache_dir("oncoresist")) / _label(self.root)

    def relative(self, path: Path) -> str:
        """`path` as a user should read it: relative to the content if inside, else as given."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return str(path)


def find_layout(root: Path | str | None = None) -> Layout:
    """The content to work on: `root` if given, else ``$ONCORESIST_CONTENT``, else the copy this package came with.

    :raises UsageError: the folder holds no content
    """
    candidates = [Path(root)] if root else []
    if not candidates and (named := os.environ.get("ONCORESIST_CONTENT")):
        candidates = [Path(named)]
    if not candidates:
        candidates = [_PACKAGE / "content", _PACKAGE.parents[1]]
    for candidate in candidates:
        if (candidate / "ontology").is_dir() and (candidate / "graph").is_dir():
            return Layout(candidate.resolve())
    raise UsageError(f"{candidates[0]}: no ontology/ and graph/ here. Give the folder that holds both.")


def _label(root: Path) -> str:
    """A short stable folder name for a content root, so two installations never share a store."""
    import hashlib

    return hashlib.sha256(str(root).encode()).hexdigest()[:12]
