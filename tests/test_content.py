"""Laws over the committed files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from oncoresist import KnowledgeGraph, mappings
from oncoresist.errors import InputError
from oncoresist.namespaces import Prefixes
from oncoresist.turtle import read, write
from tests.conftest import ROOT, at_least

KG = KnowledgeGraph.open(ROOT)
FILES = at_least(30, KG.content.graph_files)
MAPPINGS = at_least(8, KG.content.mapping_files)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "graph")))
def test_file_is_canonical(path: Path) -> None:
    expected = write(read(path), KG.prefixes)

    assert expected == path.read_text(encoding="utf-8"), f"Run: oncoresist format {path.relative_to(ROOT)}"


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.name)
def test_mappings_are_read_and_sorted(path: Path) -> None:
    rows = mappings.read(path, path.name)

    keys = [(row["subject_id"], row["object_id"]) for row in rows]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    list(mappings.to_triples(rows, KG.prefixes, path.name))


def test_every_passage_of_the_sources_is_there(kg: KnowledgeGraph) -> None:
    """269 sentences and 24 table rows of the reviews, 133 rows of calcium evidence: curated, or excluded with a reason."""
    rows = kg.query(
        """SELECT ?kind (COUNT(?passage) AS ?count) WHERE {
          ?passage a onr:Passage ; onr:status ?status ; dcterms:identifier ?id .
          BIND(IF(STRSTARTS(?id, "ca-"), "row", IF(CONTAINS(?id, ".table1."), "table", "sentence")) AS ?kind) }
        GROUP BY ?kind"""
    )
    counts = {row["kind"].value: int(row["count"].value) for row in rows}

    assert counts == {"sentence": 269, "table": 24, "row": 133}


def test_no_term_of_an_obsolete_or_absent_namespace() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [*FILES, *MAPPINGS])

    for obsolete in ("GO:0005615", "GO:0060548", "GO:1901555", "GO:0007050", "GO:0046618", "GO:0019933"):
        assert obsolete not in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda row: row | {"mapping_justification": ""},
            "mapping_justification is empty. Every mapping says it. [sssom-mapping_justification]",
        ),
        (
            lambda row: row | {"predicate_id": "skos:exactmatch"},
            'unknown predicate "skos:exactmatch". Did you mean "skos:exactMatch"',
        ),
        (lambda row: row | {"object_id": "CHEBI:twenty"}, "CHEBI:twenty: not an identifier of CHEBI"),
        (lambda row: row | {"object_id": "CHEBBI:27899"}, 'object_id: unknown prefix "CHEBBI". Did you mean "CHEBI"'),
    ],
)
def test_a_wrong_mapping_row_is_told_with_its_line(tmp_path: Path, change, message: str) -> None:
    good = dict.fromkeys(mappings.COLUMNS, "") | {
        "subject_id": "ent:cisplatin",
        "subject_label": "cisplatin",
        "predicate_id": "skos:exactMatch",
        "object_id": "CHEBI:27899",
        "object_label": "cisplatin",
        "mapping_justification": "semapv:ManualMappingCuration",
        "object_source": "CHEBI",
    }
    file = tmp_path / "drug.sssom.tsv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, mappings.COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerow(change(good))

    with pytest.raises(InputError) as caught:
        list(mappings.to_triples(mappings.read(file, file.name), KG.prefixes, file.name))

    assert str(caught.value).startswith("drug.sssom.tsv:2: ")
    assert message in str(caught.value)


def test_a_missing_prefix_table_is_told(tmp_path: Path) -> None:
    from oncoresist.paths import Layout

    with pytest.raises(InputError, match=r"prefixes\.ttl: cannot be read"):
        Prefixes.read(Layout(tmp_path))
