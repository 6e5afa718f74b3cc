"""Content that contradicts the ontology is refused, and the finding names the statements that clash and where they stand."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph, reasoner
from oncoresist.content import LAYERS, into_store
from oncoresist.engines import Embedded
from oncoresist.mechanism.clashes import contradictions, empty_classes
from oncoresist.mechanism.culprits import cut, smallest
from oncoresist.namespaces import BASE, ENT, ONR, RDF_TYPE, onr

OWL_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


def ent(name: str) -> ox.NamedNode:
    return ox.NamedNode(ENT + name)


STEP = ox.NamedNode(BASE + "step/tme2019-platinum-1-6-a-2")
BAD = {
    "two kinds": ox.Triple(ent("cisplatin"), RDF_TYPE, onr("Macrophage")),
    "domain": ox.Triple(ent("il6"), onr("hasStep"), STEP),
    "range": ox.Triple(STEP, onr("perturbation"), ent("sirna")),
    "datatype": ox.Triple(STEP, onr("order"), ox.Literal("first")),
    "affirmed and denied": ox.Triple(STEP, RDF_TYPE, onr("DeniedStep")),
}


@pytest.fixture
def _java() -> None:
    reason = reasoner.unavailable()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def with_bad(kg: KnowledgeGraph, *triples: ox.Triple) -> Embedded:
    store = ox.Store()
    for layer in ("ontology", "evidence"):
        into_store(store, layer, kg.engine.store.quads_for_pattern(None, None, None, LAYERS[layer]))
    into_store(store, "evidence", triples)
    return Embedded(store, kg.prefixes.namespaces)


@pytest.mark.parametrize(
    ("bad", "subject", "told"),
    [
        ("two kinds", "ent:cisplatin", ["Cisplatin is of the kind “macrophage”.", "Cisplatin is of the kind “platinum agent”.",
                                        "Nothing is both a cell and a molecular entity."]),
        ("domain", "ent:il6", ["IL6 has the step", "Only a claim can have a step.",
                               "Nothing is both an entity and an information entity."]),
        ("range", "ent:sirna", ["The perturbation of anything is a perturbation.",
                                "Nothing is both a controlled value and an entity."]),
        ("datatype", "step:tme2019-platinum-1-6-a-2", ['is "first".', "The order of anything is a xsd:integer."]),
        ("affirmed and denied", "step:tme2019-platinum-1-6-a-2",
         ["affirmed step", "denied step", "Nothing is both an affirmed step and a denied step."]),
    ],
)  # fmt: skip
def test_clash_is_explained(kg: KnowledgeGraph, bad: str, subject: str, told: list[str]) -> None:
    engine = with_bad(kg, BAD[bad])

    [finding] = contradictions(engine, kg.content)

    assert (subject, "owl-consistency") == (finding.subject, finding.rule)
    assert [] == [words for words in told if words not in finding.problem]
    assert finding.where.startswith("graph/")


@pytest.mark.usefixtures("_java")
@pytest.mark.parametrize("bad", ["range", "affirmed and denied"])
def test_hermit_finds_the_told_statements_alone_contradictory_and_no_fewer(kg: KnowledgeGraph, bad: str) -> None:
    from oncoresist.mechanism import clashes
    from oncoresist.mechanism.justify import declarations
    from oncoresist.mechanism.theory import Theory

    engine = with_bad(kg, BAD[bad])
    theory = Theory.read(engine)
    [(_, axioms)] = clashes._clashing(engine, theory)

    def consistent(kept) -> bool:
        triples = [t for a in kept for t in a.triples(theory.definitions)]
        return reasoner.check_consistency([*declarations(axioms, theory), *triples]).consistent

    assert not consistent(axioms)
    assert [] == [a for a in sorted(axioms) if not consistent(axioms - {a})]


PREFIXES = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX onr: <https://w3id.org/oncoresist/ontology/> PREFIX ent: <https://w3id.org/oncoresist/entity/>
PREFIX claim: <https://w3id.org/oncoresist/claim/> """
FACTS = """ent:cisplatin a onr:PlatinumAgent . ent:gefitinib a onr:EGFRInhibitor . ent:doxorubicin a onr:Anthracycline .
ent:macrophage a onr:Macrophage . claim:one a onr:Claim ; onr:aboutDrug ent:cisplatin , ent:gefitinib . """
UNUSUAL = {
    "nothing": ("ent:cisplatin a owl:Nothing .", "ent:cisplatin", ["Cisplatin is said to be owl:Nothing"]),
    "the same": (
        "ent:cisplatin owl:sameAs ent:macrophage .",
        "ent:cisplatin",
        ["(1) Cisplatin and macrophage are one and the same.", "Cisplatin is of the kind “platinum agent”.",
         "Macrophage is of the kind “macrophage”. [graph/entities/cell.ttl", "Every myeloid cell is an immune cell. [ontology/"],
    ),
    "denied fact": (
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual claim:one ; owl:assertionProperty onr:aboutDrug ; "
        "owl:targetIndividual ent:cisplatin .",
        "claim:one",
        ["(1) The treatment at stake of claim:one is not cisplatin.", "of claim:one is cisplatin."],
    ),
    "complement": (
        "onr:Rest a owl:Class ; owl:complementOf onr:Treatment . ent:cisplatin a onr:Rest .",
        "onr:Rest",
        ["(1) Everything is either an onr:Rest or a treatment, and nothing is both.", "Cisplatin is of the kind “onr:Rest”."],
    ),
    "one value": (
        "onr:aboutDrug a owl:FunctionalProperty . "
        "[] a owl:AllDifferent ; owl:distinctMembers ( ent:doxorubicin ent:cisplatin ent:gefitinib ) .",
        "onr:aboutDrug",
        ["Nothing has more than one treatment at stake.", "Cisplatin and gefitinib are two different things.",
         "is cisplatin.", "is gefitinib."],
    ),
    "emptied class": (
        "onr:Treatment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty onr:hasStep ; owl:someValuesFrom onr:Cell ] .",
        "onr:Treatment",
        ["The class can have no member.", "(1) Every treatment is something with a step that is a cell.",
         "Only a claim can have a step. [ontology/oncoresist.ttl", "Nothing is both an entity and an information entity."],
    ),
}  # fmt: skip


