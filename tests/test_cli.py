"""The command line: what goes where, in which form, with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from oncoresist.paths import Layout


def test_ask_without_a_question_lists_them_by_topic(run) -> None:
    result = run("ask")

    assert result.exit_code == 0
    assert "Through which mechanisms do tumours resist a drug" in result.stdout
    assert "oncoresist ask resistance-mechanisms --drug cisplatin" in result.stdout


def test_ask_shows_labels_and_references_and_not_iris(run) -> None:
    result = run("ask", "resistance-mechanisms", "--drug", "CDDP")

    assert result.exit_code == 0
    assert "cancer-associated fibroblast → secretes → SERPINE1" in result.stdout
    assert "PMID:29988148" in result.stdout
    assert "certainty: hedged" in result.stdout
    assert "https://w3id.org" not in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 120


def test_first_shortens_a_table_and_says_so(run) -> None:
    result = run("ask", "resistance-mechanisms", "--drug", "cisplatin", "--first", "2")

    assert "  2 " in result.stdout
    assert "  3 " not in result.stdout
    assert "more; without --first they are all shown." in result.stdout


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
def test_ask_gives_the_standard_forms_to_programs(run, format_: str) -> None:
    result = run("ask", "drugs-by-cell", "--cell", "fibroblast", "--format", format_)

    assert result.exit_code == 0
    match format_:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(result.stdout)))
            assert rows[0]["cell"] == "https://w3id.org/oncoresist/entity/fibroblast"
        case "tsv":
            assert result.stdout.splitlines()[0] == "?cell\t?drug\t?effect\t?claims\t?papers"
        case "json":
            assert json.loads(result.stdout)["head"]["vars"] == ["cell", "drug", "effect", "claims", "papers"]
        case "xml":
            assert '<variable name="papers"/>' in result.stdout


@pytest.mark.parametrize(
    ("format_", "part"), [("ttl", "<https://w3id.org/"), ("nt", " .\n"), ("jsonld", '"@id"'), ("rdfxml", "<rdf:RDF")]
)
def test_a_constructed_graph_has_graph_formats(run, format_: str, part: str) -> None:
    result = run("query", "-e", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . ?s a onr:PlatinumAgent }", "-f", format_)

    assert result.exit_code == 0
    assert part in result.stdout


def test_query_reads_a_file_an_expression_and_standard_input(run, tmp_path: Path) -> None:
    text = "SELECT ?label WHERE { ent:cisplatin rdfs:label ?label }"
    file = tmp_path / "label.rq"
    file.write_text(text)

    outputs = [run("query", str(file)).stdout, run("query", "-e", text).stdout, run("query", "-", stdin=text).stdout]

    assert "cisplatin" in outputs[0]
    assert outputs[0] == outputs[1] == outputs[2]


def test_output_goes_to_a_file(run, tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"

    result = run("ask", "drugs-by-cell", "--cell", "CAF", "-f", "csv", "-o", str(target))

    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text().startswith("cell,drug,effect,claims,papers")


def test_show_tells_of_an_entity_a_claim_and_a_publication(run) -> None:
    entity, claim, publication = (
        run("show", "CDDP"),
        run("show", "claim:tme2019-platinum-1-6-a"),
        run("show", "pub:tme2019-ref-39"),
    )

    assert "platinum agent" in entity.stdout
    assert "CHEBI:27899" in entity.stdout
    assert "1. cisplatin → increases → SERPINE1 secretion in cancer-associated fibroblast" in claim.stdout
    assert "Che 2018, PMID:29988148" in claim.stdout
    assert "claim:tme2019-platinum-1-6-a" in publication.stdout


def test_show_as_json(run) -> None:
    record = json.loads(run("show", "cisplatin", "-f", "json").stdout)

    assert record["curie"] == "ent:cisplatin"
    assert {"predicate": "skos:exactMatch", "id": "CHEBI:27899", "label": "cisplatin"} in record["links"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["ask", "resistance-mechanism", "--drug", "x"],
            2,
            'unknown question "resistance-mechanism". Did you mean "resistance-mechanisms"',
        ),
        (
            ["ask", "resistance-mechanisms"],
            2,
            "resistance-mechanisms needs --drug, for example: oncoresist ask resistance-mechanisms",
        ),
        (["ask", "resistance-mechanisms", "--durg", "x"], 2, 'unknown parameter "durg". Did you mean "drug"?'),
        (["ask", "resistance-mechanisms", "--drug", "cisplatinn"], 2, 'unknown treatment "cisplatinn". Did you mean "cisplatin"'),
        (
            ["ask", "resistance-mechanisms", "--drug", "CAF"],
            2,
            '"CAF" is a cancer-associated fibroblast, but a treatment is asked for.',
        ),
        (["ask", "resistance-mechanisms", "--drug", "chebbi:1"], 2, 'unknown prefix "chebbi". Did you mean "CHEBI"'),
        (["ask", "resistance-mechanisms", "--drug"], 2, "--drug needs a value."),
        (
            ["ask", "claim-evidence", "--claim", "claim:tme2019-platinum-1-6-q"],
            2,
            'unknown claim "claim:tme2019-platinum-1-6-q". Did you mean',
        ),
        (["ask", "drugs-by-cell", "--cell", "CAF", "-f", "yaml"], 2, 'unknown format "yaml".'),
        (["query", "-e", "SELECT ?s WHERE { ?s ?p }"], 2, "-e:1:26: not valid SPARQL (expected one of"),
        (["query", "-e", "INSERT DATA { <a:a> <a:b> <a:c> }"], 2, "this is an update (INSERT); the store is only read."),
        (["query"], 2, "query needs either a FILE"),
        (["query", "no-such-file.rq"], 3, "no-such-file.rq: cannot be read (No such file or directory)"),
        (["query", "-e", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql"], 3, "http://127.0.0.1:9/sparql: cannot be reached"),
        (["show", "nobody at all"], 2, 'unknown entity "nobody at all".'),
        (["format", "no-such-folder"], 3, "no-such-folder: no such file or folder"),
        (["aks"], 2, 'unknown command "aks". Did you mean "ask"?'),
        (["prove", "conflict:a>b"], 2, '"conflict:a>b" is no IRI: ">" cannot stand in one.'),
        (["reason", "--explain", "claim:x y"], 2, '"claim:x y" is no IRI: " " cannot stand in one.'),
        (["paths", "HGF", "gefitinib", "--endpoint", "notaurl"], 2, '"notaurl" is no address of an endpoint.'),
        (["paths", "HGF", "gefitinib", "--endpoint", ""], 2, '"" is no address of an endpoint.'),
        (["paths", "HGF", "gefitinib", "--prove", "1", "-f", "json"], 2, "--prove writes one proof, in its own form"),
        (["ask", "drugs-by-cell", "--cell", "CAF", "-o", ""], 2, ".: cannot write the answer (it is a folder)."),
        (["verify", ""], 3, ".: cannot be read (Is a directory)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_clear_line_on_stderr(run, arguments: list[str], code: int, message: str) -> None:
    result = run(*arguments)

    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert (result.exit_code, result.stdout) == (code, "")
    assert len(lines) == 1
    assert lines[0].startswith(message)


def test_a_file_that_cannot_be_read_is_one_clear_line(run, copy_of_content: Layout) -> None:
    (copy_of_content.graph / "entities" / "folder.ttl").mkdir()

    result = run("--content", str(copy_of_content.root), "ask", "drugs-by-cell", "--cell", "CAF")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "graph/entities/folder.ttl: cannot be read (Is a directory)" in result.stderr.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [["paths", "HGF", "gefitinib"], ["reason", "--explain", "claim:ca-105-a"], ["ask", "drugs-by-cell", "--cell", "CAF"]],
)
def test_a_file_gets_the_text_without_the_colours_of_the_terminal(run, arguments, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    shown = run(*arguments)
    written = run(*arguments, "-o", str(tmp_path / "answer.txt"))

    assert "\x1b[" in shown.stdout
    assert (written.exit_code, written.stdout) == (0, "")
    text = (tmp_path / "answer.txt").read_text(encoding="utf-8")
    assert text == re.sub(r"\x1b(\[[0-9;]*m|\]8;[^\x1b]*\x1b\\)", "", shown.stdout)
    assert len(text.splitlines()) > 5


def test_a_full_device_is_one_clear_line(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "oncoresist", "paths", "HGF", "gefitinib"], stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("The output cannot be written (No space left on device).")


def test_a_misspelt_header_is_one_clear_line(run, copy_of_content: Layout) -> None:
    question = copy_of_content.queries / "questions" / "drugs-by-cell.rq"
    question.write_text(question.read_text().replace("#+ summary", "#+ sumary"))

    result = run("--content", str(copy_of_content.root), "ask", "drugs-by-cell", "--cell", "CAF")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        'queries/questions/drugs-by-cell.rq:1: unknown header key "sumary". Did you mean "summary"? [query-header]'
    ]


def test_build_says_what_it_did_and_then_that_nothing_changed(run, copy_of_content: Layout) -> None:
    first = run("--content", str(copy_of_content.root), "build")
    second = run("--content", str(copy_of_content.root), "build")

    assert "causal-edges" in first.stdout
    assert second.stdout == "up to date\n"


def test_format_check_names_the_file_and_the_command(run, copy_of_content: Layout) -> None:
    file = copy_of_content.graph / "entities" / "rna.ttl"
    original = file.read_text()
    file.write_text(original.replace("    ", "  "))

    check = run("--content", str(copy_of_content.root), "format", "--check")
    mend = run("--content", str(copy_of_content.root), "format")

    assert (check.exit_code, check.stdout) == (
        1,
        "graph/entities/rna.ttl: not canonical. Run: oncoresist format graph/entities/rna.ttl\n",
    )
    assert (mend.exit_code, file.read_text()) == (0, original)


def test_every_command_has_a_runnable_example_in_its_help(run) -> None:
    for command in ("ask", "query", "show", "validate", "audit", "report", "format", "build", "what-if", "diff"):
        assert f"Example: oncoresist {command}" in " ".join(run(command, "--help").stdout.split())
