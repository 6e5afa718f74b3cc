"""Everything that judges the content, in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.checks import read_checks, run_check
from oncoresist.content import Content, into_store
from oncoresist.derive import derive, derive_queries
from oncoresist.engines import Embedded
from oncoresist.errors import InputError
from oncoresist.findings import Finding
from oncoresist.namespaces import RDF_TYPE, onr
from oncoresist.review import review_findings


def validate(content: Content, files: list[Path], *, reasoner: bool) -> tuple[list[Finding], list[str]]:
    """Shapes, checks, polarity, canonical form and OWL consistency.

    :param files: report only on these; those outside the content are read along with it
    :returns: findings in the order of files, and a line for each part: what was looked at, or why it was left out
    """
    drafts = [f for f in files if f.resolve() not in {p.resolve() for p in content.graph_files}]
    store = ox.Store()
    for layer in ("ontology", "evidence", "mappings"):
        into_store(store, layer, content.triples(layer))
    places = dict(content.places)
    for draft in drafts:
        places |= _read_draft(store, draft, content)
    content.__dict__["places"] = places
    findings, notes = [], []
    shape_findings, note = _start_shapes(store, content, files)
    notes.append(note)
    derive(store, content)
    engine = Embedded(store, content.prefixes.namespaces)
    checks = read_checks(content)
    for check in checks:
        findings += run_check(check, engine, content)
    notes.append(f"checks: {len(checks)} queries")
    changed, note = review_findings(store, content)
    findings += changed
    notes.append(note)
    findings += _told_twice(content)
    findings += _not_canonical(content, [*content.graph_files, *drafts])
    notes.append(f"files: {len(content.graph_files) + len(content.mapping_files) + len(drafts)} read, canonical form compared")
    findings += shape_findings()
    consistency, note = _consistency(store, content) if reasoner else ([], "HermiT was left out on request.")
    findings += consistency
    notes.append(note)
    if files:
        wanted = {content.layout.relative(f) for f in files}
        findings = [f for f in findings if f.where.partition(":")[0] in wanted]
    return sorted(set(findings)), notes


def _read_draft(store: ox.Store, draft: Path, content: Content) -> dict[str, str]:
    shown = content.layout.relative(draft)
    triples = turtle.read(draft, shown)
    into_store(store, "evidence", triples)
    return {t.subject.value: shown for t in triples if isinstance(t.subject, ox.NamedNode)}


def _start_shapes(store: ox.Store, content: Content, files: list[Path]) -> tuple[Callable[[], list[Finding]], str]:
    """SHACL over the curated triples plus the superclasses of every instance (nothing else that is derived).

    The shapes take longer than everything else, so they run in processes of their own while the checks run here.
    """
    from oncoresist.shapes import shapes_graphs, start_shapes, to_rdflib

    closed = ox.Store()
    closed.extend(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    for query in derive_queries(content):
        if "classes" in query.tags:
            closed.extend(ox.Quad(t.subject, t.predicate, t.object) for t in store.query(query.text))
    data = list(closed)
    if files:
        shown = {content.layout.relative(file) for file in files}
        data = _around({iri for iri, place in content.places.items() if place.partition(":")[0] in shown}, closed)
    findings = start_shapes(to_rdflib(data), shapes_graphs(content), content)
    return findings, f"shapes: {len(content.shape_files)} files over {len(data)} triples"


def _around(records: set[str], closed: ox.Store) -> list[ox.Quad]:
    """The records, the classes of what they point at, and the relations with their rules: all that a shape looks at.

    A curator who validates one file waits two seconds instead of twenty. What the shapes then say of the things around,
    which are not whole here, is dropped with everything that is not about the files.
    """
    kept = [quad for quad in closed if quad.subject.value in records]
    pointed_at = {quad.object for quad in kept if isinstance(quad.object, ox.NamedNode)} - {quad.subject for quad in kept}
    for term in pointed_at:
        relation = ox.Quad(term, RDF_TYPE, onr("Relation")) in closed
        kept.extend(closed.quads_for_pattern(term, None if relation else RDF_TYPE, None))
    return kept


def _told_twice(content: Content) -> list[Finding]:
    remedy = "Rename one of the two, or put what both say into one and delete the other."
    return [
        Finding(place, content.prefixes.curie(iri), f"The record stands twice; the first is at {first}.", remedy, "told-twice")
        for iri, first, place in content.told_twice()
    ]


def _not_canonical(content: Content, files: list[Path]) -> list[Finding]:
    findings = []
    for path in files:
        shown = content.layout.relative(path)
        try:
            same = turtle.write(turtle.read(path, shown), content.prefixes).encode() == path.read_bytes()
            problem = "" if same else "The file is not in canonical form."
        except ValueError as error:
            problem = f"The file holds {error}."
        if problem:
            findings.append(Finding(shown, path.name, problem, f"Run: oncoresist format {shown}", "canonical-form"))
    return findings


def _consistency(store: ox.Store, content: Content) -> tuple[list[Finding], str]:
    from oncoresist import reasoner

    if reason := reasoner.unavailable():
        return [], reason
    triples = [q for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    try:
        result = reasoner.check_consistency(triples)
    except OSError as error:
        raise InputError("HermiT", f"could not be run ({error})") from None
    from oncoresist.mechanism.clashes import contradictions, empty_classes

    engine = Embedded(store, content.prefixes.namespaces)
    findings = empty_classes(result.unsatisfiable, engine, content) if result.consistent else contradictions(engine, content)
    return findings, f"HermiT: consistent over {len(triples)} triples" if not findings else "HermiT: see findings"
