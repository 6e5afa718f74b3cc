"""One state of the graph, laid out for comparing: its records, what belongs to them, and their names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive_queries
from oncoresist.engines import Embedded
from oncoresist.errors import InputError
from oncoresist.names import Names
from oncoresist.namespaces import BASE, ENT, ONR, RDF_TYPE, RDFS_LABEL, Prefixes
from oncoresist.review import SEAL
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query

Term = ox.NamedNode | ox.Literal | ox.BlankNode
Facts = dict[str, frozenset[str | ox.Literal]]

# Kinds of records by the namespace of their IRI; a step or an evidence line is part of its claim.
KINDS = {
    "claim": BASE + "claim/",
    "entity": ENT,
    "publication": BASE + "publication/",
    "passage": BASE + "passage/",
}
_PARTS = (ONR + "hasStep", ONR + "hasEvidence")
_EDGES = frozenset({ONR + "DerivedEdge", ONR + "DrugMechanism"})
_CITES = "http://purl.org/spar/cito/citesAsEvidence"


@dataclass(frozen=True)
class State:
    """A whole graph in a store, with the questions and rules that belong to it.

    :param title: how reports name it
    :param questions: saved questions by id
    :param rules: derive query → its text
    :param unreadable: question whose header cannot be read today → why; the other state's wording is asked instead
    :param answers: text of a question with what it asks for → its answer, once it was asked
    """

    title: str
    store: ox.Store
    prefixes: Prefixes
    questions: dict[str, SavedQuery] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[bytes]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, content: Content, store: ox.Store, title: str) -> State:
        """The state that `store`, built from `content`, is in.

        :raises InputError: a derivation rule cannot be read
        """
        questions, unreadable = {}, {}
        for id_, path in list_saved_queries(content.layout, "questions").items():
            try:
                questions[id_] = read_saved_query(path, content.layout)
            except InputError as error:  # headers of older revisions lack what is required today
                unreadable[id_] = str(error)
        rules = {query.id: query.text for query in derive_queries(content)}
        return cls(title, store, content.prefixes, questions, rules, unreadable)

    @cached_property
    def engine(self) -> Embedded:
        return Embedded(self.store, self.prefixes.namespaces)

    @cached_property
    def names(self) -> Names:
        return Names(self.engine, self.prefixes)

    @cached_property
    def evidence(self) -> dict[str, Facts]:
        """Record of the evidence layer → property → values, as curated (nothing inferred).

        Without the seals of a second reading: they say that a claim was read, not what it says.
        """
        found = facts(self.store, LAYERS["evidence"])
        return {iri: {p: values for p, values in record.items() if p != SEAL.value} for iri, record in found.items()}

    @cached_property
    def terms(self) -> dict[str, Facts]:
        """Term of the ontology and its imports → property → values; blank nodes are written out."""
        return facts(self.store, LAYERS["ontology"])

    @cached_property
    def mappings(self) -> dict[str, Facts]:
        """Mapping node → property → values."""
        found = facts(self.store, LAYERS["mappings"])
        return {iri: values for iri, values in found.items() if iri.startswith(BASE + "mapping/")}

    @cached_property
    def owners(self) -> dict[str, str]:
        """Step or evidence line → its claim."""
        claims = {iri: record for iri, record in self.evidence.items() if iri.startswith(KINDS["claim"])}
        return {str(part): iri for iri, record in claims.items() for p in _PARTS for part in record.get(p, ())}

    @cached_property
    def references(self) -> dict[str, set[str]]:
        """Claim → the publications its evidence lines cite."""
        cited: dict[str, set[str]] = defaultdict(set)
        for part, claim in self.owners.items():
            cited[claim] |= {str(v) for v in self.evidence.get(part, {}).get(_CITES, ())}
        return cited

    @cached_property
    def entities(self) -> dict[str, set[str]]:
        """Claim → the entities it or one of its steps names."""
        named: dict[str, set[str]] = defaultdict(set)
        for iri, record in self.evidence.items():
            claim = iri if iri.startswith(KINDS["claim"]) else self.owners.get(iri)
            if claim:
                named[claim] |= {v for values in record.values() for v in values if isinstance(v, str) and v.startswith(ENT)}
        return named

    @cached_property
    def kin(self) -> dict[str, set[str]]:
        """Entity → entities one declared or inferred relation away, in either direction (kinds, members, parts, signalling)."""
        near: dict[str, set[str]] = defaultdict(set)
        for layer in ("evidence", "inferred"):
            for quad in self.store.quads_for_pattern(None, None, None, LAYERS[layer]):
                ends = [getattr(end, "value", "") for end in (quad.subject, quad.object)]
                if all(end.startswith(ENT) for end in ends):
                    near[ends[0]].add(ends[1])
                    near[ends[1]].add(ends[0])
        return near

    @cached_property
    def mechanism(self) -> dict[str, Facts]:
        """Derived record (edge, drug mechanism, conflict, side of a conflict) → property → values."""
        # Older revisions tag their rules otherwise, and today's build then files what they derive under "inferred".
        layer = "mechanism" if any(self.store.quads_for_pattern(None, None, None, LAYERS["mechanism"])) else "inferred"
        return facts(self.store, LAYERS[layer])

    @cached_property
    def edges(self) -> dict[str, Facts]:
        """Of these, what says that one thing has an effect on another: derived edges and drug mechanisms."""
        return {iri: record for iri, record in self.mechanism.items() if _EDGES & record.get(RDF_TYPE.value, frozenset())}

    @cached_property
    def conflicts(self) -> dict[str, Facts]:
        """Of these, the conflicts."""
        return {iri: r for iri, r in self.mechanism.items() if ONR + "Conflict" in r.get(RDF_TYPE.value, ())}

    @cached_property
    def behind(self) -> dict[str, set[str]]:
        """Derived record → the claims it comes from; a conflict comes from the claims of its sides."""
        found: dict[str, set[str]] = defaultdict(set)
        for iri, record in self.mechanism.items():
            for of in (iri, *map(str, record.get(ONR + "sideOf", ()))):
                found[of] |= {str(claim) for claim in record.get(ONR + "fromClaim", ())}
        return found

    @cached_property
    def labels(self) -> dict[str, str]:
        """IRI → name for people, of everything that has one; publications with PMID or DOI."""
        found: dict[str, str] = {}
        for quad in self.store.quads_for_pattern(None, RDFS_LABEL, None, ox.DefaultGraph()):
            iri, label = getattr(quad.subject, "value", ""), quad.object.value
            found[iri] = min(label, found.get(iri, label))
        return found | self.names.labels(iri for iri in self.evidence if iri.startswith(KINDS["publication"]))

    def name(self, value: str | ox.Literal) -> str:
        """A value as people read it: label or CURIE of an IRI, the text of a literal."""
        if isinstance(value, ox.Literal):
            return f"“{value.value}”" if value.language or " " in value.value else value.value
        return self.labels.get(value) or (self.prefixes.curie(value) if "://" in value else value)


def in_memory(store: ox.Store) -> ox.Store:
    """A copy of a built store in memory, where answering takes a third of the time."""
    copy = ox.Store()
    for layer, graph in LAYERS.items():
        load_layer(copy, layer, store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph))
    return copy


def load_layer(store: ox.Store, layer: str, triples: bytes) -> None:
    """Add N-Triples to the graph of their layer and to the default graph."""
    for graph in (LAYERS[layer], ox.DefaultGraph()):
        store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)


def facts(store: ox.Store, graph: ox.NamedNode) -> dict[str, Facts]:
    """Subject → property → values of one named graph: IRIs as text, literals as they are, blank nodes written out."""
    found: dict[str, dict[str, set]] = defaultdict(lambda: defaultdict(set))
    blank: dict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    quads = list(store.quads_for_pattern(None, None, None, graph))
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            blank[quad.subject].append(quad)
    inner = {quad.object for quad in quads if isinstance(quad.object, ox.BlankNode)}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode):
            value = _written(quad.object, blank) if isinstance(quad.object, ox.BlankNode) else plain(quad.object)
            found[quad.subject.value][quad.predicate.value].add(value)
    for node in blank.keys() - inner:  # axioms that hang on no term, such as owl:AllDisjointClasses
        found[_written(node, blank)] = defaultdict(set)
    return {iri: {p: frozenset(values) for p, values in record.items()} for iri, record in found.items()}


def plain(term: Term) -> str | ox.Literal:
    """IRIs as text; a literal stays one, so that "5" and 5 differ."""
    return term if isinstance(term, ox.Literal) else term.value


def _written(node: ox.BlankNode, blank: dict[ox.BlankNode, list[ox.Quad]], depth: int = 0) -> str:
    """A blank node by what is said of it, so that equal ones are equal whatever their names."""
    if depth > 300:  # a list longer than any of ours; never endless, should a file hold a circle
        return "[…]"
    parts = [
        f"{q.predicate} {_written(q.object, blank, depth + 1) if isinstance(q.object, ox.BlankNode) else q.object}"
        for q in blank.get(node, ())
    ]
    return f"[{' ; '.join(sorted(parts))}]"
