"""Headers of saved queries, parameters, and refusing what would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncoresist import InputError, QueryError, UnknownNameError, UsageError
from oncoresist.paths import Layout
from oncoresist.saved_query import bind_parameters, find_saved_query, read_saved_query, require_read_only

GOOD = """#+ summary: Which claims are about a drug?
#+ topic: drugs
#+ why: A claim names the drug its response is about.
#+ tags: [drug]
#+ empty: [{drug: benidipine}]
#+ params: {drug: {type: entity, class: "onr:Treatment", example: cisplatin}}
#+ columns: {drug: entity, claim: record}
PREFIX onr: <https://w3id.org/oncoresist/ontology/>

SELECT ?drug ?claim
WHERE {
  ?claim onr:aboutDrug ?drug .
}
ORDER BY ?drug ?claim
"""


@pytest.fixture
def write(tmp_path: Path):
    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)

    def make(text: str):
        path = folder / "claims-by-drug.rq"
        path.write_text(text)
        return read_saved_query(path, Layout(tmp_path))

    return make


def test_header_is_read(write) -> None:
    query = write(GOOD)

    assert (query.id, query.summary, list(query.params), query.params["drug"].required) == (
        "claims-by-drug",
        "Which claims are about a drug?",
        ["drug"],
        True,
    )


def test_parameters_are_bound_as_values_right_behind_where(write) -> None:
    bound = write(GOOD).bound({"drug": ["https://example.org/x"]})

    assert "WHERE {\n  VALUES ?drug { <https://example.org/x> }\n  ?claim" in bound


def test_parameters_are_bound_again_where_a_line_asks_for_it(write) -> None:
    inner = GOOD.replace("  ?claim onr:aboutDrug ?drug .\n", "  {\n    # bind ?drug\n    ?claim onr:aboutDrug ?drug .\n  }\n")
    query = write(inner)

    bound = query.bound({"drug": ["https://example.org/x"]})

    values = "VALUES ?drug { <https://example.org/x> }"
    assert f"WHERE {{\n  {values}\n  {{\n    {values}\n    ?claim" in bound
    assert query.bound({}) == inner
    with pytest.raises(InputError, match=r'claims-by-drug.rq:1\d: unknown parameter to bind "drg". Did you mean "drug"'):
        write(inner.replace("# bind ?drug", "# bind ?drg"))


def test_without_parameters_the_text_is_untouched(write) -> None:
    assert write(GOOD).bound({}) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ summary", "#+ sumary", 'claims-by-drug.rq:1: unknown header key "sumary". Did you mean "summary"? [query-header]'),
        ("#+ tags: [drug]\n", "", "claims-by-drug.rq:1: the header lacks tags. Add a line `#+ tags: …`. [query-header]"),
        ("claim: record", "claim: recrod", 'unknown column kind "recrod". Did you mean "record"? (column claim) [query-header]'),
        ("type: entity", "typo: entity", 'unknown parameter key "typo". Did you mean "type"? (parameter drug) [query-header]'),
        ("WHERE {\n", "WHERE { ", "no line that is just `WHERE {`; parameters are bound behind it. [query-header]"),
        ("{drug: entity", "{drug: [entity", "the header is not valid YAML"),
        ("topic: drugs", "topic: drug", 'claims-by-drug.rq:2: unknown topic "drug". Did you mean "drugs"? [query-header]'),
        ("#+ why", "#+ whi", 'unknown header key "whi". Did you mean "why"? [query-header]'),
        ("#+ why: A claim names the drug its response is about.\n", "", "the header lacks why. Add a line `#+ why: …`."),
        ("[{drug: benidipine}]", "[{durg: benidipine}]", 'unknown parameter "durg". Did you mean "drug"? (in empty)'),
        ("[{drug: benidipine}]", "benidipine", "empty: give a list of parameter sets, such as [{drug: benidipine}]."),
        (
            "type: entity",
            "type: integer, required: false",
            "parameter drug is a threshold: give it a default, or make it required.",
        ),
    ],
)
def test_a_wrong_header_is_told_with_place_and_remedy(write, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        write(GOOD.replace(old, new))

    assert message in str(caught.value)


def test_unknown_parameter_suggests_the_nearest(write) -> None:
    with pytest.raises(UnknownNameError) as caught:
        bind_parameters(write(GOOD), {"durg": "cisplatin"})

    assert str(caught.value) == 'unknown parameter "durg". Did you mean "drug"? claims-by-drug takes: drug.'


def test_missing_parameter_shows_an_example(write) -> None:
    with pytest.raises(UsageError) as caught:
        bind_parameters(write(GOOD), {})

    assert str(caught.value) == "claims-by-drug needs --drug, for example: oncoresist ask claims-by-drug --drug cisplatin"


def test_unknown_question_suggests_the_nearest(layout: Layout) -> None:
    with pytest.raises(UnknownNameError, match='Did you mean "resistance-mechanisms"'):
        find_saved_query(layout, "questions", "resistance-mechanism")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX onr: <https://x/>\nDELETE WHERE { ?s ?p ?o }",
        "# SELECT\nDROP ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "load <http://x/>",
    ],
)
def test_a_query_that_writes_is_refused(update: str) -> None:
    with pytest.raises(QueryError, match="the store is only read"):
        require_read_only(update)


def test_a_query_that_only_speaks_of_writing_is_not_refused() -> None:
    require_read_only('PREFIX insert: <https://x/insert>\nSELECT ?s WHERE { ?s insert: "DELETE" }')
