"""What a fault is, the register of their kinds, and what the modules that make them share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

from tests.mutation.graph import (
    Graph,
    onr,
)

Triples = tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Mutation:
    """One fault.

    :param kind: name of the fault
    :param description: what was changed, for people
    :param needs_text: only the text of the source can show it
    :param refused: what the reader of the files says, if the fault does not even get past it
    """

    kind: str
    description: str
    removed: Triples
    added: Triples
    needs_text: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    :param name: kebab-case
    :param group: ``fault`` (as they are usually made) or ``hard`` (the same made as hard to see as it can be)
    :param inject: makes one, or None if the record drawn does not lend itself
    :param needs_text: only the text can show it
    :param summary: what is done, one sentence
    """

    name: str
    group: str
    inject: Callable[[Graph, random.Random], Mutation | None]
    needs_text: bool
    summary: str


KINDS: dict[str, Kind] = {}


def kind(name: str, summary: str, *, group: str = "fault", needs_text: bool = False):
    def register(function):
        def inject(graph: Graph, rng: random.Random) -> Mutation | None:
            change = function(graph, rng)
            if change is None:
                return None
            description, removed, added, *refused = change
            removed, added = set(removed), set(added)
            return Mutation(
                name,
                description,
                tuple(sorted(removed - added, key=str)),
                tuple(sorted(added - removed, key=str)),
                needs_text,
                *refused,
            )

        KINDS[name] = Kind(name, group, inject, needs_text, summary)
        return function

    return register


# --- shared ---


def pick(rng: random.Random, items: list):
    return rng.choice(items) if items else None


def about(subject: ox.NamedNode, graph: Graph) -> str:
    return graph.content.prefixes.curie(subject.value)


def replaced(triples: list[ox.Triple], old, new) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Triples with `old` as object, and the same with `new`."""
    removed = [t for t in triples if t.object == old]
    return removed, [ox.Triple(t.subject, t.predicate, new) for t in removed]


def one(graph: Graph, subject, predicate, new) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """The values of one property, and one new value in their place."""
    removed = [t for t in graph.of_subject[subject] if t.predicate == predicate]
    return removed, [ox.Triple(subject, predicate, new)]


def records_of(graph: Graph, claim) -> list[ox.Triple]:
    """A claim with its steps, without its evidence."""
    return [t for record in (claim, *graph.values(claim, onr("hasStep"))) for t in graph.of_subject[record]]


def renamed(triples: list[ox.Triple], names: dict) -> list[ox.Triple]:
    return [ox.Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in triples]


def top(graph: Graph, entity) -> set:
    tops = {"Cell", "MolecularEntity", "BiologicalStructure", "Process", "Condition", "Disease", "ModelSystem"}
    return {name for name in tops if onr(name) in graph.classes(entity)}
