"""Linking: join tables say what the mappings say, and a user's file is understood however its identifiers are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oncoresist import KnowledgeGraph, mappings
from oncoresist.errors import InputError, UnknownNameError, UsageError
from oncoresist.exchange.identifiers import Recogniser
from oncoresist.exchange.link import Linked
from tests.conftest import at_least


@pytest.fixture(scope="module")
def recognise(kg: KnowledgeGraph) -> Recogniser:
    return Recogniser(kg.prefixes)


def by_given(linked: Linked) -> dict[str, tuple[str, str]]:
    """What is given → match, and what it is known as."""
    return {row[0]: (row[3], row[4]) for row in linked.rows}


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        ("hgnc:40", ["HGNC:40", "hgnc:HGNC:40", "http://identifiers.org/hgnc/40", "https://identifiers.org/HGNC:40"]),
        ("hgnc:40", ["https://bioregistry.io/hgnc:40", "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:40"]),
        ("uniprot:P08183", ["UniProtKB:P08183", "up:p08183", "P08183", "http://purl.uniprot.org/uniprot/P08183"]),
        ("uniprot:P08183", ["https://www.uniprot.org/uniprotkb/P08183/entry", "<https://identifiers.org/uniprot:P08183>"]),
        ("ncbigene:5243", ["NCBIGene:5243", "ENTREZ:5243", "GeneID:5243", "https://www.ncbi.nlm.nih.gov/gene/5243"]),
        (
            "CHEBI:27899",
            ["chebi:27899", "CHEBI:CHEBI:27899", "CHEBI_27899", "obo:CHEBI_27899", "https://identifiers.org/CHEBI:27899"],
        ),
        ("CHEBI:27899", ["http://purl.obolibrary.org/obo/CHEBI_27899", "https://purl.obolibrary.org/obo/CHEBI_27899"]),
        ("drugbank:DB00515", ["DB00515", "DRUGBANK:DB00515", "https://go.drugbank.com/drugs/DB00515"]),
        (
            "mesh:D002945",
            ["MESH:D002945", "http://id.nlm.nih.gov/mesh/D002945", "https://meshb.nlm.nih.gov/record/ui?ui=D002945"],
        ),
        ("cellosaurus:CVCL_0023", ["CVCL_0023", "RRID:CVCL_0023", "https://www.cellosaurus.org/CVCL_0023"]),
        ("pubmed:29988148", ["PMID:29988148", "pubmed:29988148", "https://pubmed.ncbi.nlm.nih.gov/29988148/"]),
        (
            "doi:10.3892/ol.2018.8463",
            ["10.3892/OL.2018.8463", "https://doi.org/10.3892/ol.2018.8463", "DOI:10.3892/ol.2018.8463"],
        ),
        ("pmc:PMC6545160", ["PMC6545160", "PMCID:PMC6545160", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6545160/"]),
        ("ent:cisplatin", ["ent:cisplatin", "https://w3id.org/oncoresist/entity/cisplatin"]),
    ],
)
def test_every_usual_spelling_is_recognised(recognise: Recogniser, expected: str, written: list[str]) -> None:
    assert dict.fromkeys(written, expected) == {text: recognise(text) for text in written}


@pytest.mark.parametrize(
    "text",
    [
        "EGFR",
        "40",
        "HGNC:x",
        "CHEBI:none",
        "ENSEMBL:ENSG00000146648",
        "http://example.org/40",
        "mapping_justification",
        "a b",
        "",
    ],
)
def test_what_is_no_identifier_of_ours_is_not_taken_for_one(recognise: Recogniser, text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize("prefix", ["hgnc", "uniprot", "chebi", "mondo", "NCBIGene", "UniProtKB", "cl"])
def test_the_join_table_has_every_mapping_to_the_vocabulary(kg: KnowledgeGraph, prefix: str, recognise: Recogniser) -> None:
    ours = recognise.prefix(prefix)
    expected = {
        (
            row["subject_id"],
            row["subject_label"],
            row["predicate_id"].removeprefix("skos:").removesuffix("Match"),
            row["object_id"],
        )
        for path in kg.layout.graph.glob("mappings/*.sssom.tsv")
        for row in mappings.read(path, path.name)
        if row["object_id"].startswith(f"{ours}:")
    }

    table = kg.link(to=prefix)

    assert expected == {row[:4] for row in at_least(30, table.rows)}
    assert all(row[4] and row[5].startswith("semapv:") and row[6] for row in table.rows)


def test_exact_leaves_out_the_rest(kg: KnowledgeGraph) -> None:
    assert {"exact"} == {row[2] for row in kg.link(to="hgnc", exact=True).rows}
    assert {"exact", "close", "broad", "narrow"} == {row[2] for row in kg.link(to="hgnc").rows}
    assert [] == kg.link(to="uniprot", exact=True).rows  # a gene of ours is not its protein there


def test_an_unknown_vocabulary_gets_the_list(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match=r'unknown vocabulary "ensembl"\..* Mappings lead to: mesh \(\d+\), hgnc \(144\)'):
        kg.link(to="ensembl")


def test_a_table_is_read_in_the_column_with_identifiers(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Bare numbers are those of the registry that heads the column."""
    file = tmp_path / "genes.tsv"
    file.write_text(
        "# mine\nscore\tHGNC_ID\tnote\n5243\tHGNC:40\tx\n1\t11364\ty\n2\tHGNC:99999\tz\n3\thttps://identifiers.org/hgnc:6018|40\t\n"
    )

    linked = kg.link(file)

    assert {
        "HGNC:40": ("exact", "ent:abcb1"),
        "11364": ("exact", "ent:stat3"),
        "https://identifiers.org/hgnc:6018": ("exact", "ent:il6"),
    } == by_given(linked)
    assert ["HGNC:99999"] == linked.unknown
    assert ["line 3", "line 4", "line 6"] == [row[2] for row in linked.rows]


