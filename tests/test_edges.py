"""Net signs of steps, and the edges derived from them."""

from __future__ import annotations

from functools import cache
from itertools import product

import pyoxigraph as ox
import pytest

from oncoresist.content import LAYERS
from oncoresist.derive import derive
from oncoresist.namespaces import BASE, ONR
from tests.claims import CHANGES, CONTENT, DOUBT, PERTURBATIONS, RELATIONS, claim, derived, edges, values


def states_of_subject() -> list[tuple[str, int]]:
    perturbed = [(f"perturbation={word}", sign) for word, sign in PERTURBATIONS.items()]
    return [("", 1), *perturbed, *((f"subjectChange={word}", sign) for word, sign in CHANGES.items())]


ASPECTS = [
    ("", 1),
    ("objectAspect=degradation", -1),
    ("subjectAspect=degradation", -1),
    ("subjectAspect=degradation objectAspect=degradation", 1),
    ("subjectAspect=secretion objectAspect=expression", 1),
]
SUBJECTS = states_of_subject()


@cache
def every_net_sign() -> dict[str, list[int]]:
    """Every relation with every perturbation or change and every aspect, in one store: words of the step → its net signs."""
    words = [
        f"a {relation} {'cisplatin' if relation.endswith('To') else 'b'} {subject} {aspects}"
        for relation, (subject, _), (aspects, _) in product(RELATIONS, SUBJECTS, ASPECTS)
    ]
    store = derived("\n".join(claim(step_words, name=f"n{n}") for n, step_words in enumerate(words)))
    return {step_words: values(store, f"n{n}-1", "netSign") for n, step_words in enumerate(words)}


@pytest.mark.parametrize(("subject", "subject_sign"), SUBJECTS, ids=lambda value: str(value) or "untouched")
@pytest.mark.parametrize("relation", RELATIONS)
def test_net_sign_is_relation_times_state_of_subject_times_degradation(relation: str, subject: str, subject_sign: int) -> None:
    object_ = "cisplatin" if relation.endswith("To") else "b"
    expected = [(aspects, [RELATIONS[relation] * subject_sign * factor]) for aspects, factor in ASPECTS]

    actual = [(aspects, every_net_sign()[f"a {relation} {object_} {subject} {aspects}"]) for aspects, _ in ASPECTS]

    assert expected == actual


@pytest.mark.parametrize("words", ["fibroblast secretes a", "fibroblast differentiatesInto t-cell", "fibroblast converts a"])
def test_what_is_denied_or_doubted_yields_and_becomes_nothing(words: str) -> None:
    assert len(edges(derived(claim(words)))) == 1
    assert len(edges(derived(claim(f"{words} denied")))) == 0
    assert len(edges(derived(claim(words) + DOUBT))) == 0


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("a increases b", "promotes"),
        ("a decreases b", "suppresses"),
        ("a affects b", "influences"),
        ("a increases b perturbation=silenced", "suppresses"),
        ("a decreases b perturbation=inhibited", "promotes"),
        ("a increases b perturbation=overexpressed", "promotes"),
        ("a decreases b subjectChange=lost", "promotes"),
        ("a affects b perturbation=silenced", "influences"),
        ("a increases b objectAspect=degradation", "suppresses"),
        ("a decreases b objectAspect=degradation", "promotes"),
        ("a activates b subjectChange=degraded", "suppresses"),
        ("a activates b subjectAspect=degradation", "suppresses"),
        ("a activates b subjectAspect=degradation subjectChange=lowered", "promotes"),
        ("a confersResistanceTo cisplatin", "raisesResistanceTo"),
        ("a confersResistanceTo cisplatin subjectChange=lowered", "lowersResistanceTo"),
        ("a sensitizesTo cisplatin", "lowersResistanceTo"),
        ("a sensitizesTo cisplatin perturbation=knockedOut", "raisesResistanceTo"),
        ("a affectsResponseTo cisplatin", "influencesResponseTo"),
        ("fibroblast secretes b", "yields"),
        ("fibroblast secretes b perturbation=depleted", "yields"),
        ("fibroblast differentiatesInto t-cell", "becomes"),
        ("a associatedWith b", "correlatesWith"),
        ("a negativelyCorrelated b", "correlatesWith"),
        ("a associatedWith cisplatin", "correlatesWithResponseTo"),
    ],
)
def test_edge_has_the_net_effect(words: str, effect: str) -> None:
    subject, _, object_, *_ = words.split()

    store = derived(claim(words))

    assert [f"{subject} {effect} {object_}"] == edges(store)


