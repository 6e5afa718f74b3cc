"""Releases: complete, described as they are, the same when made twice, compared with the one before; and nothing half-made."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from oncoresist import KnowledgeGraph, turtle
from oncoresist.catalogue.manifest import DATA
from oncoresist.content import LAYERS
from oncoresist.errors import InputError, NotWritableError, OncoResistError, UsageError
from oncoresist.exchange import release as release_module
from oncoresist.exchange.citation import read_citation
from oncoresist.exchange.release_reports import read_conformance, validation_graph
from oncoresist.exchange.selection import Selected, Selection
from oncoresist.findings import Finding
from oncoresist.namespaces import BASE, ENT, ONR
from oncoresist.paths import Layout
from tests.conftest import ROOT, at_least

DCAT, VOID, SPDX = (rdflib.Namespace(n) for n in ("http://www.w3.org/ns/dcat#", str(rdflib.VOID), "http://spdx.org/rdf/terms#"))
FORMATS = "nquads,owl,tables,graphml"
WARNING = Finding("graph/claims/all.ttl:1", "claim:x-a", "A doubt.", "Look.", "some-check", "warning")
EARL = """@prefix earl: <http://www.w3.org/ns/earl#> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
<https://example.org/e> doap:name "Engine" .
[] a earl:Assertion ; earl:subject <https://example.org/e> ; earl:result [ earl:outcome earl:passed ] .
[] a earl:Assertion ; earl:subject <https://example.org/e> ; earl:result [ earl:outcome earl:failed ] .
"""


def small_content(kg: KnowledgeGraph, root: Path) -> Path:
    """All that belongs to the claims about one drug, with two questions: content that is valid and quick."""
    shutil.copytree(ROOT / "ontology", root / "ontology", ignore=shutil.ignore_patterns("meta.ttl"))
    for folder in ("checks", "derive", "reports"):
        shutil.copytree(ROOT / "queries" / folder, root / "queries" / folder)
    for name in ("LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    (root / "queries" / "questions").mkdir()
    for name in ("unmapped-entities.rq", "resistance-mechanisms.rq"):
        text = (ROOT / "queries" / "questions" / name).read_text(encoding="utf-8")
        text = re.sub("example: [^,}]+", "example: gefitinib", re.sub(r"#\+ empty:.*\n", "", text))
        (root / "queries" / "questions" / name).write_text(text, encoding="utf-8")
    evidence = list(Selected(kg.engine.store, Selection(("evidence",), (), (ENT + "gefitinib",)), kg.content).triples())
    (root / "graph" / "claims").mkdir(parents=True)
    (root / "graph" / "claims" / "all.ttl").write_text(turtle.write(evidence, kg.prefixes), encoding="utf-8")
    there = {kg.prefixes.curie(t.subject.value) for t in evidence}
    (root / "graph" / "mappings").mkdir()
    for path in kg.content.mapping_files:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.startswith(("#", "subject_id")) or line.split("\t")[0] in there]
        (root / "graph" / "mappings" / path.name).write_text("".join(kept), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def small(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_content(kg, tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def first(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the small content, really validated."""
    folder = tmp_path_factory.mktemp("releases") / "first"
    made = KnowledgeGraph(Layout(small)).release(folder, "2026-11-21", formats=FORMATS.split(","), reasoner=False)
    assert made.folder == folder
    assert made.files == len([path for path in folder.rglob("*") if path.is_file()])
    return folder


def found_one_warning(content, files, *, reasoner: bool) -> tuple[list[Finding], list[str]]:
    """Stands in for a validation that takes longer."""
    return [WARNING], ["left out in this test"]


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oncoresist.validate.validate", found_one_warning)


