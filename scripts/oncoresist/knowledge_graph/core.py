"""What every verb needs: the content, the engine, the names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

from oncoresist import saved_query
from oncoresist.content import Content
from oncoresist.engines import Embedded, Endpoint, Engine
from oncoresist.names import Names
from oncoresist.namespaces import Prefixes
from oncoresist.paths import Layout, find_layout
from oncoresist.results import Answer
from oncoresist.saved_query import SavedQuery
from oncoresist.store import open_store


class Core:
    """What every verb needs: the content, the engine, the names."""

    def __init__(self, layout: Layout, engine: Engine | None = None, announce: Callable[[], None] | None = None) -> None:
        self.layout = layout
        self.content = Content(layout)
        self._given_engine, self._announce = engine, announce

    @classmethod
    def open(
        cls, root: Path | str | None = None, *, endpoint: str | None = None, announce: Callable[[], None] | None = None
    ) -> Self:
        """Open the graph; its store is built on first use if it is missing or out of date.

        :param root: folder with ontology/, graph/ and queries/; by default the copy this package came with
        :param endpoint: URL of a SPARQL endpoint to ask instead of the embedded store
        :param announce: called once if the store must be built first
        :raises UsageError: there is no content in `root`, or `endpoint` is no URL
        """
        kg = cls(find_layout(root), announce=announce)
        if endpoint is not None:
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

    def question(self, question_id: str) -> SavedQuery:
        """One saved question.

        :raises UnknownNameError: there is none of that id
        """
        return saved_query.find_saved_query(self.layout, "questions", question_id)

    def _bound(self, question: SavedQuery, parameters: dict[str, str | None]) -> dict[str, list[str]]:
        values = saved_query.bind_parameters(question, parameters)
        return {name: [self.names.parameter(question.params[name], value)] for name, value in values.items()}

    def _answer(self, results, **more) -> Answer:
        answer = Answer.from_results(results, **more)
        return replace(answer, labels=self.names.labels(answer.iris()))

    def _run(self, question: SavedQuery, parameters: dict[str, str | None]) -> Answer:
        iris = self._bound(question, parameters)
        results = self.engine.query(question.bound(iris), self.layout.relative(question.path))
        return self._answer(results, columns=question.columns, per=question.per, title=question.summary, given=frozenset(iris))

    @cached_property
    def _store(self):
        """The embedded store, also when questions go to an endpoint: a proof rests on the files, and an export is of them."""
        engine = self.engine
        return engine.store if isinstance(engine, Embedded) else open_store(self.content, self.layout.store(), self._announce)
