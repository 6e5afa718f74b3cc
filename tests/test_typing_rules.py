"""Claims and steps typed by rule rather than by definition: each condition of a rule on a claim that fails it alone."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from oncoresist.namespaces import BASE, RDF_TYPE, onr
from tests.claims import claim, derived

PREFIXES = "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix p: <https://w3id.org/oncoresist/passage/> . "
OWN = "a confersResistanceTo cisplatin objectIn=tumour"
STATED = 'c:one onr:statedAt p:one . p:one dcterms:identifier "text.4.2" . '


def is_a(text: str, record: str, class_: str) -> bool:
    return ox.Quad(ox.NamedNode(BASE + record), RDF_TYPE, onr(class_)) in derived(PREFIXES + text)


def resists(*steps: str, rest: str = "") -> str:
    return claim(*steps, drug="cisplatin", polarity="resistanceIncreased", rest=STATED + rest)


@pytest.mark.parametrize(
    ("text", "autonomous"),
    [
        (resists(OWN), True),
        (resists("a confersResistanceTo cisplatin"), False),  # no tumour cell takes part
        (resists("a confersResistanceTo cisplatin", "b increases c objectIn=tumour denied"), False),
        (resists(OWN, "a increases non-cell-autonomous-resistance"), False),
        (resists(OWN, "fibroblast increases a"), False),
        (resists(f"{OWN} underCondition=hypoxia", rest="ent:hypoxia a onr:Hypoxia ."), False),
        (resists(OWN, "a increases b objectIn=t-cell"), False),
        (resists(OWN, "b increases a subjectIn=epithelium", rest="ent:epithelium a onr:EpithelialCell ."), False),
        (resists(OWN, rest="p:one onr:mentions ent:fibroblast ."), False),
        # The same paragraph (4), another sentence of it; then another paragraph.
        (resists(OWN, rest='p:two dcterms:identifier "text.4.1" ; onr:mentions ent:t-cell .'), False),
        (resists(OWN, rest='p:two dcterms:identifier "text.3.1" ; onr:mentions ent:t-cell .'), True),
        (resists(OWN, rest="p:one onr:mentions ent:non-cell-autonomous-resistance ."), False),
        # Fibroblasts make the factor, says another claim; where its expression in the cell is meant, that is no matter.
        (resists(OWN) + claim("fibroblast secretes a", name="two"), False),
        (resists(OWN) + claim("fibroblast secretes a denied", name="two"), True),
        (resists(f"{OWN} subjectAspect=expression") + claim("fibroblast secretes a", name="two"), True),
        # A passage that says so is believed, unless it speaks of both.
        (resists("a confersResistanceTo cisplatin", rest="p:one onr:mentions ent:cell-autonomous-resistance ."), True),
        (
            resists(
                "a confersResistanceTo cisplatin",
                rest="p:one onr:mentions ent:cell-autonomous-resistance , ent:non-cell-autonomous-resistance .",
            ),
            False,
        ),
    ],
)
def test_a_claim_is_cell_autonomous_if_nothing_outside_the_tumour_cell_is_named(text: str, autonomous: bool) -> None:
    assert is_a(text, "claim/one", "CellAutonomousClaim") == autonomous


@pytest.mark.parametrize(
    ("step", "induced"),
    [
        ("cisplatin increases a", True),
        ("a increases b perturbation=overexpressed perturbedBy=cisplatin", True),
        ("doxorubicin increases a", False),
        ("carboplatin increases a", False),
        ("cisplatin increases a denied", False),
        ("cisplatin associatedWith a", False),
    ],
)
def test_a_claim_is_treatment_induced_if_its_treatment_acts(step: str, induced: bool) -> None:
    """The kind of a treatment counts as it; another drug of the kind that is at stake does not."""
    kinds = "ent:carboplatin a onr:PlatinumAgent . "

    assert is_a(kinds + resists(step, "b confersResistanceTo cisplatin"), "claim/one", "TreatmentInducedClaim") == induced


def test_a_kind_of_the_treatment_at_stake_induces_too() -> None:
    text = claim("cisplatin increases a", drug="platinum", polarity="resistanceIncreased")
    platinum = "ent:platinum a onr:PlatinumAgent . ent:cisplatin onr:subtypeOf ent:platinum . "
    other_way = claim("platinum increases a", drug="cisplatin", polarity="resistanceIncreased")

    assert is_a(platinum + text, "claim/one", "TreatmentInducedClaim")
    assert not is_a(platinum + other_way, "claim/one", "TreatmentInducedClaim")


@pytest.mark.parametrize(
    ("steps", "present", "lowered"),
    [
        (["a increases b", "b confersResistanceTo cisplatin"], True, False),
        (["a decreases b", "b confersResistanceTo cisplatin"], False, True),
        # One raises it, another lowers it: in which state it acts is not known.
        (["a increases b", "c decreases b", "b confersResistanceTo cisplatin"], False, False),
    ],
)
def test_a_step_whose_subject_is_in_two_states_is_typed_by_neither(steps: list[str], present: bool, lowered: bool) -> None:
    text, last = resists(*steps), f"step/one-{len(steps)}"

    assert (is_a(text, last, "SubjectPresentStep"), is_a(text, last, "SubjectLoweredStep")) == (present, lowered)
