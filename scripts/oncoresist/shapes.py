"""SHACL: pySHACL on rdflib is the judge (it passes 97 of 98 core tests of the W3C suite; faster engines pass fewer)."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH

from oncoresist import turtle
from oncoresist.content import Content
from oncoresist.findings import Finding
from oncoresist.namespaces import ONR

# These target the relation, because pySHACL parses a SPARQL constraint anew for every focus node; the step is the value.
_TOLD_BY_RELATION = {ONR + "StepShape-" + name for name in ("domain", "range", "relationDerived", "treatmentAsObject")}
_SEVERITY = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "warning"}


def to_rdflib(triples: Iterable[ox.Quad | ox.Triple]) -> rdflib.Graph:
    """Triples read by pyoxigraph (ten times faster) as an rdflib graph; lexical forms are kept."""
    graph = rdflib.Graph(bind_namespaces="none")
    for t in triples:
        graph.add((_term(t.subject), _term(t.predicate), _term(t.object)))
    return graph


def shapes_graphs(content: Content) -> list[rdflib.Graph]:
    """The shapes of `ontology/shapes`, one graph a file."""
    return [to_rdflib(turtle.read(path, content.layout.relative(path))) for path in content.shape_files]


def check_shapes(data: rdflib.Graph, shapes: list[rdflib.Graph], content: Content) -> list[Finding]:
    """Validate `data`, whose instances must already carry the superclasses of their classes.

    :returns: one finding per violation; its rule is the IRI of the shape that fired
    """
    return start_shapes(data, shapes, content)()


def start_shapes(data: rdflib.Graph, shapes: list[rdflib.Graph], content: Content) -> Callable[[], list[Finding]]:
    """Begin what `check_shapes` does, so that other work can be done meanwhile.

    The files of shapes do not depend on each other, so each has a process of its own where the system can fork.

    :returns: waits for the findings
    """
    work = [(data, graph, content) for graph in sorted(shapes, key=len, reverse=True)]  # the longest first
    if "fork" not in multiprocessing.get_all_start_methods():
        return lambda: [finding for task in work for finding in _check(*task)]
    _WORK[:] = work
    pool = multiprocessing.get_context("fork").Pool(min(os.cpu_count() or 1, len(work)))
    running = pool.map_async(_check_number, range(len(work)), chunksize=1)

    def findings() -> list[Finding]:
        with pool:
            return [finding for found in running.get() for finding in found]

    return findings


# Forked processes see this list without copying the graphs.
_WORK: list[tuple[rdflib.Graph, rdflib.Graph, Content]] = []


def _check_number(number: int) -> list[Finding]:
    return _check(*_WORK[number])


def _check(data: rdflib.Graph, shapes: rdflib.Graph, content: Content) -> list[Finding]:
    import pyshacl

    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False, inplace=True)
    return [_finding(report, result, content) for result in report.subjects(RDF.type, SH.ValidationResult)]


def _finding(report: rdflib.Graph, result, content: Content) -> Finding:
    focus = str(report.value(result, SH.focusNode))
    value, path = report.value(result, SH.value), report.value(result, SH.resultPath)
    shape = report.value(result, SH.sourceShape)
    if str(shape) in _TOLD_BY_RELATION:
        focus, value = str(value), rdflib.URIRef(focus)
    shown_value = _shown(value, content)
    parts = [
        f"{_shown(path, content)}" if path is not None else "",
        f"is {shown_value}" if shown_value and shown_value != _shown(focus, content) else "",
    ]
    problem = " ".join(part for part in parts if part)
    message = next((str(m) for m in sorted(report.objects(result, SH.resultMessage))), "")
    return Finding(
        content.places.get(focus, "graph/"),
        _shown(focus, content),
        problem + "." if problem else "",
        message,
        _shown(shape, content),
        _SEVERITY.get(report.value(result, SH.resultSeverity), "error"),
    )


def _shown(term, content: Content) -> str:
    if term is None:
        return ""
    if isinstance(term, rdflib.Literal):
        return f'"{term}"'
    return content.prefixes.curie(str(term)) if "://" in str(term) else str(term)


def _term(term):
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value.endswith("#string"):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
