"""What falls with a paper. The expectations were read by hand from the blocks of graph/claims, not from the answers."""

from __future__ import annotations

import json

import pytest

from oncoresist import KnowledgeGraph, render, render_comparison
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.report import of_what_if
from oncoresist.mechanism.what_if import WhatIf, what_if
from oncoresist.namespaces import BASE
from oncoresist.paths import Layout

SUN = "Sun 2017"  # ca-033 to ca-035: STIM1 in osteosarcoma; ca-005 and ca-006 restate it from the review


def claims(some) -> set[str]:
    return {getattr(one, "iri", one).removeprefix(BASE + "claim/") for one in some}


def labels(found: WhatIf, what: str, kind: str = "derived edge") -> list[str]:
    return [edge.label for edge in found.comparison.edges if (edge.kind, edge.what) == (kind, what)]


@pytest.fixture(scope="module")
def sun(kg: KnowledgeGraph) -> WhatIf:
    return kg.what_if(SUN)


def test_what_rests_on_one_paper_alone_falls_and_so_does_what_restates_it(sun: WhatIf) -> None:
    assert claims(sun.fallen) == {"ca-033-a", "ca-033-b", "ca-033-c", "ca-034-a", "ca-035-a", "ca-005-a", "ca-006-a"}
    assert sun.weakened == []
    reasons = {claim.iri.rpartition("/")[2]: claim.why for claim in sun.fallen}
    assert reasons["ca-034-a"] == "it has no other support"
    assert reasons["ca-006-a"] == "it restates claim:ca-034-a"


def test_edges_of_fallen_claims_fall_and_shared_ones_weaken(sun: WhatIf) -> None:
    assert "STIM1 correlates with overall survival" in labels(sun, "withdrawn")
    assert len(labels(sun, "withdrawn")) == 10
    # ca-035-a says it on Sun 2017; the other claim of this edge is the review's own.
    (weaker,) = [edge for edge in sun.comparison.edges if edge.what == "weakened" and edge.kind == "derived edge"]
    assert weaker.label == "STIM1 of cancer cell suppresses apoptosis, in cancer cell"
    assert weaker.details == ("claims 2 → 1", "grade C: one study → E: no study cited", "independent studies 1 → 0")
    assert claims(weaker.claims) == {"ca-035-a"}


def test_the_direction_of_a_drug_mechanism_changes_when_one_side_is_left(sun: WhatIf) -> None:
    assert [(d.kind, d.what, d.label) for d in sun.comparison.directions] == [
        (kind, "one side left", "STIM1 on cisplatin: lowers resistance to and raises resistance to → lowers resistance to")
        for kind in ("derived edge", "drug mechanism")
    ]
    # STIM1's two roles stay in conflict: the review that is left speaks of anticancer therapy, of which cisplatin is a part.
    (ended,) = sun.comparison.conflicts
    assert ("ended", {"ca-006-a", "ca-034-a", "ca-035-a"}) == (ended.what, claims(ended.claims))


def test_saved_answers_change_because_of_the_fallen_claims_only(sun: WhatIf) -> None:
    answers = {answer.question: answer for answer in sun.comparison.answers or ()}

    blamed = {iri for answer in answers.values() for row in answer.rows for iri in row.because}
    assert claims(blamed) <= claims(sun.fallen)
    assert all(row.because for answer in answers.values() for row in answer.rows)
    restored = answers["restored-sensitivity"]
    assert claims({iri for row in restored.rows for iri in row.because}) == {"ca-006-a", "ca-034-a"}
    # The counts of drugs-by-cell name no claim: which ones they lost is likely, not certain.
    counts = {(row.row["cell"], row.row["effect"]): row for row in answers["drugs-by-cell"].rows}
    row = counts["cancer cell", "resistance decreased"]
    assert (row.what, row.certain, claims(row.because)) == ("changed", False, {"ca-006-a", "ca-034-a"})
    before, after = map(int, row.row["claims"].split(" → "))
    assert before - after == 1  # ca-006-a restates ca-034-a and was never counted


@pytest.mark.parametrize(
    ("question", "given", "gone"),
    [
        # No claim that falls names these: they are the other end of a pair, or a group that takes in cisplatin.
        ("mechanisms-shared-by-cancers", {"cancer": "osteosarcoma", "other": "lung cancer"}, 10),
        ("mechanisms-shared-by-cancers", {"cancer": "cervical cancer", "other": "osteosarcoma"}, 2),
        ("drugs-sharing-a-mechanism", {"drug": "anticancer therapy"}, 3),
    ],
)
def test_answers_about_the_other_end_of_a_pair_are_not_missed(
    kg: KnowledgeGraph, sun: WhatIf, question: str, given: dict[str, str], gone: int
) -> None:
    (answer,) = [answer for answer in sun.comparison.answers or () if answer.question == question]
    withdrawn = [row for row in answer.rows if given.items() <= row.row.items() and row.what == "withdrawn"]
    assert len(withdrawn) == gone
    asked = kg.ask(question, **given)  # by the way users ask, not by that of the comparison
    fallen = {claim.iri for claim in sun.fallen}
    assert len([row for row in asked if fallen & {getattr(row[name], "value", None) for name in asked.variables}]) == gone


def test_a_question_that_cannot_be_read_is_told_and_not_left_out(copy_of_content: Layout) -> None:
    path = copy_of_content.root / "queries" / "questions" / "cancers-by-drug.rq"
    path.write_text(path.read_text(encoding="utf-8").replace("#+ topic: cancers\n", ""), encoding="utf-8")
    found = KnowledgeGraph.open(copy_of_content.root).what_if(SUN)
    (untold,) = [answer for answer in found.comparison.answers or () if answer.what == "unanswerable"]
    assert untold.question == "cancers-by-drug"
    assert "topic" in untold.note


