"""OWL: the whole is consistent under HermiT, and wrong typing is caught."""

from __future__ import annotations

import os

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph, reasoner
from oncoresist.content import LAYERS
from oncoresist.namespaces import ENT, RDF_TYPE, onr


@pytest.fixture(scope="module", autouse=True)
def _java() -> None:
    """On a developer's machine without Java these are skipped; CI installs it and must run them."""
    reason = reasoner.unavailable()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def in_layer(kg: KnowledgeGraph, layer: str) -> list[ox.Quad]:
    return list(kg.engine.store.quads_for_pattern(None, None, None, LAYERS[layer]))


@pytest.mark.slow
def test_ontology_and_content_are_consistent_and_every_class_can_have_members(kg: KnowledgeGraph) -> None:
    triples = [quad for layer in LAYERS for quad in in_layer(kg, layer)]

    result = reasoner.check_consistency(triples)

    assert len(triples) > 50_000
    assert (result.consistent, result.unsatisfiable) == (True, [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PlatinumAgent", "Macrophage"),
        ("SignallingPathway", "Kinase"),
        ("Exosome", "MicroRNA"),
        ("Hypoxia", "Cancer"),
        ("CellLine", "TumourCell"),
    ],
)
def test_a_thing_of_two_incompatible_kinds_is_inconsistent(kg: KnowledgeGraph, one: str, other: str) -> None:
    thing = ox.NamedNode(ENT + "thing")
    typing = [ox.Triple(thing, RDF_TYPE, onr(name)) for name in (one, other)]

    result = reasoner.check_consistency([*in_layer(kg, "ontology"), *typing])

    assert not result.consistent


def test_functions_may_overlap(kg: KnowledgeGraph) -> None:
    """RYR1 is channel and receptor, POSTN a matrix molecule and a signal, a cancer stem cell tumour cell and stem cell."""
    pairs = [
        ("RyanodineReceptor", "Receptor"),
        ("MatricellularProtein", "MatrixComponent"),
        ("TumourCell", "StemCell"),
        ("StromalCell", "StemCell"),
    ]
    typing = [
        ox.Triple(ox.NamedNode(f"{ENT}thing-{number}"), RDF_TYPE, onr(name))
        for number, names in enumerate(pairs)
        for name in names
    ]

    result = reasoner.check_consistency([*in_layer(kg, "ontology"), *typing])

    assert result.consistent


def test_an_unsatisfiable_class_is_named(kg: KnowledgeGraph) -> None:
    subclass = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    owl_class = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
    impossible = [
        ox.Triple(onr("Chimera"), RDF_TYPE, owl_class),
        *(ox.Triple(onr("Chimera"), subclass, onr(n)) for n in ("Cell", "Process")),
    ]

    result = reasoner.check_consistency([*in_layer(kg, "ontology"), *impossible])

    assert (result.consistent, result.unsatisfiable) == (True, [onr("Chimera").value])
