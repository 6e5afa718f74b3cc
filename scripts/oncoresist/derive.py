"""From the evidence layer to the mechanism layer, by the CONSTRUCT queries of `queries/derive` and the ontology's definitions.

Queries of one `order` make up a stage: they run side by side, and see what the stages before derived but nothing of each other.
Queries tagged ``mechanism`` (edges, drug mechanisms, grades, conflicts) write to the layer of that name, all others (classes,
closures, signs of steps) to ``inferred``. The queries tagged ``owl`` and the definitions make up the fast closure: what they add
follows from the ontology by OWL alone, and HermiT must find the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
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
            write([("inferred", _sorted_lines(ox.serialize(new, format=ox.RdfFormat.N_TRIPLES)))])
            counts["definitions"] += len(new)
    return counts


def apply_rules(store: ox.Store, rules: Sequence[SavedQuery], content: Content) -> dict[str, list[bytes]]:
    """Add what these queries derive from what stands in `store`, stage by stage.

    :param rules: in the order they run
    :returns: query id → the triples that were new, as lines of N-Triples
    :raises InputError: a query does not parse
    """
    made: dict[str, list[bytes]] = {rule.id: [] for rule in rules}
    with _writer(store) as write:
        for _, stage in groupby(rules, key=lambda rule: rule.header["order"]):
            active = list(stage)
            while active:
                new = dict(zip((rule.id for rule in active), construct(store, active, content), strict=True))
                write([("mechanism" if "mechanism" in rule.tags else "inferred", new[rule.id]) for rule in active])
                for id_, lines in new.items():
                    made[id_] += lines
                active = [rule for rule in active if new[rule.id] and rule.header.get("repeat")]
    return made


def construct(store: ox.Store, rules: Sequence[SavedQuery], content: Content) -> list[list[bytes]]:
    """What each of these queries would add to `store` as it stands, as sorted lines of N-Triples; nothing is written.

    What two of them make is the first one's. They run side by side: Oxigraph lets go of the interpreter while it writes their
    answers as text.

    :raises InputError: a query does not parse
    """

    def answer(rule: SavedQuery) -> list[bytes]:
        try:
            text = store.query(rule.text).serialize(format=ox.RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            raise InputError(content.layout.relative(rule.path), str(syntax_error(error, rule.text, rule.id))) from None
        return _unknown(_sorted_lines(text), store)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        answers = list(threads.map(answer, rules))
    seen: set[bytes] = set()
    for number, lines in enumerate(answers):
        answers[number] = [line for line in lines if line not in seen]
        seen.update(lines)
    return answers


def _sorted_lines(text: bytes) -> list[bytes]:
    """Each line once; what is said of one node comes together, as it will lie in memory and be read."""
    return sorted(set(text.splitlines(keepends=True)))


def _unknown(lines: Sequence[bytes], store: ox.Store) -> list[bytes]:
    """Those of these sorted lines of N-Triples that do not stand in the default graph.

    Most say what nothing has said yet, or are about nodes that were just made: one look for the property, the subject, or both
    then spares one for each triple.
    """

    def stands(subject: bytes | None, property_: bytes | None) -> bool:
        return next(store.quads_for_pattern(_node(subject), _node(property_), None, ox.DefaultGraph()), None) is not None

    is_used = cache(lambda property_: stands(None, property_))
    doubtful: list[bytes] = []
    for subject, about in groupby((line for line in lines if is_used(_property(line))), key=_subject):
        if stands(subject, None):
            for property_, said in groupby(about, key=_property):
                if stands(subject, property_):
                    doubtful += said
    quads = ox.parse(b"".join(doubtful), format=ox.RdfFormat.N_TRIPLES)
    known = {line for line, quad in zip(doubtful, quads, strict=True) if quad in store}
    return [line for line in lines if line not in known]


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _property(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _node(text: bytes | None) -> ox.NamedNode | None:
    """An IRI as N-Triples writes it."""
    return text and ox.NamedNode(text[1:-1].decode())


@contextmanager
def _writer(store: ox.Store) -> Iterator[Callable[[Iterable[tuple[str, list[bytes]]]], None]]:
    """``write([(layer, lines of N-Triples), …])``: to the default graph at once, for the next query; to the graphs of the
    layers beside that query.

    As text, which Oxigraph reads without holding the interpreter. `into_store` cannot: the ontology has blank nodes, which
    would be two in two readings; what is derived has none. All is written when the context is left.
    """
    with ThreadPoolExecutor(1) as copier:
        copies = []

        def write(parts: Iterable[tuple[str, list[bytes]]]) -> None:
            texts = [(layer, b"".join(lines)) for layer, lines in parts]
            store.load(b"".join(text for _, text in texts), ox.RdfFormat.N_TRIPLES)
            for layer, text in texts:
                copies.append(copier.submit(store.load, text, ox.RdfFormat.N_TRIPLES, to_graph=LAYERS[layer]))

        yield write
        for copy in copies:
            copy.result()
