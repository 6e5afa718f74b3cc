"""What the catalogue is made of: each question with its example, its SPARQL and its answer; each trap with both answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncoresist.catalogue.examples import empty_examples, main_example, topic_of
from oncoresist.results import Answer
from oncoresist.saved_query import SavedQuery

if TYPE_CHECKING:
    from oncoresist.knowledge_graph import KnowledgeGraph
    from oncoresist.traps import Trap


@dataclass(frozen=True)
class Entry:
    """One question as it is shown.

    :param parameters: the example, as a person types it
    :param sparql: the query with the example bound, runnable as it is
    :param answer: its answer; None for a question that calls endpoints of others
    :param empty: further sets of parameters, with their SPARQL, that give no row
    """

    question: SavedQuery
    parameters: dict[str, str]
    sparql: str
    answer: Answer | None
    empty: tuple[tuple[dict[str, str], str], ...] = ()

    @property
    def topic(self) -> str:
        return topic_of(self.question)


@dataclass(frozen=True)
class TrapEntry:
    """A tempting query and the right one, with both answers."""

    trap: Trap
    tempting_answer: Answer
    right_answer: Answer


def entries(kg: KnowledgeGraph) -> list[Entry]:
    """Every question, asked with its main example; in the order of topics, then by id."""
    found = []
    for question in kg.questions():
        given = main_example(question)
        federated = question.federated
        empty = [] if federated else [(more, kg.sparql(question.id, **more)) for more in empty_examples(question)]
        answer = None if federated else kg.ask(question.id, **given)
        found.append(Entry(question, given, sparql_of(kg.sparql(question.id, **given)), answer, tuple(empty)))
    rank = {topic: number for number, topic in enumerate(_topics([entry.topic for entry in found]))}
    return sorted(found, key=lambda entry: (rank[entry.topic], entry.question.id))


def traps(kg: KnowledgeGraph) -> list[TrapEntry]:
    """Every trap with both answers."""
    if not hasattr(kg, "traps"):
        return []
    return [TrapEntry(*kg.trap(trap.id)) for trap in kg.traps()]


def by_topic(found: list[Entry]) -> dict[str, list[Entry]]:
    """Topic → its questions, in order."""
    grouped: dict[str, list[Entry]] = {}
    for entry in found:
        grouped.setdefault(entry.topic, []).append(entry)
    return grouped


def sparql_of(text: str) -> str:
    """The query without its header, from the first PREFIX on.

    >>> sparql_of("#+ summary: What?\\nPREFIX a: <b>\\n# why\\nSELECT ?x")
    'PREFIX a: <b>\\n# why\\nSELECT ?x'
    """
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()


def _topics(used: list[str]) -> list[str]:
    from oncoresist import saved_query

    known = list(getattr(saved_query, "TOPICS", ()))
    return known + sorted(set(used) - set(known))


__all__ = ["Entry", "TrapEntry", "by_topic", "entries", "sparql_of", "traps"]
