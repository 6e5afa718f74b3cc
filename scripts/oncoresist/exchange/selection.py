"""Which triples go out: layers of the graph, the claims of a source, the claims about a drug.

A choice of claims takes along what they need to be read: their steps and evidence, the passages they stand in, the publications,
every entity named by any of these, what those entities are kinds, members or parts of, their mappings, the edges and drug
mechanisms that rest on at least one of the claims with the publications that support them, the conflicts between claims that are
all chosen, and what is inferred about these. A triple that would point to a record left out is left out too (a claim that
explains another, an edge's other claims), so nothing in the file leads nowhere; grades stay those of the whole graph. The
ontology goes along whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.content import LAYERS, Content
from oncoresist.errors import UnknownNameError
from oncoresist.exchange.hashing import canonical_lines
from oncoresist.exchange.verify import verify
from oncoresist.namespaces import BASE, ONR, RDF_TYPE, Prefixes, onr

# What we mint, except the vocabulary: records that a part of the graph has or has not.
_VOCABULARY = (ONR, BASE + "query/", BASE + "graph/")
_PUBLICATION = BASE + "publication/"
_JOINS = frozenset({onr("sideOf"), onr("againstSide")})
_KIND_OF = frozenset({onr("subtypeOf"), onr("givenIn")})
_SUBJECT_ID = ox.NamedNode("https://w3id.org/sssom/subject_id")


@dataclass(frozen=True)
class Selection:
    """What to export; empty means everything.

    :param layers: names of layers, in the order of `LAYERS`
    :param sources: names of sources, such as ``tme2019``
    :param drugs: IRIs of drugs; claims about a kind of the drug count too
    """

    layers: tuple[str, ...] = tuple(LAYERS)
    sources: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()

    @classmethod
    def of(cls, layers: Iterable[str], sources: Iterable[str], drugs: Iterable[str], content: Content) -> Selection:
        """Check the names.

        :raises UnknownNameError: no such layer or source; all are listed

        >>> from oncoresist.paths import find_layout
        >>> Selection.of(["mechanism", "evidence"], [], [], Content(find_layout())).layers
        ('evidence', 'mechanism')
        """
        layers, sources = list(layers), list(sources)
        known = sorted(path.stem for path in (content.layout.graph / "passages").glob("*.ttl"))
        for kind, names, there_are in (("layer", layers, list(LAYERS)), ("source", sources, known)):
            for name in names:
                if name not in there_are:
                    raise UnknownNameError(kind, name, there_are, f"There are: {', '.join(there_are)}.")
        chosen = tuple(name for name in LAYERS if not layers or name in layers)
        return cls(chosen, tuple(sorted(set(sources))), tuple(sorted(set(drugs))))

    @property
    def is_part(self) -> bool:
        """Whether claims are chosen, not only layers."""
        return bool(self.sources or self.drugs)

    def to_dict(self) -> dict[str, list[str]]:
        """For ledgers and reports."""
        return {"layers": list(self.layers), "sources": list(self.sources), "drugs": list(self.drugs)}


class Selected:
    """The triples of a selection: verified, blank nodes named canonically, sorted by code point.

    :param store: holds the layers as named graphs
    :raises InputError: (when lines are read) an IRI that is not valid, or text not in NFC; the message names the subject
    """

    def __init__(self, store: ox.Store, selection: Selection, content: Content) -> None:
        self.store, self.selection, self._content = store, selection, content
        self._read: dict[str, bytes] = {}

    @property
    def prefixes(self) -> Prefixes:
        return self._content.prefixes

    @cached_property
    def quad_lines(self) -> list[bytes]:
        """Canonical N-Quads: each triple in the graph of its layer. Their sha256 is the canonical hash of the dataset."""
        lines: list[bytes] = []
        for layer in self.selection.layers:
            end = f" {LAYERS[layer]} .\n".encode()
            lines += [line + end for line in self._triples_of(layer).split(b" .\n") if line]
        return canonical_lines(lines)

    @cached_property
    def triple_lines(self) -> list[bytes]:
        """Canonical N-Triples: the layers as one graph."""
        lines: list[bytes] = []
        for layer in self.selection.layers:
            lines += self._triples_of(layer).splitlines(keepends=True)
        return canonical_lines(lines)

    def quads(self) -> Iterator[ox.Quad]:
        """`quad_lines`, parsed."""
        return ox.parse(b"".join(self.quad_lines), format=ox.RdfFormat.N_QUADS)

    def triples(self) -> Iterator[ox.Quad]:
        """`triple_lines`, parsed."""
        return ox.parse(b"".join(self.triple_lines), format=ox.RdfFormat.N_TRIPLES)

    @cached_property
    def by_layer(self) -> dict[str, list[ox.Quad]]:
        """The quads of each layer, sorted."""
        layers: dict[str, list[ox.Quad]] = {layer: [] for layer in self.selection.layers}
        names = {LAYERS[layer]: layer for layer in self.selection.layers}
        for quad in self.quads():
            layers[names[quad.graph_name]].append(quad)
        return layers

    def _triples_of(self, layer: str) -> bytes:
        if layer not in self._read:
            self._read[layer] = self._verified(layer)
        return self._read[layer]

    def _verified(self, layer: str) -> bytes:
        graph = LAYERS[layer]
        if self.selection.is_part and layer != "ontology":
            kept = (q.triple for q in self.store.quads_for_pattern(None, None, None, graph) if self._has(q, layer))
            data = ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES)
        else:
            data = self.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        verify(data)
        return data

    def _has(self, quad: ox.Quad, layer: str) -> bool:
        if _is_record(quad.subject) and quad.subject not in self._records:
            return False
        if layer == "inferred" and not _is_record(quad.subject):
            return False
        return not _is_record(quad.object) or quad.object in self._records

    @cached_property
    def _records(self) -> set[ox.NamedNode]:
        """Every record of the selection."""
        links: dict[ox.NamedNode, list[tuple[ox.NamedNode, ox.NamedNode]]] = defaultdict(list)
        for quad in self.store.quads_for_pattern(None, None, None, LAYERS["evidence"]):
            if _is_record(quad.object):
                links[quad.subject].append((quad.predicate, quad.object))
        records: set[ox.NamedNode] = set()
        found = self._claims(links)
        claims = {q.subject for q in self.store.quads_for_pattern(None, RDF_TYPE, onr("Claim"), LAYERS["evidence"])}
        while found:
            record = found.pop()
            if record in records:
                continue
            records.add(record)
            # Claims that explain or restate one another, and passages that repeat one another, are not pulled in.
            found |= {o for p, o in links[record] if o not in claims and p != onr("restatesPassage")}
        for quad in self.store.quads_for_pattern(None, _SUBJECT_ID, None, LAYERS["mappings"]):
            if quad.object in records:
                records.add(quad.subject)
        derived = self._derived(records, claims)
        supporting = (q.object for n in derived for q in self.store.quads_for_pattern(n, None, None, LAYERS["mechanism"]))
        return records | derived | {o for o in supporting if isinstance(o, ox.NamedNode) and o.value.startswith(_PUBLICATION)}

    def _claims(self, links: dict) -> set[ox.NamedNode]:
        evidence = LAYERS["evidence"]
        claims = {q.subject for q in self.store.quads_for_pattern(None, RDF_TYPE, onr("Claim"), evidence)}
        if self.selection.drugs:
            drugs = {ox.NamedNode(iri) for iri in self.selection.drugs}
            while kinds := {s for s, pairs in links.items() if any(p in _KIND_OF and o in drugs for p, o in pairs)} - drugs:
                drugs |= kinds
            claims &= {s for s, pairs in links.items() if any(p == onr("aboutDrug") and o in drugs for p, o in pairs)}
        if self.selection.sources:
            folder = self._content.layout.graph / "passages"
            passages = {q.subject for name in self.selection.sources for q in self._file(folder / f"{name}.ttl")}
            claims &= {s for s, pairs in links.items() if any(p == onr("statedAt") and o in passages for p, o in pairs)}
        return claims

    def _file(self, path: Path) -> list[ox.Quad]:
        return turtle.read(path, self._content.layout.relative(path))

    def _derived(self, records: set[ox.NamedNode], claims: set[ox.NamedNode]) -> set[ox.NamedNode]:
        """Edges and drug mechanisms with a claim of the selection; a conflict only if it has the claims of all its sides."""
        its_claims: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
        joined: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
        quads = [q for q in self.store.quads_for_pattern(None, None, None, LAYERS["mechanism"]) if _is_record(q.object)]
        nodes = {quad.subject for quad in quads}
        for quad in quads:
            if quad.object in claims:
                its_claims[quad.subject].add(quad.object)
            elif quad.predicate in _JOINS and quad.object in nodes:  # the edges on its sides are no part of a conflict
                joined[quad.subject].add(quad.object)
                joined[quad.object].add(quad.subject)
        return {node for node in nodes if _belongs(_together(node, joined), its_claims, records)}


def _together(node: ox.NamedNode, joined: dict[ox.NamedNode, set[ox.NamedNode]]) -> set[ox.NamedNode]:
    """`node` and all it is joined to, over any number of links."""
    together, found = set(), {node}
    while found:
        together |= found
        found = {other for one in found for other in joined.get(one, ())} - together
    return together


def _belongs(together: set[ox.NamedNode], its_claims: dict, records: set[ox.NamedNode]) -> bool:
    claims = {claim for node in together for claim in its_claims.get(node, ())}
    return bool(claims) and (claims <= records if len(together) > 1 else bool(claims & records))


def is_record(iri: str) -> bool:
    """Whether we minted it and it is no term of our vocabulary.

    >>> is_record("https://w3id.org/oncoresist/entity/cisplatin"), is_record("https://w3id.org/oncoresist/ontology/Drug")
    (True, False)
    """
    return iri.startswith(BASE) and not iri.startswith(_VOCABULARY) and iri + "/" not in _VOCABULARY


def _is_record(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> bool:
    return isinstance(term, ox.NamedNode) and is_record(term.value)