def test_a_column_may_be_named(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text('gene,"drug, given"\nABCB1,cisplatin\nSTAT3,fluffinib\n')

    assert {"cisplatin": ("name", "ent:cisplatin")} == by_given(kg.link(file, column="drug, given"))
    assert {"ABCB1": ("name", "ent:abcb1"), "STAT3": ("name", "ent:stat3")} == by_given(kg.link(file))
    with pytest.raises(UnknownNameError, match=r'unknown column "genes"\. Did you mean "gene"'):
        kg.link(file, column="genes")


def test_a_list_of_anything(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(
        "\ufeffCDDP\nDB00515\nUniProtKB:P40763\nFPLX:akt\nPMID:29988148\nent:cisplatin\nfluffinib\n\n", encoding="utf-8"
    )

    linked = kg.link(file)

    assert {
        "CDDP": ("name", "ent:cisplatin"),
        "DB00515": ("exact", "ent:cisplatin"),
        "UniProtKB:P40763": ("close", "ent:stat3"),
        "FPLX:akt": ("exact", "ent:akt-family"),
        "PMID:29988148": ("exact", "pub:tme2019-ref-39"),
        "ent:cisplatin": ("itself", "ent:cisplatin"),
    } == by_given(linked)
    assert ["fluffinib"] == linked.unknown
    assert linked.counts == "6 of 7 things known, 6 links (1 itself, 3 exact, 1 close, 1 name); 1 unknown"


def test_it_says_what_the_graph_knows(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Claims and mechanisms as the store counts them."""
    (tmp_path / "list").write_text("CHEBI:27899\nHGNC:40\n")
    about = {
        s["claim"].value
        for s in kg.engine.query(
            """SELECT ?claim WHERE { { ?claim onr:aboutDrug ent:cisplatin } UNION
            { ?claim onr:hasStep ?step . ?step ?any ent:cisplatin } }"""
        )
    }
    raised, lowered = (
        len(
            list(
                kg.engine.query(f"SELECT ?m WHERE {{ ?m a onr:DrugMechanism ; onr:to ent:cisplatin ; onr:effect onr:{effect} }}")
            )
        )
        for effect in ("raisesResistanceTo", "lowersResistanceTo")
    )

    drug, gene = kg.link(tmp_path / "list").rows

    assert ("cisplatin", str(len(about)), f"resistance to it raised by {raised}, lowered by {lowered}") == drug[5:]
    assert len(about) > 50 < raised + lowered
    assert gene[7].startswith("raises resistance to antineoplastic agent; ")


def test_rdf_is_read_for_iris_and_cross_references(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        """@prefix s: <http://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        s:d1 a skos:Concept ; skos:prefLabel "cisplatin" ; skos:exactMatch <http://purl.obolibrary.org/obo/CHEBI_27899> .
        s:g1 s:xref "HGNC:40" ; s:seen "12:30" ."""
    )

    linked = kg.link(file)

    assert {
        ("CHEBI:27899", "http://example.org/d1", "exact", "ent:cisplatin"),
        ("hgnc:40", "http://example.org/g1", "exact", "ent:abcb1"),
    } == {row[1:5] for row in linked.rows}
    assert ["http://example.org/d1", "http://example.org/g1"] == sorted(linked.unknown)  # and no term of SKOS


def test_the_own_export_is_known_whole(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.export("sssom", tmp_path / "all.sssom.tsv", drug="sorafenib")

    linked = kg.link(tmp_path / "all.sssom.tsv", column="object_id")

    assert [] == linked.unknown
    assert {"exact"} < {row[3] for row in at_least(30, linked.rows)} <= {"exact", "close", "broad", "narrow"}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.tsv", b"", "names nothing"),
        ("comments.txt", b"# nothing\n\n", "names nothing"),
        ("latin.txt", "α-\xe4\n".encode("latin-1", "replace"), "is no text in UTF-8"),
        ("broken.ttl", b"<a> <b> .\n", r"broken\.ttl:1: is no Turtle"),
        ("broken.rdf", b"<rdf", "is no RDF/XML"),
    ],
)
def test_a_bad_file_gives_one_line(run: Callable, tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(InputError, match=message):
        KnowledgeGraph.open().link(tmp_path / name)
    result = run("link", str(tmp_path / name))
    assert (3, 1, "") == (result.exit_code, len(result.stderr.splitlines()), result.stdout)


def test_wrong_use_is_told(kg: KnowledgeGraph, tmp_path: Path, run: Callable) -> None:
    for call in ({}, {"file": tmp_path / "x", "to": "hgnc"}):
        with pytest.raises(UsageError, match="one of the two"):
            kg.link(**call)
    assert "cannot be read (no such file or directory)" in run("link", str(tmp_path / "none.tsv")).stderr
    assert (2, "unknown format") == ((result := run("link", "--to", "hgnc", "-f", "xlsx")).exit_code, result.stderr[:14])


def test_nothing_known_is_exit_code_1(run: Callable, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("fluffinib\nHGNC:99999\n")

    result = run("link", str(tmp_path / "list"))

    assert (1, "0 of 2 things known, no links; 2 unknown\n") == (result.exit_code, result.stderr)
    assert "unknown: fluffinib, HGNC:99999" in result.stdout


def test_every_format_has_every_row(run: Callable, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("CDDP\nHGNC:40\nfluffinib\n")
    out = {form: run("link", str(tmp_path / "list"), "-f", form).stdout for form in ("tsv", "csv", "json", "md", "table")}

    tsv, comma = (list(csv.DictReader(io.StringIO(out[form]), delimiter=d)) for form, d in (("tsv", "\t"), ("csv", ",")))
    assert tsv == comma == json.loads(out["json"])
    assert [("CDDP", "name"), ("HGNC:40", "exact"), ("fluffinib", "unknown")] == [(row["given"], row["match"]) for row in tsv]
    assert 5 == len(out["md"].splitlines())
    assert all(text in out["table"] for text in ("ent:cisplatin", "ABCB1", "unknown: fluffinib"))
