"""Forged proofs: whatever is changed in a proof file is caught, at its line."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph
from oncoresist.errors import InputError
from oncoresist.mechanism.proof import Proof, parse_proof
from oncoresist.mechanism.verify import Check, _Verifier, verify
from oncoresist.mechanism.words import tell
from oncoresist.namespaces import BASE
from tests.test_proof import CLAIM, ONR, STEP, failures

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
        {"of": "path", "records": [], **dict.fromkeys(("source", "start", "end", "target"), "x:y"), "net": 1},
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


def forged_answer(kg: KnowledgeGraph, old: str, new: str, text: str) -> set[tuple[int, str]]:
    assert old in text
    return failures(verify(parse_proof(text.replace(old, new, 1), "proof"), kg._store, kg.content))


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (f'["{BASE}entity/msc", "{BASE}entity/fibroblast"]', '"cell" has 2 values, not one'),
        (f'["{BASE}entity/fibroblast"], "cancer": ["{BASE}entity/osteosarcoma"]', 'the question has no parameter "cancer"'),
        (f'["{BASE}entity/fibroblast"], "claim": ["{BASE}claim/ca-052-a"]', 'the question has no parameter "claim"'),
    ],
)
def test_nothing_but_the_questions_parameters_is_put_into_it(kg: KnowledgeGraph, new: str, problem: str) -> None:
    text = kg.prove_answer("drugs-by-cell", 1, cell="fibroblast").to_text()

    assert (1, problem) in forged_answer(kg, f'["{BASE}entity/fibroblast"]', new, text)


def test_an_answer_of_several_rows_is_whole(kg: KnowledgeGraph) -> None:
    lines = kg.prove_answer("conflicts", 1, entity="STIM1").to_text().splitlines()
    rows = [n for n, line in enumerate(lines) if line.startswith('{"row"')]
    assert len(rows) > 1
    del lines[rows[-1]]
    lines[-1] = json.dumps({"end": len(lines)})

    found = failures(verify(parse_proof("\n".join(lines), "proof"), kg._store, kg.content))

    assert any(f"{len(rows) - 1} rows, but the answer has {len(rows)}" in problem for _, problem in found)


@pytest.mark.parametrize("content", ["the same", "0"])
def test_an_unrelated_claim_is_no_support(kg: KnowledgeGraph, content: str) -> None:
    """The whole records of another proof, true each by itself, with the words that then follow; also under other content."""
    own, other = (kg.prove(*names).to_text().splitlines() for names in (("edge:6b314f2169edcb74",), ("HGF", "MET")))
    lines = [*own[:-1], *(line for line in other if line.startswith('{"premise"') and line not in own)]
    lines.append(json.dumps({"end": len(lines) + 1}))
    if content == "0":
        lines[0] = json.dumps(json.loads(lines[0]) | {"content": content}, ensure_ascii=False)
    proof = parse_proof("\n".join(lines), "proof")
    expected = verify(proof, kg._store, kg.content)
    assert not expected.passed

    told = _Verifier(proof, kg._store, kg.content)
    told._words = lambda: Check("words", "taken for right", [])  # as if the forger had reworded them too
    result = told.run()

    assert {"nothing that is proved rests on this"} == {problem.partition(":")[0] for _, problem in failures(result)}
    added = {n for n, line in enumerate(lines, 1) if '"layer": "evidence"' in line and line not in own}
    assert added
    assert added == {line for line, _ in failures(result)}


def test_nothing_is_proved_by_the_whole_graph_of_other_content(kg: KnowledgeGraph) -> None:
    """No premises, no rules: what is said holds here, but nothing shows why."""
    edge = kg.prove("edge:6b314f2169edcb74")
    answer = kg.prove_answer("drugs-by-cell", 1, cell="fibroblast")

    def bare(proof: Proof, content: str) -> set[tuple[int, str]]:
        rules = [rule for rule in proof.rules if rule.id.startswith("questions/")]
        words = tell(proof.goal, "graph", proof.conclusions, proof.rows, rules, ox.Store(), kg.content, question(proof))
        emptied = replace(proof, scope="graph", content=content, premises=[], rules=rules, words=words)
        return failures(verify(parse_proof(emptied.to_text(), "p"), kg._store, kg.content))

    def question(proof: Proof):
        return kg.question(proof.goal.question) if proof.goal.question else None

    alone = 'what is derived follows from premises; "graph" is the scope of answers alone'
    assert (1, alone) in bare(edge, "0") & bare(edge, kg.content.fingerprint)
    anew = "the answer depends on all of the graph, and that is another one here: have it proved anew"
    assert (1, anew) in bare(answer, "0")
    assert bare(answer, kg.content.fingerprint)  # made anew, its premises can be singled out


@pytest.mark.parametrize("kind", ["path", "derived", "answer"])
def test_nothing_is_concluded_beside_the_records_and_their_joints(kg: KnowledgeGraph, kind: str) -> None:
    """True as it is, and under other content it would bring its own premises in."""
    proof = {
        "path": lambda: kg.prove_path(kg.paths("HGF", "gefitinib").paths[0]),
        "derived": lambda: kg.prove("HGF", "MET"),
        "answer": lambda: kg.prove_answer("drugs-by-cell", 1, cell="fibroblast"),
    }[kind]()
    aside = ox.Triple(
        ox.NamedNode(f"{BASE}entity/trpm2"), ox.NamedNode(f"{BASE}ontology/memberOf"), ox.NamedNode(f"{BASE}entity/trpm-family")
    )
    named = ox.Triple(
        aside.subject, ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), ox.Literal("no IRI, but a text")
    )
    for extra in (aside, named):
        more = replace(proof, content="0", conclusions=[*proof.conclusions, extra])
        found = failures(verify(parse_proof(more.to_text(), "p"), kg._store, kg.content))
        assert any(problem.startswith("concludes what the first line does not ask for: ent:trpm2") for _, problem in found)
    assert set() == failures(verify(parse_proof(proof.to_text(), "p"), kg._store, kg.content))


def test_an_answer_without_rows_or_of_a_question_to_other_servers_proves_nothing(kg: KnowledgeGraph, monkeypatch) -> None:
    """The question would be asked of whatever server a file of unknown origin names."""
    lines = [json.loads(line) for line in kg.prove_answer("drugs-by-cell", 1, cell="fibroblast").to_text().splitlines()]
    whole = "\n".join(map(json.dumps, lines))
    without = [line for line in lines if "row" not in line]
    recount(without)

    empty = failures(verify(parse_proof("\n".join(map(json.dumps, without)), "p"), kg._store, kg.content))
    assert (1, "no row is given, so nothing is proved") in empty

    monkeypatch.setattr("oncoresist.mechanism.verify.read_saved_query", lambda *_: federated)
    federated = replace(kg.question("drugs-by-cell"), tags=("federated",))
    asked = failures(verify(parse_proof(whole, "p"), kg._store, kg.content))
    assert (1, 'the question "drugs-by-cell" is not among the rules, or not in the graph') in asked


@pytest.mark.parametrize("property_", ["onr:grade", "onr:toCell", "onr:independentStudies"])
def test_a_conclusion_cannot_be_left_out(kg: KnowledgeGraph, property_: str) -> None:
    iri = kg.prefixes.iri(property_)
    edge = kg.query(f"SELECT ?e WHERE {{ ?e a onr:DerivedEdge ; {property_} ?v }} ORDER BY ?e LIMIT 1").rows[0][0].value
    lines = [line for line in kg.prove(kg.prefixes.curie(edge)).to_text().splitlines()]
    kept = [line for line in lines if not (line.startswith('{"conclusion"') and f"<{edge}> <{iri}>" in line)]
    assert len(kept) == len(lines) - 1
    kept[-1] = json.dumps({"end": len(kept)})

    found = failures(verify(parse_proof("\n".join(kept), "proof"), kg._store, kg.content))

    assert any(f"leaves out what follows: {kg.prefixes.curie(edge)} {property_}" in problem for _, problem in found)


def test_what_a_claim_says_cannot_be_left_out_by_naming_other_content(kg: KnowledgeGraph) -> None:
    lines = kg.prove("edge:6b314f2169edcb74").to_text().splitlines()
    lines = [line for line in lines if not (line.startswith('{"premise"') and CLAIM in line and "certainty>" in line)]
    head = json.loads(lines[0]) | {"content": "0"}
    lines = [json.dumps(head), *lines[1:-1], json.dumps({"end": len(lines)})]

    found = failures(verify(parse_proof("\n".join(lines), "proof"), kg._store, kg.content))

    assert any("leaves out what the graph says: claim:ca-105-a onr:certainty" in problem for _, problem in found)


def test_a_name_given_twice_in_a_line_does_not_pass(kg: KnowledgeGraph) -> None:
    lines = kg.prove("edge:6b314f2169edcb74").to_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith('{"words"'))
    lines[place] = lines[place].replace('{"words"', '{"words": "TRPM2 lowers resistance", "words"')

    found = failures(verify(parse_proof("\n".join(lines), "proof"), kg._store, kg.content))

    assert {(place + 1, "the proof made anew has no such line")} == found


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
