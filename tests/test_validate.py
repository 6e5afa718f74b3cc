"""What `validate` must catch in the real graph, and how it tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oncoresist import Finding, InputError, KnowledgeGraph
from oncoresist import reasoner as reasoner_module
from oncoresist import validate as validate_module
from oncoresist.paths import Layout

CLAIM = "claim:tme2019-platinum-1-6-a"


@pytest.fixture
def platinum(copy_of_content: Layout) -> Path:
    return copy_of_content.graph / "claims" / "tme2019" / "platinum.ttl"


def findings_after(layout: Layout, file: Path, old: str, new: str) -> list[Finding]:
    """What validate says of `file` after one replacement."""
    text = file.read_text()
    assert text.count(old) >= 1, f"the fixture has moved: {old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1))
    return KnowledgeGraph.open(layout.root).validate([file], reasoner=False)[0]


def test_validate_says_what_it_looked_at(kg: KnowledgeGraph) -> None:
    """That the committed content has no error is shown by the README's own command, in test_docs.py."""
    findings, notes = kg.validate(reasoner=False)

    assert [str(f) for f in findings if f.severity == "error"] == []
    assert any(re.match(r"shapes: 8 files over \d{5,} triples", note) for note in notes)
    assert any(re.match(r"checks: \d{2,} queries", note) for note in notes)


def block(file: Path, subject: str) -> str:
    """The Turtle block of one subject."""
    return next(b for b in file.read_text().split("\n\n") if b.startswith(f"{subject} "))


def test_a_removed_reference_is_found(copy_of_content: Layout, platinum: Path) -> None:
    line = f"    onr:hasEvidence evidence:{CLAIM.removeprefix('claim:')}-r39 ;\n"

    findings = findings_after(copy_of_content, platinum, line, "")

    mine = [f for f in findings if f.subject == CLAIM]
    assert {"claim-without-reference", "onr:ClaimShape-hasEvidence"} <= {f.rule for f in mine if f.severity == "error"}
    assert mine[0].where.startswith("graph/claims/tme2019/platinum.ttl:")
    assert mine[0].remedy


def test_a_flipped_sign_is_found(copy_of_content: Layout, platinum: Path) -> None:
    step = block(platinum, f"step:{CLAIM.removeprefix('claim:')}-5")

    findings = findings_after(copy_of_content, platinum, step, step.replace("onr:increases", "onr:decreases"))

    by_rule = {f.rule: f for f in findings}
    assert {(f.subject, f.rule) for f in findings} == {(CLAIM, "polarity-against-signs"), (CLAIM, "changed-since-review")}
    assert "resistanceIncreased instead of resistanceDecreased" in by_rule["polarity-against-signs"].problem


def test_a_misspelt_relation_is_found(copy_of_content: Layout, platinum: Path) -> None:
    step = block(platinum, f"step:{CLAIM.removeprefix('claim:')}-2")

    findings = findings_after(copy_of_content, platinum, step, step.replace("onr:secretes", "onr:secrets"))

    assert "onr:StepShape-relation" in {f.rule for f in findings}


def test_a_cell_where_a_drug_belongs_is_found(copy_of_content: Layout, platinum: Path) -> None:
    claim = block(platinum, CLAIM)

    findings = findings_after(
        copy_of_content, platinum, claim, claim.replace("onr:aboutDrug ent:cisplatin", "onr:aboutDrug ent:caf")
    )

    assert "onr:ClaimShape-aboutDrug" in {f.rule for f in findings if f.subject == CLAIM}


def test_an_undeclared_entity_is_found(copy_of_content: Layout, platinum: Path) -> None:
    findings = findings_after(copy_of_content, platinum, "ent:serpine1", "ent:serpine-one")

    assert "undeclared-entity" in {f.rule for f in findings} | {f.rule.partition("-")[0] for f in findings}


def test_files_narrow_what_is_told(copy_of_content: Layout, platinum: Path) -> None:
    stat3 = platinum.with_name("stat3.ttl")
    stat3.write_text(stat3.read_text().replace("onr:certainty onr:asserted ;\n", "", 1))

    findings = findings_after(copy_of_content, platinum, "onr:certainty onr:asserted ;\n", "")

    assert {f.where.partition(":")[0] for f in findings} == {"graph/claims/tme2019/platinum.ttl"}


def test_a_draft_outside_the_content_is_read_along_with_it(kg: KnowledgeGraph, tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    draft.write_text(
        "@prefix claim: <https://w3id.org/oncoresist/claim/> .\n@prefix onr: <https://w3id.org/oncoresist/ontology/> .\n\n"
        "claim:tme2019-platinum-1-6-z a onr:Claim .\n"
    )

    findings, _ = kg.validate([draft], reasoner=False)

    assert "onr:ClaimShape-hasStep" in {f.rule for f in findings}
    assert {f.where.partition(":")[0] for f in findings} == {str(draft)}


def test_a_record_or_mapping_with_two_places_is_told_with_both(copy_of_content: Layout, platinum: Path) -> None:
    """Turtle makes one record of two blocks, in one file or in two; nothing else would notice."""
    stat3, rows = platinum.with_name("stat3.ttl"), copy_of_content.mappings / "readout.sssom.tsv"
    stat3.write_text(f"{stat3.read_text()}\n{block(platinum, CLAIM)}\n")
    lines = rows.read_text().splitlines(keepends=True)
    rows.write_text("".join([*lines, lines[-1]]))
    content = KnowledgeGraph.open(copy_of_content.root).content

    found = {iri.rsplit("/", 2)[-2]: (first, place) for iri, first, place in content.told_twice()}

    assert {"claim", "mapping"} == set(found)
    assert found["claim"][0].startswith("graph/claims/tme2019/platinum.ttl:")
    assert found["claim"][1].startswith("graph/claims/tme2019/stat3.ttl:")
    file = "graph/mappings/readout.sssom.tsv"
    assert (f"{file}:{len(lines)}", f"{file}:{len(lines) + 1}") == found["mapping"]
    assert {"told-twice"} == {finding.rule for finding in validate_module._told_twice(content)}
    assert [] == KnowledgeGraph.open().content.told_twice()


def test_broken_turtle_stops_with_file_and_line(copy_of_content: Layout, platinum: Path) -> None:
    platinum.write_text(platinum.read_text() + "\nclaim:x a\n")

    with pytest.raises(InputError, match=r"^graph/claims/tme2019/platinum\.ttl:\d+: not valid Turtle"):
        KnowledgeGraph.open(copy_of_content.root).validate(reasoner=False)


def test_without_java_the_rest_is_done_and_one_line_says_so(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasoner_module.shutil, "which", lambda _: None)

    assert (
        reasoner_module.unavailable()
        == "HermiT was left out: no Java on the PATH. Install a Java runtime to check OWL consistency."
    )


def test_findings_make_the_command_fail(run, copy_of_content: Layout, platinum: Path) -> None:
    platinum.write_text(platinum.read_text().replace("onr:certainty onr:asserted", "onr:certainty onr:certain", 1))

    result = run("--content", str(copy_of_content.root), "validate", "--no-reasoner", str(platinum))

    assert result.exit_code == 1
    assert "[onr:ClaimShape-certainty]" in result.stdout
    assert " errors, " in result.stderr
