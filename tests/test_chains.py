"""The state of the event along a chain of steps, and what its steps mean for the response."""

from __future__ import annotations

import pytest

from tests.claims import claim, derived, edges, effects, states


def test_chain_starts_at_work_and_multiplies() -> None:
    store = derived(claim("a inhibits b", "b inhibits c", "c increases survival"))

    assert [([1], [-1]), ([-1], [1]), ([1], [1])] == states(store)


@pytest.mark.parametrize(
    ("first", "subject", "object_"),
    [
        ("a increases b", 1, 1),
        ("a increases b perturbation=silenced", -1, 1),
        ("a decreases b perturbation=silenced", -1, -1),
        ("a decreases b subjectChange=raised", 1, -1),
        ("a increases b objectAspect=degradation", 1, -1),
        ("a activates b subjectAspect=degradation", -1, 1),
        ("a activates b subjectAspect=degradation subjectChange=lowered", 1, 1),
        ("a activates b subjectAspect=degradation perturbation=inhibited", 1, 1),
    ],
)
def test_perturbed_step_leaves_its_object_as_the_relation_says(first: str, subject: int, object_: int) -> None:
    store = derived(claim(first, "b increases survival"))

    assert [([subject], [object_]), ([object_], [object_])] == states(store)


def test_own_change_in_mid_chain_says_the_state_anew() -> None:
    store = derived(claim("a decreases b", "b increases survival subjectChange=lowered"))

    assert [([1], [-1]), ([-1], [1])] == states(store)


def test_branches_go_by_path_and_not_by_order() -> None:
    store = derived(claim("a decreases b", "a increases c", "b increases apoptosis", "c decreases apoptosis"))

    assert [([1], [-1]), ([1], [1]), ([-1], [-1]), ([1], [-1])] == states(store)


def test_opposite_branches_meet_in_both_states() -> None:
    store = derived(claim("a increases c", "b decreases c", "c increases survival"))

    assert ([-1, 1], [-1, 1]) == states(store)[2]


def test_step_before_is_one_of_lower_order() -> None:
    store = derived(claim("b increases survival", "a decreases b"))

    assert [([1], [1]), ([1], [-1])] == states(store)


def test_states_do_not_pass_between_claims() -> None:
    store = derived(claim("a decreases b") + claim("b increases survival", "b increases c", name="two"))

    assert [([1], [1]), ([1], [1])] == states(store, "two")


@pytest.mark.parametrize(("to", "on"), [("b", "b-signalling"), ("b-signalling", "b"), ("b", "x-b-axis"), ("x-b-axis", "b")])
def test_state_passes_between_a_protein_and_its_signalling(to: str, on: str) -> None:
    store = derived(claim(f"a inhibits {to}", f"{on} increases survival"))

    assert [([1], [-1]), ([-1], [-1])] == states(store)


def test_state_does_not_pass_between_unrelated_entities() -> None:
    store = derived(claim("a inhibits b", "c increases survival"))

    assert [([1], [-1]), ([1], [1])] == states(store)


def test_maker_passes_its_state_to_the_product() -> None:
    store = derived(claim("fibroblast secretes b", "b increases survival"))

    assert [([1], [1]), ([1], [1])] == states(store)


@pytest.mark.parametrize("word", ["perturbation=depleted", "subjectChange=lost"])
def test_depleted_maker_leaves_its_product_lowered(word: str) -> None:
    store = derived(claim(f"fibroblast secretes b {word}", "b increases survival"))

    assert [([-1], [-1]), ([-1], [-1])] == states(store)


def test_maker_held_down_leaves_its_product_lowered() -> None:
    store = derived(claim("a inhibits fibroblast", "fibroblast secretes b", "b increases survival"))

    assert [([1], [-1]), ([-1], [-1]), ([-1], [-1])] == states(store)


@pytest.mark.parametrize("relation", ["differentiatesInto", "polarizesInto"])
def test_transition_passes_nothing(relation: str) -> None:
    store = derived(claim("a decreases fibroblast", f"fibroblast {relation} t-cell", "t-cell increases survival"))

    assert [([1], [-1]), ([], []), ([1], [1])] == states(store)


@pytest.mark.parametrize(
    "words", ["b negativelyCorrelated c", "b associatedWith c", "b binds c", "b targets c", "b decreases c denied"]
)
def test_correlation_structure_and_denial_pass_nothing(words: str) -> None:
    store = derived(claim("a decreases b", words, "c increases survival"))

    assert [([1], [-1]), ([], []), ([1], [1])] == states(store)


def test_unknown_sign_passes_on_as_unknown() -> None:
    store = derived(claim("a affects b", "b increases c", "c increases survival", drug="cisplatin"))

    assert [([], []), ([], []), ([], [])] == states(store)
    assert {3: [0]} == effects(store)


