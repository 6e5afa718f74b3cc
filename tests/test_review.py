"""The second reading: what a seal notices, what it lets pass, and what `review` writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import Content, into_store
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.namespaces import BASE, onr
from oncoresist.paths import Layout, find_layout
from oncoresist.review import RULE, SEAL, digest, review, review_findings, states
from tests.conftest import ROOT

NAME = "claim:tme2019-stat3-1-5-a"
CLAIM = ox.NamedNode(f"{BASE}claim/tme2019-stat3-1-5-a")
STEP = ox.NamedNode(f"{BASE}step/tme2019-stat3-1-5-a-1")


def store_of(content: Content) -> ox.Store:
    store = ox.Store()
    into_store(store, "evidence", content.triples("evidence"))
    return store


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return store_of(Content(find_layout(ROOT)))


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A copy of the content that may be changed; of the claims only one file."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shutil.copytree(ROOT / "queries", tmp_path / "queries")
    for name in ("claims/tme2019/stat3.ttl", "passages/tme2019.ttl"):
        (tmp_path / "graph" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "graph" / name, tmp_path / "graph" / name)
    return Content(Layout(tmp_path))


def test_every_claim_was_read_twice(store: ox.Store) -> None:
    found = states(store)

    assert len(found) > 600
    assert not [claim.value for claim, state in found.items() if state != "read"]


def changed(store: ox.Store, removed: list[ox.Quad], added: list[ox.Quad]) -> str:
    copy = ox.Store()
    copy.extend(store)
    for quad in removed:
        copy.remove(quad)
    copy.extend(added)
    return states(copy)[CLAIM]


def in_evidence(store: ox.Store, subject: ox.NamedNode, predicate: str) -> ox.Quad:
    return next(
        quad for quad in store.quads_for_pattern(subject, onr(predicate), None, None) if "evidence" in str(quad.graph_name)
    )


def with_object(quad: ox.Quad, value) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)


def test_a_change_of_a_step_its_evidence_or_the_text_is_noticed(store: ox.Store) -> None:
    relation = in_evidence(store, STEP, "relation")
    line = in_evidence(store, CLAIM, "hasEvidence").object
    directness = in_evidence(store, line, "directness")
    text = in_evidence(store, in_evidence(store, CLAIM, "statedAt").object, "textDigest")

    assert "changed" == changed(store, [relation], [with_object(relation, onr("affects"))])
    assert "changed" == changed(store, [directness], [])
    assert "changed" == changed(store, [text], [with_object(text, ox.Literal("0" * 64))])


def test_what_is_not_the_claim_may_change(store: ox.Store) -> None:
    passage = in_evidence(store, CLAIM, "statedAt").object
    mention = in_evidence(store, passage, "mentions")

    assert "read" == changed(store, [mention], [])
    assert digest(CLAIM, store) == in_evidence(store, CLAIM, "reviewedContent").object.value


def test_a_changed_claim_is_told_with_what_to_do(content: Content) -> None:
    file = content.layout.graph / "claims/tme2019/stat3.ttl"
    file.write_text(file.read_text().replace("onr:certainty onr:asserted", "onr:certainty onr:hedged", 1))

    findings, note = review_findings(store_of(content), content)

    assert [RULE] == [finding.rule for finding in findings]
    assert findings[0].where.startswith("graph/claims/tme2019/stat3.ttl:")
    assert findings[0].remedy.endswith(f"oncoresist review {findings[0].subject}")
    assert ", 1 changed since, 0 not yet read twice" in note


def test_a_claim_without_seal_is_counted_and_no_finding(content: Content) -> None:
    file = content.layout.graph / "claims/tme2019/stat3.ttl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "reviewedContent" not in line))

    findings, note = review_findings(store_of(content), content)

    assert not findings
    assert note.startswith("review: 0 claims read twice")


def test_review_seals_what_was_named_and_nothing_else(content: Content) -> None:
    file = content.layout.graph / "claims/tme2019/stat3.ttl"
    before = file.read_text()
    file.write_text(before.replace("onr:certainty onr:asserted", "onr:certainty onr:hedged"))
    waiting = review(content, [])
    assert len(waiting) > 1
    assert {"changed"} == {reading.state for reading in waiting}

    sealed = review(content, [waiting[0].claim])

    assert [waiting[0]] == sealed
    assert waiting[0].locator.startswith("tme2019.stat3.")
    assert waiting[0].steps
    assert waiting[1:] == review(content, [])
    assert len(waiting) - 1 == len(review(content, [], all_changed=True))
    assert [] == review(content, [])


def test_review_of_what_is_sealed_changes_no_byte(content: Content) -> None:
    file = content.layout.graph / "claims/tme2019/stat3.ttl"
    before = file.read_bytes()

    review(content, [NAME])

    assert before == file.read_bytes()
    assert not list(content.layout.graph.rglob("*unfinished*"))


def test_an_unknown_claim_is_refused_and_nothing_written(content: Content) -> None:
    file = content.layout.graph / "claims/tme2019/stat3.ttl"
    before = file.read_bytes()

    with pytest.raises(UnknownNameError, match="unknown claim"):
        review(content, [NAME, "claim:tme2019-stat3-9-9-z"])
    with pytest.raises(UsageError):
        review(content, [NAME], all_changed=True)

    assert before == file.read_bytes()


def test_the_command_lists_what_waits(run) -> None:
    result = run("review")

    assert (0, "0 claims wait for a second reading\n") == (result.exit_code, result.stdout)


def test_the_seal_is_a_property_of_the_claim() -> None:
    assert SEAL == onr("reviewedContent")
    assert KnowledgeGraph.open().show(NAME).facts["onr:reviewedContent"]
