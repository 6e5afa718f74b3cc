"""Every question gives the same rows, in the same order, on every engine.

The embedded store is the one compared with; its answers are read by people (`tests/golden`). A difference is a bug of the
question until the engine is shown to be at fault; then it goes, with the reason, into `tests/engines/known-differences.yaml`.
At the end of a run pytest prints the table engines x questions, and writes it as EARL (`--earl FILE`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.plugins.sparql import prepareQuery

from oncoresist import KnowledgeGraph
from oncoresist.catalogue.examples import all_examples, main_example
from oncoresist.saved_query import SavedQuery
from tests.conftest import ROOT, at_least, missing_component
from tests.engines import ENGINES, Engine, Table, canonical, difference, table, virtuoso
from tests.engines.report import EARL, REFERENCE, REPORT, Outcome, Report

ALL_QUESTIONS = at_least(10, KnowledgeGraph.open(ROOT).questions())
QUESTIONS = [question for question in ALL_QUESTIONS if not question.federated]
KNOWN = {
    (row["engine"], row["question"], row["aspect"]): row["reason"]
    for row in yaml.safe_load((Path(__file__).parent / "engines" / "known-differences.yaml").read_text(encoding="utf-8"))
}


@pytest.fixture(scope="session")
def data(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole default graph, as other stores load it."""
    path = tmp_path_factory.mktemp("data") / "oncoresist.nt"
    kg.engine.store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())  # type: ignore[attr-defined]
    return path


@pytest.fixture(scope="session", params=ENGINES, ids=lambda engine: engine.name)
def engine(
    kg: KnowledgeGraph,
    request: pytest.FixtureRequest,
    data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Iterator[Engine]:
    """One running engine with the graph in it, for all its tests."""
    of_class = request.param
    if REPORT.earl_file is None:
        chosen = pytestconfig.getoption("--earl")
        REPORT.earl_file = Path(chosen) if chosen else tmp_path_factory.mktemp("report") / "earl.ttl"
    if reason := of_class.missing():
        REPORT.absent[of_class.name] = reason
        missing_component(reason)
    folder = tmp_path_factory.mktemp(of_class.name.replace(" ", "-").lower())
    if of_class.bundle:
        data = folder / "bundle"
        kg.export("bundle", data, store=of_class.bundle)
    own = folder / "own"
    own.mkdir()
    running = of_class(data, own)
    REPORT.engines[running.name] = (running.version, running.homepage)
    yield running
    running.stop()


@cache
def reference(query: str) -> Table:
    """The answer of the embedded store."""
    kg = KnowledgeGraph.open(ROOT)
    started = time.perf_counter()
    results = kg.engine.query(query)
    assert isinstance(results, ox.QuerySolutions)
    return table(results, time.perf_counter() - started)


def compared(kg: KnowledgeGraph, engine: Engine, question: SavedQuery) -> Outcome:
    """Ask with the sets of parameters the header gives; the time is that of the first, the main example."""
    seconds = rows = 0
    for number, parameters in enumerate(all_examples(question) if engine.thorough else [main_example(question)]):
        query = kg.sparql(question.id, **parameters)
        expected = reference(query)
        if number == 0:
            rows = len(expected.rows)
            REPORT.engines.setdefault(REFERENCE, (ox.__version__, "https://pypi.org/project/pyoxigraph/"))
            REPORT.add(Outcome(REFERENCE, question.id, "same", expected.seconds, rows))
        try:
            actual = engine.ask(query)
        except Exception as error:
            return Outcome(engine.name, question.id, "fails", seconds, rows, f"{parameters}: {' '.join(str(error).split())}")
        if number == 0:
            seconds = actual.seconds
        if actual.variables != expected.variables:
            return Outcome(engine.name, question.id, "differs", seconds, rows, f"columns {actual.variables}")
        if differs := difference(expected.rows, actual.rows):
            return Outcome(engine.name, question.id, "differs", seconds, rows, f"{parameters}: {differs}")
    return Outcome(engine.name, question.id, "same", seconds, rows)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_rows_are_the_same_in_the_same_order(kg: KnowledgeGraph, engine: Engine, question: SavedQuery) -> None:
    if reason := KNOWN.get((engine.name, question.id, "time")):
        REPORT.add(Outcome(engine.name, question.id, "slow", 0, 0, reason))
        return
    outcome = compared(kg, engine, question)
    if reason := KNOWN.get((engine.name, question.id, "rows")):
        REPORT.add(replace(outcome, status="known", message=reason))
        assert outcome.status != "same", "the difference is gone: strike it from tests/engines/known-differences.yaml"
        return
    if outcome.status == "same" and not engine.orders:
        outcome = replace(outcome, status="order", message=KNOWN[engine.name, "*", "order"])
    REPORT.add(outcome)

    assert outcome.status in ("same", "order"), outcome.message


def test_an_engine_that_cannot_order_is_on_record_and_no_other_is(engine: Engine) -> None:
    """Once Comunica orders by several keys, `sortsByTwoKeys` of comunica.mjs and the row of the file are to be struck."""
    assert (engine.name, "*", "order") in KNOWN if not engine.orders else (engine.name, "*", "order") not in KNOWN


def test_questions_that_ask_other_endpoints_are_read_by_two_parsers() -> None:
    """They are not run: no network in tests."""
    for question in ALL_QUESTIONS:
        if question.federated:
            assert "SERVICE" in question.text
            prepareQuery(question.text)
            without_the_call = re.sub(r"SERVICE\s+(SILENT\s+)?<[^>]*>\s*", "", question.text)
            ox.Store().query(without_the_call)  # pyoxigraph parses only what it runs


def test_known_differences_name_engines_and_questions_there_are() -> None:
    names, ids = {engine.name for engine in ENGINES}, {question.id for question in QUESTIONS}

    assert [
        row for row in KNOWN if row[0] not in names or row[1] not in ids | {"*"} or row[2] not in ("rows", "order", "time")
    ] == []
    assert all(len(reason) > 40 for reason in KNOWN.values()), "say what the engine does and what SPARQL says"


# The comparison itself: it must be able to fail.


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        ([("a",), ("b",)], [("a",)], "1 lost, 0 extra"),
        ([("a",)], [("a",), ("a",)], "0 lost, 1 extra"),
        ([("a",), ("b",)], [("b",), ("a",)], "same rows, other order, first in row 1"),
    ],
)
def test_lost_doubled_and_reordered_rows_are_told_apart(expected: list, actual: list, told: str) -> None:
    assert told in (difference(expected, actual) or "")


