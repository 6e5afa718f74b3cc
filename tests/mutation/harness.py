"""What the gate says of a graph with one fault, minus what it says of the graph as it is.

The rules and the seal of the second reading are told apart: the seal notices any change of a claim, right or wrong.

`narrow` judges the records a fault touches with what stands around them, which takes a second where the whole graph takes
half a minute; `whole` runs `oncoresist.validate` itself. A test shows that both say the same.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import rdflib

from oncoresist.checks import read_checks, run_check
from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive
from oncoresist.engines import Embedded
from oncoresist.findings import Finding
from oncoresist.namespaces import RDF_TYPE
from oncoresist.review import states
from oncoresist.shapes import _finding, shapes_graphs, to_rdflib
from oncoresist.validate import validate
from tests.mutation.faults import KINDS, Mutation
from tests.mutation.graph import ALT_LABEL, IS_PART_OF, LABEL, Graph, is_ours, onr, sssom, store_of

# Of the content the ontology alone is judged by these, and no fault touches it.
_OF_THE_ONTOLOGY = "ontology-"
_SECTION = onr("section")
_PARTS = [onr(name) for name in ("hasStep", "hasEvidence", "statedAt", "explains", "restates", "inheritedFrom")]


@dataclass(frozen=True, order=True)
class Verdict:
    """What the gate says of one fault.

    :param errors: rules that tell of an error, sorted
    :param warnings: rules that only warn, sorted
    :param seal: the seal of a claim is broken, whatever the rules say
    """

    kind: str
    description: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    not_run: str = ""
    seal: bool = False

    @property
    def outcome(self) -> str:
        """What the rules say, the seal left out: ``error``, ``warning``, ``missed`` or ``not run``."""
        if self.errors or self.warnings:
            return "error" if self.errors else "warning"
        return "not run" if self.not_run else "missed"


class Gate:
    """The checks and shapes, ready to judge one fault after the other."""

    def __init__(self, graph: Graph, audit=None) -> None:
        self.graph, self.content, self.audit = graph, graph.content, audit
        self._checks = [check for check in read_checks(self.content) if not check.id.startswith(_OF_THE_ONTOLOGY)]
        shapes = zip(shapes_graphs(self.content), self.content.shape_files, strict=True)
        self._shapes = [part for part, path in shapes if path.stem != "meta"]  # that one judges the ontology

    @cached_property
    def key(self) -> str:
        """Another one if content, checks or shapes are others, or if texts are audited."""
        rules = [*(check.path for check in self._checks), *self.content.shape_files]
        parts = [self.content.fingerprint, str(bool(self.audit)), *(path.read_text(encoding="utf-8") for path in rules)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def judge(self, mutation: Mutation) -> Verdict:
        """What the gate says of `mutation`."""
        if mutation.refused:
            return Verdict(mutation.kind, mutation.description, ("read",))
        found = self.narrow(mutation)
        not_run = ""
        if self.audit is not None:
            found |= self.audit(mutation)
        elif mutation.needs_text:
            not_run = "no text was given"
        rules = {severity: {f.rule for f in found if f.severity == severity} for severity in ("error", "warning")}
        errors, warnings = sorted(rules["error"]), sorted(rules["warning"])
        seal = self.seal_is_broken(mutation)
        return Verdict(mutation.kind, mutation.description, tuple(errors), tuple(warnings), not_run, seal)

    def seal_is_broken(self, mutation: Mutation) -> bool:
        """Whether a claim is not what it was when it was read a second time."""
        evidence, layer = self._evidence, LAYERS["evidence"]
        removed = [quad for t in mutation.removed if (quad := ox.Quad(*t, layer)) in evidence]
        added = [quad for t in mutation.added if (quad := ox.Quad(*t, layer)) not in evidence]
        for quad in removed:
            evidence.remove(quad)
        evidence.extend(added)
        broken = "changed" in states(evidence).values()
        for quad in added:
            evidence.remove(quad)
        evidence.extend(removed)
        return broken

    @cached_property
    def _evidence(self) -> ox.Store:
        store = ox.Store()
        store.extend(ox.Quad(*t, LAYERS["evidence"]) for t in self.graph.data)
        return store

    def narrow(self, mutation: Mutation) -> set[Finding]:
        """New findings in the records around the fault."""
        core, around = self._neighbourhood(mutation)
        before = {t for subject in core | around for t in self.graph.of_subject.get(subject, ())}
        after = (before - set(mutation.removed)) | set(mutation.added)
        core |= {t.subject for t in mutation.added}
        # The slowest check looks at nothing but the classes of entities.
        skip = set() if any(t.predicate == RDF_TYPE for t in mutation.added) else {"wrong-kind"}
        typed = {t.object for t in before | after if t.subject in core and is_ours(t.object)}
        found = self._findings(after, core, typed, skip)
        return found - self._findings(before, core, typed, skip) if found else found

    def _findings(self, triples: set[ox.Triple], core: set, typed: set, skip: set[str]) -> set[Finding]:
        store = store_of(self.graph.ontology, triples)
        found = self._shape_findings(store, triples, core, typed)
        derive(store, self.content)
        engine = Embedded(store, self.content.prefixes.namespaces)
        for check in (check for check in self._checks if check.id not in skip):
            found |= set(run_check(check, engine, self.content))
        return found

    def _shape_findings(self, store: ox.Store, triples: set[ox.Triple], core: set, typed: set) -> set[Finding]:
        """Of the records that are not `core` the shapes see the classes only, so what they say of those is left out."""
        import pyshacl

        values = {t.object for t in triples if t.subject in core} & self._value_names
        named = core | typed | values
        whole = core | values
        types = [t for t in triples if t.predicate == RDF_TYPE and t.subject in typed]
        closed = [t for t in store.query(self.graph.class_closure_query) if t.subject in named]
        parts = [t for part in (triples, self._values) for t in part if t.subject in whole]
        data = to_rdflib([*parts, *types, *closed])
        how = {"inference": "none", "advanced": False, "meta_shacl": False, "inplace": True}
        told = {rdflib.URIRef(term.value) for term in core | values}
        reports = [pyshacl.validate(data, shacl_graph=shapes, **how)[1] for shapes in self._shapes]
        return {
            _finding(report, result, self.content)
            for report in reports
            for result in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
            if report.value(result, rdflib.SH.focusNode) in told
        }

    @cached_property
    def _values(self) -> list[ox.Triple]:
        return [t for t in self.graph.ontology if t.subject in self._value_names]

    @cached_property
    def _value_names(self) -> set:
        """The values of the closed lists, relations among them, which the shapes look up."""
        lists = {cls for cls, above in self.graph.superclasses.items() if onr("ControlledValue") in above}
        return {t.subject for t in self.graph.ontology if t.predicate == RDF_TYPE and t.object in lists}

    def _neighbourhood(self, mutation: Mutation) -> tuple[set, set]:
        """Records a fault may have made wrong, and others that the rules need in order to judge those."""
        graph = self.graph
        changed = [*mutation.removed, *mutation.added]
        touched = {t.subject for t in changed}
        core = set(touched)
        for subject in touched:
            if is_ours(subject, "entity/"):  # its class, label or sign may matter to all that use it
                core |= {t.subject for t in graph.of_object.get(subject, ()) if is_ours(t.subject)}
        core |= {claim for subject in list(core) if (claim := graph.claim_of(subject))}
        passages = {p for record in core for p in [record, graph.value(record, onr("statedAt"))] if p in self._passages}
        passages |= {t.object for t in changed if t.predicate == onr("statedAt") and t.object in self._passages}
        core |= passages | {claim for passage in passages for claim in graph.claims_of(passage)}
        claims = {c for c in core if is_ours(c, "claim/")}
        core |= {
            part for claim in claims for part in [*graph.values(claim, onr("hasStep")), *graph.values(claim, onr("hasEvidence"))]
        }

        around = set()
        for record in core:
            around |= {t.object for t in graph.of_subject.get(record, ()) if is_ours(t.object)}
        around |= {t.object for t in changed if is_ours(t.object)}
        for passage in passages:  # the paragraph, the heading, and what inherits a reference from here
            around |= self._same_section(passage)
            for pointer in graph.of_object.get(passage, ()):
                around.add(pointer.subject)
                if claim := graph.claim_of(pointer.subject):
                    around |= {claim, *graph.values(claim, onr("hasStep")), *graph.values(claim, onr("hasEvidence"))}
        for t in changed:  # whoever else has the value: duplicates, shared matches, last uses
            if t.predicate != RDF_TYPE and not _names_something(t.object):
                continue
            others = [x.subject for x in graph.of_object.get(t.object, ())]
            around |= set(others[:5]) if t.predicate == RDF_TYPE else set(others[:200])
        mapped = {e for e in touched if is_ours(e, "entity/")} | {t.object for t in changed if t.predicate == sssom("subject_id")}
        for entity in mapped:
            around |= set(graph.subjects(sssom("subject_id"), entity))
            if t.predicate == LABEL:
                around |= self._named.get(t.object.value.lower(), set())
        around |= {claim for record in list(around) if (claim := graph.claim_of(record))}
        around |= {t.object for record in around for t in graph.of_subject.get(record, ()) if is_ours(t.object, "entity/")}
        queue = [e for e in around | core if is_ours(e, "entity/")]
        while queue:  # kinds, families, components
            more = {t.object for t in graph.of_subject.get(queue.pop(), ()) if is_ours(t.object, "entity/")} - around
            around |= more
            queue += more
        return core, {a for a in around if isinstance(a, ox.NamedNode)}

    @cached_property
    def _passages(self) -> set:
        return set(self.graph.all("Passage"))

    @cached_property
    def _named(self) -> dict[str, set]:
        """Entities by label or synonym, whatever the case."""
        found: dict[str, set] = {}
        for entity in self.graph.all("Entity"):
            for name in [*self.graph.values(entity, LABEL), *self.graph.values(entity, ALT_LABEL)]:
                found.setdefault(name.value.lower(), set()).add(entity)
        return found

    def _same_section(self, passage) -> set:
        sections, source = self.graph.values(passage, _SECTION), self.graph.values(passage, IS_PART_OF)
        return {p for s in sections for p in self.graph.subjects(_SECTION, s) if self.graph.values(p, IS_PART_OF) == source}


class Mutant(Content):
    """Content with one fault, for the whole of `oncoresist.validate`; the files stay as they are."""

    mutation: Mutation | None = None

    def triples(self, layer: str) -> Iterator[ox.Quad]:
        removed = set(self.mutation.removed) if self.mutation else set()
        yield from (t for t in super().triples(layer) if ox.Triple(t.subject, t.predicate, t.object) not in removed)
        if layer == "evidence" and self.mutation:
            yield from self.mutation.added


def whole(content: Content, mutation: Mutation | None) -> set[Finding]:
    """What `oncoresist.validate` says of the whole graph with the fault (HermiT left out)."""
    return set(validate(_mutant(content, mutation), [], reasoner=False)[0])


def draw(graph: Graph, *, seed: int, per_kind: int, kinds: Iterable[str] = ()) -> list[Mutation]:
    """Faults of each kind, always the same for the same seed and graph. No fault is drawn twice."""
    drawn = []
    for name in kinds or KINDS:
        rng = random.Random(f"{seed} {name}")
        found: dict[tuple, Mutation] = {}
        for _ in range(per_kind * 60):
            if len(found) == per_kind:
                break
            mutation = KINDS[name].inject(graph, rng)
            if mutation and (mutation.removed or mutation.added):
                found.setdefault((mutation.removed, mutation.added, mutation.refused, mutation.description), mutation)
        drawn += found.values()
    return drawn


def _names_something(term) -> bool:
    """Whether two records with this value may be one: not so of numbers and of the closed lists."""
    if isinstance(term, ox.Literal):
        return not term.value.isdigit()
    return not term.value.startswith(onr("").value)


@dataclass
class Score:
    """Verdicts by kind."""

    verdicts: list[Verdict] = field(default_factory=list)

    def kinds(self) -> list[str]:
        return [name for name in KINDS if any(v.kind == name for v in self.verdicts)]

    def of(self, *kinds: str) -> list[Verdict]:
        return [v for v in self.verdicts if v.kind in kinds]

    def counts(self, *kinds: str) -> Counter:
        return Counter(v.outcome for v in self.of(*kinds))

    def share(self, *kinds: str, seal: bool = False) -> float:
        """Share caught of those that were run: by rules, by error or warning, or (`seal`) by these or the seal."""
        run = [v for v in self.of(*kinds) if v.outcome != "not run"]
        caught = [v for v in run if v.outcome != "missed" or (seal and v.seal)]
        return len(caught) / len(run) if run else float("nan")

    def rules(self, kind: str, most: int = 3) -> list[str]:
        """The rules that caught most of a kind."""
        counts = Counter(rule for v in self.of(kind) for rule in (v.errors or v.warnings))
        return [rule for rule, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]]


_GATE: list[Gate] = []


def _judge(mutation_number: int) -> Verdict:
    return _GATE[0].judge(_DRAWN[mutation_number])


_DRAWN: list[Mutation] = []


def run(gate: Gate, mutations: list[Mutation], *, processes: int = 2, kept: Path | None = None) -> Score:
    """Judge all faults, in several processes where the system can fork.

    :param kept: verdicts go there as they come, and those that this gate gave before are not asked for again
    """
    verdicts = _read_kept(kept, gate) if kept else {}
    _GATE[:], _DRAWN[:] = [gate], [m for m in mutations if (m.kind, m.description) not in verdicts]
    with ExitStack() as stack:
        told = map(_judge, range(len(_DRAWN)))
        if processes > 1 and "fork" in multiprocessing.get_all_start_methods():
            pool = stack.enter_context(multiprocessing.get_context("fork").Pool(min(processes, os.cpu_count() or 1)))
            told = pool.imap_unordered(_judge, range(len(_DRAWN)))
        out = stack.enter_context(kept.open("a", encoding="utf-8")) if kept else None
        for verdict in told:
            verdicts[verdict.kind, verdict.description] = verdict
            if out:
                out.write(json.dumps({"gate": gate.key, **asdict(verdict)}) + "\n")
                out.flush()
    return Score([verdicts[m.kind, m.description] for m in mutations])


def _read_kept(path: Path, gate: Gate) -> dict[tuple[str, str], Verdict]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    verdicts = {}
    for cells in map(json.loads, lines):
        if cells.pop("gate") == gate.key:
            lists = {name: tuple(cells[name]) for name in ("errors", "warnings")}
            verdicts[cells["kind"], cells["description"]] = Verdict(**cells | lists)
    return verdicts


def open_gate(content: Content, text: list[Path] | None = None) -> Gate:
    """The gate for some content; with the source text, `oncoresist audit` too."""
    return Gate(Graph(content), _audit(content, text) if text else None)


def _audit(content: Content, texts: list[Path]):
    """`oncoresist audit` on a mutant: what it says that it does not say of the content as it is."""
    from oncoresist.audit import audit

    usual = set(audit(content, texts)[0])

    def judge(mutation: Mutation) -> set[Finding]:
        folders = ("entity/", "evidence/", "passage/")  # what it reads besides the links between them
        if not any(is_ours(t.subject, folder) for t in (*mutation.removed, *mutation.added) for folder in folders):
            return set()
        return set(audit(_mutant(content, mutation), texts)[0]) - usual

    return judge


def _mutant(content: Content, mutation: Mutation | None) -> Mutant:
    mutant = Mutant(content.layout)
    mutant.__dict__["mutation"] = mutation
    mutant.__dict__["places"] = content.places
    return mutant


__all__ = ["Gate", "Mutant", "Score", "Verdict", "draw", "open_gate", "run", "whole"]
