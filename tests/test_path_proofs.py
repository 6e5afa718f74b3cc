"""Proofs of paths: hop by hop, from the source to the target, with the net sign; what paths never walk is proved as none."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncoresist import KnowledgeGraph
from oncoresist.errors import InputError, UsageError
from oncoresist.mechanism.joints import Route, joints
from oncoresist.mechanism.proof import parse_proof
from oncoresist.mechanism.prove import prove_derived
from oncoresist.mechanism.verify import verify
from oncoresist.namespaces import BASE
from tests.claims import CONTENT, claim, derived
from tests.conftest import at_least
from tests.test_proof import ONR, checked, failures


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


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("bone marrow stromal cell", "JAK2/STAT3 signaling"),  # ends with a bridge, from a later component of the axis
        ("STAT3 signaling", "doxorubicin"),  # may begin with one
        ("fibroblast", "gefitinib"),  # from kinds of the cell
        ("calcium channel", "cisplatin"),  # from members of the family
        ("macrophage", "paclitaxel"),  # to classes of the drug
        ("neutrophil", "cisplatin"),  # over cells that become others
    ],
)
def test_every_path_is_proved_from_source_to_target_with_its_sign(kg: KnowledgeGraph, source: str, target: str) -> None:
    paths = kg.paths(source, target).paths
    assert paths
    for path in paths:
        edges = [hop.edge.iri for hop in path.hops if hop.edge]
        joined = joints(edges, kg._store, kg.content, Route(path.source, path.start, path.end, path.target))
        assert joined.net == path.net
        bridges = [(t.subject.value, t.object.value) for t in joined.links if "bridgedTo" in t.predicate.value]
        assert bridges == [(hop.start, hop.end) for hop in path.hops if hop.is_bridge]

    proof = kg.prove_path(paths[-1])
    assert proof.scope == "premises"
    assert set() == failures(checked(proof, kg))


@pytest.mark.parametrize("of_one_claim", [True, False])
def test_a_bridge_passes_the_sign_on_where_one_claim_goes_over_it(of_one_claim: bool) -> None:
    """As in the search for paths: from an axis to its second component the sign is open, unless a claim says both."""
    steps = ["c increases x-b-axis", "b confersResistanceTo cisplatin"]
    store = derived(claim(*steps) if of_one_claim else "".join(claim(step, name=f"n{n}") for n, step in enumerate(steps)))

    def edge(start: str) -> str:
        (row,) = store.query(f"SELECT ?e {{ ?e a {ONR}DerivedEdge> ; {ONR}from> <{BASE}entity/{start}> }}")
        return row["e"].value

    joined = joints([edge("c"), edge("b")], store, CONTENT)
    assert joined.net == (1 if of_one_claim else 0)


def test_the_ends_and_the_sign_of_a_path_cannot_be_changed(kg: KnowledgeGraph) -> None:
    path = next(p for p in kg.paths("bone marrow stromal cell", "JAK2/STAT3 signaling") if p.hops[-1].is_bridge)
    proof = kg.prove_path(path)
    text, last = proof.to_text(), [hop.end for hop in path.hops if hop.edge][-1]
    assert "may stand for each other" in "".join(proof.words)

    def problems(old: str, new: str) -> list[str]:
        assert old in text.splitlines()[0]
        return [
            p for line, p in failures(verify(parse_proof(text.replace(old, new, 1), "p"), kg._store, kg.content)) if line == 1
        ]

    assert "the net sign of these hops is 0, not 1" in problems('"net": 0', '"net": 1')
    other_target = problems(f'"target": "{path.target}"', f'"target": "{BASE}entity/gefitinib"')
    assert any("which is no kind or member of ent:gefitinib" in p for p in other_target)
    elsewhere = problems(f'"end": "{path.end}"', f'"end": "{BASE}entity/gefitinib"')
    assert any("and goes on from ent:gefitinib, which is not the same" in p for p in elsewhere)
    assert problems(f'"end": "{path.end}", "target": "{path.target}"', f'"end": "{last}", "target": "{last}"')
    with pytest.raises(InputError, match='"net" is none of 1, -1, 0, null'):
        problems('"net": 0', '"net": true')


def test_no_path_goes_from_an_axis_to_what_starts_it(kg: KnowledgeGraph) -> None:
    rows = kg.query("""SELECT ?one ?other WHERE { ?one a onr:DerivedEdge ; onr:to ?axis . ?axis onr:component1 ?first .
        ?other a onr:DerivedEdge ; onr:from ?first . FILTER(?one != ?other) FILTER NOT EXISTS { ?axis onr:signallingOf ?first }
        ?one onr:effect onr:promotes . ?other onr:effect onr:promotes } ORDER BY ?one ?other LIMIT 1""").rows
    assert rows

    with pytest.raises(UsageError, match="which is not the same and does not stand for it"):
        kg.prove_path([edge.value for edge in rows[0]])


def test_a_file_that_calls_two_edges_a_path_is_caught(kg: KnowledgeGraph) -> None:
    backwards = prove_derived(joined(kg, "BIND(?end AS ?start)")[::-1], kg._store, kg.content)
    ends = ", ".join(f'"{name}": "{BASE}entity/il6"' for name in ("source", "start", "end", "target"))
    text = backwards.to_text().replace('"of": "derived"', f'"of": "path", {ends}, "net": 1', 1)

    found = failures(verify(parse_proof(text, "proof"), kg._store, kg.content))

    assert any(line == 1 and "Give the hops of one path in order" in problem for line, problem in found)


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


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("?one onr:effect onr:correlatesWith ; onr:to ?x . ?other onr:from ?x", "is no hop"),
        (
            "?one onr:effect onr:raisesResistanceTo ; onr:to ?x . ?other onr:from ?x ; onr:effect onr:promotes",
            "beyond a treatment",
        ),
        (
            "?one onr:effect onr:promotes ; onr:to ?x ; onr:toCell ?cell . ?other onr:from ?x ; onr:fromCell ?next ; "
            "onr:effect onr:promotes . FILTER NOT EXISTS { ?cell onr:subtypeOfOrSelf ?next } "
            "FILTER NOT EXISTS { ?next onr:subtypeOfOrSelf ?cell }",
            "these are not one cell",
        ),
    ],
)
def test_what_paths_never_walk_is_not_proved_as_one(kg: KnowledgeGraph, condition: str, problem: str) -> None:
    rows = kg.query(f"SELECT ?one ?other WHERE {{ ?one a onr:DerivedEdge . {condition} }} ORDER BY ?one ?other LIMIT 1").rows
    assert rows

    with pytest.raises(UsageError, match=problem):
        kg.prove_path([edge.value for edge in rows[0]])