def turtle(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)]


def small(kg: KnowledgeGraph, bad: str) -> Embedded:
    """The ontology with some facts: as far as HermiT is concerned as good as the whole, and much faster."""
    store = ox.Store()
    into_store(store, "ontology", kg.engine.store.quads_for_pattern(None, None, None, LAYERS["ontology"]))
    into_store(store, "ontology" if "rdfs:subClassOf" in bad else "evidence", turtle(bad))
    into_store(store, "evidence", turtle(FACTS))
    names = kg.engine.store.quads_for_pattern(None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), None, None)
    into_store(
        store, "evidence", [q for q in names if q.subject in {ent(name) for name in ("cisplatin", "gefitinib", "macrophage")}]
    )
    return Embedded(store, kg.prefixes.namespaces)


@pytest.mark.usefixtures("_java")
@pytest.mark.parametrize("bad", UNUSUAL)
def test_contradictions_in_any_terms_of_owl_are_told_by_their_axioms(kg: KnowledgeGraph, bad: str) -> None:
    axioms, subject, told = UNUSUAL[bad]

    finding, *others = contradictions(small(kg, axioms), kg.content)

    assert finding.subject == subject
    assert [] == [words for words in told if words not in finding.problem]
    assert all(other.problem.startswith("So can none of the 44 classes below it: ") for other in others)
    assert len(others) == (bad == "emptied class")


@pytest.mark.usefixtures("_java")
def test_the_culprits_contradict_each_other_and_none_can_be_spared(kg: KnowledgeGraph) -> None:
    engine = small(kg, UNUSUAL["complement"][0])
    declared, _ = cut(engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))

    culprits = smallest(engine.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), reasoner.first_contradictory)

    assert len(culprits) == 7  # said to be the rest, said to be a platinum agent, four steps up to treatment, complement
    parts = [[other for other in culprits if other != s] for s in culprits]
    wholes = [[*declared, *(t for s in some for t in s.triples)] for some in [*parts, culprits]]
    assert reasoner.first_contradictory(wholes) == len(culprits)
    assert not reasoner.check_consistency(wholes[-1]).consistent


