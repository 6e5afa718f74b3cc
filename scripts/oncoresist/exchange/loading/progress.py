"""What of a load is in the store already, in a small file, so that an interrupted load can be taken up again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from oncoresist.errors import NotWritableError
from oncoresist.target import replace_text


@dataclass(frozen=True)
class Sent:
    """How far the load of one graph has come.

    :param content: what is loaded, and how it is cut into chunks
    :param into: the graph the chunks go to; None is the default graph
    :param chunks: how many the store has said it has, and how many triples they hold
    """

    content: str
    into: str | None
    chunks: int = 0
    triples: int = 0


class Progress:
    """The file of one store.

    :param folder: is made if need be
    :param store: the address of the store; it holds no password
    """

    def __init__(self, folder: Path, store: str) -> None:
        self.path = folder / f"load-{hashlib.sha256(store.encode()).hexdigest()[:16]}.json"
        self._store, self._graphs = store, {}
        try:
            told = json.loads(self.path.read_text())
            self._graphs = {graph: Sent(**sent) for graph, sent in told["graphs"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, or not one of ours: begin anew
            self._graphs = {}

    def of(self, graph: str | None) -> Sent | None:
        return self._graphs.get(graph or "")

    def set(self, graph: str | None, sent: Sent | None) -> None:
        """Note it; the file is replaced as a whole, and gone once there is nothing to note.

        :raises NotWritableError: it cannot be written
        """
        if sent is None:
            self._graphs.pop(graph or "", None)
        else:
            self._graphs[graph or ""] = sent
        try:
            if not self._graphs:
                self.path.unlink(missing_ok=True)
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            told = {"store": self._store, "graphs": {name: asdict(one) for name, one in self._graphs.items()}}
            replace_text(self.path, json.dumps(told, indent=1), "how far the load has come")
        except OSError as error:
            raise NotWritableError(self.path, error.strerror or str(error), "how far the load has come") from None
