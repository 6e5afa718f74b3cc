"""The checks of `queries/checks`: SPARQL that must return nothing. Adding a rule needs no Python."""

from __future__ import annotations

from pathlib import Path

from oncoresist.content import Content
from oncoresist.engines import Engine
from oncoresist.findings import Finding
from oncoresist.saved_query import SavedQuery, list_saved_queries, read_saved_query


def read_checks(content: Content) -> list[SavedQuery]:
    """All checks, by id."""
    files: dict[str, Path] = list_saved_queries(content.layout, "checks")
    return [read_saved_query(path, content.layout) for path in files.values()]


def run_check(check: SavedQuery, engine: Engine, content: Content) -> list[Finding]:
    """One finding per row of the check."""
    findings = []
    for row in engine.query(check.text, content.layout.relative(check.path)):
        subject, value = row["subject"], row["value"]
        iri = getattr(subject, "value", "")
        shown = _shown(value, content)
        problem = check.header["problem"].rstrip(".") + (f": {shown}." if shown else ".")
        findings.append(
            Finding(
                content.places.get(iri, "graph/"),
                _shown(subject, content),
                problem,
                check.header["solution"],
                check.id,
                check.header["severity"],
            )
        )
    return findings


def _shown(term, content: Content) -> str:
    if term is None:
        return ""
    return (
        content.prefixes.curie(term.value)
        if hasattr(term, "value") and "://" in term.value
        else getattr(term, "value", str(term))
    )
