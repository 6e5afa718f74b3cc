"""With which parameters a saved question is shown and tested: those its header gives."""

from __future__ import annotations

from oncoresist.saved_query import SavedQuery


def main_example(question: SavedQuery) -> dict[str, str]:
    """What a reader would type first: an example for everything that must be given; defaults do the rest.

    >>> from oncoresist import KnowledgeGraph
    >>> main_example(KnowledgeGraph.open().question("resistance-mechanisms"))
    {'drug': 'cisplatin'}
    """
    return {p.name: p.example for p in question.params.values() if p.required}


def empty_examples(question: SavedQuery) -> list[dict[str, str]]:
    """Sets of parameters whose answer must be empty (header key ``empty``)."""
    return [{name: str(value) for name, value in given.items()} for given in question.header.get("empty") or []]


def all_examples(question: SavedQuery) -> list[dict[str, str]]:
    """Every different set the header gives: the main one, one with all parameters, and the empty ones."""
    full = {p.name: p.example for p in question.params.values()}
    sets: list[dict[str, str]] = []
    for given in [main_example(question), full, *empty_examples(question)]:
        if given not in sets:
            sets.append(given)
    return sets


def topic_of(question: SavedQuery) -> str:
    """What it is filed under: its ``topic``, else its first tag."""
    return str(question.header.get("topic") or question.tags[0])


__all__ = ["all_examples", "empty_examples", "main_example", "topic_of"]
