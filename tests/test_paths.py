"""Signed causal paths: known chains read against their passages, what is never walked, and that hubs and cycles do no harm."""

from __future__ import annotations

import itertools
import random

import pytest

from oncoresist import KnowledgeGraph
from oncoresist.errors import UsageError
from oncoresist.mechanism.edges import WALKED
from oncoresist.mechanism.path_answer import PathAnswer
from oncoresist.mechanism.paths import Path, find_paths
from oncoresist.mechanism.verdict import net_sentence, seams_of, standing_sentence

HUBS = [
    "AKT",
    "STAT3",
    "STAT3 signaling",
    "CAF",
    "IL6",
    "hypoxia",
    "cisplatin",
    "doxorubicin",
    "antineoplastic agent",
    "apoptosis",
]


def chain(answer: PathAnswer, path: Path) -> str:
    """The path in words that can be compared: names, and + - ? for signs, ~ for bridges."""
    signs = {1: "+", -1: "-", 0: "?", None: "="}
    hops = ((f"~{signs[hop.sign]}" if hop.is_bridge else signs[hop.sign], answer.network.name(hop.end)) for hop in path.hops)
    return " ".join([answer.network.name(path.start), *(f"{sign}> {name}" for sign, name in hops)])


def chains(answer: PathAnswer) -> list[str]:
    return [chain(answer, path) for path in answer]


# Known chains, read against their passages


def test_il6_of_mesenchymal_stem_cells_reaches_doxorubicin_over_stat3_in_osteosarcoma(kg: KnowledgeGraph) -> None:
    answer = kg.paths("mesenchymal stem cell", "doxorubicin", cancer="osteosarcoma")

    path = answer.paths[chains(answer).index("mesenchymal stem cell +> IL6 +> STAT3 signaling +> doxorubicin")]
    assert (1, False) == (path.net, path.stitched)
    assert ["osteosarcoma"] == [answer.network.name(cancer) for cancer in path.cancers]
    assert ["Tu 2016, PMID:27340780"] == [answer.network.name(study) for study in path.studies]
    assert "Raises resistance to doxorubicin. One claim throughout, in osteosarcoma." == answer.verdict(path)


def test_hgf_of_fibroblasts_reaches_gefitinib_over_met(kg: KnowledgeGraph) -> None:
    answer = kg.paths("fibroblast", "gefitinib")

    assert "cancer-associated fibroblast +> HGF +> MET +> gefitinib" == chains(answer)[0]
    assert (1, False) == (answer.paths[0].net, answer.paths[0].stitched)
    assert {"claim:tme2019-egfr-2-3-b"} == {kg.prefixes.curie(c.iri) for hop in answer.paths[0].hops for c in hop.claims}


def test_inhibition_that_causes_resistance_gives_the_protein_a_negative_sign(kg: KnowledgeGraph) -> None:
    answer = kg.paths("AKT", "antineoplastic agent", limit=50)

    path = answer.paths[chains(answer).index("AKT -> antineoplastic agent")]
    assert -1 == path.net
    assert ("AKT (inhibited) → confers resistance to → antineoplastic agent",) in path.hops[0].edge.sentences.values()


def test_loss_that_causes_resistance_gives_the_protein_a_negative_sign(kg: KnowledgeGraph) -> None:
    answer = kg.paths("FLT3", "cytarabine")

    assert ["FLT3 -> cytarabine"] == chains(answer)
    assert "Lowers resistance to cytarabine." == net_sentence(answer.paths[0], answer.network)


def test_two_negative_hops_make_a_positive_path(kg: KnowledgeGraph) -> None:
    answer = kg.paths("M2 macrophage", "cisplatin")

    path = answer.paths[chains(answer).index("M2 macrophage +> nitric oxide -> STX4 -> cisplatin")]
    assert (1, 3) == (path.net, path.hedged)


def test_what_a_drug_does_may_bear_on_its_own_response(kg: KnowledgeGraph) -> None:
    answer = kg.paths("cisplatin", "cisplatin")

    assert "cisplatin +> SERPINE1 +> cisplatin" in chains(answer)


def test_the_stromal_and_the_stemness_story_meet_at_akt_signalling_only_stitched(kg: KnowledgeGraph) -> None:
    answer = kg.paths("CAF", "cancer stem cell", limit=1)

    (path,) = answer
    assert "cancer-associated fibroblast +> SERPINE1 +> PI3K/AKT signaling +> cancer stem cell" == chain(answer, path)
    assert ["PI3K/AKT signaling"] == [answer.network.name(seam) for seam in seams_of(path)]
    assert "a hypothesis" in standing_sentence(path, answer.network)


def test_the_stromal_and_the_calcium_story_of_cisplatin_meet_and_say_that_this_is_stitched(kg: KnowledgeGraph, run) -> None:
    answer = kg.meet("CAF", "ORAI3", "cisplatin")

    points = {answer.network.name(meeting.point): meeting for meeting in answer.meetings}
    assert {"PI3K/AKT signaling", "cancer stem cell"} <= set(points)
    assert all(meeting.stitched for meeting in answer.meetings)
    assert not points["cancer stem cell"].other.stitched, "that ORAI3 acts over stem cells, one claim says"
    assert points["cancer stem cell"].one.stitched
    assert set() == points["cancer stem cell"].cancers, "lung cancer comes in only by the claim that is on both ways"
    told = " ".join(run("meet", "CAF", "ORAI3", "cisplatin").stdout.split())
    assert "Stitched: no claim tells both ways to PI3K/AKT signaling, up to there they share no cancer." in told