@pytest.mark.usefixtures("_java")
def test_sound_content_has_no_clash(kg: KnowledgeGraph) -> None:
    """Asked of content that is sound, it finds nothing in it to withdraw."""
    [finding] = contradictions(small(kg, ""), kg.content)

    assert "none in ontology and content alone" in finding.problem


def test_many_clashes_are_counted(kg: KnowledgeGraph) -> None:
    cells = kg.query("SELECT ?cell WHERE { ?cell a onr:StromalCell } ORDER BY ?cell LIMIT 14")
    engine = with_bad(kg, *(ox.Triple(row["cell"], RDF_TYPE, onr("Hypoxia")) for row in cells))

    findings = contradictions(engine, kg.content)

    assert 11 == len(findings)
    assert f"{len(cells) - 10} more things contradict the ontology in such ways." == findings[-1].problem


def test_empty_class_is_explained(kg: KnowledgeGraph) -> None:
    chimera = [ox.Triple(onr("Chimera"), SUBCLASS, onr(wide)) for wide in ("Fibroblast", "Apoptosis")]
    engine = with_bad(kg, ox.Triple(onr("Chimera"), RDF_TYPE, OWL_CLASS), *chimera)

    [finding] = empty_classes([ONR + "Chimera"], engine, kg.content)

    assert ("onr:Chimera", "owl-satisfiability") == (finding.subject, finding.rule)
    begins = "The class can have no member. These statements cannot all hold: (1) Every onr:Chimera is an apoptosis."
    assert finding.problem.startswith(begins)
    assert "Nothing is both a cell and a process." in finding.problem


@pytest.mark.slow
@pytest.mark.usefixtures("_java")
def test_reason_refuses_contradictory_content_and_says_why(run, copy_of_content) -> None:
    path = Path(copy_of_content.graph) / "entities" / "treatment.ttl"
    text = path.read_text()
    path.write_text(
        text.replace("ent:cisplatin a onr:PlatinumAgent ;", "ent:cisplatin a onr:PlatinumAgent ;\n    a onr:Macrophage ;")
    )
    assert path.read_text() != text

    result = run("--content", str(copy_of_content.graph.parent), "reason", "--hermit")

    assert 1 == result.exit_code
    assert (
        "ent:cisplatin: It contradicts the ontology. These statements cannot all hold: (1) Cisplatin is of the kind"
        in result.stderr
    )
    assert "Nothing is both a cell and a molecular entity." in result.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("_java")
def test_a_class_that_can_have_no_member_is_refused_although_it_has_none(run, copy_of_content) -> None:
    path = Path(copy_of_content.ontology) / "oncoresist.ttl"
    with path.open("a", encoding="utf-8") as file:
        file.write("""
onr:Chimera a owl:Class ; rdfs:label "chimera"@en ;
    rdfs:subClassOf onr:Entity , [ a owl:Restriction ; owl:onProperty onr:hasStep ; owl:someValuesFrom onr:Cell ] .
""")

    result = run("--content", str(copy_of_content.root), "reason", "--hermit")

    assert 1 == result.exit_code
    assert "onr:Chimera: The class can have no member. These statements cannot all hold:" in result.stderr
    assert "Only a claim can have a step." in result.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("_java")
def test_validate_refuses_contradictory_content_and_says_which_statements_in_which_files(run, copy_of_content) -> None:
    """One statement stands in a file of its own, and is cited there and not where cisplatin has its record."""
    extra = Path(copy_of_content.graph) / "entities" / "extra.ttl"
    extra.write_text("PREFIX ent: <https://w3id.org/oncoresist/entity/>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n\n"
                     "ent:cisplatin owl:sameAs ent:macrophage .\n")  # fmt: skip

    result = run("--content", str(copy_of_content.root), "validate")

    assert 1 == result.exit_code
    (line,) = [line for line in result.stdout.splitlines() if "[owl-consistency]" in line]
    assert line.startswith("graph/entities/extra.ttl:4: ent:cisplatin: It contradicts the ontology.")
    assert "(1) Cisplatin and macrophage are one and the same." in line
    assert "Cisplatin is of the kind “platinum agent”. [graph/entities/treatment.ttl:" in line
