"""Conflicts: who stands against whom, in which fields their contexts differ, and what class follows."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.derive import apply_rules, derive_queries
from oncoresist.namespaces import ONR
from tests.benchmark import FINDS_CONFLICTS, WEIGHS_CONFLICTS, before_conflicts, named
from tests.claims import CONTENT, claim, derived, short
from tests.test_grades import FABIO, cited

MORE = """
    ent:breast a onr:Cancer . ent:lung a onr:Cancer . ent:basal a onr:Cancer ; onr:subtypeOf ent:breast .
    ent:platinum a onr:PlatinumAgent . ent:cisplatin onr:subtypeOf ent:platinum .
"""


def conflicts(text: str) -> dict[str, tuple[str, list[str]]]:
    """`a b oppositeSigns` → class, and the fields in which the contexts differ."""
    store = derived(FABIO + MORE + text)
    found: dict[str, tuple[str, list[str]]] = {}
    for row in store.query(f"""PREFIX onr: <{ONR}> SELECT ?from ?to ?kind ?class ?conflict WHERE {{
        ?conflict a onr:Conflict ; onr:from ?from ; onr:to ?to ; onr:conflictKind ?kind ; onr:conflictClass ?class }}"""):
        fields = store.quads_for_pattern(row["conflict"], ox.NamedNode(ONR + "differsIn"), None, ox.DefaultGraph())
        key = f"{short(row['from'])} {short(row['to'])} {short(row['kind'])}"
        assert found.get(key, (short(row["class"]),))[0] == short(row["class"]), f"two classes of {key}"
        found[key] = (short(row["class"]), sorted(short(q.object).removesuffix("Field") for q in fields))
    return found


def two(first: str, second: str, rest: tuple[str, str] = ("", ""), certainty: tuple[str, str] = ("asserted", "asserted"),
        studies: tuple[str, str] = ("one", "two"), drugs: tuple[str, str] = ("", "")) -> str:  # fmt: skip
    """Two claims of one step each, on studies of their own unless told otherwise."""
    return "\n".join(
        claim(step, name=name, drug=drug, rest=f"c:{name} {more} ." if more else "") + cited(name, sure, *study.split(","))
        for step, name, more, sure, study, drug in zip(
            (first, second), ("one", "two"), rest, certainty, studies, drugs, strict=True
        )
    )


UP, DOWN = "a increases b", "a decreases b"
OPEN = {"a b oppositeSigns": ("openConflict", [])}


def test_opposite_effects_of_one_on_another_are_a_conflict() -> None:
    assert OPEN == conflicts(two(UP, DOWN))


def test_signs_are_net_signs() -> None:
    assert {} == conflicts(two(UP, "a decreases b perturbation=silenced"))
    assert "a b oppositeSigns" in conflicts(two(UP, "a increases b perturbation=silenced"))


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (("onr:aboutCancer ent:breast", "onr:aboutCancer ent:lung"), ("explainedByContext", ["cancer"])),
        (("onr:aboutCancer ent:breast", "onr:aboutCancer ent:breast"), ("openConflict", [])),
        (("onr:aboutCancer ent:breast", "onr:aboutCancer ent:basal"), ("openConflict", [])),
        (("onr:aboutCancer ent:basal", "onr:aboutCancer ent:breast"), ("openConflict", [])),
        (("onr:aboutCancer ent:breast", ""), ("openConflict", [])),
        (("onr:aboutCancer ent:breast, ent:lung", "onr:aboutCancer ent:lung"), ("openConflict", [])),
        (("onr:inModel ent:x", "onr:inModel ent:y"), ("explainedByContext", ["model"])),
    ],
)
def test_contexts_differ_if_both_are_stated_and_have_nothing_in_common(
    rest: tuple[str, str], expected: tuple[str, list[str]]
) -> None:
    assert {"a b oppositeSigns": expected} == conflicts(two(UP, DOWN, rest))


def test_cell_perturbation_and_condition_are_contexts() -> None:
    one = "a increases b objectIn=tumour perturbation=overexpressed underCondition=x"
    other = "a increases b objectIn=fibroblast perturbation=silenced underCondition=y"

    assert {"a b oppositeSigns": ("explainedByContext", ["cell", "condition", "perturbation"])} == conflicts(two(one, other))


def test_perturbation_alone_explains_nothing() -> None:
    text = two("a increases b perturbation=overexpressed", "a increases b perturbation=silenced")

    assert {"a b oppositeSigns": ("openConflict", ["perturbation"])} == conflicts(text)


def test_kind_of_study_alone_explains_nothing() -> None:
    text = two(UP, DOWN) + "e:one-1 onr:studyKind onr:inVitro . e:two-1 onr:studyKind onr:clinical ."

    assert {"a b oppositeSigns": ("openConflict", ["studyKind"])} == conflicts(text)


def test_one_study_on_both_sides_is_not_two_opinions() -> None:
    assert {"a b oppositeSigns": ("sameStudyTwice", [])} == conflicts(two(UP, DOWN, studies=("one", "one")))
    assert {"a b oppositeSigns": ("sameStudyTwice", [])} == conflicts(two(UP, DOWN, studies=("one", "one,two")))
    assert OPEN == conflicts(two(UP, DOWN, studies=("one,two", "two,three")))


def test_a_study_cited_against_a_claim_is_not_its_own() -> None:
    """The second claim names the study of the first, but as one that disputes it."""
    line = "e:against onr:direction onr:disputes ; cito:citesAsEvidence pub:one ; onr:studyKind onr:inVivo ."
    text = two(UP, DOWN, studies=("one inVitro", "two inVitro")) + f"c:two onr:hasEvidence e:against . {line}"

    assert OPEN == conflicts(text)


def test_suspicion_against_assertion() -> None:
    assert {"a b oppositeSigns": ("hedgedAgainstAsserted", [])} == conflicts(two(UP, DOWN, certainty=("hedged", "asserted")))
    assert OPEN == conflicts(two(UP, DOWN, certainty=("hedged", "hedged")))


def test_affirmed_stands_against_denied_of_the_same_sign_only() -> None:
    assert {"a b affirmedAgainstDenied": ("openConflict", [])} == conflicts(two(UP, f"{UP} denied"))
    assert {} == conflicts(two(UP, f"{DOWN} denied"))
    assert {"a b affirmedAgainstDenied": ("openConflict", [])} == conflicts(two(UP, "a affects b denied"))


def test_the_first_class_that_holds_is_the_only_one() -> None:
    hedged = {"certainty": ("hedged", "asserted"), "studies": ("one", "one")}
    cancers = ("onr:aboutCancer ent:breast", "onr:aboutCancer ent:lung")

    assert {"a b oppositeSigns": ("sameStudyTwice", [])} == conflicts(two(UP, DOWN, **hedged))
    assert {"a b oppositeSigns": ("explainedByContext", ["cancer"])} == conflicts(two(UP, DOWN, cancers, **hedged))


def test_correlations_and_doubted_claims_are_in_no_conflict() -> None:
    assert {} == conflicts(two("a positivelyCorrelated b", "a negativelyCorrelated b"))
    assert {} == conflicts(two(UP, DOWN, rest=('onr:doubtedBecause "Odd."@en', "")))


@pytest.mark.parametrize("doubted", ["one", "two"])
def test_a_doubted_claim_neither_affirms_nor_denies(doubted: str) -> None:
    text = two("a increases b", "a increases b denied")

    assert {} == conflicts(text + f'c:{doubted} onr:doubtedBecause "Odd."@en .')
    assert ["a b affirmedAgainstDenied"] == list(conflicts(text))


@pytest.mark.parametrize(("drugs", "expected"), [(("cisplatin", ""), []), (("cisplatin", "doxorubicin"), ["drug"])])
def test_a_context_that_one_side_does_not_state_is_no_difference(drugs: tuple[str, str], expected: list[str]) -> None:
    assert expected == conflicts(two(UP, DOWN, drugs=drugs))["a b oppositeSigns"][1]
    assert [] == conflicts(two(UP, DOWN, studies=("one inVivo", "two")))["a b oppositeSigns"][1]


def test_one_review_on_both_sides_is_no_study_counted_twice() -> None:
    text = two(UP, DOWN, studies=("one", "one"))

    assert {"a b oppositeSigns": ("sameStudyTwice", [])} == conflicts(text)
    assert OPEN == conflicts(text + "pub:one a fabio:ReviewArticle .")


@pytest.mark.slow
def test_conflicts_among_many_claims_take_no_time_that_grows_with_their_square() -> None:
    """A join that meets every line of evidence with every other takes four seconds here, and hours with 100,000 claims."""
    rules = derive_queries(CONTENT)
    store = before_conflicts(3000, rules, CONTENT)

    started = time.process_time()
    made = apply_rules(store, named(rules, FINDS_CONFLICTS[:2] + WEIGHS_CONFLICTS), CONTENT)

    assert time.process_time() - started < 1
    assert all(made[id_] for id_ in ("opposite-signs", "conflict-claim-contexts", "conflict-differences"))


def test_roles_towards_two_drugs_are_explained_by_the_drugs_unless_one_is_a_kind_of_the_other() -> None:
    up, down = "a confersResistanceTo {}", "a sensitizesTo {}"

    other = conflicts(two(up.format("cisplatin"), down.format("doxorubicin"), drugs=("cisplatin", "doxorubicin")))
    kind = conflicts(two(up.format("cisplatin"), down.format("platinum"), drugs=("cisplatin", "platinum")))

    assert ("explainedByContext", ["drug"]) == other["a cisplatin oppositeRoles"] == other["a doxorubicin oppositeRoles"]
    assert ("openConflict", []) == kind["a cisplatin oppositeRoles"]


def test_an_entity_has_one_conflict_of_roles_however_many_drugs_there_are() -> None:
    roles = {"cisplatin": "confersResistanceTo", "platinum": "confersResistanceTo", "doxorubicin": "sensitizesTo"}
    text = "".join(
        claim(f"a {relation} {drug}", name=f"of-{drug}", drug=drug) + cited(f"of-{drug}", "asserted", drug)
        for drug, relation in roles.items()
    )
    store = derived(FABIO + MORE + text)

    rows = store.query(f"""PREFIX onr: <{ONR}>
        SELECT ?conflict ?side ?drug WHERE {{ ?side onr:sideOf ?conflict ; onr:to ?drug }}""")
    found = sorted((row["conflict"].value, row["side"].value[-1], short(row["drug"])) for row in rows)

    assert 1 == len({conflict for conflict, _, _ in found})
    assert [("1", "cisplatin"), ("1", "platinum"), ("2", "doxorubicin")] == [(side, drug) for _, side, drug in found]


def of(kg: KnowledgeGraph, start: str, end: str) -> set[tuple[str, str, frozenset[str]]]:
    """Kind, class and claims of the conflicts between two entities of the graph."""
    rows = list(
        kg.query(f"""SELECT ?conflict ?kind ?class ?claim WHERE {{ ?conflict onr:from ent:{start} ; onr:to ent:{end} ;
        onr:conflictKind ?kind ; onr:conflictClass ?class . ?side onr:sideOf ?conflict ; onr:fromClaim ?claim }}""")
    )
    claims = {
        c: frozenset(r["claim"].value.rpartition("/")[2] for r in rows if r["conflict"] == c)
        for c in {r["conflict"] for r in rows}
    }
    return {(short(r["kind"]), short(r["class"]), claims[r["conflict"]]) for r in rows}


def test_two_passages_disagree_on_whether_bevacizumab_recruits_macrophages(kg: KnowledgeGraph) -> None:
    expected = ("affirmedAgainstDenied", "openConflict", frozenset({"tme2019-vegf-1-4-a", "tme2019-vegf-2-7-b"}))

    assert {expected} == of(kg, "bevacizumab", "macrophage")


def test_conflicts_are_called_after_both_sides(kg: KnowledgeGraph) -> None:
    labels = {row["label"].value for row in kg.query("SELECT ?label WHERE { ?conflict a onr:Conflict ; rdfs:label ?label }")}

    assert "bevacizumab promotes macrophage, against: promotes macrophage (denied)" in labels
    assert "AKT raises resistance to bevacizumab and 2 more, against: lowers resistance to antineoplastic agent" in labels
    assert len(labels) == len(list(kg.query("SELECT ?conflict WHERE { ?conflict a onr:Conflict }")))


def test_stim1_pulls_both_ways_under_cisplatin_in_two_cancers(kg: KnowledgeGraph) -> None:
    found = {(kind, class_) for kind, class_, _ in of(kg, "stim1", "cisplatin")}
    fields = kg.query("""SELECT ?field WHERE { ?c onr:from ent:stim1 ; onr:to ent:cisplatin ; onr:conflictKind onr:oppositeSigns ;
        onr:differsIn ?field }""")

    assert ("oppositeSigns", "explainedByContext") in found
    assert "cancerField" in {short(row["field"]) for row in fields}


def test_trpv2_kills_and_protects(kg: KnowledgeGraph) -> None:
    assert ("oppositeSigns", "explainedByContext") in {(k, c) for k, c, _ in of(kg, "trpv2", "apoptosis")}


def test_senescence_secretome_helps_in_one_section_and_its_loss_causes_resistance_in_another(kg: KnowledgeGraph) -> None:
    expected = ("oppositeSigns", "openConflict", frozenset({"tme2019-mtor-1-5-a", "tme2019-nfkb-1-4-a"}))

    assert expected in of(kg, "sasp", "antineoplastic-agent")


def test_p2x7_supports_stem_cells_and_kills_leukemia(kg: KnowledgeGraph) -> None:
    assert ("oppositeRoles", "openConflict") in {(k, c) for k, c, _ in of(kg, "p2rx7", "cytarabine")}


def test_a_drug_does_not_differ_from_the_treatment_it_is_given_in(kg: KnowledgeGraph) -> None:
    """Reactive oxygen species under temozolomide (alkylating.1.3) and under chemotherapy (ca-127)."""
    fields = kg.query(
        """SELECT ?field WHERE { ?c onr:from ent:ros ; onr:conflictKind onr:oppositeRoles ; onr:differsIn ?field }"""
    )

    assert {"studyKindField"} == {short(row["field"]) for row in fields}
    assert ("oppositeRoles", "openConflict") in {(k, c) for k, c, _ in of(kg, "ros", "chemotherapy")}


def test_a_side_names_its_records_and_has_their_claims_and_steps() -> None:
    store = derived(FABIO + MORE + two(UP, DOWN) + claim(f"{UP} denied", name="three") + cited("three", "asserted", "three"))

    rows = store.query(f"""PREFIX onr: <{ONR}> SELECT ?kind ?side ?effect ?ownEffect ?claim ?step WHERE {{
        ?side onr:sideOf/onr:conflictKind ?kind ; onr:effect ?effect ; onr:fromClaim ?claim ; onr:fromStep ?step .
        OPTIONAL {{ ?side onr:fromRecord ?record . ?record onr:effect ?ownEffect }} }}""")
    names = ("kind", "effect", "ownEffect", "claim", "step")
    found = {tuple(row[name].value.rpartition("/")[2] if row[name] else "" for name in names) for row in rows}

    assert {
        ("oppositeSigns", "promotes", "promotes", "one", "one-1"),
        ("oppositeSigns", "suppresses", "suppresses", "two", "two-1"),
        ("affirmedAgainstDenied", "promotes", "promotes", "one", "one-1"),
        ("affirmedAgainstDenied", "promotes", "", "three", "three-1"),
    } == found


def test_who_stands_on_a_side_can_be_asked_for_its_grade(kg: KnowledgeGraph) -> None:
    rows = list(
        kg.query("""SELECT ?side ?grade WHERE { ?side onr:stance onr:affirms .
        OPTIONAL { ?side onr:fromRecord/onr:grade ?grade } }""")
    )

    assert len({row["side"] for row in rows}) >= 20
    assert all(row["grade"] for row in rows)


def test_every_conflict_has_two_sides_with_claims_and_one_class(kg: KnowledgeGraph) -> None:
    rows = list(
        kg.query("""SELECT ?conflict (COUNT(DISTINCT ?side) AS ?sides) (COUNT(DISTINCT ?class) AS ?classes)
        (COUNT(DISTINCT ?withClaim) AS ?claimed) WHERE {
        ?conflict a onr:Conflict . ?side onr:sideOf ?conflict .
        OPTIONAL { ?side onr:fromClaim ?claim BIND(?side AS ?withClaim) } OPTIONAL { ?conflict onr:conflictClass ?class } }
        GROUP BY ?conflict""")
    )

    assert len(rows) >= 12
    assert {("2", "1", "2")} == {(r["sides"].value, r["classes"].value, r["claimed"].value) for r in rows}
