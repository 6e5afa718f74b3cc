"""A release: a dated folder with the graph in every format, its description, reports and changes. Made twice, it is the same.

    README.md, CHANGES.md, changes.json, LICENSE, CITATION.cff
    dcat.ttl, void.ttl        the description for machines
    SHA256SUMS                of every other file
    data/                     a file a format (RDF gzipped, tables as zip), loss ledgers, source.zip
    questions/                the catalogue with answers, SIB examples, W3C test manifest with data
    reports/                  validation, coverage and other counts, mutation score, conformance of engines

source.zip holds ontology/, graph/ and queries/ as they were, so a later release, or `oncoresist diff`, can compare itself with
this one, questions and rules included. Bytes depend on the content, the date, the previous release, the EARL file, the formats
chosen, whether there is Java for HermiT, and the versions of this package and of zlib; time and place have no part in them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as day
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.engines import Embedded
from oncoresist.errors import InputError, UsageError
from oncoresist.exchange.citation import licence_text, read_citation
from oncoresist.exchange.description import Release, ReleaseFile, dcat, version_iri, void
from oncoresist.exchange.export import export
from oncoresist.exchange.formats import FORMATS, Format, find_format
from oncoresist.exchange.hashing import hash_of_lines
from oncoresist.exchange.pack import files_of, write_zip
from oncoresist.exchange.previous import SOURCE, SUMS, release_date
from oncoresist.exchange.release_readme import Facts, readme
from oncoresist.exchange.release_reports import Conformance, counts, read_conformance, validation_graph, validation_text
from oncoresist.exchange.selection import Selected, Selection
from oncoresist.exchange.statistics import count
from oncoresist.findings import Finding
from oncoresist.namespaces import BASE, ONR, RDF_TYPE, SKOS
from oncoresist.store import build_in_memory
from oncoresist.target import new_folder, require_new_folder

if TYPE_CHECKING:
    from oncoresist.knowledge_graph import KnowledgeGraph
    from oncoresist.mechanism.comparison import Comparison

_ONTOLOGY = ox.NamedNode(ONR.rstrip("/"))
_OWL = "http://www.w3.org/2002/07/owl#"
_LICENCE = ox.NamedNode("http://purl.org/dc/terms/license")
_TYPES = {
    ".ttl": "text/turtle",
    ".md": "text/markdown",
    ".html": "text/html",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".txt": "text/plain",
    ".cff": "application/yaml",
}
# Under each heading of CHANGES.md; changes.json has everything.
_SHOWN = 50


@dataclass(frozen=True)
class ReleaseReport:
    """What a release did.

    :param folder: where it lies; None if the content has errors, and nothing was written
    :param findings: of the validation
    :param notes: one line for every part of the validation that was run or could not be
    :param files: how many files, and `size` their bytes
    """

    folder: Path | None
    findings: list[Finding]
    notes: list[str]
    files: int = 0
    size: int = 0


@dataclass
class _Draft:
    """The folder while it is filled."""

    folder: Path
    titles: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def put(self, path: str, data: bytes | str, title: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        self.note(path, title, _TYPES.get(target.suffix, "text/plain"))

    def note(self, path: str, title: str, media_type: str, packed: str = "") -> None:
        self.titles[path] = (title, media_type, packed)

    def files(self) -> list[ReleaseFile]:
        """All of them with size and checksum, sorted by path."""
        found = []
        for path, (title, media_type, packed) in sorted(self.titles.items()):
            data = (self.folder / path).read_bytes()
            part = path.split("/")[0] if "/" in path else ""
            found.append(ReleaseFile(path, title, part, media_type, packed, len(data), hashlib.sha256(data).hexdigest()))
        return found


def release(
    kg: KnowledgeGraph,
    folder: Path,
    date: str,
    *,
    previous: Path | str | None = None,
    formats: Sequence[str] = (),
    reasoner: bool = True,
    earl: Path | None = None,
) -> ReleaseReport:
    """Make a release of the files of `kg`; see `KnowledgeGraph.release`."""
    from oncoresist.mechanism.state import State

    _require_date(date)
    chosen = [find_format(name) for name in formats] or list(FORMATS.values())
    require_new_folder(folder, "the release")
    citation, licence = read_citation(kg.layout), licence_text(kg.layout)
    conformance = read_conformance(earl) if earl else None
    before, before_date = _previous(previous, date, kg)
    store, _ = build_in_memory(kg.content)
    findings, notes = kg.validate(reasoner=reasoner)
    if any(f.severity == "error" for f in findings):
        return ReleaseReport(None, findings, notes)
    changes = _changes(before, State.of(kg.content, store, f"release {date}"))
    which = Release(date, before_date, citation, _licence_of(store))
    _stamp(store, which)
    graph = type(kg)(kg.layout, engine=Embedded(store, kg.prefixes.namespaces))
    selected = Selected(store, Selection(), kg.content)
    with new_folder(folder, "the release") as place:
        draft = _Draft(place)
        draft.put("LICENSE", licence, "licence of code and content")
        draft.put("CITATION.cff", (kg.layout.root / "CITATION.cff").read_bytes(), "how to cite")
        _write_changes(draft, changes, graph, selected)
        dumps = [_write_format(draft, selected, format_) for format_ in chosen]
        _write_source(draft, graph)
        _write_questions(draft, graph)
        facts = _write_reports(draft, graph, which, findings, notes, conformance)
        full = [path for path, format_ in zip(dumps, chosen, strict=True) if format_.keeps != "part"]
        draft.put("void.ttl", _void(which, selected, full), "statistics, partitions and links (VoID)")
        draft.put("dcat.ttl", dcat(which, draft.files(), kg.prefixes), "files with sizes and checksums (DCAT 3)")
        facts = Facts(hash_of_lines(selected.quad_lines), len(selected.quad_lines), changes is not None, **facts)
        draft.put("README.md", readme(which, draft.files(), facts), "this file")
        files = draft.files()
        sums = "".join(f"{file.sha256}  {file.path}\n" for file in files)
        (place / SUMS).write_text(sums, encoding="utf-8")
    return ReleaseReport(folder, findings, notes, len(files) + 1, sum(file.size for file in files) + len(sums))


def _require_date(date: str) -> None:
    try:
        good = day.fromisoformat(date).isoformat() == date
    except ValueError:
        good = False
    if not good:
        raise UsageError(f'"{date}" is no date. Write it as YYYY-MM-DD, such as 2026-11-21.')


def _previous(place: Path | str | None, date: str, kg: KnowledgeGraph):
    """The state to compare with, and its date if it is a release."""
    from oncoresist.exchange.diff import read_state

    if place is None:
        return None, None
    before = release_date(Path(place))
    if before and before >= date:
        raise UsageError(
            f"{place}: this release is of {before}, which is not before {date}. Give an earlier one with --previous."
        )
    return read_state(place, kg), before


def _changes(before, after) -> Comparison | None:
    from oncoresist.mechanism.comparison import compare

    return compare(before, after) if before else None


def _licence_of(store: ox.Store) -> str:
    """The licence of the content, as the header of the ontology says."""
    found = next(store.quads_for_pattern(_ONTOLOGY, _LICENCE, None, LAYERS["ontology"]), None)
    if found is None:
        raise InputError("ontology/oncoresist.ttl", "the header of the ontology has no dcterms:license, which a release needs")
    return found.object.value


def _stamp(store: ox.Store, which: Release) -> None:
    """Give the ontology its version IRI: at release only, so the sources need no edit for it."""
    said = {"versionIRI": which.version_iri}
    if which.previous:
        said["priorVersion"] = version_iri(which.previous)
    for name, iri in said.items():
        for graph in (ox.DefaultGraph(), LAYERS["ontology"]):
            store.add(ox.Quad(_ONTOLOGY, ox.NamedNode(_OWL + name), ox.NamedNode(iri), graph))


def _write_changes(draft: _Draft, changes: Comparison | None, kg: KnowledgeGraph, selected: Selected) -> None:
    from oncoresist.mechanism.state import KINDS

    title = "what changed since the release before"
    if changes is None:
        subjects = {q.subject.value for q in selected.by_layer["evidence"]}
        of = {kind: sum(iri.startswith(namespace) for iri in subjects) for kind, namespace in KINDS.items()}
        rows = "".join(f"| {kind} | {number:,} |\n" for kind, number in of.items())
        text = "# First release\n\nThere is no release before this one to compare with. It holds:\n\n"
        draft.put("CHANGES.md", f"{text}| kind of record | number |\n|---|---:|\n{rows}", title)
        return
    from oncoresist.mechanism.report import of_comparison
    from oncoresist.render_comparison import markdown

    text = markdown(of_comparison(changes, kg.prefixes.curie), _SHOWN).replace("## ", "# ", 1)
    draft.put("CHANGES.md", text, title + ": claims, terms, edges, and the answers that changed because of which claims")
    data = json.dumps(changes.to_dict(), ensure_ascii=False, indent=1, default=sorted)
    draft.put("changes.json", data + "\n", "the same for programs, and without a limit")


def _write_format(draft: _Draft, selected: Selected, format_: Format) -> str:
    """One file a format: what stores load is gzipped, what programs open by hand is not, a folder becomes a zip."""
    data = draft.folder / "data"
    data.mkdir(exist_ok=True)
    if format_.is_folder:
        name, packed = f"oncoresist-{format_.name}.zip", "application/zip"
        folder = data / format_.name
        export(selected, format_, folder)
        write_zip(data / name, files_of(folder, under=f"{format_.name}/"))
        shutil.rmtree(folder)
    else:
        alone = sum(other.extension == format_.extension for other in FORMATS.values()) == 1
        stem = "oncoresist" if alone else f"oncoresist-{format_.name}"
        packed = "" if format_.keeps == "part" else "application/gzip"
        name = f"{stem}.{format_.extension}" + (".gz" if packed else "")
        if ledger := export(selected, format_, data / name).ledger:
            draft.note(f"data/{ledger.name}", f"{format_.name}: what is lost, counted", "application/json")
    draft.note(f"data/{name}", f"{format_.name}: {format_.kept}", format_.media_type, packed)
    return f"data/{name}"


def _write_source(draft: _Draft, kg: KnowledgeGraph) -> None:
    layout, files = kg.layout, {}
    for folder in (layout.ontology, layout.graph, layout.queries):
        files |= files_of(folder, under=f"{folder.name}/")
    for name in ("LICENSE", "CITATION.cff"):
        files[name] = (layout.root / name).read_bytes()
    (draft.folder / "data").mkdir(exist_ok=True)
    write_zip(draft.folder / SOURCE, files)
    draft.note(SOURCE, "source: ontology/, graph/ and queries/ as curated", "text/turtle", "application/zip")


def _write_questions(draft: _Draft, kg: KnowledgeGraph) -> None:
    folder = draft.folder / "questions"
    kg.catalogue(folder)
    about = {"sib": "the questions as sh:SPARQLExecutable", "manifest": "W3C test manifest: questions, answers, data"}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            write_zip(folder / f"{path.name}.zip", files_of(path, under=f"{path.name}/"))
            shutil.rmtree(path)
            draft.note(f"questions/{path.name}.zip", about.get(path.name, path.name), "text/turtle", "application/zip")
        else:
            draft.note(f"questions/{path.name}", "saved questions and their answers, to read", _TYPES[path.suffix])


def _write_reports(draft: _Draft, kg, which: Release, findings, notes, conformance: Conformance | None) -> dict:
    """Writes them; returns what the README says of them."""
    draft.put("reports/validation.txt", validation_text(findings, notes), "what `oncoresist validate` found")
    graph = validation_graph(findings, which.iri, kg.content)
    draft.put("reports/validation.ttl", graph, "the same as a SHACL validation report")
    for name, text in counts(kg).items():
        title = "all counts, to read" if name.endswith(".md") else _summary(kg, name.removesuffix(".tsv"))
        draft.put(f"reports/{name}", text, title)
    score, measured = kg.layout.queries / "reports" / "mutation-score.md", None
    if score.is_file():
        text = score.read_text(encoding="utf-8")
        draft.put("reports/mutation-score.md", text, "how many faults put into the graph are found")
        measured = kg.content.fingerprint[:16] in text
    if conformance:
        draft.put("reports/conformance.ttl", conformance.data, "engines x questions (EARL)")
    return {
        "warnings": len(findings),
        "validation": tuple(notes),
        "mutation_is_of_this_content": measured,
        "conformance": conformance.outcomes if conformance else None,
    }


def _summary(kg: KnowledgeGraph, report_id: str) -> str:
    """The question that a report answers."""
    return next(report.summary for report in kg.reports() if report.id == report_id)


def _void(which: Release, selected: Selected, dumps: list[str]) -> str:
    triples = list(selected.triples())
    stated = {
        quad.object.value
        for layer in ("ontology", "evidence", "mappings", "mechanism")
        for quad in selected.by_layer[layer]
        if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
    }
    links: Counter[tuple[str, str]] = Counter()
    for triple in triples:
        predicate = triple.predicate.value
        if predicate.startswith(SKOS) and predicate.endswith("Match") and isinstance(triple.object, ox.NamedNode):
            prefix = selected.prefixes.curie(triple.object.value).partition(":")[0]
            if prefix in selected.prefixes.namespaces and not triple.object.value.startswith(BASE):
                links[prefix, predicate] += 1
    ours = {t.subject for t in triples if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(BASE)}
    layers = {layer: count(quads) for layer, quads in selected.by_layer.items()}
    return void(which, count(triples, stated), layers, dict(sorted(links.items())), len(ours), dumps, selected.prefixes)
