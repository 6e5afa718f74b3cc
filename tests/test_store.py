"""Building: only when needed, as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import InputError, KnowledgeGraph, NotWritableError
from oncoresist.content import LAYERS
from oncoresist.paths import Layout
from oncoresist.store import is_current

ASK = "ASK { ent:cisplatin a onr:PlatinumAgent }"


def test_nothing_is_built_if_nothing_changed(copy_of_content: Layout) -> None:
    kg = KnowledgeGraph.open(copy_of_content.root)

    first, second = kg.build(), kg.build()

    assert (first.built, second.built) == (True, False)
    assert first.path == second.path


def test_a_changed_file_is_noticed(copy_of_content: Layout) -> None:
    before = KnowledgeGraph.open(copy_of_content.root).build()
    file = next(iter((copy_of_content.graph / "claims").rglob("*.ttl")))
    file.write_text(file.read_text().replace("onr:asserted", "onr:hedged", 1))

    after = KnowledgeGraph.open(copy_of_content.root).build()

    assert after.built
    assert after.fingerprint != before.fingerprint
    assert not before.path.exists(), "the old database is removed"


def test_broken_turtle_leaves_the_old_store_untouched(copy_of_content: Layout) -> None:
    report = KnowledgeGraph.open(copy_of_content.root).build()
    broken = copy_of_content.graph / "entities" / "broken.ttl"
    broken.write_text("@prefix ent: <https://w3id.org/oncoresist/entity/> .\nent:x a\n")

    with pytest.raises(InputError, match=r"^graph/entities/broken\.ttl:\d+: not valid Turtle"):
        KnowledgeGraph.open(copy_of_content.root).build()

    assert bool(ox.Store.read_only(str(report.path)).query("ASK { ?s ?p ?o }"))
    broken.unlink()
    assert not KnowledgeGraph.open(copy_of_content.root).build().built


@pytest.mark.parametrize(
    "damage", ["no manifest", "half-written manifest", "foreign database", "database gone", "unfinished left over"]
)
def test_a_half_written_or_foreign_store_is_rebuilt(copy_of_content: Layout, damage: str) -> None:
    kg = KnowledgeGraph.open(copy_of_content.root)
    report, folder = kg.build(), copy_of_content.store()
    match damage:
        case "no manifest":
            (folder / "current.json").unlink()
        case "half-written manifest":
            (folder / "current.json").write_text('{"format": "1", "fing')
        case "foreign database":
            shutil.rmtree(report.path)
            ox.Store(str(report.path)).add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.NamedNode("a:o")))
        case "database gone":
            shutil.rmtree(report.path)
        case "unfinished left over":
            (folder / "unfinished-1").mkdir()
            (folder / "current.json").unlink()

    again = KnowledgeGraph.open(copy_of_content.root)

    assert not is_current(again.content, folder)
    assert again.query(ASK).boolean
    assert is_current(again.content, folder)
    assert not list(folder.glob("unfinished-*"))


def test_a_place_that_cannot_be_written_is_told_in_one_line(copy_of_content: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    file = copy_of_content.root / "a-file"
    file.write_text("")
    monkeypatch.setenv("ONCORESIST_STORE", str(file / "store"))

    with pytest.raises(NotWritableError) as caught:
        KnowledgeGraph.open(copy_of_content.root).build()

    assert str(caught.value).startswith(
        f"{file}/store: cannot write the store (Not a directory). Free some space or choose another place"
    )
    assert caught.value.exit_code == 2


def test_a_full_disk_leaves_nothing_half_written(copy_of_content: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    kg = KnowledgeGraph.open(copy_of_content.root)
    report = kg.build()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(NotWritableError, match="No space left on device"):
        KnowledgeGraph.open(copy_of_content.root).build(force=True)

    assert is_current(KnowledgeGraph.open(copy_of_content.root).content, copy_of_content.store())
    assert report.path.is_dir()


def test_every_derived_triple_stands_in_the_graph_of_its_layer(kg: KnowledgeGraph) -> None:
    edges = kg.query(
        f"ASK {{ ?edge a onr:DerivedEdge . FILTER NOT EXISTS {{ GRAPH {LAYERS['mechanism']} {{ ?edge a onr:DerivedEdge }} }} }}"
    )
    untraced = kg.query(
        """ASK { ?edge a onr:DerivedEdge .
        FILTER NOT EXISTS { ?edge onr:fromClaim ?c ; onr:fromStep ?s ; prov:wasGeneratedBy ?q } }"""
    )
    some = kg.query("ASK { ?edge a onr:DerivedEdge }")

    assert (some.boolean, edges.boolean, untraced.boolean) == (True, False, False)


def test_the_evidence_layer_holds_no_derived_term(layout: Layout) -> None:
    text = "".join(path.read_text() for path in Path(layout.graph).rglob("*.ttl"))

    for term in ("DerivedEdge", "onr:netSign", "onr:objectState", "onr:subtypeOfOrSelf", "onr:involves"):
        assert term not in text
