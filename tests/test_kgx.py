"""KGX and SSSOM: directions, negation, cells and evidence survive; the strict check finds what others let pass."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import platformdirs
import pytest

from oncoresist import KnowledgeGraph, mappings
from oncoresist.errors import InputError, UsageError
from oncoresist.exchange import biolink, kgx
from oncoresist.exchange.kgx_check import OWN, Thing, check
from tests.conftest import at_least, missing_component

Edges = dict[str, Thing]


@pytest.fixture(scope="module")
def folder(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("kgx") / "tsv"
    kg.export("kgx-tsv", target)
    return target


@pytest.fixture(scope="module")
def graph(folder: Path) -> kgx.KgxGraph:
    return kgx.read(folder)


@pytest.fixture(scope="module")
def edges(graph: kgx.KgxGraph) -> Edges:
    return {str(edge["id"]): edge for edge in graph.edges}


@pytest.fixture(scope="module")
def category(graph: kgx.KgxGraph) -> dict[str, str]:
    return {str(node["id"]): node["category"][0].removeprefix("biolink:") for node in graph.nodes}


def biolink_package() -> ModuleType:
    """The data classes of the Biolink Model."""
    try:
        return import_module("biolink_model.datamodel.pydanticmodel_v2")
    except ImportError:
        missing_component("biolink-model is not installed")


def part(edge: Thing, *slots: str) -> tuple:
    return tuple(edge.get(slot) for slot in slots)


def test_every_entity_is_a_node_and_every_step_and_derived_edge_an_edge(kg: KnowledgeGraph, graph: kgx.KgxGraph) -> None:
    def count(class_: str) -> int:
        return len(list(kg.engine.query(f"SELECT ?thing WHERE {{ ?thing a {class_} }}")))

    records = [edge[OWN + "record"] for edge in graph.edges]
    assert count("onr:Entity") == len(graph.nodes) > 900
    assert count("onr:Step") == records.count("step") > 1200
    assert count("onr:DerivedEdge") == records.count("derived edge") > 1200
    assert count("onr:DrugMechanism") == records.count("drug mechanism") > 300


def test_the_export_passes_its_own_check(graph: kgx.KgxGraph) -> None:
    assert [] == check(graph.nodes, at_least(3000, graph.edges))


def test_denied_steps_and_no_others_are_negated(kg: KnowledgeGraph, graph: kgx.KgxGraph) -> None:
    denied = {kg.prefixes.curie(s["step"].value) for s in kg.engine.query("SELECT ?step WHERE { ?step a onr:DeniedStep }")}

    assert denied == {edge["id"] for edge in graph.edges if edge["negated"]}
    assert len(denied) >= 5


def test_whatever_confers_resistance_is_the_subject_and_the_drug_the_object(edges: Edges, category: dict[str, str]) -> None:
    found = [e for e in edges.values() if str(e["predicate"]).removeprefix("biolink:") in biolink.RESPONSE]

    assert {"Drug"} <= {category[str(e["object"])] for e in at_least(500, found)} <= {"Drug", "ChemicalEntity", "SmallMolecule"}


def test_silencing_that_sensitises_is_read_the_same_with_and_without_qualifiers(edges: Edges) -> None:
    """Silencing STIM1 makes cells sensitive to cisplatin: STIM1 goes with resistance, decreased STIM1 with sensitivity."""
    assert (
        *("ent:stim1", "biolink:associated_with_resistance_to", "ent:cisplatin", False),
        *("decreased", "biolink:associated_with_sensitivity_to", "onr:sensitizesTo", ["doi:10.1007/s13577-017-0167-9"]),
    ) == part(
        edges["step:ca-034-a-3"],
        *("subject", "predicate", "object", "negated"),
        *("subject_direction_qualifier", "qualified_predicate", "original_predicate", "publications"),
    )


def test_net_direction_agrees_with_what_was_derived(edges: Edges) -> None:
    """The predicate of each step towards a drug, qualifiers left out, against the derived edge that rests on this step."""
    derived = {
        (step, e["subject"], e["object"]): e["predicate"]
        for e in edges.values()
        if e[OWN + "record"] == "derived edge"
        for step in e[OWN + "from_step"]
        if e["original_predicate"] in ("onr:raisesResistanceTo", "onr:lowersResistanceTo")
    }
    compared = [
        (e["id"], e["predicate"], derived[key])
        for e in edges.values()
        if e["original_predicate"] in ("onr:confersResistanceTo", "onr:sensitizesTo")
        and (key := (e["id"], e["subject"], e["object"])) in derived
    ]

    assert [] == [row for row in at_least(100, compared) if row[1] != row[2]]


def test_a_silenced_subject_turns_causes_and_disrupts_into_affects(edges: Edges) -> None:
    """Without IP3R1 no apoptosis: `ITPR1 disrupts apoptosis` would be the opposite."""
    assert ("ent:itpr1", "biolink:affects", "ent:apoptosis", "decreased", "decreased", "biolink:causes") == part(
        edges["step:ca-002-a-1"],
        *("subject", "predicate", "object", "subject_direction_qualifier", "object_direction_qualifier", "qualified_predicate"),
    )
    lowered = [e for e in edges.values() if e.get("subject_direction_qualifier") == "decreased"]
    assert not {"biolink:causes", "biolink:disrupts"} & {e["predicate"] for e in at_least(100, lowered)}


def test_both_cells_are_qualifiers_and_never_ends(edges: Edges) -> None:
    assert ("ent:acidosis", "ent:akt-family", "ent:tme", "ent:cancer-cell", "phosphorylation") == part(
        edges["step:tme2019-braf-2-3-a-1"],
        *("subject", "object", "subject_context_qualifier", "object_context_qualifier", "object_aspect_qualifier"),
    )


def test_degradation_is_an_aspect_that_increases(edges: Edges) -> None:
    slots = ("subject", "object", "object_aspect_qualifier", "object_direction_qualifier")

    assert ("ent:calpain-family", "ent:nfkbia", "degradation", "increased") == part(edges["step:ca-086-b-1"], *slots)
    assert ("ent:msc", "ent:ikb", "degradation", "increased") == part(edges["step:tme2019-anthracyclines-1-4-a-2"], *slots)


def test_levels_of_knowledge(edges: Edges) -> None:
    """The source's assertion, the source's guess, what follows from assertions, what follows from guesses only."""
    levels = {
        (e[OWN + "record"], e.get(OWN + "certainty"), e["knowledge_level"], e["agent_type"])
        for e in edges.values()
        if e[OWN + "record"] != "kind"
    }

    assert {
        ("step", "onr:asserted", "knowledge_assertion", "manual_agent"),
        ("step", "onr:hedged", "prediction", "manual_agent"),
        ("derived edge", None, "logical_entailment", "automated_agent"),
        ("derived edge", None, "prediction", "automated_agent"),
        ("drug mechanism", None, "logical_entailment", "automated_agent"),
        ("drug mechanism", None, "prediction", "automated_agent"),
    } == levels


def test_every_edge_from_a_source_has_publications_and_evidence(edges: Edges) -> None:
    bare = [
        e["id"]
        for e in edges.values()
        if e[OWN + "record"] != "kind" and not (e.get("publications") and e.get("has_evidence_of_type"))
    ]

    assert bare == []


def test_correlations_are_not_causes(edges: Edges) -> None:
    relations = ("onr:associatedWith", "onr:positivelyCorrelated", "onr:negativelyCorrelated", "onr:correlatesWith")
    found = [e for e in edges.values() if e["original_predicate"] in relations]

    assert {
        *("biolink:associated_with", "biolink:positively_correlated_with"),
        *("biolink:negatively_correlated_with", "biolink:correlated_with"),
    } == {e["predicate"] for e in at_least(300, found)}
    assert not [e for e in found if "object_direction_qualifier" in e or "qualified_predicate" in e]


def test_only_exact_matches_are_cross_references_and_nothing_is_the_same_as(graph: kgx.KgxGraph) -> None:
    abcb1 = next(node for node in graph.nodes if node["id"] == "ent:abcb1")

    assert (["biolink:Gene"], ["HGNC:40", "NCBIGene:5243"]) == (abcb1["category"], abcb1["xref"])  # UniProt is a close match
    assert not [node for node in graph.nodes if "same_as" in node]


def test_both_forms_hold_the_same(kg: KnowledgeGraph, folder: Path, tmp_path: Path) -> None:
    for form in ("kgx-tsv", "kgx-jsonl"):
        kg.export(form, tmp_path / form, drug="sorafenib")
    tsv, jsonl = (kgx.read(tmp_path / form) for form in ("kgx-tsv", "kgx-jsonl"))

    assert (tsv.nodes, tsv.edges) == (jsonl.nodes, jsonl.edges)
    assert at_least(10, tsv.edges)
    assert {"ent", "HGNC", "PMID", "biolink"} <= set(json.loads((folder / "prefixes.json").read_text()))


GOOD_NODES: list[Thing] = [
    {"id": "ent:a", "name": "A", "category": ["biolink:Gene"]},
    {"id": "ent:d", "name": "D", "category": ["biolink:Drug"]},
]
GOOD_EDGE: Thing = {
    **{"id": "step:1", "subject": "ent:a", "predicate": "biolink:associated_with_resistance_to", "object": "ent:d"},
    **{"category": ["biolink:Association"], "negated": False, "knowledge_level": "knowledge_assertion"},
    **{"agent_type": "manual_agent", "primary_knowledge_source": "infores:oncoresist"},
    **{"original_predicate": "onr:confersResistanceTo", "publications": ["PMID:1"], "has_evidence_of_type": ["ECO:0000304"]},
}


def test_the_check_passes_what_is_right() -> None:
    assert [] == check(GOOD_NODES, [GOOD_EDGE])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"knowledge_level": ""}, "kgx-knowledge-level"),
        ({"knowledge_level": "assertion"}, "kgx-knowledge-level"),
        ({"agent_type": None}, "kgx-agent-type"),
        ({"primary_knowledge_source": "oncoresist"}, "kgx-primary-knowledge-source"),
        ({"predicate": "biolink:confers_resistance_to"}, "kgx-predicate"),
        ({"predicate": "associated_with_resistance_to"}, "kgx-predicate"),
        ({"qualified_predicate": "biolink:cause", "object_direction_qualifier": "increased"}, "kgx-predicate"),
        ({"subject": "ent:d", "object": "ent:a"}, "kgx-domain-range"),
        ({"object": "ent:nobody"}, "kgx-undeclared-node"),
        ({"object_context_qualifier": "ent:nowhere"}, "kgx-undeclared-node"),
        ({"predicate": "biolink:associated_with_sensitivity_to"}, "kgx-direction"),
        ({"subject_direction_qualifier": "decreased"}, "kgx-direction"),
        ({"predicate": "biolink:correlated_with", "object_direction_qualifier": "increased"}, "kgx-direction"),
        ({"subject_direction_qualifier": "up"}, "kgx-qualifier"),
        ({"object_aspect_qualifier": "amount"}, "kgx-qualifier"),
        ({"qualified_predicate": "biolink:causes"}, "kgx-qualifier"),
        ({"negated": "false"}, "kgx-negated"),
        ({"publications": ["29988148"]}, "kgx-publications"),
        ({"has_evidence_of_type": ["ECO:304"]}, "kgx-evidence"),
        ({"sign": "1"}, "kgx-slot"),
        ({"description": "two\tcells"}, "kgx-text"),
        ({"original_predicate": ""}, "kgx-original-predicate"),
    ],
)
def test_the_check_finds_what_is_wrong(change: Thing, rule: str) -> None:
    problems = check(GOOD_NODES, [GOOD_EDGE | change])

    assert any(problem.endswith(f"[{rule}]") and problem.startswith("edge step:1: ") for problem in problems), problems


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"category": ["biolink:NamedThings"]}, "kgx-category"),
        ({"category": ["biolink:BiologicalEntity"]}, "kgx-category"),  # abstract
        ({"category": []}, "kgx-category"),
        ({"id": "a"}, "kgx-id"),
        ({"id": "ent:d"}, "kgx-id"),
        ({"name": ""}, "kgx-name"),
        ({"xref": ["HGNC 40"]}, "kgx-curie"),
        ({"symbol": "A"}, "kgx-slot"),
    ],
)
def test_the_check_finds_what_is_wrong_with_a_node(change: Thing, rule: str) -> None:
    problems = check([GOOD_NODES[1], GOOD_NODES[0] | change], [])

    assert any(problem.endswith(f"[{rule}]") for problem in problems), problems


def test_an_id_used_twice_is_found() -> None:
    assert ["edge step:1: the id stands twice. [kgx-id]"] == check(GOOD_NODES, [GOOD_EDGE, GOOD_EDGE])


def test_nothing_is_written_if_the_check_objects(kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kgx, "check", lambda nodes, edges: ["edge step:1: agent_type is blank. [kgx-agent-type]"])

    with pytest.raises(InputError, match=r"1 problems, nothing was written\. The first: edge step:1: agent_type is blank"):
        kg.export("kgx-jsonl", tmp_path / "out", drug="sorafenib")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("form", "layer"), [("kgx-tsv", "evidence"), ("kgx-jsonl", "evidence"), ("sssom", "mappings")])
def test_layers_that_hold_nothing_for_the_format_are_refused(kg: KnowledgeGraph, tmp_path: Path, form: str, layer: str) -> None:
    with pytest.raises(UsageError, match=f"it needs the layer {layer}"):
        kg.export(form, tmp_path / "out", layers="mechanism")
    assert [] == list(tmp_path.iterdir())


def test_the_table_of_the_model_is_that_of_the_package() -> None:
    biolink_package()
    from tests import biolink_table

    assert biolink_table.to_text(biolink_table.from_package()) == biolink_table.TABLE.read_text(encoding="utf-8")


def test_the_categories_do_not_contradict_the_ontology(kg: KnowledgeGraph) -> None:
    """Where the ontology matches a class to Biolink, the table goes there or to something narrower."""
    query = """SELECT ?class ?match WHERE { VALUES ?how { skos:exactMatch skos:closeMatch } ?class ?how ?match .
      ?class a owl:Class . FILTER(STRSTARTS(STR(?match), STR(biolink:))) }"""
    matched: dict[str, set[str]] = {}
    for s in kg.engine.query(query):
        matched.setdefault(s["class"].value.rpartition("/")[2], set()).add(s["match"].value.rpartition("/")[2])
    compared = {name: (biolink.CATEGORIES[name], there) for name, there in matched.items() if name in biolink.CATEGORIES}

    assert at_least(10, list(compared))
    for ours, there in compared.values():
        assert there & {ours, *biolink.model().categories[ours]}, (ours, there)


def test_the_classes_of_biolink_accept_nodes_and_edges(graph: kgx.KgxGraph) -> None:
    """The ecosystem's own data classes. An association has no slots for qualifiers there, so these are left out."""
    model = biolink_package()
    known = set(biolink.model().edge_slots)
    for node in at_least(900, graph.nodes):
        getattr(model, node["category"][0].removeprefix("biolink:"))(**node)
    for edge in at_least(3000, graph.edges):
        model.Association(**{slot: value for slot, value in edge.items() if slot in known and not slot.endswith("_qualifier")})
    with pytest.raises(ValueError, match="knowledge_level"):
        model.Association(**{"id": "x:1", "subject": "x:2", "predicate": "x:3", "object": "x:4", "agent_type": "manual_agent"})


