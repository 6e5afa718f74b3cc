"""Proofs: what is derived or answered follows from the premises named, and a proof that was changed is caught at the line."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.content import Content
from oncoresist.errors import InputError, UnknownNameError, UsageError
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


def test_premises_name_the_file_and_line_of_their_record(kg: KnowledgeGraph) -> None:
    proof = kg.prove("edge:6b314f2169edcb74")

    place = next(p.place for p in proof.premises if str(p.triple.subject) == CLAIM)
    path, _, line = place.partition(":")
    assert (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("claim:ca-105-a ")


def joined(kg: KnowledgeGraph, link: str, condition: str = "") -> list[str]:
    rows = kg.query(f"""SELECT ?one ?other WHERE {{ ?one onr:effect onr:promotes ; onr:to ?end . {link}
        ?other onr:from ?start ; onr:effect onr:promotes . {condition} FILTER(?one != ?other) }} ORDER BY ?one ?other LIMIT 1""")
    return [term.value for row in rows for term in row.values()]


@pytest.mark.parametrize("link", ["BIND(?end AS ?start)", "?end onr:signallingOf ?start .", "?start onr:signallingOf ?end ."])
def test_a_path_is_proved_hop_by_hop_and_that_it_joins(kg: KnowledgeGraph, link: str) -> None:
    hops = at_least(2, joined(kg, link))

    proof = kg.prove_path(hops)

    assert ["  1. ", "  2. "] == [line[:5] for line in proof.words if line[2:3].isdigit()]
    assert ("signallingOf" in link) == any("bridgedTo" in t.predicate.value for t in proof.conclusions)
    assert ("signallingOf" in link) == any("may stand for each other" in line for line in proof.words)
    assert set() == failures(checked(proof, kg))


@pytest.mark.parametrize("shared", [True, False])
def test_hops_that_no_single_claim_holds_are_called_a_hypothesis(kg: KnowledgeGraph, shared: bool) -> None:
    held = "EXISTS { ?one onr:fromClaim ?claim . ?other onr:fromClaim ?claim }"
    hops = joined(kg, "BIND(?end AS ?start)", f"FILTER({'' if shared else 'NOT '}{held})")

    told = kg.prove_path(at_least(2, hops)).words

    assert shared != any("that they act one after the other is a hypothesis" in line for line in told)


def test_hops_that_do_not_join_are_no_path(kg: KnowledgeGraph) -> None:
    hops = joined(kg, "BIND(?end AS ?start)")

    with pytest.raises(UsageError, match="Give the hops of one path in order"):
        kg.prove_path(hops[::-1])


def test_a_file_that_calls_two_edges_a_path_is_caught(kg: KnowledgeGraph) -> None:
    backwards = prove_derived(joined(kg, "BIND(?end AS ?start)")[::-1], kg._store, kg.content)
    text = backwards.to_text().replace('"of": "derived"', '"of": "path"', 1)

    found = failures(verify(parse_proof(text, "proof"), kg._store, kg.content))

    assert any(line == 1 and "Give the hops of one path in order" in problem for line, problem in found)


# Each forgery changes the lines of a proof and tells the number of the line that must be named, and a part of what is said.
Lines = list[dict]
Forgery = Callable[[Lines], tuple[int, str]]


def where(lines: Lines, kind: str, *parts: str) -> int:
    """Index of the first line of that kind with all the parts."""
    return next(n for n, line in enumerate(lines) if kind in line and all(part in json.dumps(line) for part in parts))


def recount(lines: Lines) -> None:
    lines[-1] = {"end": len(lines)}


def drop_premise(lines: Lines) -> tuple[int, str]:
    first, gone = where(lines, "premise", CLAIM), where(lines, "premise", CLAIM, "certainty>")
    del lines[gone]
    recount(lines)
    return first + 1, "leaves out what the graph says: claim:ca-105-a onr:certainty onr:asserted"


def drop_the_doubtful_part(lines: Lines) -> tuple[int, str]:
    first, gone = where(lines, "premise", f'"premise": "{STEP}'), where(lines, "premise", STEP, "perturbation>")
    del lines[gone]
    recount(lines)
    return first + 1, "leaves out what the graph says: step:ca-105-a-2 onr:perturbation onr:dominantNegative"


def drop_record(lines: Lines) -> tuple[int, str]:
    lines[:] = [line for line in lines if not line.get("premise", "").startswith(STEP)]
    recount(lines)
    return where(lines, "premise", CLAIM, STEP) + 1, "leaves out what the graph says: step:ca-105-a-2"


def drop_premise_without_recount(lines: Lines) -> tuple[int, str]:
    del lines[where(lines, "premise", CLAIM, "certainty>")]
    return len(lines), "lines are missing or were added"


def change_object(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", STEP, "ontology/object>")
    lines[n]["premise"] = lines[n]["premise"].replace("/doxorubicin>", "/cisplatin>")
    return n + 1, "not in the graph: step:ca-105-a-2 onr:object ent:cisplatin"


def change_sign(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", "sensitizesTo> ", "ontology/sign>")
    lines[n]["premise"] = lines[n]["premise"].replace('"-1"', '"1"')
    return n + 1, "not in the graph: onr:sensitizesTo onr:sign"


def add_false_premise(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", STEP)
    false = {"premise": f"{STEP} {ONR}objectIn> <{BASE}entity/cancer-cell> .", "layer": "evidence", "at": lines[n]["at"]}
    lines.insert(n, false)
    recount(lines)
    return n + 1, "not in the graph: step:ca-105-a-2 onr:objectIn ent:cancer-cell"


def swap_claim(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", CLAIM, "hasStep", STEP)
    lines[n]["premise"] = lines[n]["premise"].replace("ca-105-a>", "ca-001-a>", 1)
    return n + 1, "not in the graph: claim:ca-001-a onr:hasStep step:ca-105-a-2"


def move_premise(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", CLAIM)
    lines[n]["at"] = "graph/claims/tme2019/stat3.ttl:1"
    return n + 1, "stands at graph/claims/calcium/"


def take_from_derived_layer(lines: Lines) -> tuple[int, str]:
    n = where(lines, "premise", CLAIM)
    lines[n]["layer"] = "mechanism"
    return n + 1, "no layer that premises come from"


def change_rule(lines: Lines) -> tuple[int, str]:
    n = where(lines, "rule", "net-signs")
    lines[n]["sha256"] = "0" * 64
    return n + 1, "derive/net-signs has another text"


def tell_rule_otherwise(lines: Lines) -> tuple[int, str]:
    n = where(lines, "rule", "net-signs")
    lines[n]["summary"] = "Nothing is computed."
    return n + 1, "summarised otherwise"


def invent_rule(lines: Lines) -> tuple[int, str]:
    n = where(lines, "rule", "net-signs")
    lines[n]["rule"] = "derive/wishful-thinking"
    return n + 1, "no rule derive/wishful-thinking"


def drop_rule(lines: Lines) -> tuple[int, str]:
    del lines[where(lines, "rule", "net-signs")]
    recount(lines)
    return where(lines, "conclusion", "raisesResistanceTo") + 1, "does not follow from the premises"


def change_conclusion(lines: Lines) -> tuple[int, str]:
    n = where(lines, "conclusion", "raisesResistanceTo")
    lines[n]["conclusion"] = lines[n]["conclusion"].replace("raises", "lowers")
    return n + 1, "does not hold in the graph: edge:6b314f2169edcb74 onr:effect onr:lowersResistanceTo"


def conclude_more(lines: Lines) -> tuple[int, str]:
    n = where(lines, "conclusion", "raisesResistanceTo")
    lines.insert(n, {"conclusion": f"<{BASE}entity/trpm2> {ONR}bridgedTo> <{BASE}entity/cisplatin> ."})
    recount(lines)
    return n + 1, "does not follow from the premises: ent:trpm2 onr:bridgedTo ent:cisplatin"


def prove_another_edge(lines: Lines) -> tuple[int, str]:
    lines[0]["records"] = [BASE + "edge/778a514c3e99d795"]
    return 1, "no line concludes what edge:778a514c3e99d795 is"


def prove_nothing(lines: Lines) -> tuple[int, str]:
    lines[0]["records"] = []
    return 1, "nothing is proved"


def change_words(lines: Lines) -> tuple[int, str]:
    n = where(lines, "words", "rests on")
    lines[n]["words"] = lines[n]["words"].replace("Chen 2014", "Chen 2024")
    return n + 1, 'the premises give other words: "rests on Chen 2014'


def drop_words(lines: Lines) -> tuple[int, str]:
    last = where(lines, "words", "evidence-grades")
    del lines[last]
    recount(lines)
    return last, "lines of words follow from these premises"


def claim_less(lines: Lines) -> tuple[int, str]:
    lines[0]["scope"] = "graph"
    return where(lines, "words", "evidence-grades") + 1, "lines of words follow from these premises"


FORGERIES = [
    drop_premise, drop_the_doubtful_part, drop_record, drop_premise_without_recount, change_object, change_sign,
    add_false_premise, swap_claim, move_premise, take_from_derived_layer, change_rule, tell_rule_otherwise, invent_rule,
    drop_rule, change_conclusion, conclude_more, prove_another_edge, prove_nothing, change_words, drop_words, claim_less,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__.replace("_", "-"))
def test_a_changed_proof_is_caught_at_the_line(kg: KnowledgeGraph, run, tmp_path: Path, forge: Forgery) -> None:
    lines = [json.loads(line) for line in kg.prove("edge:6b314f2169edcb74").to_text().splitlines()]
    number, problem = forge(lines)
    file = tmp_path / "forged.proof"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    result = run("verify", str(file))

    assert 1 == result.exit_code
    assert any(line.startswith(f"{file}:{number}: ") and problem in line for line in result.stdout.splitlines()), result.stdout


def test_no_single_changed_character_passes_unseen(kg: KnowledgeGraph) -> None:
    text, chance = kg.prove("edge:6b314f2169edcb74").to_text(), random.Random(7)
    original = parse_proof(text, "proof")
    seen = 0
    for _ in range(60):
        place, character = chance.randrange(len(text)), chance.choice('aZ01"<>/\\ \n{}[],:.é')
        try:
            changed = parse_proof(text[:place] + character + text[place + 1 :], "proof")
        except InputError:
            seen += 1
            continue
        if changed == original:  # white space outside of any value
            continue
        # The fingerprint alone only says from which content it was made.
        result = verify(changed, kg._store, kg.content)
        assert not result.passed or changed.content != original.content, (place, character)
        seen += 1
    assert 40 < seen


@pytest.mark.parametrize(
    "head",
    [
        {"of": "path", "records": []},
        {"of": "answer", "records": [], "question": "drugs-by-cell", "parameters": {"cell": []}},
        {"of": "answer", "records": [], "question": ["drugs-by-cell"], "parameters": {}},
        {"of": "derived", "records": ["https://w3id.org/oncoresist/edge/none"]},
    ],
)
def test_an_empty_proof_proves_nothing(kg: KnowledgeGraph, head: dict) -> None:
    lines = [{"proof": 1, **head, "scope": "graph", "content": kg.content.fingerprint}, {"end": 2}]
    proof = parse_proof("".join(json.dumps(line) + "\n" for line in lines), "proof")

    assert 1 in {line for line, _ in failures(verify(proof, kg._store, kg.content))}


def test_the_cause_is_told_before_its_consequences(kg: KnowledgeGraph, run, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in kg.prove("edge:6b314f2169edcb74").to_text().splitlines()]
    number, _ = change_object(lines)
    file = tmp_path / "forged.proof"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    told = run("verify", str(file)).stdout.splitlines()

    assert f"{file}:{number}: not in the graph" in next(line for line in told if line.startswith(str(file)))
    assert 1 == sum("more lines, most likely because of the above" in line for line in told)


def test_a_forged_proof_cannot_write_to_the_terminal(kg: KnowledgeGraph, run, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in kg.prove("edge:6b314f2169edcb74").to_text().splitlines()]
    lines.insert(-1, {"rule": "derive/\u001b[2J", "sha256": "", "summary": ""})
    file = tmp_path / "forged.proof"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    result = run("verify", str(file))

    assert "no rule derive/?[2J is in the graph" in result.stdout


def test_a_changed_row_or_question_is_caught(kg: KnowledgeGraph) -> None:
    text = kg.prove_answer("drugs-by-cell", 1, cell="fibroblast").to_text()
    row = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith('{"row"'))
    claims = json.loads(text.splitlines()[row - 1])["row"]["claims"]
    more = claims.replace(claims.split('"')[1], "99").replace('"', '\\"')

    def found(old: str, new: str) -> set[tuple[int, str]]:
        assert old in text
        return failures(verify(parse_proof(text.replace(old, new, 1), "proof"), kg._store, kg.content))

    assert {"does not follow from the premises", "does not hold in the graph"} == {
        problem.partition(":")[0] for line, problem in found(claims.replace('"', '\\"'), more) if line == row
    }
    assert any(
        line == 1 and "is not among the rules" in p for line, p in found('"question": "drugs-by-cell"', '"question": "no"')
    )
    assert any(line == row for line, _ in found(f"{BASE}entity/fibroblast", f"{BASE}entity/macrophage"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'p:1: not a proof: the first line must begin {"proof": 1, "of": …'),
        ("@prefix onr: <x> .\n", "p:1: not a proof: this line is not JSON (Expecting value, column 1)"),
        ("[1]\n", "p:1: not a proof: this line is no JSON object"),
        ("[" * 100_000, "p:1: not a proof: this line is nested too deeply"),
        ('{"proof": 2}\n', "p:1: a proof of form 2; this version reads form 1."),
        ('{"proof": 1, "of": "derived", "scope": "graph"}\n', "p:1: the first line of a proof is broken ('records')"),
        (
            '{"proof": 1, "of": "answer", "records": [], "question": "q", "parameters": {"drug": ["x:> } SERVICE <y:z> {"]}, '
            '"scope": "graph", "content": ""}\n',
            "p:1: the first line of a proof is broken (",
        ),
        ("{head}\nnonsense\n", "p:2: not a proof: this line is not JSON (Expecting value, column 1)"),
        ('{head}\n{"premise": "<a:b> <a:c> .", "layer": "evidence", "at": ""}\n', "p:2: not a line of a proof ("),
        ('{head}\n{"premise": "_:b <a:c> <a:d> .", "layer": "evidence", "at": ""}\n', "p:2: not a line of a proof (only IRIs"),
        ('{head}\n{"premise": "<a:b> <a:c> <a:d> ."}\n', 'p:2: not a line of a proof (no "layer")'),
        ('{head}\n{"verdict": "true"}\n', "p:2: not a line of a proof (it begins with none of words, conclusion"),
    ],
)
def test_what_is_no_proof_is_told_with_the_line(text: str, message: str) -> None:
    head = '{"proof": 1, "of": "derived", "records": ["a:b"], "scope": "graph", "content": ""}'

    with pytest.raises(InputError) as caught:
        parse_proof(text.replace("{head}", head), "p")

    assert str(caught.value).startswith(message)


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
    assert ["ok"] * 7 == [line.split()[0] for line in judged.stdout.splitlines()]
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


def test_path_found_can_be_proved_and_verified(run, tmp_path: Path) -> None:
    proof = tmp_path / "path.proof"

    told = run("paths", "fibroblast", "gefitinib", "--prove", "1", "-o", str(proof))
    checked = run("verify", str(proof))
    refused = run("paths", "fibroblast", "gefitinib", "--prove", "999")

    assert 0 == told.exit_code
    assert "HGF" in told.stdout
    assert 0 == checked.exit_code, checked.stdout
    assert 2 == refused.exit_code
    assert "--limit" in refused.stderr
