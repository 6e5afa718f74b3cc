"""The gate notices faults put into the real graph, a few of each kind. The whole score: python -m tests.mutation."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest

from oncoresist.content import Content
from oncoresist.paths import find_layout
from oncoresist.review import RULE
from tests.mutation.faults import KINDS, Mutation
from tests.mutation.graph import Graph, onr
from tests.mutation.harness import Gate, Score, Verdict, draw, run, whole
from tests.mutation.report import markdown, table

SEED, PER_KIND = 7, 2
# Of two faults of a kind, how many must be caught. Kinds that no rule can catch for sure have no place here.
MUST_CATCH = {
    "assert-hedged": 2,
    "blank-label": 2,
    "change-polarity": 1,
    "drop-certainty": 2,
    "drop-directness": 2,
    "drop-label": 2,
    "drop-mention": 1,
    "drop-perturbation": 1,
    "drop-reference": 1,
    "duplicate-claim": 2,
    "flip-sign": 1,
    "flip-sign-no-response": 1,
    "hedge-asserted": 2,
    "merge-claims": 2,
    "misformed-mapping": 2,
    "misspell-relation": 2,
    "mistyped-mapping": 1,
    "obsolete-mapping": 2,
    "remove-step": 1,
    "swap-cell": 2,
    "swap-drug": 2,
    "swap-ends": 1,
    "undeclared-entity": 2,
    "wrong-class": 1,
    "wrong-kind-mapping": 2,
    "wrong-reference": 2,
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(Content(find_layout()))


@pytest.fixture(scope="module")
def mutations(graph: Graph) -> list[Mutation]:
    return draw(graph, seed=SEED, per_kind=PER_KIND)


@pytest.fixture(scope="module")
def gate(graph: Graph) -> Gate:
    return Gate(graph)


@pytest.fixture(scope="module")
def score(gate: Gate, mutations: list[Mutation]) -> Score:
    return run(gate, [m for m in mutations if m.kind in MUST_CATCH])


@pytest.mark.parametrize("kind", sorted(MUST_CATCH))
def test_faults_of_a_kind_are_caught(score: Score, kind: str) -> None:
    verdicts = score.of(kind)

    assert len(verdicts) == PER_KIND, f"only {len(verdicts)} faults could be made"
    caught = [v for v in verdicts if v.outcome in ("error", "warning")]
    told = "\n".join(v.description for v in verdicts if v not in caught)
    assert len(caught) >= MUST_CATCH[kind], f"missed:\n{told}\nRun: python -m tests.mutation --kind {kind}"


def test_every_kind_finds_a_place_in_the_graph(mutations: list[Mutation]) -> None:
    """A sentence with a reference list for each half is rare: that fault has three places in the graph, few draws hit one."""
    rare = {"wrong-reference-nearby"}

    assert {m.kind for m in mutations} | rare == set(KINDS)


def test_every_fault_changes_the_graph(graph: Graph, mutations: list[Mutation]) -> None:
    triples = set(graph.data)
    for mutation in mutations:
        changed = (triples - set(mutation.removed)) | set(mutation.added)

        assert set(mutation.removed) <= triples, mutation
        assert mutation.refused or changed != triples, mutation


def test_the_same_seed_gives_the_same_faults(graph: Graph, mutations: list[Mutation]) -> None:
    assert draw(graph, seed=SEED, per_kind=PER_KIND) == mutations
    assert draw(graph, seed=SEED + 1, per_kind=PER_KIND) != mutations


def test_files_stay_as_they_are(gate: Gate, mutations: list[Mutation]) -> None:
    files = [*gate.content.graph_files, *gate.content.mapping_files]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]

    gate.judge(mutations[0])

    assert before == [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]


def test_a_change_that_is_none_is_told_as_nothing(gate: Gate, graph: Graph) -> None:
    claim = graph.all("Claim")[0]
    note = ox.NamedNode("http://www.w3.org/2004/02/skos/core#editorialNote")
    harmless = Mutation("none", "", (), (ox.Triple(claim, note, ox.Literal("Read twice.", language="en")),))

    assert gate.narrow(harmless) == set()


def test_the_seal_notices_what_the_rules_miss_and_the_two_are_told_apart(gate: Gate, graph: Graph) -> None:
    step = graph.all("Step")[0]
    relation = next(t for t in graph.of_subject[step] if t.predicate == onr("relation"))
    other = ox.Triple(step, relation.predicate, onr("affects"))

    assert gate.seal_is_broken(Mutation("any", "", (relation,), (other,)))
    assert not gate.seal_is_broken(Mutation("none", "", (), ()))
    missed = Verdict("flip-sign", "", seal=True)
    assert ("missed", 0.0, 1.0) == (
        missed.outcome,
        Score([missed]).share("flip-sign"),
        Score([missed]).share("flip-sign", seal=True),
    )


def test_without_the_text_faults_that_need_it_are_not_run(gate: Gate, mutations: list[Mutation]) -> None:
    changed = next(m for m in mutations if m.kind == "change-digest")

    assert gate.judge(changed).outcome == "not run"


def test_the_report_tells_score_command_and_limits(gate: Gate, score: Score) -> None:
    page = markdown(score, "python -m tests.mutation --seed 7", 7, gate)

    assert "`python -m tests.mutation --seed 7`" in page
    assert "## What cannot be caught" in page
    assert all(f"| {kind} | {PER_KIND} |" in page for kind in MUST_CATCH)
    assert table(score).startswith("kind")


@pytest.mark.slow
def test_the_narrow_gate_says_what_the_whole_gate_says(gate: Gate, mutations: list[Mutation]) -> None:
    """A flipped sign, a claim told twice and a wrong class: the steps, the claims and the entities."""
    usual = whole(gate.content, None)  # the seal is no rule: `narrow` leaves it out
    sample = [next(m for m in mutations if m.kind == kind) for kind in ("flip-sign", "duplicate-claim", "wrong-class")]

    for mutation in sample:
        expected = {finding for finding in whole(gate.content, mutation) - usual if finding.rule != RULE}

        assert {(f.rule, f.subject, f.problem) for f in expected} == {
            (f.rule, f.subject, f.problem) for f in gate.narrow(mutation)
        }
        assert expected, mutation.description
