"""Faults in the rows that map entities to other vocabularies."""

from __future__ import annotations

import pyoxigraph as ox

from oncoresist import mappings
from oncoresist.errors import InputError
from tests.mutation.faults.kinds import kind, pick, top
from tests.mutation.graph import Graph, sssom

OBSOLETE = {
    "GO:0005615": "extracellular space",
    "GO:0060548": "negative regulation of cell death",
    "GO:1901555": "response to paclitaxel",
    "GO:0007050": "cell cycle arrest",
    "GO:0046618": "drug export",
    "GO:0019933": "cAMP-mediated signaling",
}


_SHOWN = ("subject_id", "predicate_id", "object_id")


def _row(graph: Graph, node) -> dict[str, str]:
    curie = graph.content.prefixes.curie
    values = {column: graph.value(node, sssom(column)) for column in mappings.COLUMNS}
    return {
        column: "" if term is None else curie(term.value) if isinstance(term, ox.NamedNode) else term.value
        for column, term in values.items()
    }


def _remapped(graph: Graph, node, **cells: str):
    """A row with other cells, read as the file would be."""
    before = _row(graph, node)
    after = before | cells
    direct = ox.Triple(*(graph.value(node, sssom(f"{slot}_id")) for slot in ("subject", "predicate", "object")))
    row = " ".join(before[column] for column in _SHOWN)
    target = f"{after['object_id']} {after['object_label']}"
    what = f"{row} becomes {target}"
    removed = [direct, *graph.of_subject[node]]
    try:
        triples = mappings.to_triples([mappings.Mapping(0, after)], graph.content.prefixes, "graph/mappings")
        added = [ox.Triple(t.subject, t.predicate, t.object) for t in triples]
    except InputError as error:
        return what, removed, [], str(error)
    return what, removed, added


def _prefix(node, graph: Graph) -> str:
    return _row(graph, node)["object_id"].partition(":")[0]


@kind("obsolete-mapping", "a row points at an obsolete term")
def obsolete_mapping(graph, rng):
    node = pick(rng, [m for m in graph.mappings if _prefix(m, graph) == "GO"])
    identifier = rng.choice(sorted(OBSOLETE))
    return _remapped(graph, node, object_id=identifier, object_label=OBSOLETE[identifier])


@kind("wrong-kind-mapping", "a row points at a term of another kind, such as a disease for a cell")
def wrong_kind_mapping(graph, rng):
    node, other = pick(rng, graph.mappings), pick(rng, graph.mappings)
    entity, donor = (graph.value(m, sssom("subject_id")) for m in (node, other))
    if not top(graph, entity) or top(graph, entity) & top(graph, donor):
        return None
    cells = ("object_id", "object_label", "object_source", "object_source_version")
    return _remapped(graph, node, **{cell: _row(graph, other)[cell] for cell in cells})


@kind("mistyped-mapping", "one digit of the identifier in a row is wrong, or two have changed places")
def mistyped_mapping(graph, rng):
    node = pick(rng, graph.mappings)
    prefix, _, name = _row(graph, node)["object_id"].partition(":")
    digits = [n for n, letter in enumerate(name) if letter.isdigit()]
    place = pick(rng, digits)
    if place is None:
        return None
    wrong = name[:place] + rng.choice([d for d in "0123456789" if d != name[place]]) + name[place + 1 :]
    if rng.random() < 0.5 and place + 1 in digits and name[place] != name[place + 1]:
        wrong = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return _remapped(graph, node, object_id=f"{prefix}:{wrong}")


@kind("misformed-mapping", "a digit of the identifier in a row is missing")
def misformed_mapping(graph, rng):
    node = pick(
        rng, [m for m in graph.mappings if _prefix(m, graph) in {"BTO", "CL", "CLO", "DOID", "GO", "MONDO", "UBERON", "drugbank"}]
    )
    return _remapped(graph, node, object_id=_row(graph, node)["object_id"][:-1])


@kind("wrong-term-mapping", "a row points at the term of another entity of the same class and vocabulary, label and all")
def wrong_term_mapping(graph, rng):
    node = pick(rng, graph.mappings)
    entity, prefix = graph.value(node, sssom("subject_id")), _prefix(node, graph)

    def fits(other) -> bool:
        donor = graph.value(other, sssom("subject_id"))
        return donor != entity and bool(top(graph, entity) & top(graph, donor)) and _prefix(other, graph) == prefix

    other = pick(rng, [m for m in rng.sample(graph.mappings, 200) if fits(m)])
    if other is None:
        return None
    cells = ("object_id", "object_label", "object_source", "object_source_version")
    return _remapped(graph, node, **{cell: _row(graph, other)[cell] for cell in cells})


@kind("wrong-match-kind", "a broad match is called exact", group="hard")
def wrong_match_kind(graph, rng):
    node = pick(rng, [m for m in graph.mappings if _row(graph, m)["predicate_id"] == "skos:broadMatch"])
    what, *change = _remapped(graph, node, predicate_id="skos:exactMatch")
    return what.replace(" becomes ", " becomes skos:exactMatch "), *change
