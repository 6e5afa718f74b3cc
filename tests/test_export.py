"""Exports: what goes out comes back the same, byte for byte the same every time, and a failure leaves nothing behind."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import LAYERS
from oncoresist.errors import InputError, NotWritableError, UnknownNameError, UsageError
from oncoresist.exchange.compression import decompressed
from oncoresist.exchange.export import export
from oncoresist.exchange.formats import FORMATS
from oncoresist.exchange.hashing import canonical_hash
from oncoresist.exchange.selection import Selected, Selection
from oncoresist.exchange.verify import verify
from oncoresist.namespaces import RDF_TYPE, onr
from tests.conftest import ROOT, at_least
from tests.synthetic import synthetic_quads

READERS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="session")
def exported(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The whole graph in every RDF format."""
    folder = tmp_path_factory.mktemp("exports")
    files = {name: folder / f"oncoresist.{FORMATS[name].extension}" for name in [*READERS, "owl"]}
    selected = Selected(kg.engine.store, Selection(), kg.content)
    for name, path in files.items():
        export(selected, FORMATS[name], path)
    return files


@pytest.fixture(scope="session")
def everything(kg: KnowledgeGraph) -> list[ox.Quad]:
    """What the store holds, asked of the store itself: every triple in the graph of its layer."""
    return [quad for graph in LAYERS.values() for quad in kg.engine.store.quads_for_pattern(None, None, None, graph)]


@pytest.mark.parametrize("name", at_least(6, [f.name for f in FORMATS.values() if f.keeps != "part"]))
def test_what_goes_out_comes_back(exported: dict[str, Path], everything: list[ox.Quad], name: str) -> None:
    back = list(ox.parse(path=str(exported[name]), format=READERS[name]))

    expected = everything if FORMATS[name].keeps == "quads" else [quad.triple for quad in everything]
    assert len(set(expected)) == len(back) > 100_000
    assert canonical_hash(expected) == canonical_hash(back)


@pytest.mark.parametrize("name", list(READERS))
def test_what_neighbours_lose_survives(exported: dict[str, Path], everything: list[ox.Quad], name: str) -> None:
    """Negation, both cells, aspects, comparisons and evidence, each by name and number."""
    back = {quad.triple for quad in ox.parse(path=str(exported[name]), format=READERS[name])}

    denied = {q.triple for q in everything if q.predicate == RDF_TYPE and q.object == onr("DeniedStep")}
    assert at_least(5, sorted(map(str, denied & back))) == sorted(map(str, denied))
    for predicate, minimum in (
        ("subjectIn", 400),
        ("objectIn", 400),
        ("subjectAspect", 150),
        ("objectAspect", 100),
        ("comparedWith", 30),
        ("hasEvidence", 1000),
        ("certainty", 600),
    ):
        expected = {q.triple for q in everything if q.predicate == onr(predicate)}
        assert len(expected) >= minimum
        assert expected <= back


def test_a_canonical_file_has_the_hash_of_its_dataset(exported: dict[str, Path], everything: list[ox.Quad]) -> None:
    assert hashlib.sha256(exported["nquads"].read_bytes()).hexdigest() == canonical_hash(everything)


@pytest.mark.parametrize("name", [*READERS, "owl"])
def test_files_are_utf8_without_a_mark(exported: dict[str, Path], name: str) -> None:
    data = exported[name].read_bytes()

    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    assert "κ" in data.decode("utf-8")


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """A process with another seed writes the same bytes in every format, blank nodes of the ontology included."""
    script = """import sys
from pathlib import Path
from oncoresist import KnowledgeGraph
from oncoresist.exchange import export, formats, selection
kg = KnowledgeGraph.open()
part = selection.Selection(drugs=("https://w3id.org/oncoresist/entity/sorafenib",))
selected = selection.Selected(kg.engine.store, part, kg.content)
for format_ in formats.FORMATS.values():
    export.export(selected, format_, Path(sys.argv[1], format_.name))
"""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "4711" else "4711"
    subprocess.run([sys.executable, "-c", script, str(there)], env=os.environ | {"PYTHONHASHSEED": seed}, check=True)
    old, sys.argv = sys.argv, ["export", str(here)]
    try:
        exec(script, {})
    finally:
        sys.argv = old

    files = at_least(len(FORMATS), [path.relative_to(here) for path in here.rglob("*") if path.is_file()])
    assert [] == [str(path) for path in files if (here / path).read_bytes() != (there / path).read_bytes()]


