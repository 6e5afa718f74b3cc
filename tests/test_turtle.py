"""Reading and canonical writing of Turtle."""

from __future__ import annotations

import pytest

from oncoresist import InputError, turtle
from oncoresist.namespaces import Prefixes

TABLE = Prefixes(
    {
        "ent": "https://w3id.org/oncoresist/entity/",
        "onr": "https://w3id.org/oncoresist/ontology/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": "http://purl.org/dc/terms/",
        "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
        "obo": "http://purl.obolibrary.org/obo/",
    }
)
MESSY = """
@prefix e: <https://w3id.org/oncoresist/entity/> .
@prefix o: <https://w3id.org/oncoresist/ontology/> .
@prefix s: <http://www.w3.org/2004/02/skos/core#> .
@prefix l: <http://www.w3.org/2000/01/rdf-schema#> .
e:il6 s:altLabel "IL-6"@en , "interleukin \\"6\\""@en ; o:order 01 ; a o:Interleukin ; l:label "IL6"@en .
e:cisplatin s:exactMatch <http://purl.obolibrary.org/obo/CHEBI_27899> ; o:subtypeOf e:platinum-based-drug ; a o:PlatinumAgent .
"""
CANONICAL = """\
@prefix CHEBI: <http://purl.obolibrary.org/obo/CHEBI_> .
@prefix ent: <https://w3id.org/oncoresist/entity/> .
@prefix onr: <https://w3id.org/oncoresist/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ent:cisplatin a onr:PlatinumAgent ;
    onr:subtypeOf ent:platinum-based-drug ;
    skos:exactMatch CHEBI:27899 .

ent:il6 a onr:Interleukin ;
    rdfs:label "IL6"@en ;
    skos:altLabel "IL-6"@en ;
    skos:altLabel "interleukin \\"6\\""@en ;
    onr:order 01 .
"""


def test_write_sorts_subjects_predicates_and_objects_and_keeps_lexical_forms() -> None:
    triples = turtle.parse(MESSY, "messy.ttl")

    written = turtle.write(triples, TABLE)

    assert written == CANONICAL


def test_write_of_canonical_text_changes_nothing() -> None:
    triples = turtle.parse(CANONICAL, "canonical.ttl")

    assert turtle.write(triples, TABLE) == CANONICAL


def test_one_more_triple_changes_one_line() -> None:
    more = CANONICAL.replace('    skos:altLabel "IL-6"@en ;\n', '    skos:altLabel "BSF-2"@en ;\n    skos:altLabel "IL-6"@en ;\n')

    written = turtle.write(turtle.parse(more, "more.ttl"), TABLE)

    assert set(written.splitlines()) - set(CANONICAL.splitlines()) == {'    skos:altLabel "BSF-2"@en ;'}
    assert set(CANONICAL.splitlines()) <= set(written.splitlines())


def test_write_refuses_blank_nodes() -> None:
    triples = turtle.parse("<a:s> <a:p> [] .", "blank.ttl")

    with pytest.raises(ValueError, match="a blank node: give it an IRI"):
        turtle.write(triples, TABLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@prefix a: <http://a/> .\na:b a:c\n", "draft.ttl:3: not valid Turtle"),
        (
            "@prefix a: <http://a/> .\nx:b a:c a:d .\n",
            "draft.ttl:2: not valid Turtle (the prefix x: has not been declared; column 1)",
        ),
        ("\ufeff<a:s> <a:p> <a:o> .", "draft.ttl:1: begins with a byte order mark. Save it as UTF-8 without one."),
    ],
)
def test_broken_turtle_is_told_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        turtle.parse(text, "draft.ttl")

    assert str(caught.value).startswith(message)
    assert caught.value.exit_code == 3
