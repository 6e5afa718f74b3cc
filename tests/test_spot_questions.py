"""One fact for every drug of Table 1 and for every section of the review, asked as a user would.

Each step, its effect on the response and its certainty were compared by eye with the sentence of the source.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from oncoresist import KnowledgeGraph
from tests.conftest import at_least

# As a user types the drug; where the sentence stands; what it says; what that means for the response; asserted or hedged.
FACTS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "fixtures" / "spot-questions.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
# The column "factors" of Table 1 as printed, but for abbreviations that the table alone uses.
FACTORS = {
    "bevacizumab": ["HUVEC", "TAM"],
    "bortezomib": ["BMSC", "TAM"],
    "cetuximab": ["CAF"],
    "cytarabine": ["MSC", "hypoxia"],
    "doxorubicin": ["ECM", "CAF", "MSC", "hypoxia", "MDSC"],
    "epirubicin": ["CAF"],
    "erlotinib": ["CAF"],
    "etoposide": ["hypoxia", "myeloma cell"],
    "fludarabine": ["BMSC", "CLL B cell", "MSC"],
    "gefitinib": ["CAF", "hypoxia"],
    "gemcitabine": ["CAF", "TAM", "MDSC"],
    "ibrutinib": ["BMSC", "nurse-like cell"],
    "imatinib": ["BMSC"],
    "lapatinib": ["CAF", "ECM"],
    "mitoxantrone": ["CAF"],
    "oxaliplatin": ["CAF", "hypoxia"],
    "cisplatin": ["CAF", "miRNA"],
    "paclitaxel": ["TAM"],
    "sorafenib": ["TAN", "CAF", "hepatic stellate cell", "hypoxia", "pericyte"],
    "sunitinib": ["MDSC", "macrophage"],
    "temozolomide": ["hypoxia", "perivascular cell", "astrocyte"],
    "trastuzumab": ["adipocyte"],
    "vatalanib": ["myeloid cell"],
    "vemurafenib": ["acidosis", "CAF", "pericyte"],
}


@pytest.mark.parametrize(("drug", "sentence", "step", "effect", "certainty"), FACTS, ids=[f"{f[0]}-{f[1]}" for f in FACTS])
def test_the_answer_has_what_the_sentence_says(
    kg: KnowledgeGraph, drug: str, sentence: str, step: str, effect: str, certainty: str
) -> None:
    answer = kg.ask("resistance-mechanisms", drug=drug)
    column = answer.variables.index

    found = {
        (row[column("effect")].value.rpartition("/")[2], row[column("certainty")].value.rpartition("/")[2])
        for row in answer.rows
        if f"/claim/tme2019-{sentence}-" in row[column("claim")].value and answer.labels[row[column("step")].value] == step
    }

    assert {(effect, certainty)} == found


def test_no_section_is_left_out(kg: KnowledgeGraph) -> None:
    claims = kg.query("SELECT DISTINCT ?claim WHERE { ?claim a onr:Claim }").rows
    sections = {claim.value.rpartition("/")[2].split("-")[1] for (claim,) in at_least(600, claims) if "/tme2019-" in claim.value}

    assert sections - {"table1", "abstract", "drugs"} == {sentence.split("-")[0] for _, sentence, *_ in FACTS}


@pytest.mark.parametrize("drug", at_least(24, list(FACTORS)))
def test_the_row_of_table_1_names_its_factors(kg: KnowledgeGraph, drug: str) -> None:
    told = kg.query(
        f"""SELECT DISTINCT ?factor WHERE {{
            ?claim onr:statedAt passage:tme2019-table1-{drug} ; onr:aboutDrug ent:{drug} ; onr:hasStep ?step .
            ?step onr:subject ?factor ; onr:relation onr:associatedWith }}"""
    )

    factors = {kg.names.entity(name) for name in FACTORS[drug]}
    assert len(factors) == len(FACTORS[drug])
    assert factors <= {factor.value for (factor,) in told.rows}


@pytest.mark.parametrize("channel", ["STIM1", "TRPV2", "P2X7"])
def test_channels_that_pull_in_two_directions_are_conflicts_with_both_sides(kg: KnowledgeGraph, channel: str) -> None:
    answer = kg.ask("conflicts", entity=channel)
    conflict, side, claim = (answer.variables.index(name) for name in ("conflict", "side", "claim"))

    sides: dict[object, dict[object, set]] = {}
    for row in answer.rows:
        sides.setdefault(row[conflict], {}).setdefault(row[side], set()).add(row[claim])
    assert sides
    assert all(len(both) == 2 and not set.intersection(*both.values()) for both in sides.values())


def test_orai1_is_cause_of_the_one_and_companion_of_the_other(kg: KnowledgeGraph) -> None:
    """Prostate cancer cells that lose it are protected from cisplatin; resistant ovarian cancer cells have more of it."""
    answer = kg.ask("calcium-channels-and-response", drug="cisplatin")
    column = answer.variables.index

    told = {
        tuple(answer.labels.get(row[column(name)].value, row[column(name)].value) for name in ("basis", "effect", "cancer"))
        for row in answer.rows
        if answer.labels[row[column("channel")].value] == "ORAI1"
    }
    assert told == {
        ("cause", "lowers resistance to", "prostate cancer"),
        ("association", "resistance increased", "ovarian cancer"),
    }
