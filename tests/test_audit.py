"""The audit against the texts: what it compares, what it finds, and that it fails when it compared nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from oncoresist.audit import Phrases, printed_references
from oncoresist.errors import InputError, UsageError
from oncoresist.knowledge_graph import KnowledgeGraph
from oncoresist.paths import Layout

SENTENCE = "Fibroblasts may protect tumours from drug A [2, 5–6]."
GRAPH = """
@prefix cito: <http://purl.org/spar/cito/> .
@prefix claim: <https://w3id.org/oncoresist/claim/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/oncoresist/entity/> .
@prefix evidence: <https://w3id.org/oncoresist/evidence/> .
@prefix onr: <https://w3id.org/oncoresist/ontology/> .
@prefix passage: <https://w3id.org/oncoresist/passage/> .
@prefix pub: <https://w3id.org/oncoresist/publication/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

claim:demo-a-1-1-a onr:hasEvidence evidence:demo-a-1-1-a-r5 ;
    onr:statedAt passage:demo-a-1-1 .

ent:cancer-cell rdfs:label "cancer cell"@en .

ent:drug-a rdfs:label "cisplatinum A"@en ;
    skos:altLabel "drug A"@en .

ent:fibroblast rdfs:label "fibroblast"@en .

evidence:demo-a-1-1-a-r5 onr:directness onr:direct ;
    cito:citesAsEvidence pub:demo-ref-5 .

passage:demo-a-1-1 a onr:Passage ;
    onr:cites pub:demo-ref-2 ;
    onr:cites pub:demo-ref-5 ;
    onr:cites pub:demo-ref-6 ;
    onr:hedgeCue "may" ;
    onr:mentions ent:drug-a ;
    onr:mentions ent:fibroblast ;
    onr:status onr:curated ;
    onr:textDigest "%s" ;
    dcterms:identifier "demo.a.1.1" ;
    dcterms:isPartOf pub:demo .