def test_exported_turtle_is_the_canonical_form_of_the_files(kg: KnowledgeGraph, tmp_path: Path) -> None:
    from oncoresist import turtle

    kg.export("turtle", tmp_path / "evidence.ttl", layers="evidence", drug="sorafenib")

    text = (tmp_path / "evidence.ttl").read_text()
    assert turtle.write(turtle.parse(text, "evidence.ttl"), kg.prefixes) == text


def in_order(claim: dict) -> dict:
    """A framed claim with its steps in the order of their numbers; arrays of a framed document have none."""
    steps = claim["hasStep"]
    return claim | {"hasStep": sorted(steps, key=lambda step: step["order"]) if isinstance(steps, list) else steps}


def test_json_ld_is_read_the_same_by_the_reference_implementation_and_framing_gives_our_claims(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    """pyld expands to the same quads; framing our file by our frame gives the claims as they stand in it."""
    from pyld import jsonld

    from oncoresist.exchange.jsonld import FRAME

    kg.export("jsonld", tmp_path / "part.jsonld", drug="sorafenib", layers=["evidence", "mechanism"])
    kg.export("nquads", tmp_path / "part.nq", drug="sorafenib", layers=["evidence", "mechanism"])
    document = json.loads((tmp_path / "part.jsonld").read_text())

    read = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert (
        canonical_hash(ox.parse(read, format=ox.RdfFormat.N_QUADS))
        == hashlib.sha256((tmp_path / "part.nq").read_bytes()).hexdigest()
    )

    evidence = next(graph["graph"] for graph in document["graph"] if graph["id"].endswith("/evidence"))
    ours = [record for record in evidence if record["type"] == "Claim"]
    flat = jsonld.flatten({"@context": document["@context"], "graph": ours})
    framed = jsonld.frame(flat, {"@context": document["@context"]} | FRAME)
    assert at_least(3, ours) == sorted(map(in_order, framed["graph"]), key=lambda claim: claim["id"])


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_files_hold_the_same_and_are_the_same_each_time(kg: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    for name in ("plain.nq", f"one.nq{suffix}", f"two.nq{suffix}"):
        kg.export("nquads", tmp_path / name, layers="mechanism")

    one = (tmp_path / f"one.nq{suffix}").read_bytes()
    assert (tmp_path / "plain.nq").read_bytes() == decompressed(one)
    assert one == (tmp_path / f"two.nq{suffix}").read_bytes()
    assert len(one) < len(decompressed(one)) / 4


def test_gzip_is_what_gzip_reads(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.export("ntriples", tmp_path / "x.nt.gz", layers="mappings")

    with gzip.open(tmp_path / "x.nt.gz", "rt", encoding="utf-8") as file:
        assert sum(1 for _ in file) > 18_000


def test_without_zstandard_one_line_says_so(kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(UsageError) as caught:
        kg.export("nquads", tmp_path / "x.nq.zst")

    assert 'Zstandard is not installed: pip install "oncoresist[zstd]", or use .gz.' == str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["turtel", "-o", "x"], 'unknown format "turtel". Did you mean "turtle"? Formats: '),
        (
            ["nquads", "-o", "x", "--layers", "evidense"],
            'unknown layer "evidense". Did you mean "evidence"? There are: ontology, evidence,',
        ),
        (
            ["nquads", "-o", "x", "--source", "kouba"],
            'unknown source "kouba". Did you mean "kouba2022"? There are: calcium, kouba2022, tme2019.',
        ),
        (["nquads", "-o", "x", "--drug", "cisplatine"], 'unknown treatment "cisplatine". Did you mean "cisplatin"'),
        (["nquads"], "export nquads needs -o FILE, or -o - for standard output."),
        (
            ["nquads", "-o", "x", "--drug", "cisplatin", "--source", "kouba2022", "--layers", "nothing"],
            'unknown layer "nothing".',
        ),
    ],
)
def test_wrong_usage_is_one_line(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("export", *arguments)

    assert (2, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith(message)
    assert 1 == len(result.stderr.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_formats_are_listed_with_what_they_keep(run) -> None:
    lines = run("export").stdout.splitlines()

    assert [*(f.name for f in FORMATS.values()), "bundle"] == [line.split()[0] for line in lines]
    assert all(len(line.split()) > 4 for line in lines)


def test_standard_output_takes_a_file_format(run) -> None:
    result = run("export", "ntriples", "-o", "-", "--layers", "mechanism")

    assert 0 == result.exit_code
    assert len(result.stdout.splitlines()) > 9000


def test_a_full_disk_is_one_line(run) -> None:
    result = run("export", "nquads", "-o", "/dev/full", "--layers", "mechanism")

    assert 2 == result.exit_code
    assert result.stderr.splitlines() == [
        "/dev/full: cannot write the export (no space left on device). Free some space or choose another place. "
        "Nothing was changed."
    ]


@pytest.mark.parametrize("name", ["turtle", "nquads"])
def test_a_disk_that_fills_up_leaves_the_old_file(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    old = tmp_path / "x"
    old.write_text("old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(NotWritableError, match=r"cannot write the export \(no space left on device\)"):
        kg.export(name, old, layers="mechanism")

    assert "old" == old.read_text()
    assert [old] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("target", "reason"), [("no/such/folder/x.nq", "no such file or directory"), (".", "it is a folder")])
def test_a_target_that_cannot_be_written_is_one_line(run, tmp_path: Path, target: str, reason: str) -> None:
    result = run("export", "nquads", "-o", str(tmp_path / target), "--layers", "mechanism")

    assert 2 == result.exit_code
    assert f"cannot write the export ({reason})." in result.stderr
    assert 1 == len(result.stderr.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_not_composed_is_refused_with_its_subject(kg: KnowledgeGraph, tmp_path: Path) -> None:
    store = ox.Store()
    subject = ox.NamedNode("https://w3id.org/oncoresist/entity/cafe")
    store.add(ox.Quad(subject, onr("section"), ox.Literal("cafe\u0301"), LAYERS["evidence"]))

    with pytest.raises(InputError, match=r"entity/cafe: text that is not in Unicode normal form C") as caught:
        export(Selected(store, Selection(), kg.content), FORMATS["nquads"], tmp_path / "x.nq")

    assert 3 == caught.value.exit_code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("iri", ["http://a.b/c d", "http://a.b/{c}", "http://a.b/%zz", "no-scheme", 'http://a.b/"'])
def test_an_iri_that_is_none_is_refused_with_its_subject(iri: str) -> None:
    good = b"<http://a.b/subject> <http://a.b/p> <http://a.b/%41> .\n"
    verify(good + b'<http://a.b/s> <http://a.b/p> "50 % of {x}: \\"<y>\\""@en .\n')

    with pytest.raises(InputError, match=r"^http://a\.b/s: .*\[valid-iri\]$"):
        verify(good + f"<http://a.b/s> <http://a.b/p> <{iri}> .\n".encode())


@pytest.mark.parametrize("name", ["rdfxml", "owl"])
def test_a_character_xml_cannot_hold_is_refused(kg: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("https://a.b/c"), onr("section"), ox.Literal("bell \x07"), LAYERS["evidence"]))

    with pytest.raises(InputError, match=r"^https://a\.b/c: .*\[xml-characters\]$"):
        export(Selected(store, Selection(), kg.content), FORMATS[name], tmp_path / "x")
    kept = export(Selected(store, Selection(), kg.content), FORMATS["turtle"], tmp_path / "x.ttl")

    assert (1, "bell \x07") == (kept.kept, next(ox.parse(path=str(tmp_path / "x.ttl"))).object.value)


def test_odd_literals_and_blank_nodes_survive_everywhere(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Numbers in odd spelling, quotes, line breaks, other languages, lists, a circle of blank nodes, a node used twice."""
    text = """@prefix : <https://w3id.org/oncoresist/ontology/> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .
      @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
      :a :sign 05, -3, +4, true, "1"^^x:boolean, 2.50, 1e3, 12345678901234567890 ;
        rdfs:label "say \\"hi\\"\\nthere\\t\\\\"@en, "gr\\u00fc\\u00df"@de, "plain", "2026"^^x:gYear ;
        :list ( :a "b" ( 1 ) [ :p :q ] ) ; :subject "text where a thing is meant" ; :once [ :p [ :p :q ] ] ;
        :id :label, <https://w3id.org/oncoresist/entity/x> ; :ent "y" .
      _:x :knows _:y . _:y :knows _:x . _:z :knows _:z . :a :twice _:t . :b :twice _:t . _:t :p :q . :b :empty () ."""
    store = ox.Store()
    store.extend(ox.Quad(*q.triple, LAYERS["evidence"]) for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    expected = canonical_hash(quad.triple for quad in store)  # Oxigraph keeps numbers by value: 05 became 5 on the way in

    for name, reader in READERS.items():
        export(Selected(store, Selection(), kg.content), FORMATS[name], tmp_path / name)
        back = [q.triple for q in ox.parse(path=str(tmp_path / name), format=reader)]
        assert expected == canonical_hash(back), name


def test_owl_is_one_ontology_that_fetches_nothing_and_its_ledger_accounts_for_the_rest(
    exported: dict[str, Path], everything: list[ox.Quad]
) -> None:
    back = {quad.triple for quad in ox.parse(path=str(exported["owl"]), format=ox.RdfFormat.RDF_XML)}
    ledger = json.loads(exported["owl"].with_name("oncoresist.owl.ledger.json").read_text())

    headers = [t for t in back if t.predicate == RDF_TYPE and t.object.value == "http://www.w3.org/2002/07/owl#Ontology"]
    assert ["https://w3id.org/oncoresist/ontology"] == [t.subject.value for t in headers]
    assert not [t for t in back if t.predicate.value.endswith("owl#imports")]
    assert len(set(everything)) == ledger["triples"] == ledger["kept"] + ledger["lost"]
    ground = {q.triple for q in everything if not any(isinstance(term, ox.BlankNode) for term in q.triple)}
    assert ledger["lost"] == len(ground - back)
    lost = {row["predicate"]: row for row in ledger["predicates"] if row["lost"]}
    header = {"dcterms:description", "dcterms:license", "dcterms:source", "dcterms:title", "rdfs:comment", "owl:imports"}
    assert header | {"rdf:type"} == set(lost)
    assert lost["owl:imports"]["lost"] + 1 == lost["rdf:type"]["lost"]  # a header each, and one property declared otherwise
    assert all(row["why"] for row in lost.values())


def test_owl_opens_in_owlready2_with_classes_and_individuals(kg: KnowledgeGraph, tmp_path: Path) -> None:
    import owlready2

    kg.export("owl", tmp_path / "x.owl", drug="cisplatin", layers=["ontology", "evidence"])
    world = owlready2.World()
    ontology = world.get_ontology((tmp_path / "x.owl").as_uri()).load()

    cisplatin = world["https://w3id.org/oncoresist/entity/cisplatin"]
    assert ["cisplatin"] == cisplatin.label.en
    assert world["https://w3id.org/oncoresist/ontology/PlatinumAgent"] in cisplatin.is_a
    assert "https://w3id.org/oncoresist/ontology" == ontology.base_iri.rstrip("#/")
    assert len(list(world.individuals())) > 800


@pytest.mark.slow
def test_owl_opens_in_the_owl_api_without_a_violation_of_owl_2_dl(exported: dict[str, Path]) -> None:
    """What Protégé does when it opens the file. Debian: libowlapi-java, default-jdk-headless."""
    jars = Path("/usr/share/java")
    if shutil.which("javac") is None or not (jars / "owlapi-api.jar").exists():
        assert not os.environ.get("CI"), "CI installs libowlapi-java and a JDK"
        pytest.skip("the OWL API or a JDK is not installed")

    command = ["java", "-cp", f"{jars}/*", str(ROOT / "tests" / "OpenOwl.java"), str(exported["owl"])]
    result = subprocess.run(command, capture_output=True, text=True, check=True)

    found = dict(line.split(" ", 1) for line in result.stdout.splitlines()[:3])
    assert ("1", "0") == (found["ontologies"], found["violations"]), result.stdout
    assert int(found["individuals"]) > 6000


def test_synthetic_claims_are_shaped_like_ours(everything: list[ox.Quad]) -> None:
    def per_claim(quads: list[ox.Quad], predicate: str) -> float:
        claims = sum(q.predicate == RDF_TYPE and q.object == onr("Claim") for q in quads)
        return sum(q.predicate == onr(predicate) for q in quads) / claims

    invented = list(synthetic_quads(1000))

    assert len(invented) == len(set(invented))
    steps = ("hasStep", "subjectIn", "objectIn", "underCondition", "subjectAspect", "perturbation", "subjectChange")
    for predicate in (*steps, "inModel", "hasEvidence", "studyKind"):
        assert per_claim(everything, predicate) == pytest.approx(per_claim(invented, predicate), rel=0.35)


def test_a_format_of_our_own_choice_is_found_by_extension(kg: KnowledgeGraph, tmp_path: Path) -> None:
    assert "turtle" == kg.export("ttl", tmp_path / "x.ttl", layers="mechanism").format.name
    with pytest.raises(UnknownNameError):
        kg.export("docx", tmp_path / "x")