@pytest.fixture(scope="module")
def second(small: Path, first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release after `first`: one claim is hedged now, another withdrawn."""
    place = tmp_path_factory.mktemp("second")
    content = place / "content"
    shutil.copytree(small, content)
    claims = content / "graph" / "claims" / "all.ttl"
    text = claims.read_text(encoding="utf-8")
    at_least(2, re.findall("onr:certainty onr:asserted", text))
    text = text.replace("onr:certainty onr:asserted", "onr:certainty onr:hedged", 1)
    text, sealed = re.subn(r'(?<=onr:reviewedContent ")[0-9a-f]{64}', "0" * 64, text)  # a seal is no change of its claim
    assert sealed > 2
    gone = at_least(2, re.findall(r"^(claim:\S+) a onr:Claim", text, re.MULTILINE))[-1].removeprefix("claim:")
    blocks = [b for b in text.split("\n\n") if not re.match(rf"\s*(claim|step|evidence):{gone}[- ]", b)]
    claims.write_text(re.sub(rf" ;\n    onr:\w+ claim:{gone}\b", "", "\n\n".join(blocks).rstrip() + "\n"), encoding="utf-8")
    (place / "earl.ttl").write_text(EARL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("oncoresist.validate.validate", found_one_warning)
        graph = KnowledgeGraph(Layout(content))
        graph.release(place / "second", "2026-12-01", previous=first, formats=["nquads"], earl=place / "earl.ttl")
    return place / "second"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def described(folder: Path, name: str) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / name, format="turtle", publicID=folder.as_uri() + "/")


def loaded(folder: Path) -> ox.Store:
    store = ox.Store()
    store.load(gzip.decompress((folder / "data" / "oncoresist.nq.gz").read_bytes()), format=ox.RdfFormat.N_QUADS)
    return store


def number(store: ox.Store, pattern: str, what: str = "COUNT(*)") -> int:
    """A count over the union of the layers."""
    query = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ({what} AS ?n) WHERE {{ {pattern} }}"
    return int(next(store.query(query, use_default_graph_as_union=True))["n"].value)


def test_made_twice_it_is_the_same_byte_for_byte(small: Path, first: Path, tmp_path: Path) -> None:
    """Another process, another hash seed, another place, and the date from SOURCE_DATE_EPOCH."""
    shutil.copytree(small, tmp_path / "elsewhere")
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "4711" else "4711"
    command = [sys.executable, "-m", "oncoresist", "--content", str(tmp_path / "elsewhere"), "release", "--no-reasoner"]
    subprocess.run(
        [*command, "-o", str(tmp_path / "again"), "--formats", FORMATS],
        env=os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1795219200", "TZ": "Pacific/Kiritimati"},
        check=True,
    )

    one, other = contents(first), contents(tmp_path / "again")
    at_least(20, list(one))
    assert one.keys() == other.keys()
    assert [] == [name for name in one if one[name] != other[name]]


def test_every_file_has_its_checksum(first: Path) -> None:
    lines = (first / "SHA256SUMS").read_text().splitlines()
    named = {path: checksum for checksum, path in (line.split("  ", 1) for line in lines)}

    files = {path.relative_to(first).as_posix(): path for path in first.rglob("*") if path.is_file()}
    assert files.keys() == named.keys() | {"SHA256SUMS"}
    assert named == {name: hashlib.sha256(files[name].read_bytes()).hexdigest() for name in named}


def test_dcat_describes_every_file_as_it_is(first: Path) -> None:
    graph = described(first, "dcat.ttl")
    distributions = at_least(15, list(graph.subjects(rdflib.RDF.type, DCAT.Distribution)))

    found = set()
    for distribution in distributions:
        path = Path(str(graph.value(distribution, DCAT.downloadURL)).removeprefix("file://"))
        found.add(path)
        data = path.read_bytes()
        assert int(graph.value(distribution, DCAT.byteSize)) == len(data)
        checksum = graph.value(graph.value(distribution, SPDX.checksum), SPDX.checksumValue)
        assert str(checksum) == hashlib.sha256(data).hexdigest()
        assert str(graph.value(distribution, DCAT.mediaType)).startswith("https://www.iana.org/assignments/media-types/")
        assert (graph.value(distribution, DCAT.compressFormat) is not None) == (path.suffix == ".gz")
        assert (graph.value(distribution, DCAT.packageFormat) is not None) == (path.suffix == ".zip")
        assert list(graph.subjects(DCAT.distribution, distribution))
    assert found == {p for part in ("data", "questions", "reports") for p in (first / part).rglob("*") if p.is_file()}


def test_dcat_says_who_when_and_under_which_licence(first: Path) -> None:
    graph, this = described(first, "dcat.ttl"), rdflib.URIRef(f"{BASE}release/2026-11-21")

    assert str(graph.value(this, rdflib.DCTERMS.issued)) == str(graph.value(this, DCAT.version)) == "2026-11-21"
    assert str(graph.value(this, rdflib.DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    creators = [str(graph.value(c, rdflib.FOAF.name)) for c in graph.objects(this, rdflib.DCTERMS.creator)]
    assert creators == list(read_citation(Layout(ROOT)).authors)
    assert graph.value(this, DCAT.previousVersion) is None


def test_void_counts_what_a_query_counts(first: Path) -> None:
    graph, store, this = described(first, "void.ttl"), loaded(first), rdflib.URIRef(f"{BASE}release/2026-11-21")

    def said(subject, name: str) -> int:
        return int(graph.value(subject, VOID[name]))

    everything = "{ SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
    assert said(this, "triples") == number(store, everything)
    assert said(this, "distinctSubjects") == number(store, "?s ?p ?o", "COUNT(DISTINCT ?s)")
    assert said(this, "distinctObjects") == number(store, "?s ?p ?o", "COUNT(DISTINCT ?o)")
    assert said(this, "properties") == number(store, "?s ?p ?o", "COUNT(DISTINCT ?p)")
    assert said(this, "classes") == number(store, "?s a ?c FILTER(isIRI(?c))", "COUNT(DISTINCT ?c)")
    ours = f"?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), '{BASE}'))"
    assert said(this, "entities") == number(store, ours, "COUNT(DISTINCT ?s)")
    for partition in at_least(50, list(graph.objects(this, VOID.classPartition))):
        class_ = graph.value(partition, VOID["class"])
        assert said(partition, "entities") == number(store, f"?s a <{class_}>", "COUNT(DISTINCT ?s)")
    for partition in at_least(30, list(graph.objects(this, VOID.propertyPartition))):
        pattern = f"{{ SELECT DISTINCT ?s ?o WHERE {{ ?s <{graph.value(partition, VOID.property)}> ?o }} }}"
        assert said(partition, "triples") == number(store, pattern)
        assert said(partition, "distinctObjects") == number(store, pattern, "COUNT(DISTINCT ?o)")
    for layer, name in LAYERS.items():
        subset = rdflib.URIRef(f"{this}/layer/{layer}")
        assert (this, VOID.subset, subset) in graph
        assert said(subset, "triples") == len(list(store.quads_for_pattern(None, None, None, name)))
    for links in at_least(5, list(graph.subjects(rdflib.RDF.type, VOID.Linkset))):
        space = graph.value(graph.value(links, VOID.objectsTarget), VOID.uriSpace)
        pattern = f"?s <{graph.value(links, VOID.linkPredicate)}> ?o FILTER(STRSTARTS(STR(?o), '{space}'))"
        assert said(links, "triples") <= number(store, f"{{ SELECT DISTINCT ?s ?o {{ {pattern} }} }}")
    linked = sum(said(links, "triples") for links in graph.subjects(rdflib.RDF.type, VOID.Linkset))
    matches = "VALUES ?p { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch } ?s ?p ?o"
    assert linked == number(store, f"{{ SELECT DISTINCT ?s ?p ?o {{ {matches} }} }}")


def test_void_tells_which_property_leads_from_which_class_to_which(first: Path) -> None:
    """Asked as helpers that write SPARQL ask it."""
    rows = {
        tuple(str(term).removeprefix(ONR) if term else None for term in row)
        for row in described(first, "void.ttl").query(
            """SELECT ?class ?property ?target ?datatype WHERE {
              ?partition void:class ?class ; void:propertyPartition ?inner . ?inner void:property ?property .
              { ?inner void:classPartition/void:class ?target }
              UNION { ?inner <http://ldf.fi/void-ext#datatypePartition>/<http://ldf.fi/void-ext#datatype> ?datatype } }"""
        )
    }

    assert ("Claim", "hasStep", "AffirmedStep", None) in rows
    assert ("Claim", str(rdflib.RDFS.label), None, str(rdflib.RDF.langString)) in rows
    graph, store = described(first, "void.ttl"), loaded(first)
    inner = rdflib.URIRef(f"{BASE}release/2026-11-21/partition/onr:Claim--onr:hasStep--onr:AffirmedStep")
    steps = number(store, f"?c a <{ONR}Claim> ; <{ONR}hasStep> ?s . ?s a <{ONR}AffirmedStep>", "COUNT(DISTINCT ?s)")
    assert int(graph.value(inner, VOID.triples)) == steps > 0


def test_the_version_iri_is_in_the_release_and_not_in_the_source(first: Path) -> None:
    version = f"{BASE}release/2026-11-21/ontology"
    header, says = ox.NamedNode(ONR.rstrip("/")), ox.NamedNode("http://www.w3.org/2002/07/owl#versionIRI")

    assert [version] == [q.object.value for q in loaded(first).quads_for_pattern(header, says, None, LAYERS["ontology"])]
    assert f'versionIRI rdf:resource="{version}"' in (first / "data" / "oncoresist.owl").read_text()
    with zipfile.ZipFile(first / "data" / "source.zip") as source:
        assert "versionIRI" not in source.read("ontology/oncoresist.ttl").decode()


def test_a_first_release_says_so_and_what_it_lacks(first: Path) -> None:
    readme = (first / "README.md").read_text()

    assert "# First release" in (first / "CHANGES.md").read_text()
    assert "no EARL report was given" in readme
    assert "HermiT was left out on request." in readme
    assert hashlib.sha256(gzip.decompress((first / "data" / "oncoresist.nq.gz").read_bytes())).hexdigest() in readme
    links = at_least(20, re.findall(r"\]\(([^)]+)\)", readme))
    assert [] == [link for link in links if not (first / link).is_file()]


def test_reports_are_there(first: Path) -> None:
    names = {path.name for path in (first / "reports").iterdir()}
    expected = {f"{path.stem}.tsv" for path in at_least(5, list((ROOT / "queries" / "reports").glob("*.rq")))}

    assert expected | {"counts.md", "mutation-score.md", "validation.ttl", "validation.txt"} == names
    assert "sh:conforms true" in (first / "reports" / "validation.ttl").read_text()


def test_the_next_release_tells_what_changed_and_which_answers_because_of_which_claims(first: Path, second: Path) -> None:
    changes, data = (second / "CHANGES.md").read_text(), json.loads((second / "changes.json").read_text())
    graph, this = described(second, "dcat.ttl"), rdflib.URIRef(f"{BASE}release/2026-12-01")

    assert changes.startswith("# Changes from release 2026-11-21 to release 2026-12-01")
    assert {"changed": 1, "withdrawn": 1} == data["counts"]["claim"]
    assert "certainty: asserted → hedged" in changes
    assert "Saved questions that answer otherwise" in changes
    assert "because of claim:" in changes
    assert graph.value(this, DCAT.previousVersion) == rdflib.URIRef(f"{BASE}release/2026-11-21")
    quads = gzip.decompress((second / "data" / "oncoresist.nq.gz").read_bytes()).decode()
    assert f"priorVersion> <{BASE}release/2026-11-21/ontology>" in quads
    assert "The release before it is 2026-11-21." in (second / "README.md").read_text()


def test_engines_and_warnings_are_reported(second: Path) -> None:
    readme, report = (second / "README.md").read_text(), (second / "reports" / "validation.ttl").read_text()

    assert "| Engine | 1 | 1 |" in readme
    headings = re.findall("^## (.*)", readme, re.MULTILINE)
    assert ["Files", "Load it", "Check it", "Quality", "Cite it"] == headings
    assert EARL == (second / "reports" / "conformance.ttl").read_text()
    assert "1 warnings" in readme
    assert "sh:conforms false" in report
    assert "sh:resultSeverity sh:Warning" in report


def test_a_release_is_compared_like_a_folder(small: Path, first: Path) -> None:
    assert not KnowledgeGraph(Layout(small)).diff(first, questions=False)


def test_invalid_content_is_refused_with_its_findings(run, small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "content")
    claims = tmp_path / "content" / "graph" / "claims" / "all.ttl"
    claims.write_text(
        claims.read_text().replace("onr:polarity onr:resistanceIncreased", "onr:polarity onr:resistanceDecreased", 1)
    )

    result = run("--content", str(tmp_path / "content"), "release", "--no-reasoner", "-o", str(tmp_path / "out"))

    assert 1 == result.exit_code
    assert "graph/claims/all.ttl" in result.stdout
    assert "[polarity-against-signs]" in result.stdout
    assert "No release was made" in result.stderr
    assert ["content"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("full", "this folder is not empty"),
        ("file", "cannot write the release (it is a file)"),
        ("no/such/out", "cannot write the release"),
    ],
)
def test_a_folder_that_cannot_be_made_is_one_line(run, small: Path, tmp_path: Path, folder: str, reason: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")

    result = run("--content", str(small), "release", "-o", str(tmp_path / folder), "--date", "2026-11-21")

    assert 2 == result.exit_code
    assert reason in result.stderr
    assert 1 == len(result.stderr.splitlines())
    assert {"full", "file"} == {path.name for path in tmp_path.iterdir()}
    assert ["mine.txt"] == [path.name for path in (tmp_path / "full").iterdir()]


def test_a_folder_without_permission_is_one_line(run, small: Path) -> None:
    result = run("--content", str(small), "release", "-o", "/proc/release", "--date", "2026-11-21")

    assert 2 == result.exit_code
    assert "/proc/release: cannot write the release" in result.stderr


def test_a_disk_that_fills_up_leaves_nothing(
    small: Path, unchecked: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release_module, "write_zip", full)

    with pytest.raises(NotWritableError, match="no space left on device"):
        KnowledgeGraph(Layout(small)).release(tmp_path / "out", "2026-11-21", formats=["nquads"])

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"date": "21.11.2026"}, '"21.11.2026" is no date. Write it as YYYY-MM-DD'),
        ({"date": "20261121"}, "is no date"),
        ({"formats": ["turtel"]}, 'unknown format "turtel". Did you mean "turtle"?'),
        ({"previous": "no-such-revision"}, "no-such-revision: no file, no folder, and no revision that git knows"),
        ({"earl": "missing.ttl"}, "cannot be read"),
    ],
)
def test_wrong_usage_stops_before_any_work(small: Path, tmp_path: Path, options: dict, message: str) -> None:
    with pytest.raises(OncoResistError) as caught:
        KnowledgeGraph(Layout(small)).release(tmp_path / "out", **{"date": "2026-11-21"} | options)

    assert message in str(caught.value)
    assert [] == list(tmp_path.iterdir())


