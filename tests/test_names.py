"""Finding things by what people call them."""

from __future__ import annotations

import pytest

from oncoresist import KnowledgeGraph, UnknownNameError, UsageError

CISPLATIN = "https://w3id.org/oncoresist/entity/cisplatin"


@pytest.mark.parametrize(
    "name",
    [
        "cisplatin",
        "Cisplatin",
        "CDDP",
        "cis-diamminedichloroplatinum(II)",
        "ent:cisplatin",
        "CHEBI:27899",
        "chebi:27899",
        CISPLATIN,
    ],
)
def test_label_synonym_curie_external_identifier_and_iri_name_an_entity(kg: KnowledgeGraph, name: str) -> None:
    assert kg.names.entity(name, "onr:Treatment") == CISPLATIN


def test_greek_letters_and_dashes_do_not_matter(kg: KnowledgeGraph) -> None:
    assert kg.names.entity("NF-κB signaling") == kg.names.entity("nf-kappab signaling")


def test_unknown_entity_suggests_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError) as caught:
        kg.names.entity("cisplatinum", "onr:Treatment")

    assert str(caught.value).startswith('unknown treatment "cisplatinum". Did you mean "cisplatin"')


def test_entity_of_another_kind_is_told_so_and_the_nearest_of_the_right_kind_is_named(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as caught:
        kg.names.entity("STAT3", "onr:SignallingPathway")

    assert str(caught.value).startswith('"STAT3" is a transcription factor, but a signalling pathway is asked for. Did you mean ')


def test_external_identifier_nobody_is_mapped_to_is_unknown(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match='unknown treatment "CHEBI:1"'):
        kg.names.entity("CHEBI:1", "onr:Treatment")


def test_no_two_entities_share_a_name(kg: KnowledgeGraph) -> None:
    """A shared name would make `ask` stop and ask back; curators give each spelling to one entity."""
    rows = kg.query("SELECT ?name ?entity WHERE { ?entity a onr:Entity ; rdfs:label|skos:altLabel ?name }")
    owners: dict[str, set[str]] = {}
    for row in rows:
        owners.setdefault(row["name"].value.casefold(), set()).add(row["entity"].value)

    shared = {name: sorted(entities) for name, entities in owners.items() if len(entities) > 1}

    assert len(owners) >= 1000
    assert shared == {}, "Keep the spelling on the entity the sources mean by it."


def test_a_name_as_typed_goes_before_one_that_is_only_alike(kg: KnowledgeGraph) -> None:
    """Without its space, "cathepsin S" reads like the plural of "cathepsin"."""
    assert kg.names.entity("cathepsin S") != kg.names.entity("cathepsins")
