"""Making proofs: of derived edges, of paths, of the answers to saved questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pyoxigraph as ox

from oncoresist.content import Content
from oncoresist.derive import derive_queries
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.premises import Premises
from oncoresist.mechanism.proof import Goal, Premise, Proof, Row
from oncoresist.mechanism.rules import as_rule, derive_from, rows_of, rules_used, witnesses
from oncoresist.mechanism.words import WORDING_RULES, tell
from oncoresist.names import Names
from oncoresist.namespaces import BASE, ONR, RDF_TYPE, RDFS_LABEL, Prefixes, onr
from oncoresist.saved_query import SavedQuery

_EDGE = BASE + "edge/"
_JOINS = ("bridgedTo", "subtypeOfOrSelf")


def prove_edges(edges: Sequence[str], store: ox.Store, content: Content, *, as_path: bool = False) -> Proof:
    """The proof of derived edges: every triple of each follows from the claims it was derived from.

    :param edges: IRIs
    :param store: the whole graph
    :param as_path: they are the hops of a path, each beginning where the one before ends
    :raises UnknownNameError: an IRI is no derived edge
    :raises UsageError: the edges do not join to a path
    """
    for edge in edges:
        if ox.Quad(ox.NamedNode(edge), RDF_TYPE, onr("DerivedEdge")) not in store:
            known = (content.prefixes.curie(q.subject.value) for q in _all_edges(store))
            raise UnknownNameError("derived edge", content.prefixes.curie(edge), known)
    conclusions = [triple for edge in dict.fromkeys(edges) for triple in facts(store, edge)]
    if as_path:
        conclusions += joins(edges, store, content)
    goal = Goal("path" if as_path else "edges", tuple(edges))
    return _prove(goal, conclusions, [], edges, None, store, content)


def prove_rows(
    question: SavedQuery, parameters: dict[str, list[str]], rows: list[Row], store: ox.Store, content: Content
) -> Proof:
    """The proof of rows of a saved question.

    :param parameters: parameter → IRIs
    :param rows: as `oncoresist.mechanism.rules.rows_of` gives them
    :param store: the whole graph
    """
    seeds = witnesses(question, parameters, rows, store, content)
    return _prove(Goal("answer", (), question.id, parameters), [], rows, seeds, question, store, content)


def answer_rows(
    question: SavedQuery, parameters: dict[str, list[str]], number: int, store: ox.Store, content: Content
) -> list[Row]:
    """The rows of one answer, counted from 1 as people see them: rows that share what the question asks `per` are one.

    :raises UsageError: there are not so many answers
    """
    if "federated" in question.tags:
        raise UsageError(f"{question.id} asks other databases, whose content is not ours to prove.")
    answers: dict[object, list[Row]] = {}
    for count, row in enumerate(rows_of(question, parameters, store, content)):
        rows = answers.setdefault(row.get(question.per) if question.per else count, [])
        if row not in rows:
            rows.append(row)
    if not 1 <= number <= len(answers):
        raise UsageError(f"{question.id} has {len(answers)} answers here; there is no answer {number} to prove.")
    return list(answers.values())[number - 1]


def edges_to_prove(what: Sequence[str], names: Names, prefixes: Prefixes, store: ox.Store) -> list[str]:
    """IRIs of the edges meant by what was typed: edges, or the names of two entities.

    :raises UnknownNameError: nothing is called so
    :raises UsageError: no edge leads from the one entity to the other
    """
    iris = [prefixes.iri(name) if name.startswith("<") or "://" in name or prefixes.knows(name) else "" for name in what]
    if what and all(iri.startswith(_EDGE) for iri in iris):
        return iris
    if len(what) != 2:
        raise UsageError("Name edges (edge:…), or two entities for the edges that lead from the first to the second.")
    one, other = (names.entity(name) for name in what)
    if edges := edges_between(one, other, store):
        return edges
    hint = "but some do the other way round." if edges_between(other, one, store) else "nor from the second to the first."
    raise UsageError(f'No derived edge leads from "{what[0]}" to "{what[1]}", {hint}')


def edges_between(one: str, other: str, store: ox.Store) -> list[str]:
    """Derived edges from one entity to another, sorted."""
    leaving = {q.subject.value for q in store.quads_for_pattern(None, onr("from"), ox.NamedNode(one), ox.DefaultGraph())}
    arriving = {q.subject.value for q in store.quads_for_pattern(None, onr("to"), ox.NamedNode(other), ox.DefaultGraph())}
    edges = {quad.subject.value for quad in _all_edges(store)}
    return sorted(leaving & arriving & edges)


def _prove(
    goal: Goal,
    conclusions: list[ox.Triple],
    rows: list[Row],
    seeds: Iterable[str],
    question: SavedQuery | None,
    store: ox.Store,
    content: Content,
) -> Proof:
    rules, asked = derive_queries(content), [question.bound(goal.parameters)] if question else []

    def attempt(with_rules: Sequence[SavedQuery]):
        records = Premises(store, content, [*asked, *(rule.text for rule in with_rules)]).gather(seeds)
        triples = [pair for record in records.values() for pair in record]
        mini, made = derive_from(triples, with_rules, content)
        return triples, mini, made, follows(conclusions, rows, question, goal, mini, content)

    triples, mini, made, proved = attempt(rules)
    used = rules
    if proved:
        # Once more with only the rules that took part, and therefore with only what these can read.
        spoken = [t for name in WORDING_RULES for t in made.get(name, []) if t.predicate == RDFS_LABEL]
        used = rules_used(rules, made, [*conclusions, *spoken], question, content)
        smaller = attempt(used)
        if smaller[-1]:
            triples, mini, made, proved = smaller
        else:
            used = rules
    scope = "premises" if proved else "graph"
    named = [as_rule(rule) for rule in ([question] if question else []) + list(used)]
    words = tell(goal, scope, conclusions, rows, named, mini, content, question)
    premises = [Premise(triple, layer, content.places.get(triple.subject.value, "")) for triple, layer in triples]
    return Proof(goal, content.fingerprint, scope, words, conclusions, rows, named, premises)


def follows(
    conclusions: list[ox.Triple], rows: list[Row], question: SavedQuery | None, goal: Goal, store: ox.Store, content: Content
) -> bool:
    """Whether all of it holds in `store`."""
    return not missing(conclusions, rows, question, goal, store, content)


def missing(
    conclusions: list[ox.Triple], rows: list[Row], question: SavedQuery | None, goal: Goal, store: ox.Store, content: Content
) -> list[tuple[str, int]]:
    """What does not hold in `store`: ``conclusion`` or ``row``, and which."""
    lacking = [("conclusion", n) for n, t in enumerate(conclusions) if ox.Quad(t.subject, t.predicate, t.object) not in store]
    if rows and question:
        found = {frozenset(row.items()) for row in rows_of(question, goal.parameters, store, content)}
        lacking += [("row", n) for n, row in enumerate(rows) if frozenset(row.items()) not in found]
    return lacking


def facts(store: ox.Store, iri: str) -> list[ox.Triple]:
    """Everything `store` says of `iri`, sorted."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
    return sorted((ox.Triple(q.subject, q.predicate, q.object) for q in quads), key=str)


