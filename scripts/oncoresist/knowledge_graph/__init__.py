"""The one object users hold: open it, ask it, check it, take it elsewhere.

core       the content, the engine, the names
questions  ask, query, show, report
mechanism  paths, meet, prove, verify, what_if, diff
reasoning  reason, explain, compare_with_hermit
curation   validate, audit, review, format, build
exchange   export, load, link, release, catalogue, plot
"""

from oncoresist.knowledge_graph.curation import Curation
from oncoresist.knowledge_graph.exchange import Exchange
from oncoresist.knowledge_graph.mechanism import Mechanisms
from oncoresist.knowledge_graph.questions import Questions
from oncoresist.knowledge_graph.reasoning import Reasoning


class KnowledgeGraph(Questions, Mechanisms, Reasoning, Curation, Exchange):
    """The graph, its saved questions and its checks.

    Every method has a command of the same name: ``kg.ask(...)`` is ``oncoresist ask ...``.

    >>> kg = KnowledgeGraph.open()
    >>> answer = kg.ask("resistance-mechanisms", drug="cisplatin")
    >>> "claim" in answer.variables
    True
    """


__all__ = ["KnowledgeGraph"]
