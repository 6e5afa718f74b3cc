"""Why something is of a class: what is given suffices, nothing of it can be spared, and it reads well. And why it is not."""

from __future__ import annotations

import json
import os

import pytest

from oncoresist import KnowledgeGraph, reasoner
from oncoresist.errors import UnknownNameError
from oncoresist.mechanism.justify import entails, shrink
from oncoresist.mechanism.theory import Axiom, Theory
from oncoresist.namespaces import BASE, ENT, ONR
from tests.conftest import at_least

CASES = [
    ("claim:tme2019-platinum-1-6-a", "stroma-driven"),
    ("claim:tme2019-discussion-1-5-a", "stroma-driven"),
    ("claim:ca-074-b", "calcium channel-driven"),
    ("claim:tme2019-nucleotide-1-6-a", "vesicle-driven"),
    ("claim:ca-109-a", "stemness-involving"),
    ("IL6", "stroma-derived factor"),
    ("miR-365", "vesicle cargo"),
    ("cisplatin", "TreatmentWithStromaDrivenResistance"),
    ("cisplatin", "Treatment"),
]


@pytest.fixture
def _java() -> None:
    reason = reasoner.unavailable()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="module")
def theory(kg: KnowledgeGraph) -> Theory:
    return Theory.read(kg.engine)


@pytest.mark.parametrize(("thing", "class_"), CASES)
def test_reasons_suffice_and_none_can_be_spared(kg: KnowledgeGraph, theory: Theory, thing: str, class_: str) -> None:
    [why] = kg.explain(thing, class_)
    axioms, goal = frozenset(reason.axiom for reason in why.reasons), [(why.thing, why.class_)]

    spared = [reason.sentence for reason in why.reasons if entails(axioms - {reason.axiom}, theory, goal)]

    assert why.holds
    assert entails(axioms, theory, goal)
    assert [] == spared


@pytest.mark.usefixtures("_java")
@pytest.mark.parametrize(("thing", "class_"), [CASES[1], CASES[7]])
def test_hermit_confirms(kg: KnowledgeGraph, thing: str, class_: str) -> None:
    [why] = kg.explain(thing, class_, hermit=True)

    assert why.confirmed is True


@pytest.mark.usefixtures("_java")
def test_hermit_objects_to_what_can_be_spared_and_to_what_does_not_suffice(kg: KnowledgeGraph, theory: Theory) -> None:
    from oncoresist.mechanism.justify import confirmed_by_hermit

    [why] = kg.explain("claim:tme2019-platinum-1-6-a", "stroma-driven")
    axioms = frozenset(reason.axiom for reason in why.reasons)
    too_much = axioms | {Axiom("subclass", (ONR + "Fibroblast", ONR + "StromalElement"))}

    assert not confirmed_by_hermit(too_much, theory, why.thing, why.class_)
    assert not confirmed_by_hermit(axioms - {min(axioms)}, theory, why.thing, why.class_)


