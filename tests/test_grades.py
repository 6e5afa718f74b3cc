"""Evidence grades and drug mechanisms: computed here a second time, in Python from the claims, and by hand on small cases."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.mechanism.edge_changes import compare_edges
from oncoresist.mechanism.state import State
from oncoresist.namespaces import BASE, ENT, ONR
from tests.claims import CONTENT, claim, derived, short

FABIO = """@prefix cito: <http://purl.org/spar/cito/> .
@prefix e: <https://w3id.org/oncoresist/evidence/> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix pub: <https://w3id.org/oncoresist/publication/> .
"""


def cited(name: str, certainty: str, *lines: str) -> str:
    """Evidence for claim `name`; each line is `study [kind …]`."""
    text = [f"c:{name} onr:certainty onr:{certainty} ."]
    for number, line in enumerate(lines, 1):
        study, *kinds = line.split()
        text.append(f"c:{name} onr:hasEvidence e:{name}-{number} .")
        text.append(f"e:{name}-{number} onr:direction onr:supports ; cito:citesAsEvidence pub:{study} .")
        text.append(f"pub:{study} a fabio:JournalArticle .")
        text += [f"e:{name}-{number} onr:studyKind onr:{kind} ." for kind in kinds]
    return "\n".join(text)


def grades(text: str) -> dict[str, str]:
    """`a promotes b` → `B 2+0`: the grade, studies that assert, studies that only suggest."""
    rows = derived(FABIO + text).query(f"""PREFIX onr: <{ONR}> SELECT ?from ?effect ?to ?grade ?n ?m WHERE {{
        ?record a ?kind ; onr:from ?from ; onr:effect ?effect ; onr:to ?to ; onr:grade ?grade ;
          onr:independentStudies ?n ; onr:tentativeStudies ?m .
        VALUES ?kind {{ onr:DerivedEdge onr:DrugMechanism }} }}""")
    return {
        f"{short(r['from'])} {short(r['effect'])} {short(r['to'])}": f"{r['grade'].value[-1]} {r['n'].value}+{r['m'].value}"
        for r in rows
    }


RAISES = "a raisesResistanceTo cisplatin"


@pytest.mark.parametrize(
    ("certainty", "lines", "extra", "expected"),
    [
        ("asserted", ["one", "two", "three inVivo"], "", "A 3+0"),
        ("asserted", ["one", "two", "three clinical"], "", "A 3+0"),
        ("asserted", ["one inVitro", "two", "three"], "", "B 3+0"),
        ("asserted", ["one", "two inVivo"], "", "B 2+0"),
        ("asserted", ["one inVivo"], "", "C 1+0"),
        ("asserted", ["one inVivo", "one inVitro"], "", "C 1+0"),
        ("hedged", ["one", "two", "three inVivo"], "", "D 0+3"),
        ("asserted", [], "", "E 0+0"),
        ("asserted", ["one", "two"], "pub:two a fabio:ReviewArticle .", "C 1+0"),
        ("asserted", ["one", "two reviewStatement"], "", "C 1+0"),
        ("asserted", ["one", "two"], "pub:two onr:noticeKind onr:retraction .", "C 1+0"),
        ("asserted", ["one", "two"], "pub:two onr:noticeKind onr:concern .", "C 1+1"),
        ("asserted", ["one"], "pub:one onr:noticeKind onr:concern .", "D 0+1"),
        ("asserted", ["one", "two"], "pub:two onr:noticeKind onr:correction .", "B 2+0"),
    ],
)
def test_grade_follows_from_the_studies(certainty: str, lines: list[str], extra: str, expected: str) -> None:
    text = claim("a confersResistanceTo cisplatin", drug="cisplatin", polarity="resistanceIncreased") + cited(
        "one", certainty, *lines
    )

    assert {RAISES: expected} == grades(text + extra)


def test_paper_cited_by_two_claims_counts_once() -> None:
    one = claim("a increases b", name="one") + cited("one", "asserted", "study")
    two = claim("a increases b", name="two") + cited("two", "asserted", "study")

    assert "C 1+0" == grades(one + two)["a promotes b"]


def test_study_that_one_claim_asserts_and_another_hedges_is_not_tentative() -> None:
    one = claim("a increases b", name="one") + cited("one", "asserted", "study")
    two = claim("a increases b", name="two") + cited("two", "hedged", "study", "other")

    assert "C 1+1" == grades(one + two)["a promotes b"]


def test_a_study_cited_against_a_claim_does_not_support_it() -> None:
    one = claim("a increases b", name="one") + cited("one", "asserted", "study")
    against = "c:one onr:hasEvidence e:against . e:against onr:direction onr:disputes ; cito:citesAsEvidence pub:other ."
    other = " pub:other a fabio:JournalArticle . e:against onr:studyKind onr:inVivo ."

    assert "C 1+0" == grades(one + against + other)["a promotes b"]


def test_the_kind_of_a_study_counts_only_where_the_study_does() -> None:
    """Three in vitro are B; an in vivo study that is only suggested makes no A of it."""
    one = claim("a increases b", name="one") + cited("one", "asserted", "x inVitro", "y inVitro", "z inVitro")
    two = claim("a increases b", name="two") + cited("two", "hedged", "w inVivo")

    assert "B 3+1" == grades(one + two)["a promotes b"]


def test_a_better_grade_alone_strengthens_an_edge() -> None:
    """The same studies of another kind: no count differs, and a grade of lower rank is better."""
    vitro, vivo = (
        State(kind, derived(FABIO + claim("a increases b") + cited("one", "asserted", "x", "y", f"z {kind}")), CONTENT.prefixes)
        for kind in ("inVitro", "inVivo")
    )

    def change(old: State, new: State) -> list[str]:
        return [edge.what for edge in compare_edges(old, new, {f"{BASE}claim/one"})[0]]

    assert ["B", "A"] == [grades[-1] for state in (vitro, vivo) for grades in graded(state)]
    assert (change(vitro, vivo), change(vivo, vitro)) == (["strengthened"], ["weakened"])


def graded(state: State) -> list[str]:
    return [str(grade) for edge in state.edges.values() for grade in edge[ONR + "grade"]]


def test_a_reference_known_by_its_number_only_is_tentative() -> None:
    nameless = cited("one", "asserted", "study").replace("pub:study a fabio:JournalArticle .", "")

    assert "D 0+1" == grades(claim("a increases b", name="one") + nameless)["a promotes b"]


def test_doubted_claim_supports_nothing() -> None:
    one = claim("a increases b", name="one") + cited("one", "asserted", "study")
    two = claim("a increases b", name="two", rest='c:two onr:doubtedBecause "Odd."@en .') + cited("two", "asserted", "other")

    assert "C 1+0" == grades(one + two)["a promotes b"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["a increases b", "b confersResistanceTo cisplatin"], {"a": 1, "b": 1}),
        (["a decreases b", "b confersResistanceTo cisplatin"], {"a": -1, "b": 1}),
        # b is blocked in the experiment, and still it is b that makes resistant, and a that makes b.
        (["a increases b", "b sensitizesTo cisplatin perturbation=blocked"], {"a": 1, "b": 1}),
        (["a increases b perturbation=silenced", "b confersResistanceTo cisplatin"], {"a": -1, "b": 1}),
        (["fibroblast secretes a", "a increases apoptosis objectIn=tumour"], {"fibroblast": -1, "a": -1}),
        (["a increases apoptosis objectIn=t-cell"], {}),
        (["a associatedWith cisplatin"], {}),
        (["a increases b", "c confersResistanceTo cisplatin"], {"c": 1}),
        (["a confersResistanceTo cisplatin denied"], {}),
    ],
)
def test_drug_mechanism_has_the_sign_of_the_way_to_the_response(steps: list[str], expected: dict[str, int]) -> None:
    store = derived(FABIO + claim(*steps, drug="cisplatin") + cited("one", "asserted", "study"))

    rows = store.query(f"""PREFIX onr: <{ONR}> SELECT ?from ?effect WHERE {{
        ?mechanism a onr:DrugMechanism ; onr:from ?from ; onr:effect ?effect ; onr:to <{ENT}cisplatin> }}""")

    assert expected == {short(r["from"]): {"raisesResistanceTo": 1, "lowersResistanceTo": -1}[short(r["effect"])] for r in rows}


def test_every_grade_can_be_taken_apart_to_its_papers(kg: KnowledgeGraph) -> None:
    """The same formula once more, in Python, from claims and evidence lines alone."""
    notices = defaultdict(set)
    for row in kg.query("SELECT ?study ?notice WHERE { ?study onr:noticeKind ?notice }"):
        notices[row["study"]].add(short(row["notice"]))
    articles = {row["study"] for row in kg.query("SELECT ?study WHERE { ?study a fabio:JournalArticle }")}
    lines = kg.query("""SELECT ?record ?certainty ?study ?kind WHERE {
        ?record onr:grade ?grade ; onr:fromClaim ?claim . ?claim onr:certainty ?certainty ; onr:hasEvidence ?line .
        ?line cito:citesAsEvidence ?study ; onr:direction onr:supports . FILTER NOT EXISTS { ?study a fabio:ReviewArticle }
        FILTER NOT EXISTS { ?line onr:studyKind onr:reviewStatement }
        OPTIONAL { ?line onr:studyKind ?kind } }""")
    asserting, tentative, kinds = defaultdict(set), defaultdict(set), defaultdict(set)
    for row in lines:
        if "retraction" in notices[row["study"]]:
            continue
        known = row["study"] in articles and "concern" not in notices[row["study"]]
        counts = short(row["certainty"]) == "asserted" and known
        (asserting if counts else tentative)[row["record"]].add(row["study"])
        if counts and row["kind"]:
            kinds[row["record"]].add(short(row["kind"]))
    graded = list(
        kg.query(
            "SELECT ?record ?grade ?n ?m WHERE { ?record onr:grade ?grade ; onr:independentStudies ?n ; onr:tentativeStudies ?m }"
        )
    )

    for row in graded:
        record = row["record"]
        n, m = len(asserting[record]), len(tentative[record] - asserting[record])
        beyond = bool(kinds[record] & {"inVivo", "clinical"})
        expected = "A" if n >= 3 and beyond else "B" if n >= 2 else "C" if n else "D" if m else "E"
        assert (expected, str(n), str(m)) == (row["grade"].value[-1], row["n"].value, row["m"].value), record
    assert len(graded) >= 1500
    assert {"A", "B", "C", "D", "E"} == {row["grade"].value[-1] for row in graded}


def test_every_record_with_claims_has_one_grade(kg: KnowledgeGraph) -> None:
    ungraded = kg.query("""SELECT ?record WHERE { VALUES ?kind { onr:DerivedEdge onr:DrugMechanism } ?record a ?kind .
        FILTER NOT EXISTS { ?record onr:grade ?grade } }""")
    twice = kg.query("SELECT ?record WHERE { ?record onr:grade ?one, ?other . FILTER(?one != ?other) }")

    assert [[], []] == [ungraded.rows, twice.rows]


def test_trpm2_and_the_calcium_it_lets_in_protect_from_chemotherapy(kg: KnowledgeGraph) -> None:
    """ca-127: what was blocked is the influx; that blocking helps the drug makes TRPM2 a cause of resistance."""
    rows = kg.query(
        "SELECT ?effect WHERE { ?m a onr:DrugMechanism ; onr:from ent:trpm2 ; onr:to ent:chemotherapy ; onr:effect ?effect }"
    )

    assert ["raisesResistanceTo"] == [short(row[0]) for row in rows.rows]
    assert isinstance(rows.rows[0][0], ox.NamedNode)


def test_review_of_others_work_is_no_study_of_its_own(kg: KnowledgeGraph) -> None:
    """ca-127 is the abstract of a review."""
    rows = kg.query(
        "SELECT ?grade WHERE { ?m a onr:DrugMechanism ; onr:from ent:trpm2 ; onr:to ent:chemotherapy ; onr:grade ?grade }"
    )

    assert ["gradeE"] == [short(row[0]) for row in rows.rows]


def test_a_survey_of_transporters_is_no_study_of_one(kg: KnowledgeGraph) -> None:
    """intro.3.2 cites a review in a journal of reviews, one that calls itself so, and a number without a text."""
    rows = kg.query("""SELECT DISTINCT ?grade WHERE { ?edge a onr:DerivedEdge ; onr:grade ?grade ;
        onr:from ent:abcb1 ; onr:to ent:antineoplastic-agent ; onr:fromClaim claim:tme2019-intro-3-2-a }""")

    assert [["gradeD"]] == [[short(grade) for grade in row] for row in rows.rows]


def test_a_grade_query_run_by_hand_grades_what_the_graph_grades(kg: KnowledgeGraph) -> None:
    text = (kg.layout.queries / "derive" / "evidence-grades.rq").read_text(encoding="utf-8")

    by_hand = {(t.subject, t.predicate, t.object) for t in kg.engine.store.query(text)}

    properties = [ox.NamedNode(ONR + name) for name in ("grade", "independentStudies", "tentativeStudies")]
    stored = {
        (q.subject, q.predicate, q.object)
        for property_ in properties
        for q in kg.engine.store.quads_for_pattern(None, property_, None, ox.DefaultGraph())
    }
    assert len(stored) > 4000
    assert stored == by_hand