"""


@pytest.fixture
def small(tmp_path: Path, layout: Layout) -> KnowledgeGraph:
    """A content of one passage, whose text is SENTENCE."""
    for folder in ("ontology", "graph", "queries"):
        (tmp_path / "small" / folder).mkdir(parents=True)
    (tmp_path / "small" / "ontology" / "prefixes.ttl").write_bytes(layout.prefixes.read_bytes())
    write_graph(tmp_path, GRAPH)
    return KnowledgeGraph(Layout(tmp_path / "small"))


def write_graph(tmp_path: Path, graph: str, text: str = SENTENCE) -> None:
    (tmp_path / "small" / "graph" / "demo.ttl").write_text(graph % hashlib.sha256(text.encode()).hexdigest())


def write_text(tmp_path: Path, *rows: str, header: str = "locator\ttext") -> Path:
    path = tmp_path / "texts.tsv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def found(kg: KnowledgeGraph, path: Path) -> list[tuple[str, str, str]]:
    findings, _ = kg.audit([path])
    return [(f.rule, f.subject, f.severity) for f in findings]


def test_a_passage_that_agrees_with_its_text_is_fine(small: KnowledgeGraph, tmp_path: Path) -> None:
    path = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}")

    findings, notes = small.audit([path])

    assert ([], ["audit: 1 passages and 2 mentions compared with 1 file"]) == (findings, notes)


@pytest.mark.parametrize(
    ("old", "new", "rule", "subject"),
    [
        ("onr:mentions ent:fibroblast", "onr:mentions ent:cancer-cell", "audit-mention", "passage:demo-a-1-1"),
        ("onr:mentions ent:fibroblast", "onr:rowContext ent:cancer-cell", "audit-mention", "passage:demo-a-1-1"),
        ("    onr:cites pub:demo-ref-6 ;\n", "", "audit-reference", "passage:demo-a-1-1"),
        (
            "onr:cites pub:demo-ref-6",
            "onr:cites pub:demo-ref-6 ;\n    onr:cites pub:demo-ref-7",
            "audit-reference",
            "passage:demo-a-1-1",
        ),
        ("citesAsEvidence pub:demo-ref-5", "citesAsEvidence pub:demo-ref-7", "audit-evidence", "evidence:demo-a-1-1-a-r5"),
        ('onr:hedgeCue "may"', 'onr:hedgeCue "may" ;\n    onr:hedgeCue "might"', "audit-hedge-cue", "passage:demo-a-1-1"),
        ('onr:hedgeCue "may" ;', "", "audit-hedge-not-listed", "passage:demo-a-1-1"),
    ],
    ids=lambda value: value.strip().replace(" ", "-")[:40] if value else "removed",
)
def test_each_fault_is_found_alone(small: KnowledgeGraph, tmp_path: Path, old: str, new: str, rule: str, subject: str) -> None:
    assert old in GRAPH
    write_graph(tmp_path, GRAPH.replace(old, new))
    path = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}")

    severity = "warning" if rule == "audit-hedge-not-listed" else "error"
    assert [(rule, subject, severity)] == found(small, path)


def test_another_text_is_told_by_its_digest_and_nothing_else(small: KnowledgeGraph, tmp_path: Path) -> None:
    other = "Fibroblasts protect [9]."
    path = write_text(tmp_path, f"demo.a.1.1\t{other}")

    findings, _ = small.audit([path])

    assert ["audit-digest"] == [f.rule for f in findings]
    assert f"{path}:2" in findings[0].problem
    assert hashlib.sha256(other.encode()).hexdigest() in findings[0].problem


def test_a_row_without_passage_is_unaccounted_for(small: KnowledgeGraph, tmp_path: Path) -> None:
    path = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}", "demo.a.1.2\tAnother sentence.")

    findings, _ = small.audit([path])

    assert [(f"{path}:3", "demo.a.1.2", "audit-unaccounted")] == [(f.where, f.subject, f.rule) for f in findings]


def test_a_passage_given_twice_is_told(small: KnowledgeGraph, tmp_path: Path) -> None:
    path = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}", "demo.a.1.1\tAnother sentence.")

    assert [("audit-text-twice", "demo.a.1.1", "error")] == found(small, path)


def test_passages_in_none_of_the_files_are_one_warning_a_source(small: KnowledgeGraph, tmp_path: Path) -> None:
    more = 'passage:demo-a-1-%d dcterms:identifier "demo.a.1.%d" ;\n    dcterms:isPartOf pub:demo .\n'
    write_graph(tmp_path, GRAPH + more.replace("%d", "2") + more.replace("%d", "3"))
    path = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}")

    findings, _ = small.audit([path])

    assert [("audit-not-in-the-files", "pub:demo", "warning")] == [(f.rule, f.subject, f.severity) for f in findings]
    assert "2 passages of this source stand in none of the files, the first is demo.a.1.2." == findings[0].problem


def test_without_a_text_column_the_text_is_the_rest_of_the_line(small: KnowledgeGraph, tmp_path: Path) -> None:
    rest = "Drug A\tfibroblasts, may\t2 5 6"
    write_graph(tmp_path, GRAPH, rest)
    path = write_text(tmp_path, f"demo.a.1.1\t{rest}", header="claim_id\tdrug\tcells\trefs")

    assert [] == found(small, path)


def test_the_column_of_references_counts_more_than_the_brackets(small: KnowledgeGraph, tmp_path: Path) -> None:
    collapsed = SENTENCE.replace("5–6", "56")
    write_graph(tmp_path, GRAPH, collapsed)
    with_column = write_text(tmp_path, f"demo.a.1.1\t2 5 6\t{collapsed}", header="locator\trefs\ttext")

    assert [] == found(small, with_column)


@pytest.mark.parametrize("rows", [[], ["nowhere.1.1\tA sentence."]], ids=["empty", "another-source"])
def test_it_fails_when_it_compared_nothing(small: KnowledgeGraph, tmp_path: Path, rows: list[str]) -> None:
    path = write_text(tmp_path, *rows)

    with pytest.raises(UsageError, match=f"^nothing was checked: no row of {path} names a passage of the graph"):
        small.audit([path])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"place\ttext\nx\ty\n", ":1: no column `locator` or `claim_id`. The file is tab-separated, with a header."),
        (b"", ":1: no column `locator` or `claim_id`. The file is tab-separated, with a header."),
        (b"locator\ttext\ndemo.a.1.1\n", ":2: 1 columns, but the header has 2."),
        (b"locator\ttext\ndemo.a.1.1\t\xff\n", ": cannot be read ("),
    ],
    ids=["no-locator", "empty", "short-row", "not-utf-8"],
)
def test_a_file_that_cannot_be_read_is_named(small: KnowledgeGraph, tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "broken.tsv"
    path.write_bytes(content)

    with pytest.raises(InputError) as caught:
        small.audit([path])

    assert str(caught.value).startswith(f"{path}{message}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the NF-κB pathway", "NF-kappaB"),
        ("Tumour cells", "tumor cell"),
        ("leukaemic bodies of leukaemia", "leukemia"),
        ("IL-6/STAT3", "IL6"),
        ("JAK2/STAT3 in a table", "JAK2/STAT3 signaling"),
        ("CD8+ T cells", "CD8 T cell"),
        ("Ca(2+) channels", "Ca2+ channel"),
        ("cells resistant to it", "resistance"),
        ("stem-like cells of lung cancer", "lung cancer cell"),
        ("fed to mice", "mice (Mus musculus)"),
        ("therapies", "therapy"),
    ],
)
def test_a_name_is_found_in_every_spelling(text: str, name: str) -> None:
    assert name in Phrases(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("carboplatin", "cisplatin"),
        ("antiapoptotic", "apoptotic"),
        ("IL-60", "IL-6"),
        ("the stem of lungs", "lung stem cell"),
        ("of the pathway", "signaling pathway"),
        ("proteasome", "protease"),
    ],
)
def test_another_name_is_not_found(text: str, name: str) -> None:
    assert name not in Phrases(text)


def test_printed_references_expand_ranges() -> None:
    assert {"1", "3", "4", "5", "9"} == printed_references("a [1] b [3-5, 9] c [see 7] d (8)")


def test_cells_of_a_mentioned_tumour_are_cancer_cells(small: KnowledgeGraph, tmp_path: Path) -> None:
    """Rule D9: cells named by their tumour are `ent:cancer-cell`."""
    text = "Drug A may act on fibroblasts and AML cells [2, 5–6]."
    mentions = "onr:mentions ent:aml ;\n    onr:mentions ent:cancer-cell ;\n    onr:mentions ent:fibroblast"
    aml = '\nent:aml rdfs:label "acute myeloid leukemia"@en ;\n    skos:altLabel "AML"@en .\n'
    write_graph(tmp_path, GRAPH.replace("onr:mentions ent:fibroblast", mentions) + aml, text)

    assert [] == found(small, write_text(tmp_path, f"demo.a.1.1\t{text}"))


def test_the_command_prints_findings_and_exits_like_validate(run, small: KnowledgeGraph, tmp_path: Path) -> None:
    good = write_text(tmp_path, f"demo.a.1.1\t{SENTENCE}")
    fine = run("--content", str(tmp_path / "small"), "audit", "--text", str(good))
    write_graph(tmp_path, GRAPH.replace("onr:mentions ent:fibroblast", "onr:mentions ent:cancer-cell"))
    bad = run("--content", str(tmp_path / "small"), "audit", "--text", str(good))
    programs = run("--content", str(tmp_path / "small"), "audit", "--text", str(good), "-f", "json")
    nothing = run("--content", str(tmp_path / "small"), "audit", "--text", str(write_text(tmp_path)))

    assert (0, "") == (fine.exit_code, fine.stdout)
    assert "0 errors, 0 warnings" in fine.stderr
    assert 1 == bad.exit_code
    assert "does not name ent:cancer-cell" in bad.stdout
    assert ["audit-mention"] == [f["rule"] for f in json.loads(programs.stdout)]
    assert (2, "") == (nothing.exit_code, nothing.stdout)
    assert nothing.stderr.startswith("nothing was checked: ")