def joins(edges: Sequence[str], store: ox.Store, content: Content) -> list[ox.Triple]:
    """Where a hop does not begin at the very entity the one before ends at: why the two may stand for each other.

    :raises UsageError: they may not
    """
    found = []
    for one, next_ in pairwise(edges):
        end, start = end_of(store, one, "to"), end_of(store, next_, "from")
        if end == start:
            continue
        links = [ox.Triple(a, onr(name), b) for name in _JOINS for a, b in ((end, start), (start, end))]
        held = [t for t in links if ox.Quad(t.subject, t.predicate, t.object) in store]
        if not held:
            curie = content.prefixes.curie
            raise UsageError(
                f"{curie(one)} ends at {curie(end.value)}, but {curie(next_)} begins at {curie(start.value)}. "
                "Give the hops of one path in order."
            )
        found.append(held[0])
    return found


def end_of(store: ox.Store, edge: str, end: str) -> ox.NamedNode:
    return next(store.quads_for_pattern(ox.NamedNode(edge), ox.NamedNode(ONR + end), None, ox.DefaultGraph())).object


def _all_edges(store: ox.Store) -> Iterable[ox.Quad]:
    return store.quads_for_pattern(None, RDF_TYPE, onr("DerivedEdge"), ox.DefaultGraph())
