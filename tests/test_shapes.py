"""Every shape lets a good record through, and every one of its rules is seen to fire.

A fixture is one record, with no more around it than its classes. Its folder names the node shape; the first line of a
failing one names the shape that must fire, and no other may: `# trips: onr:ClaimShape-statedAt`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from oncoresist import turtle
from oncoresist.content import Content
from oncoresist.paths import find_layout
from oncoresist.shapes import to_rdflib

ONR = "https://w3id.org/oncoresist/ontology/"
ROOT = Path(__file__).resolve().parents[1]
FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
WHOLE = Path(__file__).parent / "fixtures" / "checks" / "whole-record.ttl"
CONTENT = Content(find_layout(ROOT))
PASSING = sorted(FIXTURES.glob("*/pass-*.ttl"))
FAILING = sorted(FIXTURES.glob("*/fail-*.ttl"))

# What a shape may say, and the name under which a report says that it was broken.
COMPONENTS = {
    SH[name]: SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]
    for name in (
        "and",
        "class",
        "closed",
        "datatype",
        "hasValue",
        "in",
        "languageIn",
        "maxCount",
        "minCount",
        "minInclusive",
        "nodeKind",
        "not",
        "or",
        "pattern",
        "xone",
    )
} | {SH.sparql: SH.SPARQLConstraintComponent}
# What describes a shape and cannot be broken.
DESCRIPTION = {
    SH.ignoredProperties,
    SH.message,
    SH.name,
    SH.path,
    SH.property,
    SH.severity,
    SH.targetClass,
    SH.targetSubjectsOf,
}


def at_least(count: int, paths: list[Path]) -> list[Path]:
    assert len(paths) >= count, f"{len(paths)} files found, {count} expected"
    return paths


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def curie(iri: object) -> str:
    return str(iri).replace(ONR, "onr:")


@cache
def shapes_by_file() -> dict[Path, rdflib.Graph]:
    return {path: to_rdflib(turtle.read(path)) for path in CONTENT.shape_files}


@cache
def all_shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for shapes in shapes_by_file().values():
        graph += shapes
    return graph


def named_shapes() -> list[rdflib.URIRef]:
    """Node and property shapes with an IRI; unnamed ones are operands of `sh:or` and the like."""
    graph = all_shapes()
    return sorted(s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind))


@cache
def ontology() -> tuple[list[ox.Quad], dict[str, set[str]]]:
    """The ontology with its imports, and the superclasses of every class."""
    quads = list(CONTENT.triples("ontology"))
    parents: dict[str, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == str(RDFS.subClassOf) and isinstance(quad.object, ox.NamedNode):
            parents.setdefault(quad.subject.value, set()).add(quad.object.value)
    ancestors: dict[str, set[str]] = {}
    for start in parents:
        seen, todo = set(), list(parents[start])
        while todo:
            if (parent := todo.pop()) not in seen:
                seen.add(parent)
                todo += parents.get(parent, ())
        ancestors[start] = seen
    return quads, ancestors


def with_superclasses(triples: Iterable[ox.Quad]) -> list[ox.Triple]:
    _, ancestors = ontology()
    closed = []
    for t in triples:
        closed.append(ox.Triple(t.subject, t.predicate, t.object))
        if t.predicate.value == str(RDF.type):
            closed += [ox.Triple(t.subject, t.predicate, ox.NamedNode(iri)) for iri in ancestors.get(t.object.value, ())]
    return closed


@cache
def background() -> rdflib.Graph:
    """The ontology as it stands beside every record."""
    return to_rdflib(with_superclasses(ontology()[0]))


def with_terms(record: rdflib.Graph) -> rdflib.Graph:
    """A record and what the ontology says of the terms it uses (the rest would only take time)."""
    graph = rdflib.Graph()
    for term in set(record.objects()):
        graph += background().triples((term, None, None))
    return graph + record


@cache
def shape_file(folder: str) -> Path:
    """The file whose shapes a fixture folder is about."""
    wanted = rdflib.URIRef(ONR + folder)
    return next(
        path
        for path, graph in shapes_by_file().items()
        if any(s == wanted or str(s).startswith(f"{wanted}-") for s in graph.subjects(RDF.type, SH.NodeShape))
    )


@cache
def report(path: Path) -> frozenset[tuple[str, str, str]]:
    """What the shapes find in a fixture: shape, constraint component, severity."""
    shapes = shapes_by_file()[shape_file(path.parent.name)]
    data = with_terms(to_rdflib(with_superclasses(turtle.read(path))))
    _, graph, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, inplace=True)
    results = graph.objects(next(graph.subjects(RDF.type, SH.ValidationReport)), SH.result)
    return frozenset(
        tuple(str(graph.value(r, p)) for p in (SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)) for r in results
    )


@pytest.mark.parametrize("path", at_least(25, PASSING), ids=name)
def test_good_record_passes(path: Path) -> None:
    assert not {curie(shape) for shape, _, _ in report(path)}


@pytest.mark.parametrize("path", at_least(250, FAILING), ids=name)
def test_bad_record_trips_its_rule_only(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# trips: onr:"), f"{path}: begin with `# trips: onr:<shape>`"

    assert {first.removeprefix("# trips: ")} == {curie(shape) for shape, _, _ in report(path)}


def test_ontology_passes() -> None:
    shapes = shapes_by_file()[CONTENT.layout.shapes / "meta.ttl"]

    conforms, _, text = pyshacl.validate(background(), shacl_graph=shapes, inference="none", advanced=False)

    assert conforms, text


def test_every_shape_has_a_good_record() -> None:
    folders = {path.parent.name for path in PASSING}

    lacking = sorted({curie(s).removeprefix("onr:").split("-")[0] for s in named_shapes()} - folders)

    assert not lacking, "Add tests/fixtures/shapes/<shape>/pass-<why>.ttl"


def test_every_constraint_has_a_bad_record() -> None:
    graph = all_shapes()
    expected = {(str(s), str(COMPONENTS[p])) for s in named_shapes() for p in graph.predicates(s) if p in COMPONENTS}
    tripped = {(shape, component) for path in FAILING for shape, component, _ in report(path)}

    lacking = sorted(f"{curie(shape)} {component.rsplit('#')[-1]}" for shape, component in expected - tripped)

    assert len(expected) >= 200
    assert not lacking, "Add tests/fixtures/shapes/<shape>/fail-<why>.ttl"


def test_shapes_say_nothing_that_the_tests_do_not_know() -> None:
    known = set(COMPONENTS) | DESCRIPTION | {RDF.type, RDFS.label}

    used = {p for shape in named_shapes() for p in all_shapes().predicates(shape)}

    assert not {curie(p) for p in used - known}


@pytest.mark.parametrize("shape", named_shapes(), ids=curie)
def test_shape_tells_what_to_do(shape: rdflib.URIRef) -> None:
    graph = all_shapes()
    title = SH.name if (shape, RDF.type, SH.PropertyShape) in graph else RDFS.label
    expected = ["en"]

    assert expected == [text.language for text in graph.objects(shape, title)]
    assert expected == [text.language for text in graph.objects(shape, SH.message)]
    assert str(graph.value(shape, SH.message)).endswith(".")
    assert graph.value(shape, SH.severity) in {SH.Violation, SH.Warning}
    assert all(isinstance(p, rdflib.URIRef) for p in graph.objects(shape, SH.property))


def test_whole_record_passes_every_shape() -> None:
    record = to_rdflib(with_superclasses(turtle.read(WHOLE)))

    conforms, _, text = pyshacl.validate(background() + record, shacl_graph=all_shapes(), inference="none", advanced=False)

    assert conforms, text


def test_shape_is_described_in_one_file() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape)
    shapes = [s for graph in shapes_by_file().values() for kind in kinds for s in graph.subjects(RDF.type, kind)]

    assert len(set(shapes)) == len(shapes) >= 130