def test_the_release_before_must_be_before_and_whole(small: Path, first: Path, tmp_path: Path) -> None:
    kg, damaged = KnowledgeGraph(Layout(small)), tmp_path / "damaged"
    shutil.copytree(first, damaged)
    (damaged / "data" / "source.zip").write_bytes(b"PK")

    with pytest.raises(UsageError, match="this release is of 2026-11-21, which is not before 2026-11-21"):
        kg.release(tmp_path / "out", "2026-11-21", previous=first)
    with pytest.raises(InputError, match="its checksum differs"):
        kg.release(tmp_path / "out", "2026-11-22", previous=damaged)


def test_a_clock_that_is_none_is_one_line(run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")

    result = run("--content", str(small), "release", "-o", str(tmp_path / "out"))

    assert 2 == result.exit_code
    assert 'SOURCE_DATE_EPOCH is "yesterday", which is no number of seconds.' in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [("a: [", "CITATION.cff:1: not valid YAML"), ("title: x", "needs title and authors"), (None, "cannot be read")],
)
def test_a_citation_that_says_too_little_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "CITATION.cff").write_text(text)

    with pytest.raises(InputError) as caught:
        read_citation(Layout(tmp_path))

    assert message in str(caught.value)


def test_a_report_without_assertions_is_no_report_on_engines(tmp_path: Path) -> None:
    (tmp_path / "earl.ttl").write_text("<urn:a> <urn:b> <urn:c> .")

    with pytest.raises(InputError, match="no earl:Assertion"):
        read_conformance(tmp_path / "earl.ttl")


def test_findings_of_shapes_name_their_shape(kg: KnowledgeGraph) -> None:
    finding = Finding("graph/a.ttl:3", "claim:x-a", "It has no step.", "Add one.", "onr:ClaimShape-hasStep")

    graph = rdflib.Graph().parse(data=validation_graph([finding, WARNING], f"{BASE}release/2026-11-21", kg.content))

    results = list(graph.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult))
    assert 2 == len(results)
    assert {rdflib.URIRef(ONR + "ClaimShape-hasStep")} == set(graph.objects(None, rdflib.SH.sourceShape))
    assert {rdflib.URIRef(BASE + "claim/x-a")} == set(graph.objects(None, rdflib.SH.focusNode))


def test_the_catalogue_of_a_release_holds_the_data_it_asks(first: Path) -> None:
    with zipfile.ZipFile(BytesIO((first / "questions" / "manifest.zip").read_bytes())) as archive:
        data = archive.read(f"manifest/{DATA}").splitlines()

    assert data == sorted(set(data))
    assert len(data) == number(loaded(first), "{ SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }")
