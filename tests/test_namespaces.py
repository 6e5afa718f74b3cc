"""The prefix table and what is made of it."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph, UnknownNameError
from oncoresist.namespaces import ONR
from oncoresist.paths import Layout


def test_every_prefix_has_a_namespace_and_its_example_fits_its_pattern(layout: Layout) -> None:
    rows: dict[str, dict[str, str]] = {}
    for quad in ox.parse(layout.prefixes.read_bytes(), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.object, ox.Literal):
            rows.setdefault(quad.subject.value, {})[quad.predicate.value.rpartition("/")[2].rpartition("#")[2]] = (
                quad.object.value
            )

    declared = [row for row in rows.values() if "prefix" in row]

    assert len(declared) >= 40
    for row in declared:
        assert row["namespace"].startswith("http"), row
        if "pattern" in row and "example" in row:
            assert re.fullmatch(row["pattern"], row["example"]), f"{row['prefix']}: the example does not fit the pattern"


def test_longest_namespace_wins(kg: KnowledgeGraph) -> None:
    assert kg.prefixes.curie("http://purl.obolibrary.org/obo/CHEBI_27899") == "CHEBI:27899"


def test_curie_and_iri_are_inverse(kg: KnowledgeGraph) -> None:
    for iri in (ONR + "Claim", "https://w3id.org/oncoresist/entity/cisplatin"):
        assert kg.prefixes.iri(kg.prefixes.curie(iri)) == iri


def test_unknown_prefix_suggests_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match=r'unknown prefix "chebbi"\. Did you mean "CHEBI"'):
        kg.prefixes.iri("chebbi:27899")
