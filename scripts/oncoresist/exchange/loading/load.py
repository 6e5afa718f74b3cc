"""Loading graphs into a store so that a failure leaves it as it was, or says exactly what is there.

A graph that the store holds already is loaded beside itself, into a staging graph, compared, and moved into place. A graph that
is empty is loaded where it belongs, because nobody reads it yet; if what arrived is wrong it is emptied again. Chunks are sent
in order. The first replaces what is there and holds every triple with a blank node, the others hold none; so any chunk may be
sent twice, and a load that was interrupted goes on behind the last chunk the store acknowledged.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.errors import LoadError, OncoResistError, UsageError
from oncoresist.exchange.hashing import canonical_lines, hash_of_lines
from oncoresist.exchange.loading.comparison import Comparison, compare
from oncoresist.exchange.loading.connection import StoreError
from oncoresist.exchange.loading.progress import Progress, Sent
from oncoresist.exchange.loading.store import TripleStore, has_blank_node
from oncoresist.exchange.selection import Selected

CHUNK_BYTES = {"graph-store": 8_000_000, "update": 250_000}  # of an update every triple is parsed as a query
_AT_ONCE = 2
_NO_GRAPH_STORE = {400, 404, 405, 406, 415, 501}


@dataclass(frozen=True)
class Part:
    """What is to be in one graph.

    :param graph: its IRI; None is the default graph
    :param lines: canonical N-Triples
    """

    graph: str | None
    lines: list[bytes]

    @cached_property
    def hash(self) -> str:
        """The canonical hash of the triples."""
        return hash_of_lines(self.lines)

    @property
    def name(self) -> str:
        return f"<{self.graph}>" if self.graph else "the default graph"

    def chunks(self, size: int, apart: bool = False) -> list[list[bytes]]:
        """About `size` bytes each; all lines with blank nodes are in the first, with `apart` hardly anything else."""
        blank = [line for line in self.lines if has_blank_node(line)]
        ground = [line for line in self.lines if not has_blank_node(line)] if blank else self.lines
        ends = list(accumulate(map(len, ground), initial=0))  # bytes up to each line
        end = max(0 if blank else 1, bisect_right(ends, 0 if apart else size - sum(map(len, blank))) - 1)
        chunks = [blank + ground[:end]]
        while end < len(ground):
            start, end = end, max(end + 1, bisect_right(ends, ends[end] + size) - 1)
            chunks.append(ground[start:end])
        return chunks


@dataclass(frozen=True)
class Loaded:
    """One graph after a load.

    :param how: ``loaded`` into an empty graph, ``replaced`` what was there, or ``already there``
    :param hash: canonical hash of what the store holds; None if it cut the graph short when asked for it
    :param rewritten: triples whose literal it spells in another way, with the same value
    """

    graph: str | None
    triples: int
    how: Literal["loaded", "replaced", "already there"]
    hash: str | None
    rewritten: int = 0


@dataclass(frozen=True)
class LoadReport:
    """What a load did, graph by graph; `store` is the kind of server, as it names itself."""

    store: str
    method: str
    graphs: list[Loaded]


def load(
    parts: list[Part],
    store: TripleStore,
    progress: Progress,
    method: Literal["auto", "graph-store", "update"] = "auto",
    chunk_bytes: int | None = None,
    announce: Callable[[str], None] | None = None,
) -> LoadReport:
    """Let each graph hold exactly its triples.

    :param store: that has been met (`TripleStore.meet`)
    :param chunk_bytes: of one request; by default as `CHUNK_BYTES` says
    :param announce: told what goes on
    :raises StoreError, UsageError: the store does not answer or refuses before anything was changed
    :raises LoadError: it failed later; says what is in the store
    """
    if method != "auto":
        store.method = method
    else:
        store.method = "graph-store" if store.addresses.graph_store else "update"
    return _Load(parts, store, progress, method == "auto", chunk_bytes, announce or (lambda _: None)).run()


class _Load:
    def __init__(self, parts, store, progress, may_change_method, chunk_bytes, announce) -> None:
        self.parts: list[Part] = parts
        self.store: TripleStore = store
        self.progress: Progress = progress
        self.may_change_method, self.chunk_bytes, self.announce = may_change_method, chunk_bytes, announce
        self.into: dict[str | None, str | None] = {}  # graph → where its triples are now, for those in work
        self.sent: dict[str | None, Sent] = {}

    def run(self) -> LoadReport:
        loaded: dict[str | None, Loaded] = {}
        work = []
        for part in self.parts:
            if comparison := self._held(part):
                loaded[part.graph] = Loaded(part.graph, len(part.lines), "already there", comparison.hash, comparison.rewritten)
                self.progress.set(part.graph, None)
            else:
                work.append(part)
        if work:
            self._knock()
        try:
            for part in work:
                self._send(part)
            for part in work:
                loaded[part.graph] = self._check(part)
            self._put_in_place(work)
        except LoadError:
            raise
        except OncoResistError as error:
            if not self.sent:  # nothing was written
                raise
            raise LoadError(f"{error} {self._what_is_there()}") from None
        for part in work:
            self.progress.set(part.graph, None)
        return LoadReport(self.store.kind, self.store.method, [loaded[part.graph] for part in self.parts])

    def _knock(self) -> None:
        try:
            self.store.knock()
        except StoreError as error:
            if not self._can_change_method(error):
                raise
            self.store.method = "update"
            self.store.knock()

    def _can_change_method(self, error: StoreError) -> bool:
        """Whether the store has no graph store, but can be updated, and nothing was written yet."""
        tried = self.may_change_method and self.store.method == "graph-store" and not self.sent
        return tried and error.status in _NO_GRAPH_STORE and self.store.addresses.update is not None

    def _held(self, part: Part) -> Comparison | None:
        """If the store holds exactly this already."""
        if self.store.count(part.graph) != len(part.lines):
            return None
        comparison = compare(part.lines, self.store.fetch(part.graph))
        return comparison if comparison.is_same else None

    def _send(self, part: Part) -> None:
        size = self.chunk_bytes or CHUNK_BYTES[self.store.method]
        chunks = part.chunks(size, apart=self.store.method == "update" or self.store.kind == "Oxigraph")
        content = hashlib.sha256(f"{part.hash} {len(chunks)} {size}".encode()).hexdigest()
        sent = self._taken_up(part, content, chunks) or self._begun(part, content)
        self.into[part.graph] = sent.into
        self.progress.set(part.graph, sent)  # if it cannot be written, nothing has been sent
        if not sent.chunks:
            if self._put_first(part, chunks[0], sent):
                self._send(part)  # by the other method, in other chunks
                return
            sent = self._noted(part, sent, chunks[0])
        at_once = _AT_ONCE if self._can_take_more(part, sent) else 1
        with ThreadPoolExecutor(at_once) as pool:
            flying: deque[tuple[list[bytes], Future]] = deque()
            for chunk in chunks[sent.chunks :]:
                flying.append((chunk, pool.submit(self.store.add, sent.into, chunk, fast=sent.into == part.graph)))
                if len(flying) == at_once:
                    sent = self._landed(part, sent, *flying.popleft())
            while flying:
                sent = self._landed(part, sent, *flying.popleft())

    def _landed(self, part: Part, sent: Sent, chunk: list[bytes], flight: Future) -> Sent:
        flight.result()
        return self._noted(part, sent, chunk)

    def _noted(self, part: Part, sent: Sent, chunk: list[bytes]) -> Sent:
        sent = Sent(sent.content, sent.into, sent.chunks + 1, sent.triples + len(chunk))
        self._note(part, sent)
        self.announce(f"{part.name}: {sent.triples} of {len(part.lines)} triples")
        return sent

    def _can_take_more(self, part: Part, sent: Sent) -> bool:
        """Whether the store reads a chunk with one thread and may be sent another in the meantime: Oxigraph's bulk loader and
        Virtuoso's graph store do, where nobody else reads the graph yet."""
        return self.store.kind in ("Oxigraph", "Virtuoso") and self.store.method == "graph-store" and sent.into == part.graph

    def _put_first(self, part: Part, chunk: list[bytes], sent: Sent) -> bool:
        """Send the first chunk; True if the store has no graph store and the load must begin anew by updates."""
        try:
            self.store.put(sent.into, chunk, fast=sent.into == part.graph)
        except StoreError as error:
            if not self._can_change_method(error):
                if error.status is None:  # it may have arrived
                    self._note(part, sent)
                else:
                    self.progress.set(part.graph, None)
                raise
            self.store.method = "update"
            return True
        return False

    def _note(self, part: Part, sent: Sent) -> None:
        self.sent[part.graph] = sent
        self.progress.set(part.graph, sent)

    def _taken_up(self, part: Part, content: str, chunks: list[list[bytes]]) -> Sent | None:
        """An earlier load of the same triples, if the store holds what it acknowledged and at most what was on its way."""
        sent = self.progress.of(part.graph)
        if sent is None:
            return None
        if sent.content == content and sent.chunks:
            on_its_way = sum(map(len, chunks[sent.chunks : sent.chunks + _AT_ONCE]))
            if sent.triples <= self.store.count(sent.into) <= sent.triples + on_its_way:
                self.sent[part.graph] = sent
                return sent
        if sent.into != part.graph:
            self.store.remove(sent.into)
        self.progress.set(part.graph, None)
        return None

    def _begun(self, part: Part, content: str) -> Sent:
        if self.store.count(part.graph) == 0:
            return Sent(content, part.graph)
        return Sent(content, f"{part.graph or 'https://w3id.org/oncoresist/graph/default'}/loading/{part.hash[:12]}")

    def _check(self, part: Part) -> Loaded:
        """Count and compare what arrived; if it is wrong, take it away again.

        :raises LoadError: it is wrong
        """
        into = self.into[part.graph]
        self.announce(f"{part.name}: comparing")
        count = self.store.count(into)
        held = self.store.fetch(into)
        how: Literal["loaded", "replaced"] = "loaded" if into == part.graph else "replaced"
        if count == len(part.lines) and len(held) < count:
            return Loaded(part.graph, count, how, None)
        comparison = compare(part.lines, held)
        if count == len(part.lines) and comparison.is_same:
            return Loaded(part.graph, count, how, comparison.hash, comparison.rewritten)
        self._take_away()
        raise LoadError(
            f"{part.name}: {len(part.lines)} triples were accepted, the store holds {count}.{_named(comparison)} "
            "All of this load was removed again: the graphs are as they were."
        )

    def _take_away(self) -> None:
        for part in self.parts:
            if part.graph in self.into:
                self.store.remove(self.into[part.graph])
                self.progress.set(part.graph, None)

    def _put_in_place(self, work: list[Part]) -> None:
        staged = {self.into[p.graph]: p for p in work if self.into[p.graph] != p.graph}
        if not staged:
            return
        self.announce("putting the new graphs in place")
        self.store.move({str(staging): part.graph for staging, part in staged.items()})
        for part in staged.values():
            if (count := self.store.count(part.graph)) != len(part.lines):
                raise LoadError(f"{part.name}: moved into place, and now holds {count} triples instead of {len(part.lines)}.")

    def _what_is_there(self) -> str:
        """In which state each graph is, as far as the store still answers."""
        return " ".join([*(self._state(part) for part in self.parts if part.graph in self.sent), _GO_ON])

    def _state(self, part: Part) -> str:
        sent, total = self.sent[part.graph], len(part.lines)
        try:
            there = f"{self.store.count(sent.into)} of {total} triples"
            final = self.store.count(part.graph) if sent.into != part.graph else 0
        except OncoResistError:
            there, final = f"at least {sent.triples} of {total} triples (the store does not answer)", None
        if sent.into == part.graph:
            return f"{part.name} was empty and holds {there}."
        if final is not None and there.startswith("0 of"):
            return f"{part.name} was replaced and holds {final} triples."
        return f"{part.name} is as it was; the new one is <{sent.into}> with {there}."


