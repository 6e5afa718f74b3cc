"""The saved questions: their answers, and what they refuse. That every engine gives them is in `test_engines.py`.

A golden file holds the rows of one question for the parameters of its header, with CURIEs for IRIs. It is read by a person
before it is committed: `scripts/test tests/test_questions.py --update-golden`, then look at the diff.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from oncoresist import KnowledgeGraph
from oncoresist.errors import InputError, UsageError
from oncoresist.namespaces import ONR
from oncoresist.saved_query import TOPICS, SavedQuery, list_saved_queries, read_saved_query
from tests.conftest import ROOT, at_least

GOLDEN = Path(__file__).parent / "golden" / "questions"
LAYOUT = KnowledgeGraph.open(ROOT).layout
ALL = [read_saved_query(path, LAYOUT) for path in at_least(40, list(list_saved_queries(LAYOUT, "questions").values()))]
QUESTIONS = at_least(40, [question for question in ALL if not question.federated])
FEDERATED = at_least(3, [question for question in ALL if question.federated])
EMPTY = at_least(40, [(question, given) for question in QUESTIONS for given in question.empty])
OTHERS = [
    read_saved_query(path, LAYOUT)
    for family in ("traps", "checks", "derive", "reports")
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


@pytest.mark.parametrize("query", [*ALL, *at_least(60, OTHERS)], ids=lambda q: f"{q.family}/{q.id}")
def test_query_parses_in_rdflib_and_uses_declared_terms_only(kg: KnowledgeGraph, query: SavedQuery) -> None:
    prepareQuery(query.text)

    used = {
        w.partition(":")[2]
        for w in query.text.replace("^", " ").replace("|", " ").replace("/", " ").split()
        if w.startswith("onr:")
    }
    names = {name.strip("(){};,.+*?") for name in used} - {""}
    undeclared = sorted(n for n in names if n.isidentifier() and not kg.query(f"ASK {{ <{ONR}{n}> a ?kind }}").boolean)
    assert undeclared == []


def described(case: object) -> str:
    return case.id if isinstance(case, SavedQuery) else " ".join(case.values()) if isinstance(case, dict) else ""


@pytest.mark.parametrize(("question", "parameters"), EMPTY, ids=described)
def test_some_answers_are_empty(kg: KnowledgeGraph, question: SavedQuery, parameters: dict[str, str]) -> None:
    """A question that gives rows for everything asks nothing."""
    assert len(kg.ask(question.id, **parameters)) == 0


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.id)
def test_question_says_why_and_when_it_has_no_answer(question: SavedQuery) -> None:
    assert question.summary.endswith("?")
    assert question.why.endswith(".")
    assert question.topic in TOPICS
    assert bool(question.params) == bool(question.empty), "a question with parameters has a set that must give no row"
    assert set(question.params) <= set(question.columns), "what is asked for stands in the answer"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_optional_parameters_narrow_the_answer(kg: KnowledgeGraph, question: SavedQuery) -> None:
    """Every example of a parameter that may be left out gives a part of the whole answer."""
    whole = kg.ask(question.id, **examples(question))

    for parameter in question.params.values():
        if not parameter.required and not parameter.default:
            narrowed = kg.ask(question.id, **examples(question), **{parameter.name: parameter.example})
            assert 0 < len(narrowed) <= len(whole)
            assert set(narrowed.rows) <= set(whole.rows)


def test_questions_cover_every_topic() -> None:
    assert {question.topic for question in ALL} == set(TOPICS)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.id)
def test_a_parameter_of_the_wrong_kind_is_an_error_and_never_an_empty_answer(kg: KnowledgeGraph, question: SavedQuery) -> None:
    for name in question.params:
        for wrong in ("no such thing at all", ""):
            with pytest.raises(UsageError):
                kg.ask(question.id, federated=True, **{**examples(question), name: wrong})


@pytest.mark.parametrize(
    ("question", "parameters", "message"),
    [
        ("cancers-by-drug", {"drug": "CAF"}, '"CAF" is a cancer-associated fibroblast, but a treatment is asked for.'),
        ("mirnas", {"mirna": "IL-6"}, ", but a microRNA is asked for."),
        ("cancers-in-mondo-group", {"group": "CHEBI:27899"}, 'unknown term with a disease mapped under it, "CHEBI:27899".'),
        ("cancers-in-mondo-group", {"group": "squamous cell carcinom"}, 'Did you mean "squamous cell carcinoma"'),
        (
            "calcium-channels-and-stemness",
            {"family": "TRPM7"},
            'unknown class "TRPM7". It is one of: calcium pump, calcium sensor, ',
        ),
        ("interventions-by-evidence", {"kind": "in vivos"}, 'Did you mean "in vivo"'),
        ("independent-studies", {"minimum": "several"}, '--minimum is a whole number of 2 or more, not "several".'),
        ("independent-studies", {"minimum": "1"}, '--minimum is a whole number of 2 or more, not "1".'),
        ("independent-studies", {"minimum": "2.5"}, '--minimum is a whole number of 2 or more, not "2.5".'),
        ("claim-evidence", {"claim": "pub:tme2019"}, 'unknown claim "pub:tme2019".'),
    ],
)
def test_an_ill_typed_parameter_says_what_is_wanted(
    kg: KnowledgeGraph, question: str, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        kg.ask(question, **parameters)

    assert message in str(caught.value)


def test_labels_identifiers_and_local_names_all_name_a_value_and_a_term(kg: KnowledgeGraph) -> None:
    expected = kg.ask("interventions-by-evidence", kind="in vivo").rows
    assert [kg.ask("interventions-by-evidence", kind=name).rows for name in ("inVivo", "onr:inVivo")] == [expected, expected]

    expected = kg.ask("cancers-in-mondo-group", group="squamous cell carcinoma").rows
    for name in ("MONDO:0005096", "http://purl.obolibrary.org/obo/MONDO_0005096"):
        assert kg.ask("cancers-in-mondo-group", group=name).rows == expected


@pytest.mark.parametrize("question", FEDERATED, ids=lambda q: q.id)
def test_federated_questions_call_nobody_unless_allowed(kg: KnowledgeGraph, question: SavedQuery) -> None:
    service = question.text.partition("SERVICE <")[2].partition(">")[0]

    with pytest.raises(UsageError) as caught:
        kg.ask(question.id, **examples(question))

    assert str(caught.value).startswith(f"{question.id} calls {service} over the network. Allow it with --federated")


@pytest.mark.parametrize("question", FEDERATED, ids=lambda q: q.id)
def test_the_local_part_of_a_federated_question_has_an_answer(kg: KnowledgeGraph, question: SavedQuery) -> None:
    """What is sent to the other endpoint is not nothing; what comes back is not tested."""
    local = re.sub(r"  SERVICE <[^>]+> \{.*?\n  \}\n", "", question.text, flags=re.DOTALL)
    iris = {name: [kg.names.parameter(question.params[name], value)] for name, value in examples(question).items()}

    assert len(kg.query(replace(question, text=local).bound(iris))) > 0


def test_an_endpoint_that_does_not_answer_is_one_clear_line(kg: KnowledgeGraph) -> None:
    with pytest.raises(InputError) as caught:
        kg.query("SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }")

    assert str(caught.value).startswith("SERVICE: an endpoint that the query calls cannot be reached (")


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
