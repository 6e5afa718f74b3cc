"""Every check of the graph lets good records through and finds the bad ones.

The first lines of a failing fixture name what the check must find, subject and value, and nothing else:
`# finds: claim:tme2019-platinum-1-6-a passage:tme2019-platinum-1-6`.
The checks of the ontology itself (`ontology-*.rq`) are tested elsewhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from oncoresist import turtle
from oncoresist.content import Content, into_store
from oncoresist.derive import derive
from oncoresist.paths import find_layout
from oncoresist.saved_query import read_saved_query

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = Path(__file__).parent / "fixtures" / "checks"
WHOLE = FIXTURES / "whole-record.ttl"
CONTENT = Content(find_layout(ROOT))
CHECKS = sorted(p for p in (CONTENT.layout.queries / "checks").glob("*.rq") if not p.stem.startswith("ontology-"))
PASSING = sorted(FIXTURES.glob("*/pass-*.ttl"))
FAILING = sorted(FIXTURES.glob("*/fail-*.ttl"))


def at_least(count: int, paths: list[Path]) -> list[Path]:
    assert len(paths) >= count, f"{len(paths)} files found, {count} expected"
    return paths


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def ontology() -> list[ox.Quad]:
    return list(CONTENT.triples("ontology"))


def store_of(path: Path) -> ox.Store:
    """The ontology, a fixture and what is derived from both: what a check sees."""
    store = ox.Store()
    into_store(store, "ontology", ontology())
    into_store(store, "evidence", turtle.read(path))
    derive(store, CONTENT)
    return store


def found(check: Path, store: ox.Store) -> list[str]:
    rows = store.query(check.read_text(encoding="utf-8"))
    return [f"{shown(row['subject'])} {shown(row['value'])}" for row in rows]


def shown(term: ox.NamedNode | ox.Literal) -> str:
    if isinstance(term, ox.NamedNode):
        return CONTENT.prefixes.curie(term.value)
    return term.value if term.datatype.value.endswith("#integer") else f'"{term.value}"'


def check_of(fixture: Path) -> Path:
    return CONTENT.layout.queries / "checks" / f"{fixture.parent.name}.rq"


@pytest.mark.parametrize("path", at_least(60, PASSING), ids=name)
def test_good_records_pass(path: Path) -> None:
    assert not found(check_of(path), store_of(path))


@pytest.mark.parametrize("path", at_least(60, FAILING), ids=name)
def test_bad_records_are_found(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# finds: ") for line in lines if line.startswith("# finds: ")]
    assert expected, f"{path}: begin with `# finds: <subject> <value>`"

    assert sorted(expected) == sorted(found(check_of(path), store_of(path)))


@pytest.mark.parametrize("check", at_least(35, CHECKS), ids=lambda path: path.stem)
def test_check_has_good_and_bad_records(check: Path) -> None:
    folder = FIXTURES / check.stem

    assert list(folder.glob("pass-*.ttl")), f"Add {folder}/pass-<why>.ttl"
    assert list(folder.glob("fail-*.ttl")), f"Add {folder}/fail-<why>.ttl"


def test_whole_record_passes_every_check() -> None:
    store = store_of(WHOLE)

    assert not {check.stem: rows for check in CHECKS if (rows := found(check, store))}


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_check_is_told_as_a_question_with_a_solution(check: Path) -> None:
    query = read_saved_query(check, CONTENT.layout)

    assert query.summary.endswith("?")
    assert query.tags[0] == "check"
    assert query.header["severity"] in {"error", "warning"}
    assert query.header["solution"].endswith(".")
    assert list(query.columns) == ["subject", "value"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_check_is_plain_sparql_for_two_engines(check: Path) -> None:
    text, expected = check.read_text(encoding="utf-8"), ["subject", "value"]

    assert expected == [v.value for v in ox.Store().query(text).variables]
    assert expected == [str(v) for v in prepareQuery(text).algebra.PV]