_GO_ON = "The same command goes on from here."


def _named(comparison: Comparison) -> str:
    def lines(word: str, some: list[bytes]) -> Iterator[str]:
        if some:
            shown = "; ".join(line.decode().strip().removesuffix(" .") for line in some[:3])
            yield f" {word}: {shown}{f' and {len(some) - 3} more' if len(some) > 3 else ''}."

    return "".join([*lines("Missing", comparison.missing), *lines("Not ours", comparison.extra)])


def parts_of(selected: Selected, graph: str | None = None, default: bool = False) -> list[Part]:
    """What goes where: each layer into its graph; with `graph` or `default` everything into one.

    :raises UsageError: both are given, or nothing is selected
    """
    if graph and default:
        raise UsageError("choose one: --graph IRI or --default.")
    if graph or default:
        parts = [Part(require_graph_iri(graph) if graph else None, selected.triple_lines)]
    else:
        ends = {layer: f" {LAYERS[layer]} .\n".encode() for layer in selected.selection.layers}
        parts = [
            Part(
                LAYERS[layer].value,
                canonical_lines(line[: -len(end)] + b" .\n" for line in selected.quad_lines if line.endswith(end)),
            )
            for layer, end in ends.items()
        ]
    parts = [part for part in parts if part.lines]
    if not parts:
        raise UsageError("nothing to load: no triple is selected.")
    return parts


def require_graph_iri(iri: str) -> str:
    """`iri`, if a graph can be called so.

    :raises UsageError: it cannot
    """
    try:
        return ox.NamedNode(iri).value
    except ValueError:
        raise UsageError(f"{iri}: a graph is named by an IRI, such as https://example.org/oncoresist.") from None
