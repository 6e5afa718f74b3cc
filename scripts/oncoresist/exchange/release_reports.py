"""The reports of a release: what validation found, coverage and the other counts, mutation score, conformance of engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.content import Content
from oncoresist.errors import InputError
from oncoresist.findings import Finding
from oncoresist.namespaces import BASE, RDF_TYPE
from oncoresist.results import Answer

if TYPE_CHECKING:
    from oncoresist.knowledge_graph import KnowledgeGraph

_SH = "http://www.w3.org/ns/shacl#"
_EARL = "http://www.w3.org/ns/earl#"


def validation_text(findings: list[Finding], notes: list[str]) -> str:
    """What `oncoresist validate` prints."""
    errors = sum(f.severity == "error" for f in findings)
    lines = [*map(str, findings), *notes, f"{errors} errors, {len(findings) - errors} warnings"]
    return "\n".join(lines) + "\n"


def validation_graph(findings: list[Finding], release: str, content: Content) -> str:
    """The findings as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report).

    A finding of a shape names the shape, one of a check of `queries/checks` the query as `sh:sourceConstraint`. By SHACL's
    definition a graph conforms if there is no result at all, of any severity.

    :param release: IRI of the release
    """

    def sh(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SH + name)

    report = ox.NamedNode(f"{release}/reports/validation")
    boolean = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    triples = [
        ox.Triple(report, RDF_TYPE, sh("ValidationReport")),
        ox.Triple(report, sh("conforms"), ox.Literal("false" if findings else "true", datatype=boolean)),
    ]
    for number, finding in enumerate(sorted(findings), 1):
        result = ox.NamedNode(f"{release}/reports/validation#result-{number}")
        knows, message = content.prefixes.knows, f"{finding.where}: {finding.problem} {finding.remedy}"
        focus = ox.NamedNode(content.prefixes.iri(finding.subject)) if knows(finding.subject) else ox.Literal(finding.subject)
        of_shape = knows(finding.rule)
        triples += [
            ox.Triple(report, sh("result"), result),
            ox.Triple(result, RDF_TYPE, sh("ValidationResult")),
            ox.Triple(result, sh("focusNode"), focus),
            ox.Triple(result, sh("resultMessage"), ox.Literal(" ".join(message.split()), language="en")),
            ox.Triple(result, sh("resultSeverity"), sh("Violation" if finding.severity == "error" else "Warning")),
        ]
        if of_shape:
            triples.append(ox.Triple(result, sh("sourceShape"), ox.NamedNode(content.prefixes.iri(finding.rule))))
        else:
            triples.append(ox.Triple(result, sh("sourceConstraint"), ox.NamedNode(f"{BASE}query/{finding.rule}")))
            triples.append(ox.Triple(result, sh("sourceConstraintComponent"), sh("SPARQLConstraintComponent")))
    return turtle.write(triples, content.prefixes)


def counts(kg: KnowledgeGraph) -> dict[str, str]:
    """Every report of `queries/reports`: name of a file → its text; TSV for programs, and all of them in `counts.md`."""
    files, parts = {}, ["# Counts over the content\n"]
    for report in kg.reports():
        answer = kg.report(report.id)
        files[f"{report.id}.tsv"] = answer.to_text("tsv")
        parts.append(f"## {report.summary}\n\n`oncoresist report {report.id}`\n\n{_table(answer, kg.prefixes.curie)}")
    return files | {"counts.md": "\n".join(parts)}


def _table(answer: Answer, curie) -> str:
    if not answer.rows:
        return "No rows.\n"

    def cell(term) -> str:
        if term is None:
            return ""
        words = answer.labels.get(term.value) or curie(term.value) if isinstance(term, ox.NamedNode) else term.value
        return words.replace("|", "\\|").replace("\n", " ")

    lines = ["| " + " | ".join(answer.variables) + " |", "|---" * len(answer.variables) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in answer.rows]) + "\n"


@dataclass(frozen=True)
class Conformance:
    """An EARL report (https://www.w3.org/TR/EARL10-Schema/) as it came.

    :param outcomes: name of the tested engine → outcome → how many
    """

    data: bytes
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)


def read_conformance(path: Path) -> Conformance:
    """Read an EARL report in Turtle.

    :raises InputError: it is missing, no Turtle, or asserts nothing
    """
    quads = turtle.read(path)
    facts: dict[tuple, list] = {}
    for quad in quads:
        facts.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
    outcomes: dict[str, Counter[str]] = {}
    for quad in quads:
        if quad.predicate == RDF_TYPE and quad.object.value == _EARL + "Assertion":
            subject = next(iter(facts.get((quad.subject, _EARL + "subject"), [])), None)
            result = next(iter(facts.get((quad.subject, _EARL + "result"), [])), None)
            outcome = next(iter(facts.get((result, _EARL + "outcome"), [])), None)
            if subject is None or outcome is None:
                raise InputError(path, f"the assertion {quad.subject} lacks earl:subject or the outcome of its earl:result")
            names = facts.get((subject, "http://usefulinc.com/ns/doap#name")) or facts.get(
                (subject, "http://purl.org/dc/terms/title")
            )
            name = min((n.value for n in names), default="") if names else subject.value
            outcomes.setdefault(name, Counter())[outcome.value.rpartition("#")[2]] += 1
    if not outcomes:
        raise InputError(path, "no earl:Assertion in it, so no report on engines")
    return Conformance(path.read_bytes(), {name: dict(sorted(of.items())) for name, of in sorted(outcomes.items())})
