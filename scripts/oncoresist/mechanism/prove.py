"""Making proofs: of derived edges, of paths, of the answers to saved questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive_queries
from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.mechanism.joints import Route, joints
from oncoresist.mechanism.premises import Premises
from oncoresist.mechanism.proof import Goal, Premise, Proof, Row
from oncoresist.mechanism.rules import as_rule, derive_from, rows_of, rules_used, witnesses
from oncoresist.mechanism.words import WORDING_RULES, tell
from oncoresist.names import Names
from oncoresist.namespaces import BASE, ENT, RDF_TYPE, RDFS_LABEL, Prefixes, onr
from oncoresist.saved_query import SavedQuery

_LAYER = LAYERS["mechanism"]


def prove_derived(records: Sequence[str], store: ox.Store, content: Content) -> Proof:
    """The proof of derived records: everything said of each follows from the claims it was derived from.

    :param records: IRIs of edges, drug mechanisms, conflicts
    :param store: the whole graph
    :raises UnknownNameError: an IRI is no derived record
    """
    _refuse_unknown(records, store, content)
    conclusions = [triple for record in dict.fromkeys(records) for triple in facts(store, record)]
    return _prove(Goal("derived", tuple(records)), conclusions, [], records, None, store, content)


def prove_path(edges: Sequence[str], store: ox.Store, content: Content, route: Route | None = None) -> Proof:
    """The proof of a path: of its hops, that they join, between what it leads, and which net sign it has.

    :param edges: IRIs of derived edges, each beginning where the one before ends
    :param store: the whole graph
    :param route: from what to what; by default from the start of the first edge to the end of the last
    :raises UnknownNameError: an IRI is no derived record
    :raises UsageError: the edges do not join to a path, or it does not lead there
    """
    _refuse_unknown(edges, store, content)
    joined = joints(edges, store, content, route)
    conclusions = [triple for edge in dict.fromkeys(edges) for triple in facts(store, edge)] + joined.links
    passed = {node.value for link in joined.links for node in (link.subject, link.object)}
    seeds = [*edges, *sorted(passed | set(vars(joined.route).values()))]
    goal = Goal("path", tuple(edges), route=joined.route, net=joined.net)
    return _prove(goal, conclusions, [], seeds, None, store, content)


def _refuse_unknown(records: Sequence[str], store: ox.Store, content: Content) -> None:
    for record in records:
        if not is_derived(record, store):
            known = (content.prefixes.curie(q.subject.value) for q in store.quads_for_pattern(None, RDF_TYPE, None, _LAYER))
            raise UnknownNameError("derived record", content.prefixes.curie(record), known)


def is_derived(iri: str, store: ox.Store) -> bool:
    """Whether it is an edge, a drug mechanism, a conflict, or whatever else rules make."""
    return any(True for _ in store.quads_for_pattern(ox.NamedNode(iri), RDF_TYPE, None, _LAYER))


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
    answers: dict[object, list[Row]] = {}
    for count, row in enumerate(rows_of(question, parameters, store, content)):
        rows = answers.setdefault(row.get(question.per) if question.per else count, [])
        if row not in rows:
            rows.append(row)
    if not 1 <= number <= len(answers):
        raise UsageError(f"{question.id} has {len(answers)} answers here; there is no answer {number} to prove.")
    return list(answers.values())[number - 1]


def records_to_prove(what: Sequence[str], names: Names, prefixes: Prefixes, store: ox.Store) -> list[str]:
    """IRIs of the derived records meant by what was typed: these themselves, or the names of two entities.

    :raises UnknownNameError: nothing is called so
    :raises UsageError: nothing derived leads from the one entity to the other
    """
    iris = [prefixes.iri(name) if name.startswith("<") or "://" in name or prefixes.knows(name) else "" for name in what]
    if what and all(iri.startswith(BASE) and not iri.startswith(ENT) for iri in iris):
        return iris
    if len(what) != 2:
        raise UsageError("Name derived records (edge:…), or two entities for the edges that lead from the first to the second.")
    one, other = (names.entity(name) for name in what)
    if found := records_between(one, other, store):
        return found
    hint = (
        "but something does the other way round." if records_between(other, one, store) else "nor from the second to the first."
    )
    raise UsageError(f'No derived edge or drug mechanism leads from "{what[0]}" to "{what[1]}", {hint}')


def records_between(one: str, other: str, store: ox.Store) -> list[str]:
    """Derived edges from one entity to another, or where there is none the drug mechanisms; sorted."""
    leaving = {q.subject for q in store.quads_for_pattern(None, onr("from"), ox.NamedNode(one), _LAYER)}
    both = {node for node in leaving if ox.Quad(node, onr("to"), ox.NamedNode(other), _LAYER) in store}
    for kind in ("DerivedEdge", "DrugMechanism"):
        if found := sorted(node.value for node in both if ox.Quad(node, RDF_TYPE, onr(kind), _LAYER) in store):
            return found
    return []


def _prove(
    goal: Goal,
    conclusions: list[ox.Triple],
    rows: list[Row],
    seeds: Collection[str],
    question: SavedQuery | None,
    store: ox.Store,
    content: Content,
) -> Proof:
    rules, asked = derive_queries(content), [question.bound(goal.parameters)] if question else []

    def attempt(with_rules: Sequence[SavedQuery]):
        records = Premises(store, content, [*asked, *(rule.text for rule in with_rules)]).gather(seeds)
        triples = [pair for record in records.values() for pair in record]
        mini, made = derive_from(triples, with_rules, content)
        proved = follows(conclusions, rows, question, goal, mini, content)
        # Of what is derived neither less nor more may follow than the graph holds.
        proved = proved and all(facts(mini, record) == facts(store, record) for record in goal.records)
        return triples, mini, made, proved

    triples, mini, made, proved = attempt(rules)
    used = rules
    if proved:
        # Once more with only the rules that took part, and therefore with only what these can read.
        spoken = [t for name in WORDING_RULES for t in made.get(name, []) if t.predicate == RDFS_LABEL]
        wanted = [*conclusions, *spoken]
        # Other edges and mechanisms of the same claims are rarely in question; conflicts are made of them, so then they are.
        for about in ({triple.subject.value for triple, _ in triples} | set(seeds), None):
            fewer = rules_used(rules, made, wanted, question, content, about)
            smaller = attempt(fewer)
            if smaller[-1]:
                used, (triples, mini, made, proved) = fewer, smaller
                break
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
