"""Proofs: what is derived or answered follows from the premises named, and a proof that was changed is caught at the line."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import Content
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.proof import Proof, parse_proof
from oncoresist.mechanism.prove import prove_derived, prove_rows
from oncoresist.mechanism.rules import rows_of
from oncoresist.mechanism.verify import Verification, verify
from oncoresist.namespaces import BASE
from oncoresist.paths import Layout, find_layout
from oncoresist.saved_query import list_saved_queries, read_saved_query
from oncoresist.store import build_in_memory
from tests.conftest import ROOT, at_least

LAYOUT = find_layout(ROOT)
QUESTIONS = at_least(11, list(list_saved_queries(LAYOUT, "questions")))
# Questions whose answers depend on all of the graph, so that no list of premises proves them. None so far.
WHOLE_GRAPH: set[str] = set()
MAKERS = at_least(
    10, [p.stem for p in list_saved_queries(LAYOUT, "derive").values() if "wasGeneratedBy" in p.read_text().split("WHERE {")[0]]
)
CLAIM, STEP = f"<{BASE}claim/ca-105-a>", f"<{BASE}step/ca-105-a-2>"
ONR = f"<{BASE}ontology/"


def checked(proof: Proof, kg: KnowledgeGraph) -> Verification:
    """As a reader has it: written, read again, checked."""
    return verify(parse_proof(proof.to_text(), "proof"), kg._store, kg.content)


def failures(verification: Verification) -> set[tuple[int, str]]:
    return {failure for check in verification.checks for failure in check.failures}


def edges(kg: KnowledgeGraph, pattern: str = "") -> list[str]:
    rows = kg.query(f"SELECT DISTINCT ?edge WHERE {{ ?edge a onr:DerivedEdge . {pattern} }} ORDER BY ?edge")
    return [row["edge"].value for row in rows]


def test_any_derived_edge_has_a_proof_that_holds(kg: KnowledgeGraph) -> None:
    chosen = random.Random(4).sample(at_least(1000, edges(kg)), 40)

    proofs = [prove_derived([edge], kg._store, kg.content) for edge in chosen]

    assert ["premises"] * 40 == [proof.scope for proof in proofs]
    assert [set()] * 40 == [failures(checked(proof, kg)) for proof in proofs]


@pytest.mark.parametrize("maker", MAKERS)
def test_what_every_rule_derives_has_proofs_that_name_it(kg: KnowledgeGraph, maker: str) -> None:
    rows = kg.query(f"SELECT ?record WHERE {{ ?record prov:wasGeneratedBy <{BASE}query/{maker}> }} ORDER BY ?record LIMIT 3")
    for record in at_least(1, [row["record"].value for row in rows]):
        proof = prove_derived([record], kg._store, kg.content)

        assert ("premises", set()) == (proof.scope, failures(checked(proof, kg)))
        assert f"derive/{maker}" in {rule.id for rule in proof.rules}


def test_a_proof_of_an_edge_proves_its_grade(kg: KnowledgeGraph) -> None:
    edge = edges(kg, "?edge onr:grade onr:gradeA .")[0]

    proof = prove_derived([edge], kg._store, kg.content)

    studies = {t.object.value for t in proof.conclusions if t.predicate.value.endswith("/supportedBy")}
    assert "    evidence: A: several studies, also beyond the dish" in proof.words
    assert {"derive/supporting-studies", "derive/evidence-grades"} <= {rule.id for rule in proof.rules}
    assert 3 <= len(studies)
    assert studies <= {premise.triple.subject.value for premise in proof.premises}


def test_a_proof_of_a_conflict_tells_both_sides(kg: KnowledgeGraph) -> None:
    conflict = next(iter(kg.query("SELECT ?c WHERE { ?c onr:conflictKind onr:affirmedAgainstDenied } ORDER BY ?c LIMIT 1")))["c"]

    proof = kg.prove(kg.prefixes.curie(conflict.value))

    told = "\n".join(proof.words)
    assert "conflict: affirmed against denied" in told
    assert "does NOT" in told
    assert checked(proof, kg).passed


@pytest.mark.parametrize("question_id", QUESTIONS)
def test_answers_to_every_question_have_proofs_that_hold(kg: KnowledgeGraph, question_id: str) -> None:
    question = kg.question(question_id)
    if question.federated:
        with pytest.raises(UsageError, match="asks other databases"):
            kg.prove_answer(question_id)
        return
    parameters = {name: spec.example for name, spec in question.params.items() if spec.required}

    proof = kg.prove_answer(question_id, 1, **parameters)

    assert proof.rows
    expected = "graph" if question_id in WHOLE_GRAPH else "premises"
    assert expected == proof.scope, (
        "Its answers cannot be led back to single records: mend the question, or add it to WHOLE_GRAPH."
    )
    assert set() == failures(checked(proof, kg))


def test_a_count_is_proved_by_everything_that_is_counted(kg: KnowledgeGraph) -> None:
    proof = kg.prove_answer("drugs-by-cell", 1, cell="fibroblast")

    counted = int(proof.rows[0]["claims"].value)
    claims = {p.triple.subject.value for p in proof.premises if p.triple.object == ox.NamedNode(BASE + "ontology/Claim")}
    assert counted == len(claims) > 1


def test_an_answer_is_all_rows_about_the_same_claim(kg: KnowledgeGraph) -> None:
    proof = kg.prove_answer("resistance-mechanisms", 2, drug="cisplatin")

    claims = list(dict.fromkeys(row["claim"] for row in kg.ask("resistance-mechanisms", drug="cisplatin")))
    assert {claims[1]} == {row["claim"] for row in proof.rows}


def test_the_words_tell_the_conclusion_the_claim_its_passage_its_papers_and_the_rules(kg: KnowledgeGraph) -> None:
    proof = prove_derived([BASE + "edge/6b314f2169edcb74"], kg._store, kg.content)

    assert [
        "Derived",
        "  TRPM2 → raises resistance to → doxorubicin (edge:6b314f2169edcb74)",
        "    evidence: C: one study",
        "Because",
        "  Neuroblastoma xenografts that express the dominant-negative TRPM2-S grow more slowly and respond better to "
        "doxorubicin. (claim:ca-105-a, asserted)",
        "    · TRPM2 (dominant negative with TRPM2-S) → sensitises to → doxorubicin "
        "[signs: sensitises to -, dominant negative -; net +]",
        "    about: doxorubicin; cancer: neuroblastoma; model: xenograft tumor; meaning: resistance decreased",
        "    said in ca-105, section Abstract of Chen 2014, doi:10.1074/jbc.M114.620922; sha256 of its text 1baaf44396d6583e…",
        "    rests on Chen 2014, doi:10.1074/jbc.M114.620922 (in vitro, in vivo)",
        "By rule",
        "  class-closure: Give every individual the superclasses of its classes.",
        "  net-signs: Compute the net sign of every signed causal step.",
        "  response-edges: What raises or lowers resistance to which treatment, where a step says so?",
        "  supporting-studies: Which primary studies stand behind an edge or a drug mechanism, "
        "and does a claim assert it on their account?",
        "  evidence-grades: How well is each edge and each drug mechanism supported?",
    ] == proof.words


def test_the_words_tell_what_curators_note_and_that_something_is_absent(kg: KnowledgeGraph) -> None:
    absent = "The question also asks that something is absent; only all of the graph shows that, so verify asks it too."
    hedged = kg.prove("edge:6cfa713ea1d29f33").words  # of tme2019-cytotoxic-1-3-a, whose drug stands a sentence before

    assert "    curator's note: The drug is that of the sentence before; this one ends at MUC-1." in hedged
    assert absent in [line.strip() for line in kg.prove_answer("resistance-mechanisms", 1, drug="cisplatin").words]
    assert "NOT EXISTS" in kg.question("resistance-mechanisms").text
    assert absent not in [line.strip() for line in hedged]


def test_premises_name_the_file_and_line_of_their_record(kg: KnowledgeGraph) -> None:
    proof = kg.prove("edge:6b314f2169edcb74")

    place = next(p.place for p in proof.premises if str(p.triple.subject) == CLAIM)
    path, _, line = place.partition(":")
    assert (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("claim:ca-105-a ")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A copy of the content with one section's claims, quick to build."""
    root = tmp_path_factory.mktemp("small")
    for folder in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    for path in (root / "graph" / "claims").rglob("*.ttl"):
        if path.name != "stat3.ttl":
            path.unlink()
    return Layout(root)