def test_superfluous_axioms_are_left_out(theory: Theory) -> None:
    a_type = Axiom("fact", (ENT + "x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ONR + "PlatinumAgent"))
    direct = Axiom("subclass", (ONR + "PlatinumAgent", ONR + "CytotoxicDrug"))
    beside = Axiom("subclass", (ONR + "Fibroblast", ONR + "StromalCell"))

    assert {a_type, direct} == shrink(frozenset({a_type, direct, beside}), theory, [(ENT + "x", ONR + "CytotoxicDrug")])


def test_what_does_not_follow_cannot_be_shrunk(theory: Theory) -> None:
    with pytest.raises(ValueError, match="0 axioms do not give"):
        shrink(frozenset(), theory, [(ENT + "x", ONR + "Cell")])


def test_reasons_read_as_sentences(kg: KnowledgeGraph) -> None:
    [why] = kg.explain("claim:ca-052-a", "stemness-driven")

    step = "the step “cancer stem cell → confers resistance to → chemotherapy”"
    expected = [
        "By definition, a stemness-driven claim is either a resistance claim with a step that is an affirmed step, a driving "
        "step, a step with subject present and with a subject that is a stemness state, or a sensitisation claim with a step "
        "that is an affirmed step, a driving step, a step with subject lowered and with a subject that is a stemness state.",
        "The claim claim:ca-052-a is of the kind “resistance claim”, that is, a claim that describes an event by which the "
        "response to a treatment gets worse (polarity resistance increased).",
        f"The claim claim:ca-052-a has {step}.",
        f"T{step[1:]} is of the kind “affirmed step”.",
        f"T{step[1:]} is of the kind “driving step”, that is, a causal or source step of a causal claim by which its subject "
        "works towards the response that the claim ends in, or at least not against it.",
        f"T{step[1:]} is of the kind “step with subject present”, that is, a step whose subject is at work in the described "
        "event: lowered neither by its own perturbation or change nor by the steps before it.",
        f"The subject of {step} is cancer stem cell.",
        "Cancer stem cell is of the kind “cancer stem cell”.",
        "Every cancer stem cell is a stemness state.",
    ]
    assert expected == [reason.sentence for reason in why.reasons]
    assert all(reason.where.endswith(tuple("0123456789")) for reason in why.reasons)


def test_without_a_class_every_defined_class_is_explained(kg: KnowledgeGraph) -> None:
    found = [why.class_.removeprefix(ONR) for why in kg.explain("claim:ca-026-a")]

    assert ["CalciumChannelDrivenClaim", "CalciumChannelInvolvingClaim", "CalciumSignallingClaim", "StemnessDrivenClaim",
            "StemnessInvolvingClaim"] == found  # fmt: skip


def test_missing_condition_is_named_with_the_nearest_miss(kg: KnowledgeGraph) -> None:
    [why] = kg.explain("claim:tme2019-nucleotide-2-5-a", "stroma-driven")

    assert not why.holds
    assert why.conclusion.endswith("is a stroma-driven claim does not follow from the graph.")
    assert (
        3,
        False,
        "with an acting side (the subject, or the cell it sits in) that is a stromal element; here it is FLT3",
    ) in why.lacking
    assert (2, True, "a resistance claim") in why.lacking
    assert (2, False, "a sensitisation claim") in why.lacking


def test_of_several_steps_the_one_that_meets_most_is_the_nearest(kg: KnowledgeGraph) -> None:
    """A step that drives lacks only the stromal agent; one that only correlates, or is denied, lacks more."""
    rows = kg.query("""SELECT DISTINCT ?claim WHERE { ?claim a onr:ResistanceClaim , onr:CausalClaim ; onr:hasStep ?near , ?far .
        ?near a onr:DrivingStep , onr:SubjectPresentStep , onr:AffirmedStep . FILTER NOT EXISTS { ?far a onr:DrivingStep }
        FILTER NOT EXISTS { ?far a onr:SubjectPresentStep }
        FILTER NOT EXISTS { ?claim a onr:StromaDrivenClaim } } ORDER BY ?claim LIMIT 5""")
    for claim in at_least(2, [row["claim"].value for row in rows]):
        driving = kg.query(f"SELECT ?label WHERE {{ <{claim}> onr:hasStep ?s . ?s a onr:DrivingStep ; rdfs:label ?label }}")
        [why] = kg.explain(claim, "stroma-driven")
        wanted = next(line for _, _, line in why.lacking if "a step with subject present and with an acting side" in line)
        assert any(f"Nearest is the step “{row['label'].value}”" in wanted for row in driving), claim


def test_what_is_impossible_is_told_from_what_does_not_follow(kg: KnowledgeGraph) -> None:
    [impossible] = kg.explain("cisplatin", "macrophage")
    [unstated] = kg.explain("cisplatin", "kinase inhibitor")

    assert "Cisplatin cannot be a macrophage: nothing is both a molecular entity and a cell." == impossible.conclusion
    assert "Cisplatin is not stated to be a kinase inhibitor, and no definition leads there." == unstated.conclusion


def test_unknown_thing(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match='unknown entity "cisplatine"'):
        kg.explain("cisplatine", "drug")


def test_command_explains(run) -> None:
    text, data = run("reason", "--explain", "STIM1"), run("reason", "--explain", "HGF", "stroma-derived factor", "-f", "json")
    no_table = run("reason", "--explain", "HGF", "-f", "csv")

    assert 0 == text.exit_code
    assert text.stdout.startswith("STIM1 is a calcium sensor.")
    assert "graph/entities/gene-product.ttl" in text.stdout
    [why] = json.loads(data.stdout)
    assert why["holds"]
    assert "ent:hgf rdf:type" in " ".join(reason["statement"] for reason in why["reasons"])
    assert (2, '"csv" is not for explanations: table or json.\n') == (no_table.exit_code, no_table.stderr)


def test_claims_are_told_in_full_once(run) -> None:
    shown = run("reason", "--explain", "claim:tme2019-platinum-1-6-a", "stroma-driven").stdout

    assert 1 == " ".join(shown.split()).count("cisplatin makes fibroblasts secrete more PAI-1")
    assert "These suffice, and none can be spared." in shown
    assert BASE not in shown
