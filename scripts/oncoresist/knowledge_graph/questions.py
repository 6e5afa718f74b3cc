"""Asking: saved questions, free queries, one thing, reports."""

from __future__ import annotations

from oncoresist import saved_query
from oncoresist.knowledge_graph.core import Core
from oncoresist.results import Answer
from oncoresist.saved_query import SavedQuery
from oncoresist.traps import Trap, find_trap, list_traps


class Questions(Core):
    """Asking: saved questions, free queries, one thing, reports."""

    def questions(self) -> list[SavedQuery]:
        """All saved questions, by id."""
        files = saved_query.list_saved_queries(self.layout, "questions")
        return [saved_query.read_saved_query(path, self.layout) for path in files.values()]

    def ask(self, question_id: str, *, federated: bool = False, **parameters: str | None) -> Answer:
        """Answer a saved question.

        :param federated: let a question tagged ``federated`` call the public endpoints it names
        :param parameters: label, synonym, CURIE or IRI for each parameter of the question
        :raises UnknownNameError: no such question, parameter or entity; the nearest are named
        :raises UsageError: a parameter is missing or of the wrong kind, or the question needs the network

        >>> from oncoresist import KnowledgeGraph
        >>> len(KnowledgeGraph.open().ask("unmapped-entities")) >= 0
        True
        """
        question = self.question(question_id)
        saved_query.require_network_allowed(question, federated)
        return self._run(question, parameters)

    def traps(self) -> list[Trap]:
        """All traps of the model, each with its two queries, by id."""
        return list_traps(self.layout)

    def trap(self, trap_id: str) -> tuple[Trap, Answer, Answer]:
        """One known way to a plausible wrong answer: the trap, what the tempting query says, and what the right one does.

        :raises UnknownNameError: there is none of that id

        >>> from oncoresist import KnowledgeGraph
        >>> trap, tempting, right = KnowledgeGraph.open().trap("forgetting-denied-steps")
        >>> set(tempting.rows) > set(right.rows)
        True
        """
        trap = find_trap(self.layout, trap_id)
        return trap, self._run(trap.tempting, {}), self._run(trap.right, {})

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