def test_a_proof_outlives_changes_that_leave_its_premises_but_not_a_doubt(small: Layout) -> None:
    content, edge = Content(small), BASE + "edge/778a514c3e99d795"
    text = prove_derived([edge], build_in_memory(content)[0], content).to_text()
    entities, claims = small.graph / "entities" / "gene-product.ttl", small.graph / "claims" / "tme2019" / "stat3.ttl"

    def changed(path: Path, old: str, new: str) -> Verification:
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        now = Content(small)
        try:
            return verify(parse_proof(text, "proof"), build_in_memory(now)[0], now)
        finally:
            path.write_text(before, encoding="utf-8")

    another_name = changed(
        entities, "ent:il6 a onr:Interleukin ;", 'ent:il6 a onr:Interleukin ;\n    skos:altLabel "IL-six"@en ;'
    )
    doubted = changed(
        claims,
        "claim:tme2019-stat3-1-2-a a onr:Claim ;",
        'claim:tme2019-stat3-1-2-a a onr:Claim ;\n    onr:doubtedBecause "The paper was retracted."@en ;',
    )
    first = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith('{"premise"'))

    assert another_name.passed
    assert "The graph says 1 things more" in another_name.notes[1]
    assert another_name.notes[0].startswith("The proof was made from other content")
    assert any(line == first and 'onr:doubtedBecause "The paper was retracted."@en' in p for line, p in failures(doubted))
    assert any("does not hold in the graph" in problem for _, problem in failures(doubted))


