"""The check that the stated polarity of a claim agrees with the signs of its steps."""

from __future__ import annotations

import pytest

from tests.claims import claim, complaints


@pytest.mark.parametrize(
    ("steps", "polarity"),
    [
        (["a increases survival"], "resistanceIncreased"),
        (["a increases survival perturbation=silenced"], "resistanceIncreased"),
        (["a increases apoptosis perturbation=silenced"], "resistanceDecreased"),
        (["a inhibits b", "b increases apoptosis"], "resistanceIncreased"),
        (["a confersResistanceTo cisplatin subjectChange=lowered"], "resistanceIncreased"),
        (["a sensitizesTo cisplatin"], "resistanceDecreased"),
        (["a negativelyCorrelated survival"], "resistanceDecreased"),
        (["a increases survival", "b increases apoptosis"], "contextDependent"),
        (["a affectsResponseTo cisplatin"], "contextDependent"),
        (["a affectsResponseTo cisplatin"], "none"),
        (["a associatedWith cisplatin"], "none"),
        (["a confersResistanceTo cisplatin denied"], "unaffected"),
        (["a increases survival denied"], "unaffected"),
        (["a increases b"], "none"),
        (["a increases survival objectIn=t-cell"], "none"),
        (["a sensitizesTo cisplatin objectIn=t-cell"], "none"),
        (["a affects b denied"], "none"),
        (["cisplatin increases b"], "none"),
    ],
    ids=str,
)
def test_right_polarity_passes_and_every_other_is_found(steps: list[str], polarity: str) -> None:
    wrong = {"resistanceIncreased", "resistanceDecreased"} - {polarity}

    found = {given: complaints(claim(*steps, drug="cisplatin", polarity=given)) for given in sorted(wrong)}

    assert [] == complaints(claim(*steps, drug="cisplatin", polarity=polarity))
    assert {given: 1 for given in wrong} == {given: len(rows) for given, rows in found.items()}
    assert all(rows[0].startswith(f"{given} instead of ") for given, rows in found.items())


@pytest.mark.parametrize(
    ("right", "flipped"),
    [
        (["a increases survival"], ["a decreases survival"]),
        (["a increases survival"], ["a increases apoptosis"]),
        (["a decreases apoptosis perturbation=silenced"], ["a increases apoptosis perturbation=silenced"]),
        (["a inhibits b", "b increases apoptosis"], ["a activates b", "b increases apoptosis"]),
        (["a inhibits b", "b increases apoptosis"], ["a inhibits b", "b decreases apoptosis"]),
        (["a inhibits b", "b sensitizesTo cisplatin"], ["a inhibits b", "b confersResistanceTo cisplatin"]),
        (
            ["fibroblast secretes b", "b increases survival"],
            ["fibroblast secretes b perturbation=depleted", "b increases survival"],
        ),
        (["a decreases b objectAspect=degradation", "b increases survival"], ["a decreases b", "b increases survival"]),
    ],
    ids=str,
)
def test_flipped_sign_is_found(right: list[str], flipped: list[str]) -> None:
    found = complaints(claim(*flipped, drug="cisplatin", polarity="resistanceIncreased"))

    assert [] == complaints(claim(*right, drug="cisplatin", polarity="resistanceIncreased"))
    assert ["resistanceIncreased instead of resistanceDecreased"] == found


def test_polarity_needs_a_response_or_the_context() -> None:
    context = "c:one onr:polarityBasis onr:context ."
    stated = "c:one onr:polarityBasis onr:stated ."

    found = complaints(claim("a increases b", drug="cisplatin", polarity="resistanceIncreased", rest=stated))

    assert [] == complaints(claim("a increases b", drug="cisplatin", polarity="resistanceIncreased", rest=context))
    assert ["resistanceIncreased instead of none"] == found


def test_context_does_not_excuse_a_wrong_polarity() -> None:
    text = claim(
        "a increases survival", drug="cisplatin", polarity="resistanceDecreased", rest="c:one onr:polarityBasis onr:context ."
    )

    assert ["resistanceDecreased instead of resistanceIncreased"] == complaints(text)


@pytest.mark.parametrize(
    "words", ["a increases survival objectIn=t-cell denied", "a sensitizesTo cisplatin objectIn=t-cell denied"]
)
def test_denied_response_of_other_cells_has_no_polarity(words: str) -> None:
    assert [] == complaints(claim(words, drug="cisplatin", polarity="none"))


@pytest.mark.parametrize("words", ["a targets cisplatin denied", "a binds cisplatin denied"])
def test_denied_binding_of_a_drug_has_no_polarity(words: str) -> None:
    assert [] == complaints(claim(words, drug="cisplatin", polarity="none"))
