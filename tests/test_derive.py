"""What follows from steps: net signs, the state of an event along a chain, responses, edges, and the check of polarity.

The signs below are typed from the tables of `graph/README.md`, not read from the ontology.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import turtle
from oncoresist.content import LAYERS, Content, into_store
from oncoresist.derive import derive, derive_queries
from oncoresist.namespaces import BASE, ENT, ONR
from oncoresist.paths import find_layout
from tests.conftest import ROOT

CONTENT = Content(find_layout(ROOT))
POLARITY = (CONTENT.layout.queries / "checks" / "polarity-against-signs.rq").read_text(encoding="utf-8")
NAMESPACES = {"onr": ONR, "ent": ENT, "c": BASE + "claim/", "s": BASE + "step/"}
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items())
DOUBT = 'c:one onr:doubtedBecause "Odd."@en .'
RELATIONS = {
    "activates": 1, "inhibits": -1, "increases": 1, "decreases": -1, "induces": 1, "prevents": -1, "maintains": 1, "recruits": 1,
    "stabilises": 1, "degrades": -1, "affects": 0, "confersResistanceTo": 1, "sensitizesTo": -1, "affectsResponseTo": 0,
}  # fmt: skip
PERTURBATIONS = {
    "silenced": -1, "knockedOut": -1, "inhibited": -1, "blocked": -1, "chelated": -1, "dominantNegative": -1, "depleted": -1,
    "overexpressed": 1, "reexpressed": 1, "added": 1, "agonised": 1,
}  # fmt: skip
CHANGES = {"lowered": -1, "inactivated": -1, "degraded": -1, "lost": -1, "raised": 1, "activated": 1}
EFFECTS = {1: "promotes", -1: "suppresses", 0: "influences"}
RESPONSES = {1: "raisesResistanceTo", -1: "lowersResistanceTo", 0: "influencesResponseTo"}
ENTITIES = """
    ent:cisplatin a onr:PlatinumAgent .
    ent:doxorubicin a onr:Anthracycline .
    ent:tumour a onr:TumourCell .
    ent:fibroblast a onr:CancerAssociatedFibroblast .
    ent:t-cell a onr:TCell .
    ent:survival a onr:ViabilityReadout ; onr:responseSign 1 .
    ent:apoptosis a onr:Apoptosis ; onr:responseSign -1 .
    ent:accumulation a onr:DrugExposureReadout ; onr:responseSign -1 .
    ent:a a onr:GeneProduct .
    ent:b a onr:GeneProduct .
    ent:c a onr:GeneProduct .
    ent:b-signalling a onr:SignallingPathway ; onr:signallingOf ent:b .
    ent:x-b-axis a onr:SignallingPathway ; onr:component1 ent:a ; onr:component2 ent:b .
"""


@cache
def ontology() -> list[ox.Quad]:
    """Without its texts, which nothing is derived from."""
    return [q for q in CONTENT.triples("ontology") if not (isinstance(q.object, ox.Literal) and q.object.language)]


def derived(text: str) -> ox.Store:
    store = ox.Store()
    into_store(store, "ontology", ontology())
    into_store(store, "evidence", turtle.parse(PREFIXES + ENTITIES + text, "test.ttl"))
    derive(store, CONTENT)
    return store


def claim(*steps: str, drug: str = "", polarity: str = "none", rest: str = "", name: str = "one") -> str:
    """A claim; each step is `subject relation object`, then any `property=value`, and `denied`."""
    about = f"onr:aboutDrug ent:{drug} ; " if drug else ""
    links = ", ".join(f"s:{name}-{n}" for n in range(1, len(steps) + 1))
    blocks = [f"c:{name} a onr:Claim ; {about} onr:polarity onr:{polarity} ; onr:hasStep {links} . {rest}"]
    return "\n".join(blocks + [step(f"{name}-{n}", n, words) for n, words in enumerate(steps, 1)])


def step(name: str, order: int, words: str) -> str:
    subject, relation, object_, *more = words.split()
    kind = "DeniedStep" if "denied" in more else "AffirmedStep"
    pairs = [word.split("=") for word in more if word != "denied"]
    entities = {"subjectIn", "objectIn", "jointlyWith", "requires", "underCondition", "comparedWith", "perturbedBy"}
    extra = "".join(f" ; onr:{key} {'ent' if key in entities else 'onr'}:{value}" for key, value in pairs)
    return (
        f"s:{name} a onr:{kind} ; onr:order {order} ; onr:subject ent:{subject} ; onr:relation onr:{relation} ; "
        f"onr:object ent:{object_}{extra} ."
    )


def values(store: ox.Store, step_name: str, property_: str) -> list[int]:
    found = store.quads_for_pattern(
        ox.NamedNode(f"{BASE}step/{step_name}"), ox.NamedNode(ONR + property_), None, ox.DefaultGraph()
    )
    return sorted(int(quad.object.value) for quad in found)


def effects(store: ox.Store, name: str = "one") -> dict[int, list[int]]:
    """Number of the step → what it means for the response, for the steps that mean anything."""
    found = {n: values(store, f"{name}-{n}", "responseEffect") for n in range(1, 10)}
    return {n: signs for n, signs in found.items() if signs}


def states(store: ox.Store, name: str = "one") -> list[tuple[list[int], list[int]]]:
    """State of subject and of object, step by step."""
    steps = store.quads_for_pattern(ox.NamedNode(f"{BASE}claim/{name}"), ox.NamedNode(ONR + "hasStep"), None, ox.DefaultGraph())
    names = sorted(quad.object.value.removeprefix(BASE + "step/") for quad in steps)
    return [(values(store, step_name, "subjectState"), values(store, step_name, "objectState")) for step_name in names]


def edges(store: ox.Store) -> list[str]:
    rows = store.query(f"""PREFIX onr: <{ONR}> SELECT DISTINCT ?from ?effect ?to ?fromCell ?toCell ?agent WHERE {{
        ?edge a onr:DerivedEdge ; onr:from ?from ; onr:effect ?effect ; onr:to ?to .
        OPTIONAL {{ ?edge onr:fromCell ?fromCell }} OPTIONAL {{ ?edge onr:toCell ?toCell }}
        OPTIONAL {{ ?edge onr:withAgent ?agent }} }}""")
    marks = ("", "", "", "from ", "in ", "with ")
    return sorted(" ".join(m + short(t) for m, t in zip(marks, row, strict=True) if t) for row in rows)


def short(term: ox.NamedNode) -> str:
    return term.value.removeprefix(ENT).removeprefix(ONR)


def complaints(text: str) -> list[str]:
    return [row["value"].value for row in derived(text).query(POLARITY)]


# Net signs


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


# The state of the event along a chain


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


# What a step means for the response


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


# The check of polarity


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


# The order of the queries


def test_queries_run_in_their_order_and_only_chains_repeat() -> None:
    queries = derive_queries(CONTENT)

    assert [query.header["order"] for query in queries] == sorted(query.header["order"] for query in queries)
    assert ["step-states", "response-roles"] == [Path(query.path).stem for query in queries if query.header.get("repeat")]


def test_what_constructs_derived_records_is_in_the_mechanism_layer() -> None:
    records = ("onr:DerivedEdge", "onr:DrugMechanism", "onr:Conflict", "onr:grade ")
    constructs = {query.id for query in derive_queries(CONTENT) if any(record in query.text for record in records)}

    assert len(constructs) >= 10
    assert constructs <= {query.id for query in derive_queries(CONTENT) if "mechanism" in query.tags}
