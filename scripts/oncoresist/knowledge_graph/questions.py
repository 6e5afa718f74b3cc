"""Asking: saved questions, free queries, one thing, reports."""

from __future__ import annotations

from oncoresist import saved_query
from oncoresist.knowledge_graph.core import Core
from oncoresist.results import Answer
from oncoresist.saved_query import SavedQuery


class Questions(Core):
    """Asking: saved questions, free queries, one thing, reports."""

    def questions(self) -> list[SavedQuery]:
        """All saved questions, by id."""
        files = saved_query.list_saved_queries(self.layout, "questions")
        return [saved_query.read_saved_query(path, self.layout) for path in files.values()]

    def ask(self, question_id: str, **parameters: str | None) -> Answer:
        """Answer a saved question.

        :param parameters: label, synonym, CURIE or IRI for each parameter of the question
        :raises UnknownNameError: no such question, parameter or entity; the nearest are named
        :raises UsageError: a parameter is missing or of the wrong kind

        >>> from oncoresist import KnowledgeGraph
        >>> len(KnowledgeGraph.open().ask("unmapped-entities")) >= 0
        True
        """
        return self._run(self.question(question_id), parameters)

    def sparql(self, question_id: str, **parameters: str | None) -> str:
        """The SPARQL 1.1 that `ask` would run, parameters bound: it gives the same rows on any engine that holds the graph.

        :raises UnknownNameError: no such question, parameter or entity; the nearest are named
        :raises UsageError: a parameter is missing or of the wrong kind

        >>> from oncoresist import KnowledgeGraph
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

    def query(self, text: str, *, shown_as: str = "query") -> Answer:
        """Run any SPARQL query; prefixes of the table need not be declared.

        :raises QueryError: it does not parse (with line and column), or would write

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().query("ASK { ent:cisplatin a onr:PlatinumAgent }").boolean
        True
        """
        return self._answer(self.engine.query(text, shown_as))

    def show(self, name: str):
        """One entity, claim or publication with what the graph says about it.

        :param name: label, synonym, CURIE or IRI
        :returns: an `oncoresist.record.Record`
        :raises UnknownNameError: nothing is called so

        >>> from oncoresist import KnowledgeGraph
        >>> KnowledgeGraph.open().show("CDDP").label
        'cisplatin'
        """
        from oncoresist.record import describe

        return describe(self.names.anything(name), self.engine, self.names, self.prefixes)
