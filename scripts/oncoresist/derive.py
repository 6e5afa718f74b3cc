"""From the evidence layer to the mechanism layer, by the CONSTRUCT queries of `queries/derive` and the ontology's definitions.

Queries of one `order` make up a stage: they run side by side, and see what the stages before derived but nothing of each other.
Queries tagged ``mechanism`` (edges, drug mechanisms, grades, conflicts) write to the layer of that name, all others (classes,
closures, signs of steps) to ``inferred``. The queries tagged ``owl`` and the definitions make up the fast closure: what they add
follows from the ontology by OWL alone, and HermiT must find the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import groupby

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
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
    counts = {id_: len(made) for id_, made in apply_rules(store, derive_queries(content), content).items()}
    counts["definitions"] = 0
    definitions = read_definitions(store.quads_for_pattern(None, None, None, LAYERS["ontology"]))
    with _writer(store) as write:
        while new := new_members(store, definitions):
            write("inferred", new)
            counts["definitions"] += len(new)
    return counts


def apply_rules(store: ox.Store, rules: Sequence[SavedQuery], content: Content) -> dict[str, list[ox.Triple]]:
    """Add what these queries derive from what stands in `store`, stage by stage.

    :param rules: in the order they run
    :returns: query id → the triples that were new
    :raises InputError: a query does not parse
    """
    made: dict[str, list[ox.Triple]] = {rule.id: [] for rule in rules}
    with _writer(store) as write:
        for _, stage in groupby(rules, key=lambda rule: rule.header["order"]):
            active = list(stage)
            while active:
                for rule, triples in zip(active, construct(store, active, content), strict=True):
                    new = _unknown(triples, store)
                    write("mechanism" if "mechanism" in rule.tags else "inferred", new)
                    made[rule.id] += new
                    if not new or not rule.header.get("repeat"):
                        active = [other for other in active if other is not rule]
    return made


def construct(store: ox.Store, rules: Sequence[SavedQuery], content: Content) -> list[set[ox.Triple]]:
    """What each of these queries makes of `store` as it stands; nothing is added.

    Side by side: Oxigraph lets go of the interpreter while it looks for the next triple.

    :raises InputError: a query does not parse
    """

    def answer(rule: SavedQuery) -> set[ox.Triple]:
        try:
            return set(store.query(rule.text))
        except SyntaxError as error:
            raise InputError(content.layout.relative(rule.path), str(syntax_error(error, rule.text, rule.id))) from None

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(answer, rules))


def _unknown(triples: Iterable[ox.Triple], store: ox.Store) -> list[ox.Triple]:
    """Those of `triples` that do not stand in the default graph.

    Most of them are about nodes that were just made, or say what nothing has said yet: one look for the subject or the
    property then spares one for each triple.
    """

    @cache
    def is_used(property_: ox.NamedNode) -> bool:
        return next(store.quads_for_pattern(None, property_, None, ox.DefaultGraph()), None) is not None

    @cache
    def is_described(subject: ox.NamedNode) -> bool:
        return next(store.quads_for_pattern(subject, None, None, ox.DefaultGraph()), None) is not None

    return [t for t in triples if not (is_used(t.predicate) and is_described(t.subject) and ox.Quad(*t) in store)]


@contextmanager
def _writer(store: ox.Store) -> Iterator[Callable[[str, Collection[ox.Triple]], None]]:
    """``write(layer, triples)``: to the default graph at once, for the next query; to the layer's graph beside that query.

    As text, which Oxigraph reads without holding the interpreter. `into_store` cannot: the ontology has blank nodes, which
    would be two in two readings; what is derived has none. All is written when the context is left.
    """
    with ThreadPoolExecutor(1) as copier:
        copies = []

        def write(layer: str, triples: Collection[ox.Triple]) -> None:
            lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).splitlines(keepends=True)
            text = b"".join(sorted(lines))  # what is said of one node side by side in memory, as it will be read
            store.load(text, ox.RdfFormat.N_TRIPLES)
            copies.append(copier.submit(store.load, text, ox.RdfFormat.N_TRIPLES, to_graph=LAYERS[layer]))

        yield write
        for copy in copies:
            copy.result()
