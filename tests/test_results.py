"""An answer in every form: what each keeps, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from oncoresist import KnowledgeGraph, UnknownNameError
from oncoresist.results import FORMATS, Answer

QUERY = "SELECT ?drug ?label ?none (3 AS ?number) WHERE { VALUES ?drug { ent:cisplatin } ?drug rdfs:label ?label }"


@pytest.fixture(scope="module")
def answer(kg: KnowledgeGraph) -> Answer:
    return kg.query(QUERY)


def test_each_form_tells_the_same_row(answer: Answer) -> None:
    iri = "https://w3id.org/oncoresist/entity/cisplatin"

    assert [["drug", "label", "none", "number"], [iri, "cisplatin", "", "3"]] == list(
        csv.reader(io.StringIO(answer.to_text("csv")))
    )
    assert f'<{iri}>\t"cisplatin"@en\t\t3' == answer.to_text("tsv").splitlines()[1]
    assert iri == json.loads(answer.to_text("json"))["results"]["bindings"][0]["drug"]["value"]
    assert iri in [e.text for e in ET.fromstring(answer.to_text("xml")).iter()]
    assert f"| [cisplatin]({iri}) | cisplatin |  | 3 |" == answer.to_text("md").splitlines()[2]
    assert f'<td><a href="{iri}">cisplatin</a></td><td>cisplatin</td><td></td><td>3</td>' in answer.to_text("html")


@pytest.mark.parametrize("frame", ["to_pandas", "to_polars"])
def test_frames_have_types_and_labels_if_wanted(answer: Answer, frame: str) -> None:
    plain, named = getattr(answer, frame)(), getattr(answer, frame)(labels=True)

    assert ["drug", "label", "none", "number"] == list(plain.columns)
    assert ["https://w3id.org/oncoresist/entity/cisplatin"] == list(plain["drug"])
    assert ["cisplatin"] == list(named["drug"])
    assert [3] == list(plain["number"])
    assert [None] == list(plain["none"])


def test_frames_of_a_whole_question_agree(kg: KnowledgeGraph) -> None:
    answer = kg.ask("resistance-mechanisms", drug="cisplatin")

    pandas, polars = answer.to_pandas(), answer.to_polars()

    assert len(answer) == len(pandas) == len(polars) > 20
    assert pandas["claim"].to_list() == polars["claim"].to_list()


def test_empty_answer_keeps_its_columns(kg: KnowledgeGraph) -> None:
    answer = kg.query("SELECT ?a ?b WHERE { ?a onr:nothing ?b }")

    assert ["a", "b"] == list(answer.to_pandas().columns) == list(answer.to_polars().columns)
    assert "| a | b |\n| --- | --- |\n" == answer.to_text("md")


def test_markup_cannot_be_broken_out_of(kg: KnowledgeGraph) -> None:
    answer = kg.query(r'SELECT ("<b>|[x](y)" AS ?text) WHERE {}')

    assert r"| <b>\|\[x\](y) |" == answer.to_text("md").splitlines()[2]
    assert "<td>&lt;b&gt;|[x](y)</td>" in answer.to_text("html")


@pytest.mark.parametrize(
    ("query", "refused"),
    [("SELECT (1 AS ?n) WHERE {}", "ttl"), ("CONSTRUCT WHERE { ent:cisplatin a ?c }", "md"), ("ASK {}", "html")],
)
def test_form_that_does_not_fit_is_refused(kg: KnowledgeGraph, query: str, refused: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(f'"{refused}"')):
        kg.query(query).to_text(refused)


def test_help_lists_every_form(run) -> None:
    assert ", ".join(FORMATS) in " ".join(run("query", "--help").stdout.split())
