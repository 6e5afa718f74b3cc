"""The README cannot rot: its commands run, its example is what comes out, its Python works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from oncoresist import KnowledgeGraph
from tests.conftest import ROOT, at_least

README = (ROOT / "README.md").read_text(encoding="utf-8")
REASONING = (ROOT / "scripts" / "REASONING.md").read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    ]


ONCORESIST = dict.fromkeys(  # one after the other: a proof is written and then verified
    c.removeprefix(".venv/bin/oncoresist ")
    for c in [*commands(README), *commands(REASONING)]
    if c.startswith(".venv/bin/oncoresist ")
)


@pytest.mark.parametrize("command", at_least(40, list(ONCORESIST)))
def test_command_of_the_readme_and_its_pages_runs(run, command: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = shlex.split(command, comments=True)
    if "-o" in arguments or arguments[0] == "export":  # writes files where the user is
        monkeypatch.chdir(tmp_path)

    result = run(*arguments)

    assert result.exit_code == 0, result.stderr
    assert arguments[0] in ("format", "validate") or result.stdout.strip() or any(tmp_path.iterdir())


def test_every_command_of_the_readme_is_accounted_for() -> None:
    others = [c for c in [*commands(README), *commands(REASONING)] if not c.startswith(".venv/bin/oncoresist ")]

    assert [c.split()[0] for c in others] == ["scripts/run", "scripts/test"]


def test_the_answer_shown_is_the_answer_given(run) -> None:
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert shown

    actual = run("ask", "cell-to-drug", "--cell", "MSC", "--drug", "cisplatin").stdout

    assert [line.rstrip() for line in shown.group(1).splitlines()] == [line.rstrip() for line in actual.splitlines()]


def test_the_python_of_the_readme_runs() -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code

    scope: dict[str, object] = {}
    exec(code.group(1), scope)

    assert len(scope["frame"]) > 10  # type: ignore[arg-type]


def test_the_figures_of_the_readme_are_those_of_the_graph(kg: KnowledgeGraph) -> None:
    counted = {
        name: int(next(iter(kg.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")))["n"].value)
        for name, pattern in {
            "passages": "?x a onr:Passage",
            "claims": "?x a onr:Claim",
            "steps": "?x a onr:Step",
            "entities": "?x a onr:Entity",
            "publications": "?x a onr:Publication",
        }.items()
    }

    line = next(line for line in README.splitlines() if line.startswith("Content of this version:"))
    said = {
        name: int(number.replace(",", ""))
        for number, name in re.findall(r"([\d,]+) (passages|claims|steps|entities|publications)", line)
    }
    assert said == counted


def test_the_page_on_exports_has_every_format() -> None:
    from oncoresist.exchange.formats import FORMATS

    table = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "scripts" / "EXPORTS.md").read_text().partition("## Bytes")[0], re.MULTILINE)

    assert table == list(FORMATS)


@pytest.mark.parametrize(
    "page", ["README.md", "scripts/REASONING.md", "scripts/EXPORTS.md", "queries/README.md", "graph/README.md"]
)
def test_links_lead_somewhere(page: str) -> None:
    """Files that exist, and headings that stand on their page."""
    path = ROOT / page
    for target, anchor in at_least(1, re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", path.read_text(encoding="utf-8"))):
        if target.startswith("https://"):
            continue
        there = path.parent / target if target else path
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, (
                f"{target}#{anchor}"
            )


QUERIES = (ROOT / "queries" / "README.md").read_text(encoding="utf-8")
WORKED = re.findall(r"\*\*(\d+)\. .*?```sparql\n(.*?)```", QUERIES, re.DOTALL)


@pytest.mark.parametrize(("number", "text"), at_least(10, WORKED), ids=lambda value: value if value.isdigit() else "")
def test_worked_query_has_an_answer(kg: KnowledgeGraph, number: str, text: str) -> None:
    assert len(kg.query(text, shown_as=f"queries/README.md, query {number}")) > 0


def test_schema_picture_names_only_what_the_ontology_declares(kg: KnowledgeGraph) -> None:
    picture = re.search(r"```mermaid\n(.*?)```", QUERIES, re.DOTALL)
    assert picture
    names = {name for label in re.findall(r"-->\|([^|]+)\|", picture.group(1)) for name in label.split(", ")}

    unknown = {name for name in at_least(25, sorted(names)) if not _in_use(kg, name if ":" in name else f"onr:{name}")}
    assert unknown == set()


def _in_use(kg: KnowledgeGraph, curie: str) -> bool:
    return bool(kg.query(f"ASK {{ ?subject <{kg.prefixes.iri(curie)}> ?object }}").boolean)


def test_the_header_table_names_every_key_and_topic() -> None:
    from oncoresist import saved_query

    said = set(re.findall(r"^\| `(\w+)` \|", QUERIES, re.MULTILINE))
    assert said == saved_query._ALLOWED["questions"] - {"description"}
    assert " · ".join(saved_query.TOPICS) in QUERIES


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment_from_any_folder(tmp_path) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", ROOT], check=True)

    command = [environment / "bin" / "oncoresist", "ask", "drugs-by-cell", "--cell", "CAF", "--format", "csv"]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("cell,drug,effect,claims,papers")
    assert len(result.stdout.splitlines()) > 3