@pytest.mark.parametrize(
    "words", ["a binds b", "a targets b", "a targets cisplatin", "a increases b denied", "a associatedWith b denied"]
)
def test_structural_and_denied_steps_give_no_edge(words: str) -> None:
    store = derived(claim(words))

    assert [] == edges(store)


def test_doubted_claim_gives_no_edge() -> None:
    text = claim("a increases survival", "fibroblast secretes b", "a associatedWith b", drug="cisplatin", rest=DOUBT)

    store = derived(text)

    assert [] == edges(store)


def test_doubt_in_one_claim_leaves_the_other_its_edge() -> None:
    text = claim("a increases b", rest=DOUBT) + claim("a increases b", name="two")

    store = derived(text)
    claims = store.query(f"PREFIX onr: <{ONR}> SELECT ?claim WHERE {{ ?edge onr:fromClaim ?claim }}")

    assert [BASE + "claim/two"] == [row["claim"].value for row in claims]


def test_same_edge_of_two_claims_is_one_node_with_both() -> None:
    text = claim("a increases b objectIn=tumour") + claim("a decreases b objectIn=tumour perturbation=silenced", name="two")

    store = derived(text)
    rows = store.query(f"PREFIX onr: <{ONR}> SELECT ?edge ?claim WHERE {{ ?edge onr:fromClaim ?claim }}")
    found = [(row["edge"].value, row["claim"].value) for row in rows]

    assert ["a promotes b in tumour"] == edges(store)
    assert 1 == len({edge for edge, _ in found})
    assert {BASE + "claim/one", BASE + "claim/two"} == {of for _, of in found}


def test_edges_of_different_cells_or_agents_are_different_nodes() -> None:
    text = claim(
        "a increases b", "a increases b objectIn=tumour", "a increases b subjectIn=t-cell", "a increases b jointlyWith=c"
    )

    store = derived(text)

    assert ["a promotes b", "a promotes b from t-cell", "a promotes b in tumour", "a promotes b with c"] == edges(store)


def test_what_a_step_requires_or_happens_under_gives_no_edge() -> None:
    text = claim("a increases b requires=c underCondition=cisplatin perturbation=added perturbedBy=t-cell")

    store = derived(text)

    assert ["a promotes b"] == edges(store)


def test_edges_stand_in_the_mechanism_layer_and_signs_in_the_inferred() -> None:
    store = derived(claim("a increases b"))

    def layer(property_: str) -> set[ox.NamedNode]:
        graphs = {quad.graph_name for quad in store.quads_for_pattern(None, ox.NamedNode(ONR + property_), None, None)}
        return graphs - {ox.DefaultGraph()}

    assert {LAYERS["mechanism"]} == layer("effect") == layer("fromStep")
    assert {LAYERS["inferred"]} == layer("netSign") == layer("objectState")


def test_deriving_twice_adds_no_sign_and_no_edge() -> None:
    store = derived(claim("a increases b perturbation=silenced", "b increases survival", drug="cisplatin"))

    counts = derive(store, CONTENT)

    assert set() == {query for query, new in counts.items() if new} - {"class-closure"}


def test_agent_of_a_conversion_influences_what_it_converts_and_does_not_become_it() -> None:
    store = derived(claim("a converts b"))

    assert {"a influences b"} == set(edges(store))


def test_conversion_of_a_drug_gives_no_edge() -> None:
    store = derived(claim("a converts cisplatin"))

    assert set() == set(edges(store))
