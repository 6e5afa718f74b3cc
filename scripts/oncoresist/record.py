"""One thing and what the graph says about it: an entity, a claim, or a publication."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from oncoresist.engines import Engine
from oncoresist.names import Names
from oncoresist.namespaces import ONR, Prefixes

_FACTS = "SELECT ?property ?value WHERE { <%s> ?property ?value } ORDER BY ?property ?value"
_CLASSES = """SELECT ?class WHERE { <%(iri)s> a ?class . FILTER(STRSTARTS(STR(?class), STR(onr:)))
  FILTER NOT EXISTS { <%(iri)s> a ?narrower . ?narrower rdfs:subClassOf+ ?class } } ORDER BY ?class"""
_CLAIMS = """SELECT DISTINCT ?claim WHERE {
  { ?claim onr:aboutDrug <%(iri)s> } UNION { ?claim onr:aboutCancer <%(iri)s> } UNION { ?claim onr:inModel <%(iri)s> }
  UNION { ?claim onr:hasStep/onr:involves <%(iri)s> } UNION { ?claim onr:hasEvidence/cito:citesAsEvidence <%(iri)s> }
  UNION { ?claim onr:statedAt/dcterms:isPartOf <%(iri)s> } UNION { ?claim onr:statedAt <%(iri)s> } } ORDER BY ?claim"""
_LINKS = """SELECT ?predicate ?id ?label WHERE { ?m sssom:subject_id <%s> ; sssom:predicate_id ?predicate ; sssom:object_id ?id ;
  sssom:object_label ?label } ORDER BY ?predicate ?id"""
_STEPS = """SELECT ?step ?property ?value WHERE { <%s> onr:hasStep ?step . ?step onr:order ?order ; ?property ?value }
  ORDER BY ?order ?step ?property ?value"""
_EVIDENCE = """SELECT ?line ?property ?value WHERE { <%s> onr:hasEvidence ?line . ?line ?property ?value }
  ORDER BY ?line ?property ?value"""


@dataclass(frozen=True)
class Record:
    """What is known of one IRI.

    :param facts: property (CURIE) → values, as asserted or inferred
    :param classes: most precise classes (IRIs)
    :param links: external terms: (predicate CURIE, CURIE, label)
    :param claims: claims that involve it
    :param steps: of a claim: each step's property → values, in order
    :param evidence: of a claim: each line's property → values
    :param labels: IRI → label of everything named here
    """

    iri: str
    curie: str
    label: str
    classes: list[str]
    facts: dict[str, list[str]]
    links: list[tuple[str, str, str]]
    claims: list[str]
    steps: list[dict[str, list[str]]] = field(default_factory=list)
    evidence: list[dict[str, list[str]]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def name(self, value: str) -> str:
        """Label of an IRI of this record, else the text itself."""
        return self.labels.get(value, value)

    def to_dict(self) -> dict:
        """Everything, as plain data for JSON."""
        return {
            "iri": self.iri,
            "curie": self.curie,
            "label": self.label,
            "classes": [self.name(c) for c in self.classes],
            "facts": self.facts,
            "links": [{"predicate": p, "id": i, "label": n} for p, i, n in self.links],
            "claims": self.claims,
            "steps": self.steps,
            "evidence": self.evidence,
        }


def describe(iri: str, engine: Engine, names: Names, prefixes: Prefixes) -> Record:
    """Collect what the graph says about `iri`."""
    facts: dict[str, list[str]] = defaultdict(list)
    for row in engine.query(_FACTS % iri):
        facts[prefixes.curie(row["property"].value)].append(row["value"].value)
    classes = [row["class"].value for row in engine.query(_CLASSES % {"iri": iri})]
    links = [
        (prefixes.curie(r["predicate"].value), prefixes.curie(r["id"].value), r["label"].value)
        for r in engine.query(_LINKS % iri)
    ]
    claims = [row["claim"].value for row in engine.query(_CLAIMS % {"iri": iri}) if row["claim"].value != iri]
    steps = _grouped(engine.query(_STEPS % iri), "step", prefixes)
    evidence = _grouped(engine.query(_EVIDENCE % iri), "line", prefixes)
    mentioned = {iri, *classes, *claims, *(v for values in facts.values() for v in values if _is_iri(v))}
    mentioned |= {v for group in (*steps, *evidence) for values in group.values() for v in values if _is_iri(v)}
    labels = names.labels(mentioned)
    return Record(
        iri,
        prefixes.curie(iri),
        labels.get(iri, prefixes.curie(iri)),
        classes,
        dict(facts),
        links,
        claims,
        steps,
        evidence,
        labels,
    )


def _grouped(rows: ox.QuerySolutions, key: str, prefixes: Prefixes) -> list[dict[str, list[str]]]:
    groups: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        group = groups.setdefault(row[key].value, {"iri": [row[key].value]})
        group.setdefault(prefixes.curie(row["property"].value), []).append(row["value"].value)
    return list(groups.values())


def _is_iri(text: str) -> bool:
    return text.startswith(("http://", "https://")) and " " not in text


def short_name(iri: str) -> str:
    """The last part of one of our IRIs: ``…/ontology/increases`` → ``increases``."""
    return iri.removeprefix(ONR).rpartition("/")[2]
