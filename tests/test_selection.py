"""Parts of the graph: layers, sources, drugs; what a choice of claims takes along, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import LAYERS
from oncoresist.errors import UsageError
from oncoresist.exchange.export import export
from oncoresist.exchange.formats import FORMATS
from oncoresist.exchange.selection import Selected, Selection
from oncoresist.namespaces import onr
from tests.conftest import at_least


def graphs(path: Path) -> set[str]:
    return {q.graph_name.value.rpartition("/")[2] for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)}


def test_layers_select_named_graphs(kg: KnowledgeGraph, run, tmp_path: Path) -> None:
    result = run("export", "nquads", "--layers", "mechanism,mappings", "-o", str(tmp_path / "x.nq"))

    assert 0 == result.exit_code, result.stderr
    assert {"mappings", "mechanism"} == graphs(tmp_path / "x.nq")


def test_a_drug_takes_its_kinds_and_all_that_its_claims_need_and_nothing_else(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.export("nquads", tmp_path / "x.nq", drug="EGFR inhibitor")

    store = ox.Store()
    store.bulk_load(path=str(tmp_path / "x.nq"), format=ox.RdfFormat.N_QUADS)
    for graph in LAYERS.values():
        store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in list(store.quads_for_pattern(None, None, None, graph)))
    there = {row["c"].value for row in store.query("SELECT ?c { ?c a onr:Claim }", prefixes=kg.prefixes.namespaces)}
    expected = {
        row["c"].value
        for row in kg.engine.query("SELECT ?c { ?c a onr:Claim ; onr:aboutDrug/onr:subtypeOf* ent:egfr-inhibitor }")
    }
    assert len(at_least(10, list(expected))) == len(there)
    assert expected == there
    # Whatever of ours is named has a record of its own.
    ours = 'FILTER(STRSTARTS(STR(?o), "https://w3id.org/oncoresist/") && !REGEX(STR(?o), "/oncoresist/(ontology|query)"))'
    dangling = store.query(f"SELECT ?o {{ ?s ?p ?o FILTER(ISIRI(?o)) {ours} FILTER NOT EXISTS {{ ?o a ?type }} }}")
    assert [] == [row["o"].value for row in dangling]
    # And the records are whole: every step and line of evidence of each claim.
    for predicate in ("onr:hasStep", "onr:hasEvidence", "onr:statedAt"):
        query = f"SELECT ?c ?o {{ ?c a onr:Claim ; {predicate} ?o }}"
        pairs = {(r["c"].value, r["o"].value) for r in store.query(query, prefixes=kg.prefixes.namespaces)}
        assert {(r["c"].value, r["o"].value) for r in kg.engine.query(query) if r["c"].value in expected} == pairs


def test_a_part_has_a_conflict_only_with_all_its_sides(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.export("nquads", tmp_path / "x.nq", layers="mechanism", source="tme2019")

    back = list(ox.parse(path=str(tmp_path / "x.nq"), format=ox.RdfFormat.N_QUADS))
    conflicts = {q.subject for q in back if q.predicate == onr("conflictClass")}
    sides = kg.engine.query("SELECT ?side ?conflict ?claim { ?side onr:sideOf ?conflict ; onr:fromClaim ?claim }")
    needed = [(row["side"], row["conflict"], row["claim"]) for row in sides]
    assert 0 < len(conflicts) < len({conflict for _, conflict, _ in needed})
    there = {(q.subject, q.object) for q in back if q.predicate in (onr("fromClaim"), onr("sideOf"))}
    assert all({(side, claim), (side, conflict)} <= there for side, conflict, claim in needed if conflict in conflicts)


def test_a_part_keeps_the_edges_of_a_conflict_that_it_has_not(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.export("nquads", tmp_path / "x.nq", layers=["evidence", "mechanism"], source="tme2019")

    there = {q.subject for q in ox.parse(path=str(tmp_path / "x.nq"), format=ox.RdfFormat.N_QUADS)}
    on_sides = kg.engine.query("""SELECT ?conflict ?record ?claim {
        ?side onr:sideOf ?conflict ; onr:fromRecord ?record . ?record onr:fromClaim ?claim }""")
    rows = [row for row in on_sides if row["conflict"] not in there and row["claim"] in there]
    at_least(5, rows)
    assert {row["record"] for row in rows} <= there


def test_sources_divide_the_claims(kg: KnowledgeGraph) -> None:
    def claims(**chosen: str) -> set[bytes]:
        selection = Selection.of(["evidence"], chosen.values(), [], kg.content)
        lines = Selected(kg.engine.store, selection, kg.content).quad_lines
        return {line.split(b" ", 1)[0] for line in lines if b"type> <https://w3id.org/oncoresist/ontology/Claim>" in line}

    sources = [claims(source=name) for name in ("tme2019", "kouba2022", "calcium")]
    assert all(sources)
    assert len(claims()) == sum(map(len, sources)) == len(set.union(*sources))


def test_source_and_drug_together_narrow_the_choice(kg: KnowledgeGraph, tmp_path: Path) -> None:
    both = kg.export("nquads", tmp_path / "both.nq", source="calcium", drug="cisplatin", layers="evidence")
    one = kg.export("nquads", tmp_path / "one.nq", source="calcium", layers="evidence")

    assert 0 < both.triples < one.triples


def test_a_selection_without_triples_is_an_error(kg: KnowledgeGraph, tmp_path: Path) -> None:
    selection = Selection(("evidence",), (), ("https://w3id.org/oncoresist/entity/no-such-drug",))

    with pytest.raises(UsageError, match=r"^nothing to export: .* the layers evidence and claims about ent:no-such-drug\.$"):
        export(Selected(kg.engine.store, selection, kg.content), FORMATS["nquads"], tmp_path / "x.nq")
