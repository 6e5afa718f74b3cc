"""Fixtures shared by all tests: the whole graph once per session, in a store of its own, and the command line in process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from oncoresist import KnowledgeGraph
from oncoresist.cli import main
from oncoresist.paths import Layout, find_layout

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; read the diff before committing it")
    parser.addoption("--earl", metavar="FILE", help="write the EARL report on the engines to this file")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Engines x questions, if they were compared in this run."""
    from tests.engines.report import REPORT

    if not (lines := REPORT.lines()):
        return
    terminalreporter.section("engines x questions")
    for line in lines:
        terminalreporter.write_line(line)
    if REPORT.earl_file:
        REPORT.write_earl(REPORT.earl_file)
        terminalreporter.write_line(f"EARL report: {REPORT.earl_file}")


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the developer's store out of the tests, and the tests' store out of the checkout."""
    os.environ["ONCORESIST_STORE"] = str(tmp_path_factory.mktemp("store"))
    yield
    del os.environ["ONCORESIST_STORE"]


@pytest.fixture(scope="session")
def kg(_own_store: None) -> KnowledgeGraph:
    """The whole graph, read-only. Its store is built, so that no command has to tell that it builds it."""
    whole = KnowledgeGraph.open()
    whole.build()
    return whole


@pytest.fixture(scope="session")
def layout() -> Layout:
    return find_layout()


@pytest.fixture
def run() -> Callable[..., Result]:
    """`run("ask", "…")`: the command line in process; the result has exit_code, stdout and stderr."""

    def call(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=stdin, env={"COLUMNS": "120"})

    return call


@pytest.fixture
def copy_of_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A private copy of ontology/, graph/ and queries/, with a store of its own, for tests that break things."""
    for folder in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / "content" / folder)
    monkeypatch.setenv("ONCORESIST_STORE", str(tmp_path / "store"))
    return Layout(tmp_path / "content")


def missing_component(reason: str) -> NoReturn:
    """Something beyond Python is not installed: CI must have it, a developer's machine may lack it."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; .ci/run installs it")
    pytest.skip(reason)


def at_least(minimum: int, found: list) -> list:
    """`found`, after making sure a glob did not come back (nearly) empty."""
    assert len(found) >= minimum, f"expected at least {minimum}, found {len(found)}"
    return found
