"""From the evidence layer to the mechanism layer, by the CONSTRUCT queries of `queries/derive`.

Each query sees what the ones before it derived. Queries tagged ``mechanism`` (edges, drug mechanisms, grades, conflicts)
write to the layer of that name, all others (classes, closures, signs of steps) to ``inferred``.
"""

from __future__ import annotations

import pyoxigraph as ox

from oncoresist.content import Content, into_store
from oncoresist.errors import InputError
from oncoresist.saved_query import SavedQuery, syntax_error


def derive_queries(content: Content) -> list[SavedQuery]:
    """The CONSTRUCT queries in the order they run."""
    return content.rules


def derive(store: ox.Store, content: Content) -> dict[str, int]:
    """Add everything that follows from the content of `store`.

    A query whose header says ``repeat: true`` runs until nothing new follows.

    :returns: query id → number of new triples
    :raises InputError: a query does not parse
    """
    return {query.id: len(apply_rule(store, query, content)) for query in derive_queries(content)}


def apply_rule(store: ox.Store, query: SavedQuery, content: Content) -> list[ox.Triple]:
    """Add what one query derives from what stands in `store`.

    :returns: the triples that were new
    :raises InputError: the query does not parse
    """
    made: list[ox.Triple] = []
    while new := _new_triples(store, query, content):
        into_store(store, "mechanism" if "mechanism" in query.tags else "inferred", new)
        made += new
        if not query.header.get("repeat"):
            break
    return made


def _new_triples(store: ox.Store, query: SavedQuery, content: Content) -> list[ox.Triple]:
    try:
        constructed = set(store.query(query.text))
    except SyntaxError as error:
        raise InputError(content.layout.relative(query.path), str(syntax_error(error, query.text, query.id))) from None
    return [t for t in constructed if ox.Quad(t.subject, t.predicate, t.object) not in store]
