"""What the engines did: a table for the terminal and an EARL report (https://www.w3.org/TR/EARL10-Schema/) for programs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import rdflib
from rdflib.namespace import DCTERMS, DOAP, RDF

from oncoresist import __version__
from oncoresist.namespaces import BASE

EARL = rdflib.Namespace("http://www.w3.org/ns/earl#")
REFERENCE = "embedded"  # the column of the engine that the others are compared with


@dataclass(frozen=True)
class Outcome:
    """One question on one engine.

    :param status: ``same``; ``order`` (the same rows, but in order only once the engine's sort was mended); ``differs``;
        ``fails``; ``known`` (other rows, on record); ``slow`` (not asked, on record)
    :param seconds: for the question's main example
    """

    engine: str
    question: str
    status: str
    seconds: float
    rows: int
    message: str = ""


@dataclass
class Report:
    """Collects outcomes over a run.

    :param engines: name → (version, homepage), for those that ran
    :param absent: name → why it did not run
    :param earl_file: where the EARL report goes
    """

    engines: dict[str, tuple[str, str]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    earl_file: Path | None = None

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.engine, outcome.question] = outcome

    def lines(self) -> list[str]:
        """The table engines x questions, times in milliseconds, and the reasons for what is not the same."""
        if not self.outcomes:
            return []
        names = list(self.engines)
        questions = sorted({question for _, question in self.outcomes})
        width = max(len(question) for question in questions)
        lines = [f"{'question':{width}} {'rows':>5} " + " ".join(f"{name:>12}" for name in names)]
        for question in questions:
            cells = [self.outcomes.get((name, question)) for name in names]
            rows = next((cell.rows for cell in cells if cell), 0)
            lines.append(f"{question:{width}} {rows:>5} " + " ".join(f"{_cell(cell):>12}" for cell in cells))
        totals = []
        for name in names:
            of_engine = [o for (engine, _), o in self.outcomes.items() if engine == name]
            good = sum(o.status in ("same", "order") for o in of_engine)
            totals.append((f"{good}/{len(of_engine)}", f"{1000 * sum(o.seconds for o in of_engine):.0f} ms"))
        lines += [f"{'the same rows':{width + 6}} " + " ".join(f"{good:>12}" for good, _ in totals)]
        lines += [f"{'all together':{width + 6}} " + " ".join(f"{spent:>12}" for _, spent in totals)]
        told = [o for o in self.outcomes.values() if o.message and o.status != "order"]
        lines += [f"{o.engine}, {o.question}: {o.status}: {o.message}" for o in told]
        lines += sorted({f"* {o.engine}: {o.message}" for o in self.outcomes.values() if o.status == "order"})
        lines += [f"{name}: not run: {why}" for name, why in self.absent.items()]
        return lines

    def earl(self) -> str:
        """All outcomes as Turtle."""
        graph = rdflib.Graph()
        for prefix, namespace in (("earl", EARL), ("doap", DOAP), ("dcterms", DCTERMS)):
            graph.bind(prefix, namespace)
        ours = rdflib.URIRef(BASE)
        graph.add((ours, RDF.type, EARL.Software))
        graph.add((ours, DCTERMS.title, rdflib.Literal(f"OncoResist {__version__}, tests/test_engines.py")))
        subjects = {}
        for name, (version, homepage) in self.engines.items():
            subject = subjects[name] = rdflib.URIRef(homepage)
            release = rdflib.BNode()
            for triple in (
                (subject, RDF.type, EARL.TestSubject),
                (subject, RDF.type, DOAP.Project),
                (subject, DOAP.name, rdflib.Literal(name)),
                (subject, DOAP.release, release),
                (release, RDF.type, DOAP.Version),
                (release, DOAP.revision, rdflib.Literal(version)),
            ):
                graph.add(triple)
        for outcome in self.outcomes.values():
            question = rdflib.URIRef(f"{BASE}query/{outcome.question}")
            for aspect, title in (("rows", "the same rows, as a multiset"), ("order", "the same rows, in the same order")):
                test, assertion, result = rdflib.URIRef(f"{question}#{aspect}"), rdflib.BNode(), rdflib.BNode()
                good = outcome.status == "same" or (outcome.status, aspect) == ("order", "rows")
                verdict = EARL.passed if good else EARL.untested if outcome.status == "slow" else EARL.failed
                for triple in (
                    (test, RDF.type, EARL.TestCase),
                    (test, DCTERMS.title, rdflib.Literal(title, lang="en")),
                    (test, DCTERMS.isPartOf, question),
                    (assertion, RDF.type, EARL.Assertion),
                    (assertion, EARL.assertedBy, ours),
                    (assertion, EARL.subject, subjects[outcome.engine]),
                    (assertion, EARL.test, test),
                    (assertion, EARL.mode, EARL.automatic),
                    (assertion, EARL.result, result),
                    (result, RDF.type, EARL.TestResult),
                    (result, EARL.outcome, verdict),
                ):
                    graph.add(triple)
                if outcome.message and not good:
                    graph.add((result, EARL.info, rdflib.Literal(outcome.message, lang="en")))
        return graph.serialize(format="turtle")

    def write_earl(self, path: Path) -> None:
        """Write the EARL report; a reader sees the old file or the new one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(self.earl(), encoding="utf-8")
        os.replace(draft, path)


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "-"
    if outcome.status in ("same", "order"):
        return f"{1000 * outcome.seconds:.0f} ms" + ("*" if outcome.status == "order" else "")
    return outcome.status.upper()


REPORT = Report()
