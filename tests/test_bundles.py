"""Load bundles: complete, the same every time, and, where no such store can be run here, at least what the vendor describes."""

from __future__ import annotations

import configparser
import gzip
import hashlib
import json
import re
import subprocess
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from oncoresist import KnowledgeGraph
from oncoresist.content import LAYERS
from oncoresist.exchange.bundles.stores import STORES
from tests.conftest import at_least
from tests.engines import ENGINES, counts_of

NAMES = at_least(6, sorted(STORES))
RUN = {engine.bundle for engine in ENGINES if engine.bundle}
# Of https://github.com/qlever-dev/qlever-docs/blob/main/docs/qleverfile.md and of Neptune's loader reference, those we use.
QLEVER = {
    "data": {"name", "description", "format"},
    "index": {"input_files", "multi_input_json"},
    "server": {"port", "memory_for_queries", "timeout"},
    "runtime": {"system", "image"},
}
NEPTUNE = {
    "source": r"s3://[^/]+/.+",
    "format": "csv|opencypher|ntriples|nquads|rdfxml|turtle",
    "iamRoleArn": r"arn:aws:iam::[^:]+:role/.+",
    "mode": "NEW|RESUME|AUTO",
    "region": ".+",
    "failOnError": "TRUE|FALSE",
    "parallelism": "LOW|MEDIUM|HIGH|OVERSUBSCRIBE",
    "queueRequest": "TRUE|FALSE",
}


