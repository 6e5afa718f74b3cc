"""The reports: each runs on the real graph, says something, and gives the columns it promises."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from oncoresist import KnowledgeGraph
from oncoresist.saved_query import read_saved_query
from tests.conftest import ROOT, at_least

REPORTS = at_least(7, sorted((ROOT / "queries" / "reports").glob("*.rq")))
SPLIT_BY_STATUS = ("curated", "excluded", "unaccounted")


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_report_is_plain_sparql_for_two_engines(path: Path, kg: KnowledgeGraph) -> None:
    report, text = read_saved_query(path, kg.layout), path.read_text(encoding="utf-8")

    assert report.summary.endswith("?")
    assert report.tags[0] == "report"
    assert list(report.columns) == [v.value for v in ox.Store().query(text).variables]
    assert list(report.columns) == [str(v) for v in prepareQuery(text).algebra.PV]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_report_says_something(path: Path, kg: KnowledgeGraph) -> None:
    assert len(kg.report(path.stem)) > 0


def counts(kg: KnowledgeGraph, report: str, *columns: str) -> list[tuple[int, ...]]:
    answer = kg.report(report)
    places = [answer.variables.index(column) for column in columns]
    return [tuple(int(row[place].value) for place in places) for row in answer.rows]


def test_every_passage_is_curated_or_excluded(kg: KnowledgeGraph) -> None:
    rows = counts(kg, "coverage", "passages", *SPLIT_BY_STATUS)

    assert all(passages == curated + excluded for passages, curated, excluded, _ in rows)
    assert not sum(unaccounted for *_, unaccounted in rows)


def test_every_exclusion_has_its_reason(kg: KnowledgeGraph) -> None:
    excluded = sum(row[0] for row in counts(kg, "coverage", "excluded"))
    answer = kg.report("exclusions")

    assert excluded == len({row[0] for row in answer.rows})
    assert all(row[answer.variables.index("reason")] for row in answer.rows)


def test_every_entity_is_mapped_or_says_why_not(kg: KnowledgeGraph) -> None:
    rows = counts(kg, "entities-by-mapping-state", "entities", "exact", "close", "wider", "none", "unexplained")

    assert all(entities == sum(states) for entities, *states, _ in rows)
    assert not sum(row[-1] for row in rows)


def test_claims_are_counted_alike_everywhere(kg: KnowledgeGraph) -> None:
    all_claims = int(kg.query("SELECT (COUNT(*) AS ?n) WHERE { ?claim a onr:Claim }").rows[0][0].value)

    for report in ("coverage", "claims-by-source-and-section", "claims-by-certainty-and-polarity"):
        assert all_claims == sum(row[0] for row in counts(kg, report, "claims")), report


def test_every_claim_was_read_twice(kg: KnowledgeGraph) -> None:
    rows = counts(kg, "coverage", "claims", "readTwice")

    assert all(claims == read for claims, read in rows)
    assert sum(read for _, read in rows) > 600


def test_report_command_lists_and_runs(run) -> None:
    listed, coverage, unknown = run("report"), run("report", "coverage", "-f", "csv"), run("report", "covrage")

    assert (0, 0, 2) == (listed.exit_code, coverage.exit_code, unknown.exit_code)
    assert "exclusions" in listed.stdout
    assert coverage.stdout.startswith("source,passages,curated,excluded,unaccounted,claims")
    assert unknown.stderr.startswith('unknown report "covrage". Did you mean "coverage"?')


def test_every_conflict_is_reported_with_claims_on_both_sides(kg: KnowledgeGraph) -> None:
    asked = {row[0] for row in kg.query("SELECT ?conflict WHERE { ?conflict a onr:Conflict }").rows}
    report = kg.report("conflicts")
    conflict = report.variables.index("conflict")

    assert asked == {row[conflict] for row in report.rows}
    assert len(at_least(12, list(asked))) <= len(report)
    assert all(min(sides) >= 1 for sides in counts(kg, "conflicts", "claims", "against"))
    bevacizumab = [row for row in report.rows if "bevacizumab" in report.labels[row[conflict].value]]
    assert bevacizumab, "two passages disagree on whether bevacizumab brings macrophages in"


def test_reported_conflicts_say_how_well_each_side_is_supported(kg: KnowledgeGraph) -> None:
    report = kg.report("conflicts")
    labelled = [[report.labels.get(term.value, term.value) if term else "" for term in row] for row in report.rows]
    rows = [dict(zip(report.variables, row, strict=True)) for row in labelled]
    support = {
        row["conflict"].partition(", against:")[0]: [row[c][:1] for c in ("claims", "grade", "against", "gradeAgainst")]
        for row in rows
    }

    assert ["1", "D", "1", ""] == support["bevacizumab promotes macrophage"], "hedged, and what is denied has no grade"
    assert ["3", "C", "1", "C"] == support["STIM1 raises resistance to cisplatin"]
    assert ["4", "B", "1", "C"] == support["PI3K/AKT signaling raises resistance to B-Raf inhibitor and 2 more"]
