"""Prefixes and identifiers follow the Bioregistry, mapping files are read by another SSSOM reader; both packages work offline."""

from __future__ import annotations

import re
from pathlib import Path

import bioregistry
import pytest
import sssom_pydantic

from oncoresist import KnowledgeGraph, mappings
from tests.conftest import ROOT, at_least

KG = KnowledgeGraph.open(ROOT)
FILES = at_least(8, KG.content.mapping_files)
ROWS = [row for path in FILES for row in mappings.read(path, path.name)]
TARGETS = sorted({row["object_id"].partition(":")[0] for row in ROWS})
# Where the prefix table departs from the Bioregistry on purpose; the reasons stand in ontology/prefixes.ttl.
OTHER_NAMESPACE = {"ncbigene"}
OWN_PATTERN = {"cellosaurus", "mirbase.family", "NCBITaxon"}


@pytest.mark.parametrize("prefix", TARGETS)
def test_a_prefix_is_that_of_the_bioregistry(prefix: str) -> None:
    known = bioregistry.normalize_prefix(prefix)

    assert known is not None
    assert known == prefix.lower()


@pytest.mark.parametrize("prefix", sorted(set(TARGETS) - OWN_PATTERN))
def test_a_pattern_is_that_of_the_bioregistry(prefix: str) -> None:
    assert bioregistry.get_pattern(prefix.lower()) == KG.prefixes.patterns[prefix]


@pytest.mark.parametrize("prefix", sorted(set(TARGETS) - OTHER_NAMESPACE))
def test_a_namespace_is_known_to_the_bioregistry(prefix: str) -> None:
    resource = bioregistry.get_resource(prefix.lower())
    known = {resource.get_rdf_uri_prefix(), *resource.get_uri_prefixes()}

    assert re.sub("^https?://", "", KG.prefixes.namespaces[prefix]) in {re.sub("^https?://", "", uri) for uri in known if uri}


def test_every_identifier_is_one_of_its_registry() -> None:
    wrong = []
    for row in ROWS:
        prefix, _, local = row["object_id"].partition(":")
        bare = local.removeprefix("CVCL_") if prefix == "cellosaurus" else local
        if bioregistry.get_pattern(prefix.lower()) and not bioregistry.is_standardizable_identifier(prefix.lower(), bare):
            wrong.append(row["object_id"])

    assert len(ROWS) > 1500
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_another_reader_reads_every_row(path: Path) -> None:
    rows, converter, metadata = sssom_pydantic.read(path)

    assert [(row["subject_id"], row["object_id"]) for row in mappings.read(path, path.name)] == [
        (row.subject.curie, row.object.curie) for row in rows
    ]
    assert all(converter.expand(row.object.curie) == KG.prefixes.iri(row.object.curie) for row in rows)
    assert str(metadata.id).startswith("https://w3id.org/oncoresist/mappings/")
    assert all(row.justification.curie.startswith("semapv:") for row in rows)
