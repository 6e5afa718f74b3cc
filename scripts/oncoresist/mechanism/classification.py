"""What falls into which class: as curators state it, as the build types it by rule, and as OWL infers it from definitions."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive_queries
from oncoresist.engines import Engine
from oncoresist.errors import ContradictionError, UsageError
from oncoresist.namespaces import ONR

OVERVIEW = """SELECT ?class ?label ?kind ?stated ?inferred WHERE {
  { SELECT ?class (COUNT(DISTINCT ?thing) AS ?all) WHERE { ?thing a ?class } GROUP BY ?class }
  OPTIONAL { SELECT ?class (COUNT(DISTINCT ?thing) AS ?given) WHERE {
    GRAPH <%(evidence)s> { ?thing a ?class } } GROUP BY ?class }
  ?class rdfs:label ?label ; rdfs:subClassOf+ ?wide . VALUES ?wide { %(wide)s }
  BIND(EXISTS { ?class owl:equivalentClass ?definition } AS ?isDefined)
  BIND(IF(?isDefined, "definition", IF(EXISTS { ?class skos:definition ?text . FILTER(CONTAINS(?text, "typed at build")) },
    "rule", "stated")) AS ?kind)
  FILTER(%(filter)s)
  BIND(COALESCE(?given, 0) AS ?stated) BIND(?all - ?stated AS ?inferred)
} ORDER BY ?kind ?class"""
MEMBERS = """SELECT ?member ?label ?how WHERE {
  ?member a <%(class)s> .
  OPTIONAL { ?member rdfs:label ?name }
  BIND(COALESCE(?name, "") AS ?label)
  BIND(IF(EXISTS { GRAPH <%(evidence)s> { ?member a <%(class)s> } }, "stated", "inferred") AS ?how)
} ORDER BY ?member"""

_INDIVIDUALS = f"""SELECT DISTINCT ?thing WHERE {{
  {{ ?thing a onr:InformationEntity }} UNION {{ ?thing a onr:Entity }} UNION {{ ?thing a onr:ControlledValue }}
  FILTER NOT EXISTS {{ GRAPH <{LAYERS["mechanism"].value}> {{ ?thing a ?built }} }} }}"""


@dataclass(frozen=True, order=True)
class Disagreement:
    """A type that only one of the two reasoners gives.

    :param found_by: ``HermiT`` or ``fast closure``
    """

    thing: str
    class_: str
    found_by: str


def overview_query(*, everything: bool = False) -> str:
    """How many members each class has, stated and inferred: of the defined and rule-typed classes, or of every class of ours."""
    return OVERVIEW % {
        "evidence": LAYERS["evidence"].value,
        "wide": "onr:Entity onr:InformationEntity",
        "filter": "true" if everything else '?kind != "stated"',
    }


def members_query(class_: str) -> str:
    """The members of a class, and whether each is stated or inferred."""
    return MEMBERS % {"class": class_, "evidence": LAYERS["evidence"].value}


def premises(engine: Engine, content: Content) -> set[ox.Triple]:
    """All that HermiT is to start from: what is curated, and what the build derives by rules that are no OWL.

    What the fast closure adds (queries tagged ``owl``, definitions) is left out, or HermiT would be told the answer.
    """
    triples: set[ox.Triple] = set()
    for layer in ("ontology", "evidence"):
        triples |= set(engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{LAYERS[layer].value}> {{ ?s ?p ?o }} }}"))
    # In memory: rules run much faster there than in a store on disk or behind an endpoint.
    memory = ox.Store()
    memory.extend(ox.Quad(t.subject, t.predicate, t.object) for t in engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
    for query in derive_queries(content):
        if "owl" not in query.tags and "mechanism" not in query.tags:
            triples |= set(memory.query(query.text))
    return triples


def compare_with_hermit(engine: Engine, content: Content) -> tuple[int, list[Disagreement]]:
    """Classify everything with HermiT and compare with the types in the store, in both directions, over all classes of ours.

    :returns: number of types compared and the disagreements
    :raises ContradictionError: HermiT finds a contradiction, or a class that can have no member; with a finding for each
    :raises UsageError: HermiT cannot run here
    :raises InputError: HermiT stopped
    """
    from oncoresist import reasoner
    from oncoresist.mechanism.clashes import contradictions, empty_classes

    if reason := reasoner.unavailable():
        raise UsageError(reason)
    found = reasoner.realise(premises(engine, content))
    if found is None:
        raise ContradictionError(contradictions(engine, content))
    if found.unsatisfiable:
        raise ContradictionError(empty_classes(found.unsatisfiable, engine, content))
    individuals = {r["thing"].value for r in engine.query(_INDIVIDUALS)}
    rows = engine.query(f"SELECT DISTINCT ?thing ?class WHERE {{ ?thing a ?class . FILTER(STRSTARTS(STR(?class), '{ONR}')) }}")
    fast = {(r["thing"].value, r["class"].value) for r in rows if isinstance(r["thing"], ox.NamedNode)}
    fast = {pair for pair in fast if pair[0] in individuals}
    slow = {(thing, c) for thing in individuals for c in found.types.get(thing, ()) if c.startswith(ONR)}
    differing = [Disagreement(*pair, "HermiT") for pair in slow - fast] + [
        Disagreement(*pair, "fast closure") for pair in fast - slow
    ]
    return len(slow | fast), sorted(differing)


__all__ = ["Disagreement", "compare_with_hermit", "members_query", "overview_query", "premises"]