def test_meetings_left_out_are_counted_and_partial_comparisons_told(kg: KnowledgeGraph, run, monkeypatch) -> None:
    cut, whole = (kg.meet("CAF", "calcium channel", "cisplatin", limit=limit) for limit in (2, 1000))

    assert len(cut.meetings) == 2
    assert cut.meetings == whole.meetings[:2]
    assert (cut.more, whole.more) == (len(whole.meetings) - 2, 0)
    assert not cut.partial
    shown = run("meet", "CAF", "calcium channel", "cisplatin", "--limit", "2").stdout
    assert f"… and {cut.more} more: --limit {cut.more + 2} shows all." in shown
    assert "than were compared" not in shown
    monkeypatch.setattr("oncoresist.mechanism.meet.COMPARED", 5)
    few = kg.meet("CAF", "calcium channel", "cisplatin", limit=1000)
    assert few.partial
    assert len(few.meetings) < len(whole.meetings)
    assert (
        "A source has more paths than were compared; there may be other meetings."
        in run("meet", "CAF", "calcium channel", "cisplatin").stdout
    )


@pytest.mark.parametrize(("options", "message"), [({"max_steps": 0}, "max-steps is 0"), ({"limit": -2}, "1 meeting must be")])
def test_meetings_refuse_numbers_out_of_range(kg: KnowledgeGraph, options: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kg.meet("CAF", "ORAI3", "cisplatin", **options)


def test_a_claim_that_tells_of_both_sources_says_the_meeting(kg: KnowledgeGraph) -> None:
    answer = kg.meet("CAF", "TAM", "cisplatin")

    (said,) = [meeting for meeting in answer.meetings if answer.network.name(meeting.point) == "IL6"]
    assert {"claim:tme2019-stat3-1-3-a"} == {kg.prefixes.curie(claim) for claim in said.claims}
    assert answer.verdict(said).startswith("Said: claim:tme2019-stat3-1-3-a tells both ways to IL6.")


def test_stories_that_share_nothing_say_so(run) -> None:
    result = run("meet", "MSC", "STIM1", "cisplatin")

    assert 1 == result.exit_code
    expected = "The paths from mesenchymal stem cell and from STIM1 to cisplatin have nothing in common on the way."
    assert expected == result.stdout.strip()


# What must never be walked


def test_no_hop_rests_on_a_denied_a_correlational_a_structural_or_a_doubted_step(kg: KnowledgeGraph) -> None:
    text = """SELECT ?step ?edge WHERE { ?edge onr:fromStep ?step . ?claim onr:hasStep ?step .
      { ?step a onr:DeniedStep } UNION { ?step a onr:CorrelationalStep } UNION { ?step a onr:StructuralStep }
      UNION { ?claim onr:doubtedBecause ?doubt } }"""
    forbidden = {row["edge"].value for row in kg.query(text)}

    assert len(forbidden) > 100, "correlations have edges too, which must not be walked"
    assert set() == forbidden & {e.iri for e in kg._network.edges}
    assert len(kg._network.edges) > 900
    assert {e.effect for e in kg._network.edges} <= set(WALKED)


def test_a_denied_effect_is_no_path(kg: KnowledgeGraph) -> None:
    answer = kg.paths("VEGF", "cancer cell", max_steps=1)

    assert 0 == len(answer)
    assert ["A source denies it"] == [line.partition(":")[0] for line in answer.denials]


@pytest.fixture(scope="module")
def sample(kg: KnowledgeGraph) -> list[Path]:
    """Paths between pairs drawn at random, and between all hubs."""
    network = kg._network
    starts, ends = (sorted({getattr(e, side) for e in network.edges}) for side in ("start", "end"))
    choose = random.Random(7)
    pairs = [(choose.choice(starts), choose.choice(ends)) for _ in range(300)]
    hubs = [kg.names.entity(name) for name in HUBS]
    return [path for pair in [*pairs, *itertools.product(hubs, hubs)] for path in find_paths(network, *pair).paths]


def test_every_path_keeps_the_rules(kg: KnowledgeGraph, sample: list[Path]) -> None:
    network = kg._network

    assert len(sample) > 500
    for path in sample:
        edges = [hop.edge for hop in path.hops if hop.edge]
        assert 1 <= len(edges) == path.steps <= 6
        assert all(one.end == other.start for one, other in itertools.pairwise(path.hops))
        assert not any(one.is_bridge and other.is_bridge for one, other in itertools.pairwise(path.hops))
        assert not {e.end for e in edges[:-1]} & network.treatments, "no path goes on beyond a drug"
        inner = [hop.end for hop in path.hops]
        assert len(inner) == len(set(inner)), "a path meets nothing twice"
        for one, other in itertools.pairwise(edges):
            assert network.compatible(one.end_cell, other.start_cell)
            assert one.end not in network.no_relays or {c.iri for c in one.claims} & {c.iri for c in other.claims}
        assert all(hop.claims for hop in path.hops if hop.edge), "every hop names its claims"


def test_net_signs_are_the_products_of_the_signs(sample: list[Path]) -> None:
    plain = [path for path in sample if all(hop.effect not in ("yields", "becomes") for hop in path.hops)]

    assert {-1, 0, 1} == {path.net for path in plain}
    for path in plain:
        negative = sum(hop.sign == -1 for hop in path.hops)
        assert path.net == (0 if any(hop.sign == 0 for hop in path.hops) else (-1) ** negative)


def test_unstitched_paths_rest_on_one_claim_or_on_one_study_of_one_cancer(sample: list[Path]) -> None:
    whole = [path for path in sample if not path.stitched]

    assert len(whole) > 50
    for path in whole:
        claims = [{c.iri for c in hop.claims} for hop in path.hops if hop.edge]
        studies = [{s for c in hop.claims for s in c.studies} for hop in path.hops if hop.edge]
        assert set.intersection(*claims) or set.intersection(*studies)
