"""The derive queries: their order and stages, their layers, and the links over a claim."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist.content import LAYERS, into_store
from oncoresist.derive import apply_rules, construct, derive_queries
from oncoresist.errors import InputError
from oncoresist.namespaces import BASE, ONR
from oncoresist.saved_query import SavedQuery
from tests.claims import CONTENT, claim, derived, short


def test_queries_run_in_their_order_and_only_chains_repeat() -> None:
    queries = derive_queries(CONTENT)

    assert [query.header["order"] for query in queries] == sorted(query.header["order"] for query in queries)
    assert ["step-states", "response-roles"] == [Path(query.path).stem for query in queries if query.header.get("repeat")]


def test_what_constructs_derived_records_is_in_the_mechanism_layer() -> None:
    records = ("onr:DerivedEdge", "onr:DrugMechanism", "onr:Conflict", "onr:grade ")
    constructs = {query.id for query in derive_queries(CONTENT) if any(record in query.text for record in records)}

    assert len(constructs) >= 10
    assert constructs <= {query.id for query in derive_queries(CONTENT) if "mechanism" in query.tags}


def test_queries_of_one_stage_make_the_same_one_by_one_in_either_direction() -> None:
    curated = {layer: list(CONTENT.triples(layer)) for layer in ("ontology", "evidence", "mappings")}

    def applied(*stages: list[SavedQuery]) -> set[ox.Quad]:
        store = ox.Store()
        for layer, triples in curated.items():
            into_store(store, layer, triples)
        for rules in stages:
            apply_rules(store, rules, CONTENT)
        return set(store)

    rules = derive_queries(CONTENT)
    backwards = sorted(sorted(rules, key=lambda rule: rule.id, reverse=True), key=lambda rule: rule.header["order"])
    together = applied(rules)

    assert {LAYERS["inferred"], LAYERS["mechanism"]} <= {quad.graph_name for quad in together}
    assert together == applied(*([rule] for rule in rules))
    assert together == applied(*([rule] for rule in backwards))


def test_what_is_derived_stands_in_the_default_graph_and_in_one_layer_and_has_no_blank_nodes() -> None:
    store = derived(claim("a increases b", "b increases survival", drug="cisplatin") + claim("a decreases b", name="two"))
    in_default = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    layers = {name: {q.triple for q in store.quads_for_pattern(None, None, None, graph)} for name, graph in LAYERS.items()}
    made = layers["inferred"] | layers["mechanism"]

    assert min(len(layers["inferred"]), len(layers["mechanism"])) > 50
    assert in_default == set().union(*layers.values())
    assert sum(len(triples) for triples in layers.values()) == len(in_default)
    assert not [t for t in made if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]


def test_what_somebody_states_is_not_derived_again() -> None:
    """Nor is its property taken for new elsewhere, nor what else is derived about its subject."""
    store = derived(
        claim("a increases b objectIn=fibroblast", rest="c:one onr:hasCell ent:fibroblast .")
        + claim("a increases b objectIn=t-cell", name="two")
    )
    has_cell = ox.NamedNode(ONR + "hasCell")

    def cells(layer: str) -> set[tuple[str, str]]:
        return {
            (q.subject.value.rsplit("/", 1)[-1], short(q.object))
            for q in store.quads_for_pattern(None, has_cell, None, LAYERS[layer])
        }

    assert cells("evidence") == {("one", "fibroblast")}
    assert cells("inferred") == {("two", "t-cell")}
    assert next(
        store.quads_for_pattern(ox.NamedNode(f"{BASE}claim/one"), ox.NamedNode(ONR + "hasActor"), None, LAYERS["inferred"]), None
    )


def test_what_two_queries_of_a_stage_make_is_the_first_ones() -> None:
    rule = next(rule for rule in derive_queries(CONTENT) if rule.id == "claim-links")
    twin = dataclasses.replace(rule, id="twin", tags=("mechanism",))
    has_actor = ox.NamedNode(ONR + "hasActor")
    store = ox.Store()
    into_store(store, "evidence", [quad.triple for quad in derived(claim("a increases b")) if quad.predicate != has_actor])

    made = apply_rules(store, [rule, twin], CONTENT)

    assert [f"<{BASE}claim/one> <{ONR}hasActor> <{BASE}entity/a> .\n".encode()] == made["claim-links"]
    assert [] == made["twin"]
    assert not list(store.quads_for_pattern(None, None, None, LAYERS["mechanism"]))


def test_query_that_does_not_parse_is_named_with_its_line() -> None:
    rule = derive_queries(CONTENT)[0]
    broken = dataclasses.replace(rule, text=rule.text.replace("WHERE", "WEHRE"))
    line = next(n for n, text in enumerate(broken.text.splitlines(), 1) if "WEHRE" in text)

    with pytest.raises(InputError, match=rf"derive/{rule.id}\.rq: {rule.id}:{line}:\d+: not valid SPARQL"):
        construct(ox.Store(), [broken], CONTENT)


def test_claim_is_linked_to_its_cells_its_actors_and_its_references() -> None:
    lines = "".join(f"c:one onr:hasEvidence s:line-{n} . s:line-{n} cito:citesAsEvidence s:paper-{n} ." for n in (1, 2))
    store = derived(
        claim("a increases b objectIn=fibroblast", "c inhibits survival subjectIn=t-cell denied", rest=lines, drug="cisplatin")
        + claim("b increases a", name="two")
    )

    def linked(name: str, property_: str) -> set[str]:
        subject, predicate = ox.NamedNode(f"{BASE}claim/{name}"), ox.NamedNode(ONR + property_)
        return {short(quad.object) for quad in store.quads_for_pattern(subject, predicate, None, LAYERS["inferred"])}

    assert {"fibroblast", "t-cell"} == linked("one", "hasCell")
    assert {"a"} == linked("one", "hasActor")
    assert {f"{BASE}step/paper-1", f"{BASE}step/paper-2"} == linked("one", "hasReference")
    assert set() == linked("two", "hasCell")
    assert {"b"} == linked("two", "hasActor")
    assert set() == linked("two", "hasReference")
