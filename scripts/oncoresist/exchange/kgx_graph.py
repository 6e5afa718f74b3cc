"""Entities as KGX nodes; steps, derived edges, drug mechanisms and kinds of things as KGX edges.

Three rules keep a reader who knows only subject, predicate and object from reading the opposite of what was said:

- What was done to the subject, or how it had changed, is `subject_direction_qualifier`. "Silencing STIM1 sensitises to the drug"
  is: predicate `associated_with_resistance_to` (true of STIM1), qualified predicate `associated_with_sensitivity_to` (true of
  decreased STIM1). Where no opposite exists (`causes`, `disrupts`) the predicate becomes `affects`.
- If the ends are not within domain and range of a predicate, the nearest one above it is taken; `original_predicate` keeps ours.
- What a source denies has `negated` true.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.exchange import biolink
from oncoresist.exchange.kgx_check import OWN, Thing
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.records import Records
from oncoresist.exchange.selection import Selected
from oncoresist.namespaces import ONR, onr

SOURCE = "infores:oncoresist"
_SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_GROUPS = ("fplx:", "hgnc.genegroup:")
_CLAIM = {
    "aboutDrug": "about_drug",
    "aboutCancer": "about_cancer",
    "inModel": "in_model",
    "doubtedBecause": "doubted_because",
}
_STEP = {
    "perturbedBy": "perturbed_by",
    "underCondition": "under_condition",
    "comparedWith": "compared_with",
    "jointlyWith": "jointly_with",
    "requires": "requires",
}
_ONE = {
    "perturbation": "perturbation",
    "subjectChange": "subject_change",
    "basis": "basis",
    "certainty": "certainty",
    "polarity": "polarity",
    "polarityBasis": "polarity_basis",
    "statedAt": "passage",
}
_ASPECT = {"localisation": "localization"}
EDGE_LISTS = (
    *("category", "publications", "has_evidence_of_type"),
    *(OWN + name for name in (*_CLAIM.values(), *_STEP.values(), "study_kind", "claim", "from_step", "with_agent")),
)


@dataclass
class KgxGraph:
    """Nodes and edges as plain data, sorted by id.

    :param widened: how many edges have a wider predicate than their relation maps to, because the ends do not fit
    """

    nodes: list[Thing] = field(default_factory=list)
    edges: list[Thing] = field(default_factory=list)
    widened: int = 0


def build(selected: Selected, ledger: Ledger, *, lists_as_text: bool) -> KgxGraph:
    """Nodes and edges of a selection; what they hold is kept in the ledger."""
    return _Builder(Records(selected, lists_as_text=lists_as_text), ledger).build()


class _Builder:
    def __init__(self, records: Records, ledger: Ledger) -> None:
        self.records, self.ledger = records, ledger
        self.graph = KgxGraph()
        self.category: dict[str, str] = {}
        ontology = records.selected.store.quads_for_pattern
        self.above: dict[str, list[str]] = defaultdict(list)
        for quad in ontology(None, _SUBCLASS, None, LAYERS["ontology"]):
            if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
                self.above[quad.subject.value].append(quad.object.value)
        self.sign = {q.subject.value: int(q.object.value) for q in ontology(None, onr("sign"), None, LAYERS["ontology"])}
        self.predicate = {
            q.subject.value.removeprefix(ONR): q.object.value.rpartition("/")[2]
            for q in ontology(None, onr("biolinkPredicate"), None, LAYERS["ontology"])
        } | biolink.PREDICATES
        self.claim_of = {
            q.object.value: (iri, q) for iri in records.by_kind.get("claims", []) for q in records.values(iri, "hasStep")
        }

    def build(self) -> KgxGraph:
        groups = {q.object.value for iri in self.records.by_kind.get("entities", []) for q in self._own(iri, "memberOf")}
        for iri in self.records.by_kind.get("entities", []):
            self._node(iri, groups)
        for iri in self.records.by_kind.get("entities", []):
            self._kinds(iri)
        for iri in self.records.by_kind.get("steps", []):
            self._step(iri)
        for kind, name in (("edges", "derived edge"), ("drug-mechanisms", "drug mechanism")):
            for iri in self.records.by_kind.get(kind, []):
                self._derived(iri, name)
        self.graph.edges.sort(key=lambda edge: str(edge["id"]))
        return self.graph

    # nodes

    def _node(self, iri: str, groups: set[str]) -> None:
        types = [q.object.value for q in self._own(iri, "rdf:type")]
        exact = self._take(iri, "skos:exactMatch")
        is_group = iri in groups or any(match.startswith(_GROUPS) for match in exact) or self._own(iri, "skos:narrowMatch")
        self.category[iri] = self._category(types)
        if self.category[iri] == "Gene" and is_group:
            self.category[iri] = biolink.GENE_FAMILY
        node: Thing = {
            "id": self.records.curie(iri),
            "category": [biolink.curie(self.category[iri])],
            "name": next(iter(self._take(iri, "rdfs:label")), self.records.curie(iri)),
            "synonym": self._take(iri, "skos:altLabel"),
            "xref": [_spelled(match) for match in exact],
            "type": self._take(iri, "rdf:type"),
            "provided_by": [SOURCE],
        }
        self.graph.nodes.append({slot: value for slot, value in node.items() if value})

    def _category(self, types: list[str]) -> str:
        """The nearest class that has a category, upwards from all types; of several, the one first in the table."""
        found, seen, level = set(), set(), set(types)
        while level:
            seen |= level
            here = {iri.removeprefix(ONR) for iri in level} & set(biolink.CATEGORIES)
            found |= here
            level = {up for iri in level if iri.removeprefix(ONR) not in here for up in self.above[iri]} - seen
        return next((category for name, category in biolink.CATEGORIES.items() if name in found), "NamedThing")

    def _kinds(self, iri: str) -> None:
        for name in ("subtypeOf", "memberOf", "partOf", "hasComponent", "derivesFrom", "variantOf", "signallingOf", "givenIn"):
            numbered = [f"component{n}" for n in range(1, 7)] if name == "hasComponent" else [name]
            for quad in self._own(iri, *numbered):
                self.ledger.keep(quad)
                ours = quad.predicate.value.removeprefix(ONR)
                edge = self._edge(f"{self.records.curie(iri)}-{ours}-{self._local(quad.object)}", iri, name, quad.object.value)
                self._finish(edge | {"original_predicate": f"onr:{ours}", OWN + "record": "kind"})

    # edges

    def _step(self, iri: str) -> None:
        subject, object_ = (self._own(iri, end) for end in ("subject", "object"))
        relation = self._take(iri, "relation")
        if not (subject and object_ and relation) or not {subject[0].object.value, object_[0].object.value} <= set(self.category):
            return
        self.ledger.keep(*subject, *object_)
        types = self._take(iri, "rdf:type")
        edge = self._edge(
            self.records.curie(iri), subject[0].object.value, relation[0].removeprefix("onr:"), object_[0].object.value
        )
        edge["negated"] = "onr:DeniedStep" in types
        for slot, names in (("subject", ("perturbation", "subjectChange")), ("object", ())):
            for aspect in self._take(iri, f"{slot}Aspect"):
                edge[f"{slot}_aspect_qualifier"] = _ASPECT.get(aspect.removeprefix("onr:"), aspect.removeprefix("onr:"))
            for quad in self._own(iri, *names) if names else []:
                edge[f"{slot}_direction_qualifier"] = "increased" if self.sign[quad.object.value] > 0 else "decreased"
        self._contexts(edge, iri, "subjectIn", "objectIn")
        self._directed(edge, relation[0].removeprefix("onr:"), self.category[object_[0].object.value])
        self._lists(edge, iri, _STEP)
        self._singles(edge, iri)
        if order := self._take(iri, "order"):
            edge[OWN + "order"] = int(order[0])
        if iri in self.claim_of:
            claim, held = self.claim_of[iri]
            self.ledger.keep(held)
            self._of_claim(edge, claim)
        self._finish(edge | {OWN + "record": "step"})

    def _of_claim(self, edge: Thing, claim: str) -> None:
        edge[OWN + "claim"] = [self.records.curie(claim)]
        edge["description"] = next(iter(self._take(claim, "rdfs:label")), "")
        self._lists(edge, claim, _CLAIM)
        self._singles(edge, claim)
        if len(cancers := edge.get(OWN + "about_cancer", [])) == 1:
            edge["disease_context_qualifier"] = cancers[0]
        if edge.get(OWN + "certainty") == "onr:hedged":
            edge["knowledge_level"] = "prediction"
        edge["publications"], edge["has_evidence_of_type"], edge[OWN + "study_kind"] = self._evidence(claim)

    def _derived(self, iri: str, name: str) -> None:
        ends = [self._own(iri, end) for end in ("from", "to")]
        effect = self._take(iri, "effect")
        if not (all(ends) and effect) or not {end[0].object.value for end in ends} <= set(self.category):
            return
        self.ledger.keep(*ends[0], *ends[1], *self._own(iri, "rdf:type"))
        start, end = ends[0][0].object.value, ends[1][0].object.value
        edge = self._edge(self.records.curie(iri), start, effect[0].removeprefix("onr:"), end)
        self._contexts(edge, iri, "fromCell", "toCell")
        self._directed(edge, effect[0].removeprefix("onr:"), self.category[end])
        self._lists(edge, iri, {"fromClaim": "claim", "fromStep": "from_step", "withAgent": "with_agent"})
        edge["description"] = next(iter(self._take(iri, "rdfs:label")), "")
        claims = [q.object.value for q in self._own(iri, "fromClaim")]
        hedged = [q.object.value.endswith("/hedged") for claim in claims for q in self._own(claim, "certainty")]
        edge["knowledge_level"] = "prediction" if hedged and all(hedged) else "logical_entailment"
        edge["agent_type"] = "automated_agent"
        found = [self._evidence(claim) for claim in claims]
        edge["publications"], edge["has_evidence_of_type"], edge[OWN + "study_kind"] = (
            sorted({one for lists in found for one in lists[place]}) for place in range(3)
        )
        if studies := self._take(iri, "independentStudies"):
            edge["evidence_count"] = int(studies[0])
        if grade := self._take(iri, "grade"):
            edge[OWN + "grade"] = grade[0].removeprefix("onr:grade")
        self._finish(edge | {OWN + "record": name})

    def _edge(self, id_: str, subject: str, relation: str, object_: str) -> Thing:
        return {
            "id": id_,
            "subject": self.records.curie(subject),
            "predicate": self.predicate[relation],
            "object": self.records.curie(object_),
            "category": ["biolink:Association"],
            "negated": False,
            "knowledge_level": "knowledge_assertion",
            "agent_type": "manual_agent",
            "primary_knowledge_source": SOURCE,
            "original_predicate": f"onr:{relation}",
        }

    def _directed(self, edge: Thing, relation: str, category: str) -> None:
        """Direction of the object, and predicates that are true with and without the qualifiers."""
        of_molecule = biolink.OF_A_MOLECULE.get(relation) if category in _MOLECULES else None
        aspect = biolink.ASPECTS.get(relation) or of_molecule
        own_aspect = edge.get("object_aspect_qualifier")
        if aspect and not own_aspect:
            edge["object_aspect_qualifier"] = aspect
        lowered = (edge.get("subject_direction_qualifier") == "decreased") != (
            edge.get("subject_aspect_qualifier") == "degradation"
        )
        predicate = str(edge["predicate"])
        if predicate in biolink.OPPOSITE:
            if lowered:
                edge["predicate"], edge["qualified_predicate"] = biolink.OPPOSITE[predicate], biolink.curie(predicate)
            return
        if predicate not in _CAUSAL:
            return
        sign = self.sign.get(ONR + relation, 0) * (-1 if aspect == "degradation" and not own_aspect else 1)
        if sign:
            edge["object_direction_qualifier"] = "increased" if sign > 0 else "decreased"
            edge["predicate"] = "affects" if lowered and predicate in ("causes", "disrupts") else predicate
            if edge["predicate"] != "causes":
                edge["qualified_predicate"] = biolink.curie("causes")

    def _finish(self, edge: Thing) -> None:
        ends = [self.category[self.records.selected.prefixes.iri(str(edge[end]))] for end in ("subject", "object")]
        fitting = biolink.model().general(str(edge["predicate"]), *ends)
        self.graph.widened += fitting != edge["predicate"]
        edge["predicate"] = biolink.curie(fitting)
        qualified = str(edge.get("qualified_predicate", "")).removeprefix(biolink.PREFIX)
        if qualified in biolink.OPPOSITE and not biolink.model().fits(qualified, *ends):
            del edge["qualified_predicate"]
        self.graph.edges.append({slot: value for slot, value in edge.items() if value not in ("", [])})

    # values, counted as kept

    def _own(self, iri: str, *names: str) -> list[ox.Quad]:
        return [quad for quad in self.records.values(iri, *names) if quad.graph_name != LAYERS["inferred"]]

    def _take(self, iri: str, *names: str) -> list[str]:
        quads = self._own(iri, *names)
        self.ledger.keep(*quads)
        return [self.records.text(quad.object) for quad in quads]

    def _lists(self, edge: Thing, iri: str, slots: dict[str, str]) -> None:
        for name, slot in slots.items():
            if values := self._take(iri, name):
                edge[OWN + slot] = values

    def _singles(self, edge: Thing, iri: str) -> None:
        for name, slot in _ONE.items():
            if values := self._take(iri, name):
                edge[OWN + slot] = values[0]

    def _contexts(self, edge: Thing, iri: str, subject: str, object_: str) -> None:
        """One cell an end: the slot has one value. A second one is not written and stays lost in the ledger."""
        for slot, name in (("subject", subject), ("object", object_)):
            for quad in self._own(iri, name)[:1]:
                edge[f"{slot}_context_qualifier"] = self.records.text(quad.object)
                self.ledger.keep(quad)

    def _evidence(self, claim: str) -> tuple[list[str], list[str], list[str]]:
        """Publications, ECO codes and kinds of study of the lines that support a claim."""
        publications, codes, kinds = [], [], []
        for line in self._own(claim, "hasEvidence"):
            if any(not quad.object.value.endswith("/supports") for quad in self._own(line.object.value, "direction")):
                continue
            self.ledger.keep(line)
            self._take(line.object.value, "rdf:type")
            for quad in self._own(line.object.value, "cito:citesAsEvidence"):
                self.ledger.keep(quad)
                publications.append(self._publication(quad.object.value))
            codes += self._take(line.object.value, "evidenceType")
            kinds += self._take(line.object.value, "studyKind")
        return tuple(sorted(set(values)) for values in (publications, codes, kinds))  # type: ignore[return-value]

    def _publication(self, iri: str) -> str:
        for name, form in (("fabio:hasPubMedId", "PMID:{}"), ("prism:doi", "doi:{}"), ("fabio:hasPubMedCentralId", "PMC:{}")):
            if values := self._take(iri, name):
                return form.format(values[0].removeprefix("PMC"))
        return self.records.curie(iri)

    def _local(self, term: ox.NamedNode) -> str:
        return self.records.curie(term.value).partition(":")[2]


_MOLECULES = ("Gene", "GeneFamily", "MicroRNA", "NoncodingRNAProduct")
_CAUSAL = ("affects", "regulates", "causes", "disrupts")


def _spelled(curie: str) -> str:
    """A CURIE of ours as Biolink spells its prefix.

    >>> _spelled("hgnc:40"), _spelled("CHEBI:27899")
    ('HGNC:40', 'CHEBI:27899')
    """
    prefix, _, local = curie.partition(":")
    return f"{biolink.SPELLING.get(prefix, prefix)}:{local}"
