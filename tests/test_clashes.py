"""Content that contradicts the ontology is refused, and the finding names the statements that clash and where they stand."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import KnowledgeGraph, reasoner
from oncoresist.content import LAYERS, into_store
from oncoresist.engines import Embedded
from oncoresist.mechanism.clashes import contradictions, empty_class
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
        quads = kg.engine.store.quads_for_pattern(None, None, None, LAYERS[layer])
        store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
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


def test_sound_content_has_no_clash(kg: KnowledgeGraph) -> None:
    """Asked of content HermiT objects to for another reason, it says that the usual reasons are not there."""
    [finding] = contradictions(with_bad(kg), kg.content)

    assert "no thing is of two classes that exclude each other" in finding.problem


def test_many_clashes_are_counted(kg: KnowledgeGraph) -> None:
    cells = kg.query("SELECT ?cell WHERE { ?cell a onr:StromalCell } ORDER BY ?cell LIMIT 14")
    engine = with_bad(kg, *(ox.Triple(row["cell"], RDF_TYPE, onr("Hypoxia")) for row in cells))

    findings = contradictions(engine, kg.content)

    assert 11 == len(findings)
    assert f"{len(cells) - 10} more things contradict the ontology in such ways." == findings[-1].problem


def test_empty_class_is_explained(kg: KnowledgeGraph) -> None:
    chimera = [ox.Triple(onr("Chimera"), SUBCLASS, onr(wide)) for wide in ("Fibroblast", "Apoptosis")]
    engine = with_bad(kg, ox.Triple(onr("Chimera"), RDF_TYPE, OWL_CLASS), *chimera)

    finding = empty_class(ONR + "Chimera", engine, kg.content)

    assert finding is not None
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
