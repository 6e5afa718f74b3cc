"""The content as it lies in files: which there are, what they hold, and whether it changed."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from oncoresist import mappings, turtle
from oncoresist.errors import InputError
from oncoresist.namespaces import BASE, Prefixes
from oncoresist.paths import Layout
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query

# Every triple stands in the default graph, and once more in the named graph of its layer.
LAYERS = {name: ox.NamedNode(f"{BASE}graph/{name}") for name in ("ontology", "evidence", "mappings", "inferred", "mechanism")}


@dataclass(frozen=True)
class Content:
    """Ontology, graph and queries of one layout.

    >>> from oncoresist.paths import find_layout
    >>> Content(find_layout()).fingerprint == Content(find_layout()).fingerprint
    True
    """

    layout: Layout

    @cached_property
    def prefixes(self) -> Prefixes:
        return Prefixes.read(self.layout)

    @property
    def ontology_files(self) -> list[Path]:
        """The ontology and its imports (not the shapes, not the prefix table)."""
        return sorted(
            p for p in self.layout.ontology.rglob("*.ttl") if p != self.layout.prefixes and self.layout.shapes not in p.parents
        )

    @property
    def shape_files(self) -> list[Path]:
        return sorted(self.layout.shapes.glob("*.ttl"))

    @property
    def graph_files(self) -> list[Path]:
        """The Turtle of the evidence layer."""
        return sorted(self.layout.graph.rglob("*.ttl"))

    @property
    def mapping_files(self) -> list[Path]:
        return sorted(self.layout.mappings.glob("*.sssom.tsv"))

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the names and bytes of everything the build reads.

        :raises InputError: a file cannot be read
        """
        digest = hashlib.sha256()
        derive = sorted((self.layout.queries / "derive").glob("*.rq"))
        for path in [self.layout.prefixes, *self.ontology_files, *self.graph_files, *self.mapping_files, *derive]:
            try:
                data = path.read_bytes()
            except OSError as error:
                raise InputError(self.layout.relative(path), f"cannot be read ({error.strerror})") from None
            digest.update(f"{self.layout.relative(path)}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()

    @cached_property
    def rules(self) -> list[SavedQuery]:
        """The CONSTRUCT queries of `queries/derive`, in the order they run.

        :raises InputError: the header of one is wrong
        """
        rules = [read_saved_query(path, self.layout) for path in list_saved_queries(self.layout, "derive").values()]
        return sorted(rules, key=lambda rule: (rule.header["order"], rule.id))

    def triples(self, layer: str) -> Iterator[ox.Quad]:
        """The triples of one curated layer: ``ontology``, ``evidence`` or ``mappings``.

        :raises InputError: a file cannot be read, with file and line
        """
        if layer == "mappings":
            for path in self.mapping_files:
                yield from mappings.to_triples(
                    mappings.read(path, self.layout.relative(path)), self.prefixes, self.layout.relative(path)
                )
            return
        for path in self.ontology_files if layer == "ontology" else self.graph_files:
            yield from turtle.read(path, self.layout.relative(path))

    @cached_property
    def places(self) -> dict[str, str]:
        """IRI of a record → ``file:line`` where its block begins (canonical files begin a block at the left margin)."""
        places: dict[str, str] = {}
        for iri, place in self._blocks():
            places.setdefault(iri, place)
        return places

    def stand_at(self, triples: Collection[ox.Triple]) -> dict[ox.Triple, str]:
        """Triple → ``file:line`` where the block that says it begins; only those that ontology or graph say.

        A record may have several blocks, and `places` tells of the first. What blank nodes say is not looked at.
        """
        wanted = {str(t.subject) for t in triples if isinstance(t.subject, ox.NamedNode)}
        blocks: dict[str, dict[str, str]] = defaultdict(dict)
        for iri, place in self._blocks():
            if f"<{iri}>" in wanted:
                blocks[place.rpartition(":")[0]].setdefault(f"<{iri}>", place)
        found: dict[ox.Triple, str] = {}
        for path in [*self.ontology_files, *self.graph_files]:
            shown = self.layout.relative(path)
            said = {_shape(t) for t in turtle.read(path, shown)} if shown in blocks else set()
            for t in triples:
                if t not in found and _shape(t) in said:
                    found[t] = blocks[shown].get(str(t.subject), shown)
        return found

    def told_twice(self) -> list[tuple[str, str, str]]:
        """Records of the graph with two blocks, and mappings with two rows: IRI, first place, other place.

        Turtle would make one record of both without a word.
        """
        first: dict[str, str] = {}
        shown = tuple(self.layout.relative(path) for path in [*self.graph_files, *self.mapping_files])
        blocks = [(iri, place) for iri, place in self._blocks() if place.rpartition(":")[0] in shown]
        return [(iri, first[iri], place) for iri, place in blocks if first.setdefault(iri, place) != place]

    def _blocks(self) -> Iterator[tuple[str, str]]:
        start = re.compile(r"^(?:<([^>]+)>|([A-Za-z0-9.]+:[^\s;]+)) ")
        for path in [*self.ontology_files, *self.graph_files]:
            shown = self.layout.relative(path)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if (match := start.match(line)) and (match.group(1) or self.prefixes.knows(match.group(2))):
                    yield match.group(1) or self.prefixes.iri(match.group(2)), f"{shown}:{number}"
        for path in self.mapping_files:
            shown = self.layout.relative(path)
            for row in mappings.read(path, shown):
                yield mappings.node_of(row, self.prefixes), f"{shown}:{row.line}"


def _shape(triple: ox.Triple | ox.Quad) -> tuple:
    """What makes it the same in two readings of a file, where blank nodes have other names."""
    object_ = triple.object
    return str(triple.subject), str(triple.predicate), "[]" if isinstance(object_, ox.BlankNode) else str(object_)


def into_store(store: ox.Store, layer: str, triples) -> int:
    """Add triples to the default graph and to the named graph of their layer; returns how many were given."""
    graph, count = LAYERS[layer], 0

    def quads() -> Iterator[ox.Quad]:
        nonlocal count
        for subject, predicate, object_, *_ in triples:  # quads too
            count += 1
            yield ox.Quad(subject, predicate, object_)
            yield ox.Quad(subject, predicate, object_, graph)

    store.bulk_extend(quads())  # not one transaction, and a third faster: a store that is being made is nobody's yet
    return count
