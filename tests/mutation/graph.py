"""The curated graph, held so that one record can be changed and what stands around it be found quickly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.derive import derive_queries
from oncoresist.namespaces import BASE, RDF_TYPE

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LABEL = ox.NamedNode(RDFS + "label")
SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
ALT_LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
CITES_AS_EVIDENCE = ox.NamedNode("http://purl.org/spar/cito/citesAsEvidence")
IS_PART_OF = ox.NamedNode("http://purl.org/dc/terms/isPartOf")
IDENTIFIER = ox.NamedNode("http://purl.org/dc/terms/identifier")
SSSOM = "https://w3id.org/sssom/"
MAPPING = ox.NamedNode(SSSOM + "Mapping")


def onr(name: str) -> ox.NamedNode:
    """A term of our ontology."""
    return ox.NamedNode(f"{BASE}ontology/{name}")


def sssom(name: str) -> ox.NamedNode:
    """A column of a mapping."""
    return ox.NamedNode(SSSOM + name)


def is_ours(term, folder: str = "") -> bool:
    """Whether `term` is a record of ours (``entity/``, ``claim/`` …), not a term of the ontology."""
    return (
        isinstance(term, ox.NamedNode) and term.value.startswith(BASE + folder) and not term.value.startswith(BASE + "ontology/")
    )


def local(term: ox.NamedNode) -> str:
    """The name after the last slash."""
    return term.value.rsplit("/", 1)[-1]


class Graph:
    """Ontology, evidence and mappings as they lie in files, indexed by subject and by object."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.ontology = [_triple(t) for t in content.triples("ontology")]
        self.data = [_triple(t) for layer in ("evidence", "mappings") for t in content.triples(layer)]
        self.of_subject: dict[object, list[ox.Triple]] = defaultdict(list)
        self.of_object: dict[object, list[ox.Triple]] = defaultdict(list)
        for t in self.data:
            self.of_subject[t.subject].append(t)
            self.of_object[t.object].append(t)
        self._ontology_of: dict[object, list[ox.Triple]] = defaultdict(list)
        for t in self.ontology:
            self._ontology_of[t.subject].append(t)

    def values(self, subject, predicate: ox.NamedNode) -> list:
        """Objects of a record or of a term of the ontology, in the order of their names."""
        triples = self.of_subject.get(subject) or self._ontology_of.get(subject, ())
        return sorted((t.object for t in triples if t.predicate == predicate), key=str)

    def value(self, subject, predicate: ox.NamedNode):
        """The first object, or None."""
        return next(iter(self.values(subject, predicate)), None)

    def subjects(self, predicate: ox.NamedNode, obj) -> list[ox.NamedNode]:
        """Who points at `obj`, in the order of their names."""
        return sorted((t.subject for t in self.of_object.get(obj, ()) if t.predicate == predicate), key=str)

    def label(self, term) -> str:
        """The label of a record, or its name."""
        label = self.value(term, LABEL)
        return label.value if label is not None else local(term)

    @cached_property
    def superclasses(self) -> dict[ox.NamedNode, set[ox.NamedNode]]:
        """Class → itself and all classes above it."""
        above: dict[ox.NamedNode, set] = {}

        def climb(cls) -> set:
            if cls not in above:
                above[cls] = {cls}
                for t in self._ontology_of.get(cls, ()):
                    if t.predicate == SUBCLASS and isinstance(t.object, ox.NamedNode):
                        above[cls] |= climb(t.object)
            return above[cls]

        for t in self.ontology:
            if t.predicate == SUBCLASS and isinstance(t.subject, ox.NamedNode):
                climb(t.subject)
        return above

    def classes(self, term) -> set[ox.NamedNode]:
        """All classes of a record or value, superclasses with them."""
        return {above for cls in self.values(term, RDF_TYPE) for above in self.superclasses.get(cls, {cls})}

    def is_a(self, term, *names: str) -> bool:
        """Whether `term` has one of these classes of ours."""
        return bool(self.classes(term) & {onr(name) for name in names})

    @cached_property
    def _by_class(self) -> dict[ox.NamedNode, list[ox.NamedNode]]:
        members: dict[ox.NamedNode, set] = defaultdict(set)
        for subject in self.of_subject:
            for cls in self.classes(subject):
                members[cls].add(subject)
        return {cls: sorted(found, key=str) for cls, found in members.items()}

    def all(self, *names: str) -> list[ox.NamedNode]:
        """The records of some classes, by name."""
        return sorted({record for name in names for record in self._by_class.get(onr(name), ())}, key=str)

    @cached_property
    def mappings(self) -> list[ox.NamedNode]:
        """The rows of all mapping files, as nodes."""
        return self._by_class[MAPPING]

    @cached_property
    def relations(self) -> list[ox.NamedNode]:
        """The relations a curator may choose."""
        found = {t.subject for t in self.ontology if t.predicate == onr("subjectClass")}
        return sorted(found, key=str)

    def steps(self, claim) -> list[ox.NamedNode]:
        """The steps of a claim in their order."""
        return sorted(self.values(claim, onr("hasStep")), key=lambda step: int(self.value(step, onr("order")).value))

    def claim_of(self, part) -> ox.NamedNode | None:
        """The claim a step or an evidence line belongs to."""
        return next(iter(self.subjects(onr("hasStep"), part) + self.subjects(onr("hasEvidence"), part)), None)

    def claims_of(self, passage) -> list[ox.NamedNode]:
        return self.subjects(onr("statedAt"), passage)

    def used_by(self, claim) -> set[ox.NamedNode]:
        """The entities a claim is about or uses in a step."""
        records = [claim, *self.values(claim, onr("hasStep"))]
        return {t.object for record in records for t in self.of_subject[record] if is_ours(t.object, "entity/")}

    def kin(self, entity) -> set[ox.NamedNode]:
        """The entity, what it is a kind, member, part or variant of, and what is so of it (one step each way)."""
        links = [onr(name) for name in ("subtypeOf", "memberOf", "partOf", "variantOf", "signallingOf")]
        found = {entity}
        for link in links:
            found |= set(self.values(entity, link)) | set(self.subjects(link, entity))
        return found

    @cached_property
    def class_closure_query(self) -> str:
        return next(query.text for query in derive_queries(self.content) if "classes" in query.tags)


def _triple(t: ox.Quad | ox.Triple) -> ox.Triple:
    return ox.Triple(t.subject, t.predicate, t.object)


def store_of(*parts: Iterable[ox.Triple]) -> ox.Store:
    """A store with some triples in its default graph."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for part in parts for t in part)
    return store
