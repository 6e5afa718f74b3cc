"""Exports for those who do not use RDF: their own tools read them, the triples can be counted back, and the ledger is true."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import LAYERS
from oncoresist.errors import InputError, UsageError
from oncoresist.exchange.export import ExportReport, export
from oncoresist.exchange.formats import FORMATS
from oncoresist.exchange.selection import Selected, Selection
from oncoresist.namespaces import onr
from tests.conftest import at_least

PARTIAL = [f.name for f in FORMATS.values() if f.keeps == "part"]
Triple = tuple[str, str, str]


@pytest.fixture(scope="session")
def everything(kg: KnowledgeGraph) -> dict[str, list[ox.Quad]]:
    """Layer → its quads, without those that name a blank node."""
    return {
        layer: [
            quad
            for quad in kg.engine.store.quads_for_pattern(None, None, None, graph)
            if not any(isinstance(term, ox.BlankNode) for term in quad.triple)
        ]
        for layer, graph in LAYERS.items()
    }


@pytest.fixture(scope="session")
def reports(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExportReport]:
    """The whole graph in every format that keeps a part."""
    folder = tmp_path_factory.mktemp("elsewhere")
    selected = Selected(kg.engine.store, Selection(), kg.content)
    return {name: export(selected, FORMATS[name], folder / name) for name in at_least(5, PARTIAL)}


def ledger(report: ExportReport) -> dict:
    assert report.ledger
    return json.loads(report.ledger.read_text())


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize("name", PARTIAL)
def test_the_ledger_accounts_for_every_triple(kg: KnowledgeGraph, reports: dict[str, ExportReport], name: str) -> None:
    """Per layer and predicate, its numbers are those the store counts; kept and lost add up; each loss has its reason."""
    found = ledger(reports[name])

    counted = {
        (row["graph"].value.rpartition("/")[2], kg.prefixes.curie(row["p"].value)): int(row["n"].value)
        for row in kg.engine.query("SELECT ?graph ?p (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ?p")
        if not row["graph"].value.endswith("/build")
    }
    assert counted == {(row["layer"], row["predicate"]): row["triples"] for row in found["predicates"]}
    assert all(row["kept"] + row["lost"] == row["triples"] and row["kept"] >= 0 <= row["lost"] for row in found["predicates"])
    assert all(row["why"] for row in found["predicates"] if row["lost"])
    assert (found["triples"], found["kept"]) == (sum(counted.values()), sum(row["kept"] for row in found["predicates"]))
    assert (found["triples"], found["kept"]) == (reports[name].triples, reports[name].kept)
    assert found["kept"] > (15_000 if name == "sssom" else 30_000)


def from_tables(folder: Path, kg: KnowledgeGraph) -> Iterator[ox.Quad]:
    """The quads made again from the tables, by what `datapackage.json` says of each column."""
    package = json.loads((folder / "datapackage.json").read_text())

    def term(text: str, kind: str) -> ox.NamedNode | ox.Literal:
        if kind == "iri":
            return ox.NamedNode(kg.prefixes.iri(text))
        if kind.startswith("@"):
            return ox.Literal(text, language=kind[1:])
        short = {"integer": "http://www.w3.org/2001/XMLSchema#integer", "string": "http://www.w3.org/2001/XMLSchema#string"}
        return ox.Literal(text, datatype=ox.NamedNode(short.get(kind, kind)))

    for resource in package["resources"]:
        fields = [f for f in resource["schema"]["fields"] if "rdfProperty" in f]
        for row in rows(folder / resource["path"]):
            if resource["name"] == "inferred":
                subject, predicate = (ox.NamedNode(kg.prefixes.iri(row[name])) for name in ("subject", "property"))
                yield ox.Quad(subject, predicate, term(row["value"], row["values"]), LAYERS["inferred"])
            for field in fields:
                for text in filter(None, row[field["name"]].split(field["separator"])):
                    subject, predicate = ox.NamedNode(kg.prefixes.iri(row["id"])), ox.NamedNode(field["rdfProperty"])
                    yield ox.Quad(subject, predicate, term(text, field["values"]), LAYERS[field["layer"]])


def test_tables_give_the_triples_back(
    kg: KnowledgeGraph, reports: dict[str, ExportReport], everything: dict[str, list[ox.Quad]]
) -> None:
    assert reports["tables"].output
    back = list(from_tables(reports["tables"].output, kg))

    assert {quad for quads in everything.values() for quad in quads} == set(back)
    assert reports["tables"].kept == len(back)


def test_frictionless_finds_the_tables_valid(reports: dict[str, ExportReport]) -> None:
    """Types, unique keys, foreign keys and checksums; and it does find a fault if there is one."""
    from frictionless import Package

    folder = reports["tables"].output
    assert folder
    report = Package(str(folder / "datapackage.json")).validate()

    assert report.valid, report.flatten(["title", "message"])[:5]
    assert at_least(10, report.tasks)
    keys = [
        key
        for r in json.loads((folder / "datapackage.json").read_text())["resources"]
        for key in r["schema"].get("foreignKeys", [])
    ]
    assert {"fields": "statedAt", "reference": {"resource": "passages", "fields": "id"}} in at_least(5, keys)


def test_frictionless_would_find_a_fault(kg: KnowledgeGraph, tmp_path: Path) -> None:
    from frictionless import Package

    kg.export("tables", tmp_path / "x", layers="evidence", drug="sorafenib")
    claims = tmp_path / "x" / "claims.csv"
    claims.write_text(claims.read_text().replace("passage:", "passage:no-such-", 1))

    report = Package(str(tmp_path / "x" / "datapackage.json")).validate()

    assert {"Hash Count Error", "Byte Count Error", "ForeignKey Error"} <= {title for (title,) in report.flatten(["title"])}


def test_neo4j_files_follow_the_import_header_format_and_hold_every_triple(
    kg: KnowledgeGraph, reports: dict[str, ExportReport], everything: dict[str, list[ox.Quad]]
) -> None:
    """There is no Neo4j here to ask, so the rules of its documentation are checked: unique ids, known ends, typed columns."""
    folder = reports["neo4j"].output
    assert folder
    readme = (folder / "README.md").read_text()
    back: set[Triple] = set()
    ids: list[str] = []
    for path in at_least(9, sorted(folder.glob("nodes-*.csv"))):
        assert f"--nodes={path.name}" in readme
        for row in rows(path):
            ids.append(row["id:ID"])
            assert row[":LABEL"] or path.name == "nodes-terms.csv"
            back |= {(row["id:ID"], "rdf_type", label) for label in row[":LABEL"].split("|") if label}
            for header, cell in row.items():
                name, _, type_ = header.partition(":")
                assert header in ("id:ID", ":LABEL") or type_ in ("string", "string[]", "long", "long[]"), header
                back |= {(row["id:ID"], name, text) for text in cell.split("|") if text and name not in ("id", "")}
    relationships = list(rows(folder / "relationships.csv"))
    back |= {(row[":START_ID"], row[":TYPE"].replace(":", "_"), row[":END_ID"]) for row in relationships}

    def cell(term: ox.NamedNode | ox.Literal) -> str:
        return kg.prefixes.curie(term.value).strip("<>") if isinstance(term, ox.NamedNode) else term.value

    expected = {
        (cell(q.subject), cell(q.predicate).removeprefix("onr:").replace(":", "_"), cell(q.object))
        for quads in everything.values()
        for q in quads
    }
    types = {(s, p, o.removeprefix("onr:")) if p == "rdf_type" else (s, p, o) for s, p, o in expected}
    assert len(ids) == len(set(ids)) > 7000
    assert {row[end] for row in relationships for end in (":START_ID", ":END_ID")} <= set(ids)
    assert types == back


def test_neo4j_walks_derived_edges_only(reports: dict[str, ExportReport], everything: dict[str, list[ox.Quad]]) -> None:
    folder = reports["neo4j"].output
    assert folder
    walkable = list(rows(folder / "walkable.csv"))

    edges = [q for q in everything["mechanism"] if q.object == onr("DerivedEdge")]
    assert len(edges) == len(walkable) == len({row["edge"] for row in walkable}) > 1000
    assert all(row["claims:string[]"] and row[":TYPE"] == row[":TYPE"].upper() for row in walkable)


def edges_of(name: str, path: Path) -> tuple[set[str], list[dict]]:
    """Names of nodes, and the attributes of edges, as a reader of the format sees them; ends are `s` and `t`."""
    if name == "graphml":
        import networkx

        graph = networkx.read_graphml(path, force_multigraph=True)
        assert graph.is_directed()
        return set(graph), [{**values, "s": start, "t": end} for start, end, values in graph.edges(data=True)]
    from ndex2.cx2 import RawCX2NetworkFactory

    network = RawCX2NetworkFactory().get_cx2network(json.loads(path.read_text()))
    ids = {line["id"]: line for aspect in json.loads(path.read_text()) for line in aspect.get("nodes", [])}
    names = {number: f"{node['v']['name']}" for number, node in network.get_nodes().items()}
    assert len(ids) == len(names)
    return set(names.values()), [{**e["v"], "s": names[e["s"]], "t": names[e["t"]]} for e in network.get_edges().values()]


@pytest.mark.parametrize("name", ["graphml", "cx2"])
def test_networks_keep_what_neighbours_lose(
    kg: KnowledgeGraph, reports: dict[str, ExportReport], everything: dict[str, list[ox.Quad]], name: str
) -> None:
    """Every step and derived edge is an edge, with denial, both cells, aspects, comparison, references and certainty."""
    assert reports[name].output
    nodes, edges = edges_of(name, reports[name].output)

    by_id = {edge["id"]: edge for edge in edges if edge.get("id")}
    steps = {kg.prefixes.curie(q.subject.value) for q in everything["evidence"] if q.predicate == onr("relation")}
    graded = {q.subject for q in everything["mechanism"] if q.predicate == onr("grade")}
    derived = {kg.prefixes.curie(subject.value) for subject in graded}
    assert len(derived) > 1500
    assert steps | derived == set(by_id)
    assert {"evidence"} == {by_id[step]["layer"] for step in steps}
    assert {"mechanism"} == {by_id[edge]["layer"] for edge in derived}
    denied = {kg.prefixes.curie(q.subject.value) for q in everything["evidence"] if q.object == onr("DeniedStep")}
    assert at_least(5, sorted(denied)) == sorted(i for i, edge in by_id.items() if edge["negated"] is True)
    for predicate in ("subjectIn", "objectIn", "subjectAspect", "objectAspect", "comparedWith", "underCondition", "perturbation"):
        said = {q.triple for q in everything["evidence"] if q.predicate == onr(predicate)}
        expected = {(kg.prefixes.curie(t.subject.value), kg.prefixes.curie(t.object.value)) for t in said}
        assert len(expected) > 20
        assert expected == {(i, v) for i, edge in by_id.items() for v in listed(edge.get(predicate))}, predicate
    assert all(by_id[step]["claim_certainty"] and listed(by_id[step]["references"]) for step in steps)
    assert all(listed(by_id[edge]["fromClaim"]) and by_id[edge]["grade"] for edge in derived)
    conflicts = {kg.prefixes.curie(q.subject.value) for q in everything["mechanism"] if q.predicate == onr("conflictClass")}
    assert at_least(10, sorted(conflicts)) == sorted({c for step in steps for c in listed(by_id[step].get("conflicts"))})
    assert len(nodes) > 900


def listed(value: object) -> list[str]:
    """A list attribute: a list in CX2, one text in GraphML."""
    if value is None or value == "":
        return []
    return [str(v) for v in value] if isinstance(value, list) else str(value).split("|")


def test_cx2_declares_what_it_uses_and_counts_it(reports: dict[str, ExportReport]) -> None:
    """What the reader does not check: every attribute is declared with the type it has, every aspect counted, ends exist."""
    assert reports["cx2"].output
    aspects = json.loads(reports["cx2"].output.read_text())

    assert {"CXVersion": "2.0", "hasFragments": False} == aspects[0]
    assert {"status": [{"success": True}]} == aspects[-1]
    content = {name: elements for aspect in aspects[2:-1] for name, elements in aspect.items()}
    assert aspects[1]["metaData"] == [{"name": name, "elementCount": len(elements)} for name, elements in content.items()]
    types = {"string": str, "integer": int, "boolean": bool, "list_of_string": list}
    for kind in ("nodes", "edges"):
        declared = {name: types[d["d"]] for name, d in content["attributeDeclarations"][0][kind].items()}
        assert all(type(value) is declared[name] for thing in content[kind] for name, value in thing["v"].items())
    ids = {node["id"] for node in content["nodes"]}
    assert {edge[end] for edge in content["edges"] for end in ("s", "t")} <= ids


def test_a_text_with_the_separator_of_lists_is_refused(kg: KnowledgeGraph, tmp_path: Path) -> None:
    store = ox.Store()
    subject = ox.NamedNode("https://w3id.org/oncoresist/entity/x")
    store.add(ox.Quad(subject, onr("section"), ox.Literal("this|that"), LAYERS["evidence"]))

    with pytest.raises(InputError, match=r'^ent:x: a text with "\|"'):
        export(Selected(store, Selection(), kg.content), FORMATS["tables"], tmp_path / "x")

    assert [] == list(tmp_path.iterdir())


def test_a_folder_is_replaced_as_a_whole_and_only_if_it_is_an_export(kg: KnowledgeGraph, tmp_path: Path) -> None:
    mine, old = tmp_path / "mine", tmp_path / "old"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    kg.export("tables", old, layers="evidence", drug="sorafenib")
    (old / "left-over.csv").write_text("x")

    kg.export("tables", old, layers="mappings", drug="sorafenib")
    with pytest.raises(UsageError, match=r"this folder is not empty and holds no export\. .* Nothing was changed\.$"):
        kg.export("tables", mine, layers="mechanism")

    assert ["datapackage.json", "entities.csv", "ledger.json", "mappings.csv"] == sorted(path.name for path in old.iterdir())
    assert "years of work" == (mine / "thesis.txt").read_text()
    assert {mine, old} == set(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neo4j", "-o", "-"], "neo4j is a folder of files: give the folder with -o."),
        (["tables", "-o", "x.gz"], "tables is a folder of files, which cannot end in .gz. Compress it afterwards."),
    ],
)
def test_folders_go_neither_to_a_stream_nor_into_gzip(run, tmp_path: Path, arguments: list[str], message: str) -> None:
    result = run("export", *[a.replace("x.gz", str(tmp_path / "x.gz")) for a in arguments], "--layers", "mechanism")

    assert (2, message) == (result.exit_code, result.stderr.strip())
    assert [] == list(tmp_path.iterdir())
