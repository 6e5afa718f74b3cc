"""The one object users hold: open it, ask it, check it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

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
        values = saved_query.bind_parameters(question, parameters)
        iris = {name: [self._resolve(question, name, value)] for name, value in values.items()}
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

    def review(self, claims: Sequence[str] = (), *, all_changed: bool = False):
        """Seal claims that somebody who did not write them has read against their passage.

        :param claims: CURIEs or IRIs; without any (and without `all_changed`) nothing is written
        :param all_changed: every claim that changed since its reading or was never read
        :returns: the `oncoresist.review.Reading` of each claim sealed, or of those that wait for a reading
        :raises UnknownNameError: there is no such claim; nothing is written

        >>> KnowledgeGraph.open().review()
        []
        """
        from oncoresist.review import review

        return review(self.content, claims, all_changed=all_changed)

    def format(self, paths: Sequence[Path | str] = (), *, check: bool = False) -> list[Path]:
        """Rewrite Turtle of the evidence layer in canonical form.

        :param paths: files or folders; by default ``graph/``
        :param check: change nothing
        :returns: the files that were (or would be) changed
        :raises InputError: a file cannot be read; the others are still formatted
        """
        from oncoresist.format import format_files

        return format_files(self.content, [Path(p) for p in paths] or [self.layout.graph], check=check)

    def build(self, *, force: bool = False) -> BuildReport:
        """Bring the embedded store up to date; does nothing if no file changed.

        :raises InputError: content cannot be read; the old store stays
        :raises NotWritableError: no permission or no space; the old store stays
        """
        return build(self.content, self.layout.store(), force=force, announce=self._announce)

    def _resolve(self, question: SavedQuery, parameter: str, value: str) -> str:
        spec = question.params[parameter]
        if spec.type == "entity":
            return self.names.entity(value, spec.of_class)
        return self.names.record(value, spec.of_class)

    def _answer(self, results, **more) -> Answer:
        answer = Answer.from_results(results, **more)
        return replace(answer, labels=self.names.labels(answer.iris()))