@pytest.fixture(scope="session")
def bundles(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A bundle of two layers for each store."""
    folder = tmp_path_factory.mktemp("bundles")
    for name in NAMES:
        kg.export("bundle", folder / name, store=name, layers=["ontology", "mappings"])
    return {name: folder / name for name in NAMES}


def quads(bundle: Path) -> list[ox.Quad]:
    """What the data files of a bundle say, as a store reads them."""
    found: list[ox.Quad] = []
    for file in bundle.iterdir():
        if file.suffix == ".nq":
            found += ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)
        elif file.suffix == ".gz":
            found += ox.parse(gzip.decompress(file.read_bytes()), format=ox.RdfFormat.N_QUADS)
        elif file.suffix == ".nt":
            graph = ox.NamedNode(file.with_name(f"{file.name}.graph").read_text().strip())
            found += (ox.Quad(q.subject, q.predicate, q.object, graph) for q in ox.parse(path=str(file)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_data_are_what_the_counts_say_and_the_checksums_hold(bundles: dict[str, Path], name: str) -> None:
    store = ox.Store()
    store.extend(quads(bundles[name]))
    counted = store.query((bundles[name] / "counts.rq").read_text())

    told = {row["graph"].value: int(row["triples"].value) for row in counted}  # type: ignore[union-attr]
    assert told == counts_of(bundles[name])
    assert len(told) == 2
    sums = dict(line.split("  ")[::-1] for line in (bundles[name] / "SHA256SUMS").read_text().splitlines())
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in bundles[name].iterdir()}
    assert sums == {file: digest for file, digest in files.items() if file != "SHA256SUMS"}


def test_no_triple_stands_in_two_layers(kg: KnowledgeGraph) -> None:
    """Stores whose default graph is all graphs together may otherwise give rows twice."""
    store = kg.engine.store  # type: ignore[attr-defined]
    quads = sum(1 for graph in LAYERS.values() for _ in store.quads_for_pattern(None, None, None, graph))

    assert quads == sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_to_fill_in_and_the_script_parses(bundles: dict[str, Path], name: str) -> None:
    for file in bundles[name].iterdir():
        if file.suffix not in (".gz", ".nq", ".nt"):
            assert not re.search(r"@[A-Z]+@", file.read_text(encoding="utf-8")), file.name
    for script in bundles[name].glob("*.sh"):
        subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_says_what_was_run(bundles: dict[str, Path], name: str) -> None:
    readme = (bundles[name] / "README.md").read_text()

    assert ("has **not been run**" in readme) == (name not in RUN)
    assert ("is run by the tests" in readme) == (name in RUN)
    assert all(url in readme for url in STORES[name].documentation)


def test_the_same_content_gives_the_same_bytes(kg: KnowledgeGraph, bundles: dict[str, Path], tmp_path: Path) -> None:
    for name in ("qlever", "virtuoso"):
        kg.export("bundle", tmp_path / name, store=name, layers=["ontology", "mappings"])
        assert (tmp_path / name / "SHA256SUMS").read_bytes() == (bundles[name] / "SHA256SUMS").read_bytes()


def test_fuseki_is_configured_in_known_words(bundles: dict[str, Path]) -> None:
    """`config.ttl` is also what the tests of the questions open TDB2 with; only what Fuseki itself reads is not run."""
    graph = rdflib.Graph().parse(bundles["fuseki"] / "config.ttl", publicID="http://example.org/")
    fuseki = rdflib.Namespace("http://jena.apache.org/fuseki#")

    (service,) = graph.subjects(rdflib.RDF.type, fuseki.Service)
    assert set(graph.predicates(service)) == {rdflib.RDF.type, fuseki.name, fuseki.endpoint, fuseki.dataset}
    assert set(graph.objects(None, fuseki.operation)) == {fuseki.query, fuseki["gsp-r"]}


def test_graphdb_is_configured_without_inference(bundles: dict[str, Path]) -> None:
    graph = rdflib.Graph().parse(bundles["graphdb"] / "repo-config.ttl")
    settings = {str(p).rpartition("#")[2]: str(o) for _, p, o in graph if "ontotext" in p or "repositor" in p or "sail" in p}

    assert (settings["repositoryType"], settings["sailType"]) == ("graphdb:SailRepository", "graphdb:Sail")
    assert (settings["ruleset"], settings["repositoryID"]) == ("empty", "oncoresist")


def test_the_qleverfile_has_only_settings_qlever_knows(bundles: dict[str, Path]) -> None:
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(bundles["qlever"] / "Qleverfile")

    assert {section: set(settings[section]) for section in settings.sections()} == QLEVER
    stream = json.loads(settings["index"]["MULTI_INPUT_JSON"])
    assert (stream["format"], settings["data"]["FORMAT"]) == ("nq", "nq")
    assert (bundles["qlever"] / settings["index"]["INPUT_FILES"]).is_file()
    assert stream["cmd"] == f"zcat {settings['index']['INPUT_FILES']}"


def test_neptune_gets_a_request_its_loader_knows_and_text_in_nfc(bundles: dict[str, Path]) -> None:
    request = json.loads((bundles["neptune"] / "loader-request.json").read_text())
    text = gzip.decompress((bundles["neptune"] / "oncoresist.nq.gz").read_bytes()).decode("utf-8")

    assert request.keys() == NEPTUNE.keys()
    assert [key for key, pattern in NEPTUNE.items() if not re.fullmatch(pattern, request[key])] == []
    assert request["source"].endswith("/oncoresist.nq.gz")
    assert unicodedata.is_normalized("NFC", text)
    for policy in ("iam-policy.json", "iam-trust.json"):
        (statement,) = json.loads((bundles["neptune"] / policy).read_text())["Statement"]
        assert statement["Effect"] == "Allow"


def test_an_rdflib_store_reads_the_file_and_counts_the_same(bundles: dict[str, Path]) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(bundles["oxigraph"] / "oncoresist.nq", format="nquads")

    assert {str(g.identifier): len(g) for g in dataset.graphs() if len(g)} == counts_of(bundles["oxigraph"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--for", "oxygraph", "-o", "b"],
            'unknown store "oxygraph". Did you mean "oxigraph" or "graphdb"? Bundles: fuseki, ',
        ),
        (["-o", "b"], "a bundle is for a store and is a folder: export bundle --for STORE -o FOLDER."),
        (["--for", "qlever", "-o", "-"], "a bundle is for a store and is a folder"),
        (["--for", "qlever", "-o", "no/such/b"], "no/such/b: cannot write the export"),
        (["--for", "qlever", "-o", "full"], "full: this folder is not empty and holds no export"),
    ],
)
def test_wrong_calls_are_told_and_write_nothing(run, tmp_path: Path, monkeypatch, arguments: list[str], told: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years")

    result = run("export", "bundle", *arguments)

    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == ["full", "full/thesis.txt"]
