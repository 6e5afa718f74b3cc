"""From the evidence layer to the mechanism layer, by the CONSTRUCT queries of `queries/derive` and the ontology's definitions.

Each query sees what the ones before it derived. Queries tagged ``mechanism`` (edges, drug mechanisms, grades, conflicts)
write to the layer of that name, all others (classes, closures, signs of steps) to ``inferred``. The queries tagged ``owl``
and the definitions make up the fast closure: what they add follows from the ontology by OWL alone, and HermiT must find the
same.
"""

from __future__ import annotations

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content, into_store
from oncoresist.definitions import new_members, read_definitions
from oncoresist.errors import InputError
from oncoresist.saved_query import SavedQuery, syntax_error


def derive_queries(content: Content) -> list[SavedQuery]:
    """The CONSTRUCT queries in the order they run."""
    return content.rules


def derive(store: ox.Store, content: Content) -> dict[str, int]:
    """Add everything that follows from the content of `store`.

    A query whose header says ``repeat: true`` runs until nothing new follows, and so do the definitions, which come last.

    :returns: query id, or ``definitions`` → number of new triples
    :raises InputError: a query does not parse
    """
    counts = {query.id: len(apply_rule(store, query, content)) for query in derive_queries(content)}
    counts["definitions"] = 0
    definitions = read_definitions(store.quads_for_pattern(None, None, None, LAYERS["ontology"]))
    while new := new_members(store, definitions):
        counts["definitions"] += into_store(store, "inferred", new)
    return counts


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
