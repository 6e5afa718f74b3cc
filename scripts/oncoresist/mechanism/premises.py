"""Which curated triples a conclusion rests on: whole records, from what is proved back to passages and references.

Rules ask not only what a record says but also what it does not say (no doubt, no perturbation, no later step). A premise
is therefore never a single triple: a record is given whole, and every record that the rules could reach from it is given
too, so that what the proof does not say the graph does not say either. Of the ontology and of the entities only that is
given which the rules in question can read, not the definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.namespaces import BASE, ENT, ONR, RDF_TYPE, RDFS_LABEL, SKOS, onr

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_HIERARCHY = (_RDFS + "subClassOf", _RDFS + "subPropertyOf")
_SUBPROPERTY = ox.NamedNode(_RDFS + "subPropertyOf")
_HAS_STEP, _HAS_EVIDENCE, _SIDE_OF, _TYPED_BY = (onr(n) for n in ("hasStep", "hasEvidence", "sideOf", "typedByRelation"))
_ASIDE = {ONR + name for name in ("assertedBy", "basis", "evidenceType", "polarityBasis", "suppliedByCurator")}
_CLAIM, _STEP, _LINE, _PASSAGE = (f"{BASE}{kind}/" for kind in ("claim", "step", "evidence", "passage"))
_SOURCE = "http://purl.org/dc/terms/isPartOf"
# From an entity the way leads to its classes, its kinds, and what it may stand for along a chain, not to its neighbours.
_OF_ENTITIES = re.compile(
    rf"{re.escape(ONR)}(subtypeOf|givenIn|signallingOf|hasComponent|component\d+)$|{re.escape(SKOS)}\w+Match$"
)
_NAME = re.compile(r"(?<![\w<])([A-Za-z][\w.-]*):([A-Za-z_][\w-]*)")


def names_read(text: str, namespaces: dict[str, str]) -> set[str]:
    """IRIs that the pattern of a query names; what it constructs or shows does not count.

    >>> names_read("CONSTRUCT { ?s onr:made 1 } WHERE { ?s a onr:Step }", {"onr": "https://example.org/"})
    {'https://example.org/Step'}
    """
    body = "\n".join(line for line in pattern(text).splitlines() if not line.lstrip().startswith("#"))
    named = {namespaces[prefix] + local for prefix, local in _NAME.findall(body) if prefix in namespaces}
    return named | set(re.findall(r"<([^<>\s]+)>", body))


def pattern(text: str) -> str:
    """What follows the first WHERE: only that reads."""
    return text.partition("WHERE {")[2]


class Premises:
    """Finds the records a conclusion rests on.

    :param store: the whole graph
    :param texts: the queries that lead to the conclusion; what none of them names is no premise
    """

    def __init__(self, store: ox.Store, content: Content, texts: Iterable[str]) -> None:
        self._store = store
        whole = "\n".join(pattern(text) for text in texts)
        self._read = names_read("WHERE {" + whole, content.prefixes.namespaces)
        mapped = re.search(r"\bsssom:|\bskos:\w+Match\b", whole)
        self._layers = ("evidence", "ontology", "mappings") if mapped else ("evidence", "ontology")
        self._above: dict[str, bool] = {}

    def record(self, iri: str) -> list[tuple[ox.Triple, str]]:
        """Everything the curated layers say of `iri` that a rule can read, each with its layer, sorted."""
        found = []
        for layer in self._layers:
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, LAYERS[layer]):
                if layer != "ontology" or self._matters(quad):
                    found.append((ox.Triple(quad.subject, quad.predicate, quad.object), layer))
        return sorted(found, key=lambda pair: (pair[0].predicate != RDF_TYPE, str(pair[0])))

    def _matters(self, quad: ox.Quad) -> bool:
        if isinstance(quad.object, ox.BlankNode):
            return False
        if quad.predicate == RDF_TYPE or quad.predicate.value in _HIERARCHY:
            return self._reaches(quad.object.value)
        return quad.predicate == RDFS_LABEL or quad.predicate.value in self._read

    def _reaches(self, iri: str) -> bool:
        """Whether the queries name this class or property, or one above it."""
        if iri not in self._above:
            self._above[iri] = iri in self._read  # ends a cycle
            for wider in _HIERARCHY:
                for quad in self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(wider), None, LAYERS["ontology"]):
                    if isinstance(quad.object, ox.NamedNode) and self._reaches(quad.object.value):
                        self._above[iri] = True
        return self._above[iri]

    def gather(self, seeds: Iterable[str]) -> dict[str, list[tuple[ox.Triple, str]]]:
        """IRI → its record, of everything `seeds` rest on."""
        found: dict[str, list[tuple[ox.Triple, str]]] = {}
        open_, seen = sorted(set(seeds)), set()
        while open_:
            iri = open_.pop()
            if iri in seen:
                continue
            seen.add(iri)
            if record := self.record(iri):
                found[iri] = record
            open_ += sorted(set(self._onwards(iri, record)) - seen)
        return {iri: found[iri] for iri in sorted(found, key=_rank)}

    def _onwards(self, iri: str, record: list[tuple[ox.Triple, str]]) -> Iterator[str]:
        """What the record of `iri` cannot be understood without."""
        if iri.startswith(_STEP):
            yield from self._subjects(_HAS_STEP, iri)
        elif iri.startswith(_LINE):
            yield from self._subjects(_HAS_EVIDENCE, iri)
        elif not record:
            yield from self._subjects(_SIDE_OF, iri)
        if _TYPED_BY.value in self._read:
            yield from self._subjects(_TYPED_BY, iri)
        triples = [triple for triple, _ in record]
        if not triples:  # derived, such as an edge: what it was derived from
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
                triples.append(ox.Triple(quad.subject, quad.predicate, quad.object))
        for triple in triples:
            if isinstance(triple.object, ox.NamedNode) and self._leads_on(iri, triple):
                yield triple.object.value
            if iri.startswith(BASE) and not iri.startswith(ONR):
                yield from self._wider_property(triple.predicate.value)

    def _leads_on(self, iri: str, triple: ox.Triple) -> bool:
        predicate, target = triple.predicate.value, triple.object.value
        if triple.predicate == RDF_TYPE or predicate in _HIERARCHY:
            return self._reaches(target)
        if iri.startswith((_CLAIM, _STEP, _LINE)):
            # What another claim says is another proof; how the curator knows is nothing a rule reads.
            return not target.startswith(_CLAIM) and (predicate not in _ASIDE or predicate in self._read)
        if iri.startswith(_PASSAGE):
            return predicate == _SOURCE
        if iri.startswith(ENT):
            return predicate in self._read and bool(_OF_ENTITIES.match(predicate))
        return iri.startswith(BASE) and not iri.startswith(ONR)

    def _wider_property(self, predicate: str) -> Iterator[str]:
        """`predicate`, if a wider one is named."""
        wider = self._store.quads_for_pattern(ox.NamedNode(predicate), _SUBPROPERTY, None, LAYERS["ontology"])
        if any(self._reaches(quad.object.value) for quad in wider):
            yield predicate

    def _subjects(self, predicate: ox.NamedNode, iri: str) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(None, predicate, ox.NamedNode(iri), ox.DefaultGraph()):
            yield quad.subject.value


def _rank(iri: str) -> tuple[int, str]:
    """Claims first, then what they consist of and rest on, the ontology last."""
    kinds = (_CLAIM, _STEP, _LINE, _PASSAGE, BASE + "publication/", ENT, BASE + "mapping/")
    return next((n for n, kind in enumerate(kinds) if iri.startswith(kind)), len(kinds)), iri
