"""Deriving from premises alone, and which rules took part."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from oncoresist.content import Content, into_store
from oncoresist.derive import apply_rules
from oncoresist.mechanism.premises import names_read, pattern
from oncoresist.mechanism.proof import Row, Rule
from oncoresist.namespaces import RDF_TYPE
from oncoresist.saved_query import SavedQuery

_ANY_CLASS = re.compile(r"\ba \?\w+|\brdf:type \?\w+")
_ANY_PROPERTY = re.compile(r"(?:^|[{.;])\s*(?:\?\w+\s+)?\?\w+\s+\?\w+\s*[.;}]", re.MULTILINE)
_SELECT = re.compile(r"^SELECT\b(?P<columns>.*?)^WHERE \{[ \t]*$(?P<pattern>.*?)^\}[ \t]*$", re.MULTILINE | re.DOTALL)
# Expressions such as (COUNT(DISTINCT ?claim) AS ?claims), with one pair of brackets inside a pair.
_EXPRESSION = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def as_rule(query: SavedQuery) -> Rule:
    """How a proof names a saved query."""
    digest = hashlib.sha256(query.text.encode()).hexdigest()
    return Rule(f"{query.family}/{query.id}", digest, " ".join(query.summary.split()))


def derive_from(
    triples: Iterable[tuple[ox.Triple, str]], rules: Sequence[SavedQuery], content: Content
) -> tuple[ox.Store, dict[str, list[ox.Triple]]]:
    """A store of these triples and of what the derive queries make of them.

    :param triples: each with its layer
    :param rules: the queries to apply, in the order they run
    :returns: the store, and what each query added
    """
    store = ox.Store()
    by_layer: dict[str, list[ox.Triple]] = {}
    for triple, layer in triples:
        by_layer.setdefault(layer, []).append(triple)
    for layer, members in by_layer.items():
        into_store(store, layer, members)
    made = apply_rules(store, rules, content)
    return store, {
        id_: [quad.triple for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_TRIPLES)] for id_, lines in made.items()
    }


def rules_used(
    rules: Sequence[SavedQuery],
    made: dict[str, list[ox.Triple]],
    wanted: Iterable[ox.Triple],
    question: SavedQuery | None,
    content: Content,
    about: set[str] | None = None,
) -> list[SavedQuery]:
    """The rules without which these premises would not give the same.

    A rule took part if it made something wanted, or something that the question or a later rule that took part can read:
    a property or class that its text names, also where it asks for absence.

    :param rules: all, in the order they ran
    :param made: what each added
    :param wanted: the conclusions
    :param about: only what was made about these counts; with None everything
    """
    namespaces = content.prefixes.namespaces
    targets = set(wanted)
    texts = [question.text] if question else []
    used: list[SavedQuery] = []
    for rule in reversed(rules):
        products = [t for t in made.get(rule.id, []) if about is None or t.subject.value in about]
        if not products:
            continue
        read = set().union(*(names_read(text, namespaces) for text in texts))
        any_class = any(_ANY_CLASS.search(pattern(text)) for text in texts)
        any_property = any(_ANY_PROPERTY.search(pattern(text)) for text in texts)
        names = {t.object.value if t.predicate == RDF_TYPE else t.predicate.value for t in products}
        typed = any_class and any(t.predicate == RDF_TYPE for t in products)
        if any_property or typed or names & read or not targets.isdisjoint(products):
            used.append(rule)
            texts.append(rule.text)
    return used[::-1]


def rows_of(question: SavedQuery, parameters: dict[str, list[str]], store: ox.Store, content: Content) -> list[Row]:
    """The answer of a saved question, unbound columns left out."""
    solutions = store.query(question.bound(parameters), prefixes=content.prefixes.namespaces)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in solutions]


def witnesses(
    question: SavedQuery, parameters: dict[str, list[str]], rows: list[Row], store: ox.Store, content: Content
) -> set[str]:
    """Every IRI that the pattern of the question matches on the way to one of `rows`, shown or not, counted or not."""
    seeds = {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}
    text = question.bound(parameters)
    if not (match := _SELECT.search(text)):
        return seeds
    shown = re.findall(r"\?(\w+)", _EXPRESSION.sub(" ", match["columns"]))
    keys = {tuple(row.get(name) for name in shown) for row in rows}
    for body in _opened(match["pattern"]):
        try:
            solutions = store.query(f"{text[: match.start()]}SELECT DISTINCT *\nWHERE {{{body}}}")
        except SyntaxError:
            continue
        names = [variable.value for variable in solutions.variables]
        if set(shown) <= set(names):
            for solution in solutions:
                if tuple(solution[name] for name in shown) in keys:
                    seeds |= {term.value for name in names if isinstance(term := solution[name], ox.NamedNode)}
    return seeds


def _opened(body: str) -> Iterator[str]:
    """The pattern, or where it counts in subqueries: once for each of these, with what is counted beside it.

    >>> list(_opened("{ SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a }"))
    ['{ SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a } { ?a ?p ?b }']
    """
    found = False
    for match in re.finditer(r"\{\s*SELECT\b", body):
        end, where = _closing(body, match.start()), body.find("WHERE {", match.start())
        if end and where > 0 and (inner := _closing(body, where + 6)):
            found = True
            yield f"{body[:end]} {body[where + 6 : inner]}{body[end:]}"
    if not found:
        yield body


def _closing(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`, 0 if none does. A pattern cut wrongly (at a bracket within a string)
    does not parse and is left out."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return 0