def test_untouched_maker_does_not_undo_the_lowered_secretion_of_its_product() -> None:
    text = claim(
        "a decreases b objectAspect=secretion objectIn=t-cell", "t-cell secretes b", "b increases survival", drug="cisplatin"
    )

    store = derived(text)

    assert ([-1], [-1]) == states(store)[2]
    assert {3: [-1]} == effects(store)


def test_state_of_a_response_does_not_pass_to_the_drug() -> None:
    store = derived(claim("a sensitizesTo cisplatin", "cisplatin increases b", "b increases survival"))

    assert [([1], [-1]), ([1], [1]), ([1], [1])] == states(store)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["a confersResistanceTo cisplatin"], {1: [1]}),
        (["a sensitizesTo cisplatin"], {1: [-1]}),
        (["a affectsResponseTo cisplatin"], {1: [0]}),
        (["a confersResistanceTo cisplatin subjectChange=lowered"], {1: [1]}),
        (["a sensitizesTo cisplatin perturbation=silenced"], {1: [-1]}),
        (["a inhibits b", "b sensitizesTo cisplatin"], {2: [1]}),
        (["a increases survival"], {1: [1]}),
        (["a increases apoptosis"], {1: [-1]}),
        (["a decreases apoptosis"], {1: [1]}),
        (["a decreases accumulation"], {1: [1]}),
        (["a increases apoptosis perturbation=silenced"], {1: [-1]}),
        (["a inhibits b", "b increases apoptosis"], {2: [1]}),
        (["a increases survival objectIn=tumour"], {1: [1]}),
        (["a positivelyCorrelated survival"], {1: [1]}),
        (["a negativelyCorrelated survival"], {1: [-1]}),
        (["a negativelyCorrelated apoptosis"], {1: [1]}),
        (["a associatedWith cisplatin"], {1: [0]}),
        (["a increases survival", "b increases apoptosis"], {1: [1], 2: [-1]}),
    ],
    ids=str,
)
def test_end_of_a_chain_means_a_response(steps: list[str], expected: dict[int, list[int]]) -> None:
    store = derived(claim(*steps, drug="cisplatin"))

    assert expected == effects(store)


@pytest.mark.parametrize(
    "words",
    [
        "a increases survival objectIn=t-cell",
        "a increases apoptosis objectIn=fibroblast",
        "a negativelyCorrelated survival objectIn=t-cell",
        "a sensitizesTo cisplatin objectIn=t-cell",
        "a increases survival denied",
        "a confersResistanceTo cisplatin denied",
        "a targets cisplatin",
        "a binds cisplatin",
        "a increases b",
    ],
)
def test_other_cells_denials_and_structure_mean_no_response(words: str) -> None:
    store = derived(claim(words, drug="cisplatin"))

    assert {} == effects(store)


@pytest.mark.parametrize("cell", ["t-cell", "fibroblast"])
def test_readout_of_other_cells_gives_no_edge_to_the_drug(cell: str) -> None:
    store = derived(claim(f"a increases survival objectIn={cell}", drug="cisplatin"))

    assert [f"a promotes survival in {cell}"] == edges(store)


def test_readout_of_tumour_cells_gives_an_edge_to_the_drug() -> None:
    store = derived(claim("a decreases apoptosis objectIn=tumour perturbation=silenced", drug="cisplatin"))

    assert ["a lowersResistanceTo cisplatin in tumour", "a promotes apoptosis in tumour"] == edges(store)


def test_readout_gives_an_edge_to_every_drug_of_the_claim() -> None:
    store = derived(claim("a increases survival", drug="cisplatin", rest="c:one onr:aboutDrug ent:doxorubicin ."))

    assert ["a promotes survival", "a raisesResistanceTo cisplatin", "a raisesResistanceTo doxorubicin"] == edges(store)


def test_readout_without_drug_means_no_response() -> None:
    store = derived(claim("a increases survival"))

    assert {} == effects(store)
    assert ["a promotes survival"] == edges(store)


def test_drug_that_acts_on_a_readout_of_its_own_response_has_no_edge_to_itself() -> None:
    store = derived(claim("cisplatin increases apoptosis", drug="cisplatin"))

    assert ["cisplatin promotes apoptosis"] == edges(store)


def test_readout_from_which_a_step_goes_on_is_no_end() -> None:
    text = claim("a decreases accumulation", "accumulation increases b", "b increases apoptosis", drug="cisplatin")

    store = derived(text)

    assert {3: [1]} == effects(store)


def test_readout_from_which_a_correlation_goes_on_is_an_end() -> None:
    store = derived(claim("a increases survival", "survival associatedWith b", drug="cisplatin"))

    assert {1: [1]} == effects(store)


def test_readout_from_which_only_a_denied_step_goes_on_is_an_end() -> None:
    store = derived(claim("a increases survival", "survival increases b denied", drug="cisplatin"))

    assert {1: [1]} == effects(store)
