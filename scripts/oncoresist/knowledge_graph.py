"""The one object users hold: open it, ask it, check it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from oncoresist import saved_query
from oncoresist.content import Content
from oncoresist.engines import Embedded, Endpoint, Engine
from oncoresist.findings import Finding
from oncoresist.names import Names
from oncoresist.namespaces import Prefixes
from oncoresist.paths import Layout, find_layout
from oncoresist.results import Answer
from oncoresist.saved_query import SavedQuery
from oncoresist.store import BuildReport, build, open_store


class KnowledgeGraph:
    """The graph, its saved questions and its checks.

    Every method has a command of the same name: ``kg.ask(...)`` is ``oncoresist ask ...``.

    >>> kg = KnowledgeGraph.open()
    >>> answer = kg.ask("resistance-mechanisms", drug="cisplatin")
    >>> "claim" in answer.variables
    True
    """

    def __init__(self, layout: Layout, engine: Engine | None = None, announce: Callable[[], None] | None = None) -> None:
        self.layout = layout
        self.content = Content(layout)
        self._given_engine, self._announce = engine, announce

    @classmethod
    def open(
        cls, root: Path | str | None = None, *, endpoint: str | None = None, announce: Callable[[], None] | None = None
    ) -> KnowledgeGraph:
        """Open the graph; its store is built on first use if it is missing or out of date.

        :param root: folder with ontology/, graph/ and queries/; by default the copy this package came with
        :param endpoint: URL of a SPARQL endpoint to ask instead of the embedded store
        :param announce: called once if the store must be built first
        :raises UsageError: there is no content in `root`
        """
        kg = cls(find_layout(root), announce=announce)
        if endpoint:
            kg._given_engine = Endpoint(endpoint, kg.prefixes.namespaces)
        return kg

    @property
    def prefixes(self) -> Prefixes:
        """The prefix table."""
        return self.content.prefixes

    @cached_property
    def engine(self) -> Engine:
        """Where queries run.

        :raises InputError: a file of the content cannot be read
        :raises NotWritableError: the store must be built and there is no place for it
        """
        if self._given_engine:
            return self._given_engine
        return Embedded(open_store(self.content, self.layout.store(), self._announce), self.prefixes.namespaces)

    @cached_property
    def names(self) -> Names:
        """Finds things by label, synonym, CURIE or IRI."""
        return Names(self.engine, self.prefixes)

    def questions(self) -> list[SavedQuery]:
        """All saved questions, by id."""
        files = saved_query.list_saved_queries(self.layout, "questions")
        return [saved_query.read_saved_query(path, self.layout) for path in files.values()]

    def question(self, question_id: str) -> SavedQuery:
        """One saved question.

        :raises UnknownNameError: there is none of that id
        """
        return saved_query.find_saved_query(self.layout, "questions", question_id)

    def ask(self, question_id: str, **parameters: str | None) -> Answer:
        """Answer a saved question.

        :param parameters: label, synonym, CURIE or IRI for each parameter of the question
        :raises UnknownNameError: no such question, parameter or entity; the nearest are named
        :raises UsageError: a parameter is missing or of the wrong kind

        >>> len(KnowledgeGraph.open().ask("unmapped-entities")) >= 0
        True
        """
        return self._run(self.question(question_id), parameters)

    def sparql(self, question_id: str, **parameters: str | None) -> str:
        """The SPARQL 1.1 that `ask` would run, parameters bound: it gives the same rows on any engine that holds the graph.

        :raises UnknownNameError: no such question, parameter or entity; the nearest are named
        :raises UsageError: a parameter is missing or of the wrong kind

        >>> "VALUES ?cell {" in KnowledgeGraph.open().sparql("drugs-by-cell", cell="CAF")
        True
        """
        question = self.question(question_id)
        return question.bound(self._bound(question, parameters))

    def reports(self) -> list[SavedQuery]:
        """All reports on the content, by id."""
        files = saved_query.list_saved_queries(self.layout, "reports")
        return [saved_query.read_saved_query(path, self.layout) for path in files.values()]

    def report(self, report_id: str) -> Answer:
        """One report on the content: coverage, exclusions, claims and evidence by kind.

        :raises UnknownNameError: there is none of that id
        """
        return self._run(saved_query.find_saved_query(self.layout, "reports", report_id), {})

    def _run(self, question: SavedQuery, parameters: dict[str, str | None]) -> Answer:
        iris = self._bound(question, parameters)
        results = self.engine.query(question.bound(iris), self.layout.relative(question.path))
        return self._answer(results, columns=question.columns, per=question.per, title=question.summary, given=frozenset(iris))

    def query(self, text: str, *, shown_as: str = "query") -> Answer:
        """Run any SPARQL query; prefixes of the table need not be declared.

        :raises QueryError: it does not parse (with line and column), or would write

        >>> KnowledgeGraph.open().query("ASK { ent:cisplatin a onr:PlatinumAgent }").boolean
        True
        """
        return self._answer(self.engine.query(text, shown_as))

    def show(self, name: str):
        """One entity, claim or publication with what the graph says about it.

        :param name: label, synonym, CURIE or IRI
        :returns: an `oncoresist.record.Record`
        :raises UnknownNameError: nothing is called so

        >>> KnowledgeGraph.open().show("CDDP").label
        'cisplatin'
        """
        from oncoresist.record import describe

        return describe(self.names.anything(name), self.engine, self.names, self.prefixes)

    def what_if(self, *references: str, questions: bool = True):
        """What falls, weakens or changes sign if papers are not to be trusted.

        :param references: author and year, DOI, PMID, CURIE or IRI of each
        :param questions: also compare the answers of the saved questions
        :returns: an `oncoresist.mechanism.what_if.WhatIf`
        :raises UnknownNameError: no such publication; the nearest are named

        >>> [claim.label for claim in KnowledgeGraph.open().what_if("Misri 2022", questions=False).fallen][:1]
        ['Cannabidiol sends cisplatin-resistant lung cancer cells into ...']
        """
        from oncoresist.mechanism.what_if import what_if

        return what_if(self.state, [self.names.publication(name) for name in references], self.content, questions=questions)

    @cached_property
    def state(self):
        """The graph as it is, laid out for comparing: an `oncoresist.mechanism.state.State`."""
        from oncoresist.mechanism.state import State, in_memory
        from oncoresist.store import build_in_memory

        built = in_memory(self.engine.store) if isinstance(self.engine, Embedded) else build_in_memory(self.content)[0]
        return State.of(self.content, built, "the graph as it is")

    def diff(self, old: Path | str, new: Path | str | None = None, *, questions: bool = True):
        """What changed between two states of the graph: claims, terms, mappings, edges, answers and why.

        :param old: a folder with content, a git revision of this checkout, or a file of N-Quads or TriG
        :param new: likewise; by default the graph as it is
        :param questions: also compare the answers of the saved questions
        :returns: an `oncoresist.mechanism.comparison.Comparison`
        :raises UsageError: no such revision, or no content there
        :raises InputError: a file cannot be read

        >>> kg = KnowledgeGraph.open()
        >>> bool(kg.diff(kg.layout.root, questions=False))
        False
        """
        from oncoresist.exchange.diff import diff

        return diff(self, old, new, questions=questions)

    def paths(
        self,
        source: str,
        target: str,
        *,
        max_steps: int = 6,
        min_grade: str | None = None,
        cancer: str | None = None,
        limit: int = 20,
    ):
        """Signed causal paths from one entity to another, the most credible first, with the claims behind every hop.

        :param source: label, synonym, CURIE or IRI; its kinds and members count as it
        :param target: likewise; what is said of a class of treatments counts for the treatment, and is labelled
        :param max_steps: hops that rest on evidence, 1 to 12
        :param min_grade: worst evidence grade of any hop, A to E
        :param cancer: leave out claims about other cancers; those that state none, or a kind of it, stay
        :param limit: how many paths at most
        :returns: an `oncoresist.mechanism.path_answer.PathAnswer`
        :raises UnknownNameError: nothing is called so; the nearest names are suggested
        :raises UsageError: a number or grade out of range

        >>> best = KnowledgeGraph.open().paths("MSC", "doxorubicin").paths[0]
        >>> best.net, best.stitched
        (1, False)
        """
        from oncoresist.mechanism.path_answer import answer_paths

        ends = self.names.entity(source), self.names.entity(target)
        where = self.names.entity(cancer, "onr:Disease") if cancer else None
        options = {"max_steps": max_steps, "min_grade": min_grade, "cancer": where, "limit": limit}
        return answer_paths(self._network, self.engine, self.prefixes.curie, *ends, **options)

    def meet(self, one: str, other: str, target: str, *, max_steps: int = 6, limit: int = 10):
        """Where two stories about one target meet: what the paths from both sources pass, and whether a source says so.

        :param one: label, synonym, CURIE or IRI of the one source, `other` of the other; kinds and members count as it
        :returns: an `oncoresist.mechanism.meet.MeetAnswer`
        :raises UnknownNameError: nothing is called so; the nearest names are suggested

        >>> KnowledgeGraph.open().meet("CAF", "ORAI3", "cisplatin").meetings[0].stitched
        True
        """
        from oncoresist.mechanism.meet import MeetAnswer, find_meetings

        ends = tuple(self.names.entity(name) for name in (one, other, target))
        meetings = find_meetings(self._network, *ends, max_steps=max_steps)
        return MeetAnswer(self._network, *ends, tuple(meetings[:limit]), self.prefixes.curie)

    @cached_property
    def _network(self):
        """The mechanism layer in memory, read once."""
        from oncoresist.mechanism.edges import load_network

        return load_network(self.engine, self.names)

    def validate(self, files: Sequence[Path | str] = (), *, reasoner: bool = True) -> tuple[list[Finding], list[str]]:
        """Check the content: shapes, checks, laws over files, and (with Java) consistency under HermiT.

        :param files: only tell about these files; drafts from outside the content are read along with it
        :param reasoner: False leaves HermiT out
        :returns: findings, and one line for every part that was run or could not be
        :raises InputError: a file cannot be read
        """
        from oncoresist.validate import validate

        return validate(self.content, [Path(f) for f in files], reasoner=reasoner)

    def audit(self, texts: Sequence[Path | str]) -> tuple[list[Finding], list[str]]:
        """Compare the graph with the texts it was read from: digests, mentions, references, hedging words, nothing left out.

        :param texts: tab-separated files; graph/README.md, section 8, says which columns
        :returns: findings, and a line that says how much was compared
        :raises UsageError: not one row belongs to a passage of the graph
        :raises InputError: a file cannot be read
        """
        from oncoresist.audit import audit

        return audit(self.content, [Path(text) for text in texts])

    def format(self, paths: Sequence[Path | str] = (), *, check: bool = False) -> list[Path]:
        """Rewrite Turtle of the evidence layer in canonical form.

        :param paths: files or folders; by default ``graph/``
        :param check: change nothing
        :returns: the files that were (or would be) changed
        :raises InputError: a file cannot be read; the others are still formatted
        """
        from oncoresist.format import format_files

        return format_files(self.content, [Path(p) for p in paths] or [self.layout.graph], check=check)

    def catalogue(self, folder: Path | str, formats: Sequence[str] = (), *, target: str | None = None) -> list[Path]:
        """Write the saved questions with their answers: a page, SIB examples, a W3C test manifest with the data.

        :param folder: is made if need be
        :param formats: some of ``html``, ``markdown``, ``sib``, ``manifest``; by default all
        :param target: URL of the endpoint the SIB examples are for; by default that of ``oncoresist serve``
        :returns: what was written
        :raises UsageError: no such format, or the folder cannot be written

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in KnowledgeGraph.open().catalogue(folder, ["html"])]
        ['catalogue.html']
        """
        from oncoresist.catalogue.write import TARGET, write_catalogue

        return write_catalogue(self, Path(folder), formats, target or TARGET)

    def build(self, *, force: bool = False) -> BuildReport:
        """Bring the embedded store up to date; does nothing if no file changed.

        :raises InputError: content cannot be read; the old store stays
        :raises NotWritableError: no permission or no space; the old store stays
        """
        return build(self.content, self.layout.store(), force=force, announce=self._announce)

    def export(
        self,
        format: str,
        output: Path | str | BinaryIO,
        *,
        layers: Sequence[str] | str = (),
        source: Sequence[str] | str = (),
        drug: Sequence[str] | str = (),
    ):
        """Write the graph, or a part of it, for use elsewhere.

        :param format: a name or file extension of `oncoresist.exchange.formats.FORMATS`
        :param output: a file (``.gz`` and ``.zst`` are compressed), a folder, or a binary stream
        :param layers: only these of ontology, evidence, mappings, inferred, mechanism
        :param source: only claims of these sources, such as ``tme2019``, with all they need to be read
        :param drug: only claims about these drugs or kinds of them, with all they need to be read
        :returns: an `oncoresist.exchange.export.ExportReport`
        :raises UnknownNameError: no such format, layer, source or drug
        :raises NotWritableError: the target cannot be written; it is as it was before

        >>> import io
        >>> file = io.BytesIO()
        >>> report = KnowledgeGraph.open().export("nquads", file, layers="mechanism", drug="cisplatin")
        >>> report.triples == report.kept == len(file.getvalue().splitlines())
        True
        """
        from oncoresist.exchange.export import export
        from oncoresist.exchange.formats import find_format
        from oncoresist.exchange.selection import Selected, Selection

        found = find_format(format)
        layers, source, drug = ([names] if isinstance(names, str) else names for names in (layers, source, drug))
        drugs = [self.names.entity(name, "onr:Treatment") for name in drug]
        selection = Selection.of(layers, source, drugs, self.content)
        selected = Selected(self._store, selection, self.content)
        return export(selected, found, Path(output) if isinstance(output, str) else output)

    def prove(self, *what: str):
        """Why the graph holds what it derived: claims, passages, references, and the rules that lead from them there.

        :param what: CURIEs or IRIs of derived records (edges, drug mechanisms, conflicts), or the names of two entities for
            all edges from the first to the second
        :returns: an `oncoresist.mechanism.proof.Proof`
        :raises UnknownNameError: nothing is called so
        :raises UsageError: nothing derived leads from the one to the other

        >>> proof = KnowledgeGraph.open().prove("IL6", "STAT3")
        >>> proof.words[0]
        'Derived'
        """
        from oncoresist.mechanism.prove import prove_derived, records_to_prove

        return prove_derived(records_to_prove(what, self.names, self.prefixes, self._store), self._store, self.content)

    def prove_path(self, edges: Sequence[str]):
        """Why a path holds: the proof of its hops, and that each begins where the one before ends.

        :param edges: CURIEs or IRIs of derived edges, in order
        :raises UnknownNameError: one is no derived record
        :raises UsageError: they do not join
        """
        from oncoresist.mechanism.prove import prove_derived

        return prove_derived([self.prefixes.iri(edge) for edge in edges], self._store, self.content, as_path=True)

    def prove_answer(self, question_id: str, number: int = 1, **parameters: str | None):
        """Why one answer to a saved question is given: the records that make it, and the rules that were used.

        :param number: which answer, counted from 1 as `ask` shows them; rows about the same claim are one answer
        :param parameters: as for `ask`
        :raises UnknownNameError: no such question, parameter or entity
        :raises UsageError: there are not so many answers

        >>> KnowledgeGraph.open().prove_answer("drugs-by-cell", 1, cell="fibroblast").scope
        'premises'
        """
        from oncoresist.mechanism.prove import answer_rows, prove_rows

        question = self.question(question_id)
        iris = self._bound(question, parameters)
        rows = answer_rows(question, iris, number, self._store, self.content)
        return prove_rows(question, iris, rows, self._store, self.content)

    def verify(self, path: Path | str):
        """Check a proof file line by line against the graph.

        :returns: an `oncoresist.mechanism.verify.Verification`
        :raises InputError: it cannot be read, or is no proof
        """
        from oncoresist.mechanism.proof import read_proof
        from oncoresist.mechanism.verify import verify

        return verify(read_proof(Path(path)), self._store, self.content)

    @cached_property
    def _store(self):
        """The embedded store, also when questions go to an endpoint: a proof rests on the files, and an export is of them."""
        engine = self.engine
        return engine.store if isinstance(engine, Embedded) else open_store(self.content, self.layout.store(), self._announce)

    def _bound(self, question: SavedQuery, parameters: dict[str, str | None]) -> dict[str, list[str]]:
        values = saved_query.bind_parameters(question, parameters)
        return {name: [self._resolve(question, name, value)] for name, value in values.items()}

    def _resolve(self, question: SavedQuery, parameter: str, value: str) -> str:
        spec = question.params[parameter]
        if spec.type == "entity":
            return self.names.entity(value, spec.of_class)
        return self.names.record(value, spec.of_class)

    def _answer(self, results, **more) -> Answer:
        answer = Answer.from_results(results, **more)
        return replace(answer, labels=self.names.labels(answer.iris()))