def test_terms_are_compared_by_kind_and_language_and_numbers_by_value() -> None:
    one = ox.Literal(1)

    assert canonical(one) == canonical(ox.Literal("1.0", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")))
    assert canonical(ox.Literal("1")) != canonical(one)
    assert canonical(ox.Literal("a", language="en")) == canonical(ox.Literal("a", language="EN"))
    assert canonical(ox.Literal("a", language="en")) != canonical(ox.Literal("a"))
    assert canonical(ox.NamedNode("http://a/")) != canonical(ox.Literal("http://a/"))


def test_a_query_without_total_order_is_found_out(engine: Engine, kg: KnowledgeGraph) -> None:
    """Guards the guard: every engine is really asked, and a wrong answer would be seen."""
    right = "SELECT ?drug WHERE { ?drug a <https://w3id.org/oncoresist/ontology/PlatinumAgent> } ORDER BY ?drug"
    wrong = right.replace("ORDER BY ?drug", "ORDER BY DESC(?drug)")

    assert difference(reference(right).rows, engine.ask(right).rows) is None
    assert difference(reference(right).rows, engine.ask(wrong).rows)


def test_earl_report_says_who_passed_what() -> None:
    report = Report({"rdflib": ("7", "https://github.com/RDFLib/rdflib")})
    report.add(Outcome("rdflib", "good", "same", 0.1, 3))
    report.add(Outcome("rdflib", "bad", "differs", 0.1, 3, "one row lost"))
    report.add(Outcome("rdflib", "unsorted", "order", 0.1, 3, "its sort is not stable"))
    report.add(Outcome("rdflib", "waited", "slow", 0, 0, "takes minutes"))

    graph = rdflib.Graph().parse(data=report.earl(), format="turtle")

    outcomes = {
        str(graph.value(a, EARL.test)).rpartition("/")[2]: graph.value(graph.value(a, EARL.result), EARL.outcome)
        for a in graph.subjects(rdflib.RDF.type, EARL.Assertion)
    }
    assert outcomes == {
        "good#rows": EARL.passed,
        "good#order": EARL.passed,
        "bad#rows": EARL.failed,
        "bad#order": EARL.failed,
        "unsorted#rows": EARL.passed,
        "unsorted#order": EARL.failed,
        "waited#rows": EARL.untested,
        "waited#order": EARL.untested,
    }
    assert [line.split()[2] for line in report.lines()[1:4]] == ["DIFFERS", "100", "100"]


def test_a_broken_file_is_told_and_not_half_loaded_in_silence(tmp_path: Path) -> None:
    if reason := virtuoso.Virtuoso.missing():
        missing_component(reason)
    broken = tmp_path / "broken.nt"
    broken.write_text("<http://a/> <http://b/> <http://c/> .\n<http://a/> <http://b/> ( .\n")

    with virtuoso.Virtuoso(tmp_path / "db", (tmp_path,)) as server, pytest.raises(virtuoso.VirtuosoError, match=r"broken\.nt"):
        server.load_file(broken, "http://g/")
