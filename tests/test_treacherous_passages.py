"""Passages whose words invite the wrong sign: what the whole graph makes of them, against what the passage says.

Each row was written after reading the passage; `must` is what it says, `mustnot` what a hasty reader takes from it.
"""

from __future__ import annotations

import pytest

from oncoresist import KnowledgeGraph

PASSAGES = {
    # Bevacizumab inhibits VEGF, MIF falls, macrophages gather and polarise: MIF holds them off. Nothing on resistance.
    "tme2019.vegf.1.5": {
        "must": ["vegf-family promotes mif", "mif suppresses macrophage", "mif suppresses m2-macrophage"],
        "mustnot": [
            "mif promotes macrophage",
            "mif promotes m2-macrophage",
            "mif raisesResistanceTo *",
            "mif lowersResistanceTo *",
        ],
        "polarity": ["none"],
    },
    # MSCs break down IkB, and that switches NF-kB on: IkB itself holds it down, and autophagy is needed, not sufficient.
    "tme2019.anthracyclines.1.4": {
        "must": ["msc suppresses ikb", "ikb suppresses nfkb-signaling"],
        "mustnot": ["msc promotes ikb", "ikb promotes nfkb-signaling", "autophagy * *", "msc suppresses nfkb-signaling"],
        "polarity": ["none"],
    },
    # Less FLT3, less response: FLT3 itself goes with response, so it lowers resistance.
    "tme2019.nucleotide.2.5": {
        "must": ["flt3 lowersResistanceTo cytarabine"],
        "mustnot": ["flt3 raisesResistanceTo cytarabine"],
        "polarity": ["resistanceIncreased"],
    },
    # VEGF makes the tumour resistant by way of endothelium; on tumour cells it does nothing, and that is denied, not derived.
    "tme2019.anthracyclines.3.2": {
        "must": [
            "vegf-family raisesResistanceTo doxorubicin",
            "vegf-family promotes endothelial-proliferation in endothelial-cell",
            "vegf-family promotes cell-migration in endothelial-cell",
        ],
        "mustnot": [
            "vegf-family * cancer-cell",
            "vegf-family * endothelial-proliferation in cancer-cell",
            "vegf-family * cell-migration in cancer-cell",
            "vegf-family lowersResistanceTo doxorubicin",
        ],
        "polarity": ["none", "resistanceIncreased"],
    },
    # The dominant-negative short form makes the tumour sensitive: TRPM2 itself raises resistance.
    "ca-105": {
        "must": ["trpm2 raisesResistanceTo doxorubicin", "trpm2 promotes tumour-growth"],
        "mustnot": ["trpm2 lowersResistanceTo doxorubicin", "trpm2 suppresses tumour-growth", "trpm2-s * *"],
        "polarity": ["none", "resistanceDecreased"],
    },
    # One section: the secretory phenotype furthers resistance.
    "tme2019.mtor.1.5": {
        "must": ["mtor-signaling promotes sasp in cancer-cell", "sasp raisesResistanceTo antineoplastic-agent"],
        "mustnot": ["sasp lowersResistanceTo *"],
        "polarity": ["resistanceIncreased"],
    },
    # Another section: its loss lets the tumour escape natural killer cells, and that makes resistant. Both claims stand.
    "tme2019.nfkb.1.4": {
        "must": [
            "nfkb promotes sasp",
            "sasp suppresses immune-escape",
            "immunosurveillance lowersResistanceTo antineoplastic-agent",
        ],
        "mustnot": ["sasp promotes immune-escape", "nfkb suppresses sasp", "sasp raisesResistanceTo *"],
        "polarity": ["resistanceIncreased"],
    },
    # Inhibiting AKT makes resistant, against expectation: AKT signalling itself lowers resistance.
    "tme2019.akt.1.2": {
        "must": ["pi3k-akt-signaling lowersResistanceTo antineoplastic-agent"],
        "mustnot": ["pi3k-akt-signaling raisesResistanceTo *"],
        "polarity": ["resistanceIncreased"],
    },
}


def edges(kg: KnowledgeGraph, locator: str) -> set[tuple[str, str, str, str]]:
    """(from, effect, to, cell of the target) of every edge that rests on a claim of the passage."""
    rows = kg.query(f"""SELECT DISTINCT ?from ?effect ?to ?toCell WHERE {{
      ?passage dcterms:identifier "{locator}" . ?claim onr:statedAt ?passage .
      ?edge onr:fromClaim ?claim ; onr:from ?from ; onr:effect ?effect ; onr:to ?to .
      OPTIONAL {{ ?edge onr:toCell ?toCell }} }}""")
    return {tuple(term.value.rpartition("/")[2] if term else "" for term in row.values()) for row in rows}


def holds(line: str, edge: tuple[str, str, str, str]) -> bool:
    ends, _, cell = line.partition(" in ")
    return all(want in ("*", is_) for want, is_ in zip(ends.split(), edge, strict=False)) and cell in ("", edge[3])


@pytest.mark.parametrize("locator", PASSAGES)
def test_signs_are_what_the_passage_says(kg: KnowledgeGraph, locator: str) -> None:
    found, lines = edges(kg, locator), PASSAGES[locator]

    missing = [line for line in lines["must"] if not any(holds(line, edge) for edge in found)]
    wrong = [(line, edge) for line in lines["mustnot"] for edge in found if holds(line, edge)]

    assert ([], []) == (missing, wrong)


@pytest.mark.parametrize("locator", PASSAGES)
def test_polarity_is_that_of_the_event(kg: KnowledgeGraph, locator: str) -> None:
    rows = kg.query(f"""SELECT DISTINCT ?polarity WHERE {{
      ?claim onr:statedAt/dcterms:identifier "{locator}" ; onr:polarity ?polarity }} ORDER BY ?polarity""")

    assert PASSAGES[locator]["polarity"] == sorted(row["polarity"].value.rpartition("/")[2] for row in rows)


def test_entities_of_the_lines_exist(kg: KnowledgeGraph) -> None:
    """A mustnot line with a misspelt name would forbid nothing."""
    lines = [line for passage in PASSAGES.values() for line in (*passage["must"], *passage["mustnot"])]
    used = {word for line in lines for word in (line.split()[0], *line.split()[2:]) if word not in ("*", "in")}

    unknown = [name for name in sorted(used) if not kg.query(f"ASK {{ ent:{name} a onr:Entity }}").boolean]

    assert [] == unknown


def test_denied_effect_of_vegf_on_tumour_cells_is_kept_as_denied(kg: KnowledgeGraph) -> None:
    assert kg.query("""ASK { ?claim onr:statedAt/dcterms:identifier "tme2019.anthracyclines.3.2" ; onr:hasStep ?step .
      ?step a onr:DeniedStep ; onr:subject ent:vegf-family ; onr:object ent:cancer-cell }""").boolean


def test_both_sections_on_the_secretory_phenotype_stand_side_by_side(kg: KnowledgeGraph) -> None:
    helps = edges(kg, "tme2019.mtor.1.5")
    loss_hurts = edges(kg, "tme2019.nfkb.1.4")

    assert any(edge[:2] == ("sasp", "raisesResistanceTo") for edge in helps)
    assert any(edge[:3] == ("sasp", "suppresses", "immune-escape") for edge in loss_hurts)
