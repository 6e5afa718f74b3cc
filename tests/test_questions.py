"""The saved questions: their answers, and what they refuse. That every engine gives them is in `test_engines.py`.

A golden file holds the rows of one question for the parameters of its header, with CURIEs for IRIs. It is read by a person
before it is committed: `scripts/test tests/test_questions.py --update-golden`, then look at the diff.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from oncoresist import KnowledgeGraph
from oncoresist.namespaces import ONR
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query
from tests.conftest import ROOT, at_least

GOLDEN = Path(__file__).parent / "golden" / "questions"
LAYOUT = KnowledgeGraph.open(ROOT).layout
QUESTIONS = [read_saved_query(path, LAYOUT) for path in at_least(10, list(list_saved_queries(LAYOUT, "questions").values()))]
OTHERS = [
    read_saved_query(path, LAYOUT)
    for family in ("checks", "derive", "reports")
    for path in list_saved_queries(LAYOUT, family).values()
]


def examples(question: SavedQuery) -> dict[str, str]:
    return {p.name: p.example for p in question.params.values() if p.required}


def rows_as_text(kg: KnowledgeGraph, variables: list[str], rows: list[tuple]) -> str:
    def cell(term) -> str:
        if term is None:
            return ""
        return (
            kg.prefixes.curie(term.value) if isinstance(term, ox.NamedNode) else term.value.replace("\t", " ").replace("\n", " ")
        )

    return "\n".join("\t".join(line) for line in [variables, *([cell(t) for t in row] for row in rows)]) + "\n"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_answer_is_the_golden_one(kg: KnowledgeGraph, question: SavedQuery, pytestconfig: pytest.Config) -> None:
    answer = kg.ask(question.id, **examples(question))
    actual, path = rows_as_text(kg, answer.variables, answer.rows), GOLDEN / f"{question.id}.tsv"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8")

    assert len(answer) > 0, "an empty answer proves nothing: choose another example"
    assert list(question.columns) == answer.variables
    assert path.read_text(encoding="utf-8") == actual, (
        "If the new answer is right: scripts/test tests/test_questions.py --update-golden"
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_order_is_total(question: SavedQuery) -> None:
    """Every column stands in ORDER BY (or is bound by the grouping), so that no engine may order rows its own way."""
    order = question.text.rpartition("ORDER BY")[2]

    assert [c for c in question.columns if f"?{c}" not in order and f"AS ?{c})" not in question.text] == []


@pytest.mark.parametrize("query", [*QUESTIONS, *at_least(60, OTHERS)], ids=lambda q: f"{q.family}/{q.id}")
def test_query_parses_in_rdflib_and_uses_declared_terms_only(kg: KnowledgeGraph, query: SavedQuery) -> None:
    rdflib.plugins.sparql.prepareQuery(query.text)

    used = {
        w.partition(":")[2]
        for w in query.text.replace("^", " ").replace("|", " ").replace("/", " ").split()
        if w.startswith("onr:")
    }
    names = {name.strip("(){};,.+*?") for name in used} - {""}
    undeclared = sorted(n for n in names if n.isidentifier() and not kg.query(f"ASK {{ <{ONR}{n}> a ?kind }}").boolean)
    assert undeclared == []


@pytest.mark.parametrize(
    ("question", "parameters"),
    [
        ("resistance-mechanisms", {"drug": "benidipine"}),
        ("drugs-by-pathway", {"pathway": "NFATc2/SOX2/ALDH1A1 axis"}),
        ("stromal-factors", {"drug": "benidipine"}),
        ("cell-to-drug", {"cell": "astrocyte", "drug": "cisplatin"}),
        ("calcium-and-stemness", {"drug": "gefitinib"}),
        ("drugs-by-cell", {"cell": "neural stem cell"}),
        ("restored-sensitivity", {"drug": "benidipine"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_some_answers_are_empty(kg: KnowledgeGraph, question: str, parameters: dict[str, str]) -> None:
    """A question that gives rows for everything asks nothing."""
    assert len(kg.ask(question, **parameters)) == 0


def test_flagship_names_what_the_sources_tell_of_cisplatin(kg: KnowledgeGraph) -> None:
    answer = kg.ask("resistance-mechanisms", drug="cisplatin")
    steps = {(row["claim"].value.rpartition("/")[2], answer.labels[row["step"].value]) for row in answer}
    said = "\n".join(f"{claim}: {step}" for claim, step in sorted(steps))

    for expected in (
        "breast cancer tissue-derived mesenchymal stem cell → secretes → IL6",
        "IL6 → activates → STAT3 signaling",
        "cancer-associated fibroblast → secretes → SERPINE1",
        "→ activates → p38 MAPK signaling",
        "→ activates → JNK signaling",
        "POSTN",
    ):
        assert expected in said
    assert {row["certainty"].value.rpartition("/")[2] for row in answer} == {"asserted", "hedged"}
    assert all(row["reference"] is not None for row in answer)
    unreferenced = [
        row for row in answer if "Qu 2019" in answer.labels[row["reference"].value] and "platinum-1-6" in row["claim"].value
    ]
    assert unreferenced == []