def test_an_answer_whose_premises_cannot_be_singled_out_says_so(small: Layout) -> None:
    path = small.queries / "questions" / "odd.rq"
    # In lower case the subquery is not taken apart, so what it counts stays unknown.
    path.write_text(
        """#+ summary: How many claims are there?
#+ topic: evidence
#+ why: Every claim is counted once.
#+ tags: [evidence]
#+ columns: {claims: integer}
PREFIX onr: <https://w3id.org/oncoresist/ontology/>

SELECT ?claims
WHERE {
  { select (COUNT(?claim) AS ?claims) where { ?claim a onr:Claim } }
}
ORDER BY ?claims
"""
    )
    content = Content(small)
    store, question = build_in_memory(content)[0], read_saved_query(path, small)

    proof = prove_rows(question, {}, rows_of(question, {}, store, content), store, content)
    result = verify(parse_proof(proof.to_text(), "proof"), store, content)

    assert "graph" == proof.scope
    assert "  The answer depends on all of the graph; the premises are the part that is seen in it." == proof.words[-1]
    assert "not claimed: it depends on all of the graph" in {check.result for check in result.checks}
    assert result.passed
    proof.rows[0]["claims"] = ox.Literal(int(proof.rows[0]["claims"].value) + 1)
    assert {"conclusion holds in the graph", "words are those of the premises"} == {
        check.name for check in verify(parse_proof(proof.to_text(), "proof"), store, content).checks if not check.passed
    }


def test_prove_by_names_gives_every_edge_between_the_two(kg: KnowledgeGraph) -> None:
    proof = kg.prove("IL-6", "STAT3")

    assert tuple(edges(kg, "?edge onr:from ent:il6 ; onr:to ent:stat3 .")) == proof.goal.records


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        (("STAT3", "IL6"), UsageError, 'No derived edge or drug mechanism leads from "STAT3" to "IL6", but something does'),
        (("STIM1", "gefitinib"), UsageError, 'No derived edge or drug mechanism leads from "STIM1" to "gefitinib", nor from'),
        (("IL6",), UsageError, "Name derived records (edge:…), or two entities"),
        (("edge:778a514c3e99d796",), UnknownNameError, 'unknown derived record "edge:778a514c3e99d796". Did you mean "edge:778a'),
        (("IL6", "STAT33"), UnknownNameError, 'unknown entity "STAT33". Did you mean'),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_is_told(kg: KnowledgeGraph, what: tuple[str, ...], error: type, message: str) -> None:
    with pytest.raises(error) as caught:
        kg.prove(*what)

    assert str(caught.value).startswith(message)


def test_prove_and_verify_from_the_command_line(run, tmp_path: Path) -> None:
    file = tmp_path / "il6.proof"

    made = run("prove", "IL6", "STAT3", "-o", str(file))
    judged = run("verify", str(file))

    assert (0, 0) == (made.exit_code, judged.exit_code), made.stderr + judged.stderr
    assert "IL6 in tumor microenvironment → promotes → STAT3 in cancer cell" in made.stdout
    assert f"oncoresist verify {file}" in made.stderr
    assert ["ok"] * 9 == [line.split()[0] for line in judged.stdout.splitlines()]
    assert [file] == list(tmp_path.iterdir())


def test_prove_an_answer_from_the_command_line(run, tmp_path: Path) -> None:
    file = tmp_path / "answer.proof"

    made = run("ask", "drugs-by-cell", "--cell", "fibroblast", "--prove", "1", "-o", str(file))

    assert 0 == made.exit_code, made.stderr
    assert made.stdout.startswith("Answer\n  To which drugs does a cell")
    assert 0 == run("verify", str(file)).exit_code


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", "denied-statements", "--prove", "999"], 2, "there is no answer 999 to prove"),
        (["ask", "denied-statements", "--prove", "0"], 2, "there is no answer 0 to prove"),
        (["ask", "denied-statements", "--prove", "1", "--format", "csv"], 2, "Leave out --endpoint and --format"),
        (
            ["prove", "IL6", "STAT3", "-o", "/nowhere/il6.proof"],
            2,
            "/nowhere/il6.proof: cannot write the proof (no such file or directory)",
        ),
        (["verify", "/nowhere/il6.proof"], 3, "/nowhere/il6.proof: cannot be read (No such file or directory)"),
    ],
)
def test_wrong_use_is_told_in_one_line(run, arguments: list[str], code: int, message: str) -> None:
    result = run(*arguments)

    assert code == result.exit_code
    assert message in result.stderr
    assert 1 == len(result.stderr.splitlines())