def test_the_graph_itself_is_left_as_it_was(kg: KnowledgeGraph, sun: WhatIf) -> None:
    assert sun.fallen
    assert kg.query("ASK { claim:ca-034-a onr:hasEvidence ?line }").boolean


def test_one_reference_among_several_weakens_and_does_not_fell(kg: KnowledgeGraph) -> None:
    """Xu 2018 is alone behind platinum-2-2, and one of twelve behind the row of cisplatin in Table 1."""
    found = kg.what_if("10.3892/ol.2018.8463", questions=False)

    assert claims(found.fallen) == {"tme2019-platinum-2-2-a", "tme2019-platinum-2-2-b"}
    assert claims(found.weakened) == {f"tme2019-table1-cisplatin-{letter}" for letter in "abcdefghi"}
    assert {claim.why for claim in found.weakened} == {"11 of 12 references left"}
    assert "IL6 raises resistance to cisplatin" in labels(found, "withdrawn", "drug mechanism")
    assert "IL6 promotes STAT3 signaling, in cancer cell" in labels(found, "weakened")
    assert found.comparison.answers is None


def test_several_papers_fall_together(kg: KnowledgeGraph) -> None:
    """Without either paper, both sides of the disagreement on STIM1 and cisplatin are gone."""
    found = kg.what_if(SUN, "doi:10.3390/cancers11030430", questions=False)

    assert claims(found.fallen) >= {"ca-034-a", "ca-089-a"}
    assert "STIM1 lowers resistance to cisplatin" in labels(found, "withdrawn", "drug mechanism")
    assert "STIM1 raises resistance to cisplatin" in labels(found, "withdrawn", "drug mechanism")
    assert found.comparison.directions == []


def test_a_doubted_review_takes_its_own_statements_along_and_keeps_what_it_reports(kg: KnowledgeGraph) -> None:
    found = what_if(kg.state, [BASE + "publication/tme2019"], kg.content, questions=False)

    own = kg.query("SELECT DISTINCT ?c WHERE { ?c onr:hasEvidence/cito:citesAsEvidence pub:tme2019 }")
    assert claims(own.iris()) == claims(found.fallen)
    assert "tme2019-platinum-2-2-a" in claims(found.second_hand), "it rests on Xu 2018"
    assert not claims(found.second_hand) & claims(found.fallen)
    assert of_what_if(found, kg.prefixes.curie).lead == [
        f"{len(found.second_hand)} claims read in a doubted source rest on other references; they stay, at second hand."
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Sun 2017",
        "sun 2017",
        "10.1007/s13577-017-0167-9",
        "https://doi.org/10.1007/s13577-017-0167-9",
        "doi:10.1007/S13577-017-0167-9",
    ],
)
def test_a_publication_goes_by_any_of_its_names(kg: KnowledgeGraph, name: str) -> None:
    assert kg.names.publication(name) == BASE + "publication/doi-10-1007-s13577-017-0167-9"


def test_a_publication_goes_by_pmid_pmcid_and_curie(kg: KnowledgeGraph) -> None:
    expected = BASE + "publication/tme2019-ref-39"

    assert {kg.names.publication(name) for name in ("PMID:29988148", "29988148", "pub:tme2019-ref-39", expected)} == {expected}
    assert kg.names.publication("PMC6545160") == BASE + "publication/pmcid-pmc6545160"


def test_unknown_and_ambiguous_publications_are_refused_with_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match=r'unknown publication "Sunn 2017"\. Did you mean "Sun 2017"'):
        kg.what_if("Sunn 2017")
    with pytest.raises(UnknownNameError, match=r'"pub:tme2019-ref-420"\. Did you mean "pub:tme2019-ref-42"'):
        kg.what_if("pub:tme2019-ref-420")
    with pytest.raises(
        UsageError, match=r'"Xu 2018" names several publications: pub:doi-\S+ \(Xu 2018, doi:\S+\); pub:tme2019-ref-42'
    ):
        kg.what_if("Xu 2018")


def test_it_reads_as_words(kg: KnowledgeGraph, sun: WhatIf) -> None:
    console = render.console()
    with console.capture() as capture:
        console.print(render_comparison.text(of_what_if(sun, kg.prefixes.curie)))

    shown = " ".join(capture.get().split())
    assert shown.startswith("If Sun 2017, doi:10.1007/s13577-017-0167-9 (pub:doi-10-1007-s13577-017-0167-9) falls ")
    assert "Claims that fall (7)" in shown
    assert "− STIM1 correlates with overall survival because of claim:ca-033-b" in shown
    assert "Conflicts that ended (1)" in shown
    assert "https://w3id.org" not in shown


def test_json_has_everything(sun: WhatIf) -> None:
    data = json.loads(json.dumps(sun.to_dict()))

    assert {
        "references",
        "cited",
        "fallen",
        "weakened",
        "secondHand",
        "counts",
        "edges",
        "directions",
        "conflicts",
        "answers",
    } == {*data}
    assert len(data["fallen"]) == data["cited"] + 2, "two more restate them"


def test_a_paper_that_no_claim_cites_takes_nothing_along(run) -> None:
    result = run("what-if", "Najafi 2019")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].strip() == "No claim cites it: nothing falls."


def test_an_unknown_paper_is_one_line_on_stderr(run) -> None:
    result = run("what-if", "Nobody 1899")

    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith('unknown publication "Nobody 1899".')