def test_sssom_is_read_back_as_it_was(kg: KnowledgeGraph, tmp_path: Path) -> None:
    report = kg.export("sssom", tmp_path / "all.sssom.tsv")

    back = mappings.read(tmp_path / "all.sssom.tsv", "all.sssom.tsv")

    files = [row for path in kg.layout.graph.glob("mappings/*.sssom.tsv") for row in mappings.read(path, path.name)]
    assert sorted(tuple(row.values.values()) for row in files) == [tuple(row.values.values()) for row in back]
    assert at_least(1700, back)
    assert set(mappings.to_triples(back, kg.prefixes, "all")) == set(mappings.to_triples(files, kg.prefixes, "files"))
    assert report.kept == len(set(mappings.to_triples(files, kg.prefixes, "files")))


SSSOM = "0.4.21"  # .ci/run installs the same
READ_BY_SSSOM = """
import json, sys
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
told = {}
for path in sys.argv[1:]:
    read = parse_sssom_table(path)
    reports = validate(read, fail_on_error=False)
    told[path] = len(read.df), sum(len(report.results) for report in reports.values())
print(json.dumps(told))
"""


def test_the_sssom_package_keeps_every_row_and_finds_nothing(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Its command `sssom validate`, called once for all files; a prefix left out is found, so it does look."""
    exported, cut = tmp_path / "all.sssom.tsv", tmp_path / "cut.sssom.tsv"
    kg.export("sssom", exported)
    cut.write_text(exported.read_text().replace('#  bioregistry: "https://bioregistry.io/registry/"\n', ""))
    files = [exported, cut, *sorted(kg.layout.graph.glob("mappings/*.sssom.tsv"))]

    done = subprocess.run([sssom_python(), "-c", READ_BY_SSSOM, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)

    for file in files:
        rows = sum(not line.startswith("#") for line in file.read_text(encoding="utf-8").splitlines()) - 1
        assert told[str(file)] == [rows, 1 if file == cut else 0], file.name
    assert told[str(exported)][0] > 1700


def sssom_python() -> Path:
    """Python with the `sssom` package, in an environment of its own: it brings 400 MB, so it is no part of the extra."""
    folder = os.environ.get("ONCORESIST_SSSOM") or Path(platformdirs.user_cache_dir("oncoresist-tests")) / f"sssom-{SSSOM}"
    python = Path(folder, "bin", "python")
    if not (python.parent / "sssom").exists():
        missing_component(f"sssom is not installed: python3 -m venv {folder} && {folder}/bin/pip install sssom=={SSSOM}")
    return python


def test_the_command_lists_the_formats(run: Callable) -> None:
    listed = run("export").stdout

    assert all(name in listed for name in ("kgx-tsv", "kgx-jsonl", "sssom"))
