"""A smallest set of statements that contradict each other, whatever OWL they use: found by asking HermiT alone.

HermiT only says whether there is a contradiction. As in the extraction of minimal unsatisfiable subsets by insertion
(Marques-Silva et al. 2013, https://doi.org/10.1007/978-3-642-39799-8_39), the shortest beginning of the list that contradicts
itself is looked for by division, its last statement kept, and the search repeated below it until the kept ones suffice. The
statements come in the order of their relevance (Ji, Qi, Haase 2009, https://doi.org/10.1007/978-3-642-10871-6_21): first
those in terms of OWL that the ontology rarely needs, then what shares their names, so that most of the questions are short.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import pyoxigraph as ox

from oncoresist.definitions import OWL
from oncoresist.mechanism.theory import RDFS
from oncoresist.namespaces import RDF_TYPE

_VOCABULARIES = (OWL, RDFS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#")
_RDF = _VOCABULARIES[2]
_KINDS = {OWL + k for k in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Ontology")}
_SAYS_NOTHING = {RDFS + "label", RDFS + "comment", RDFS + "seeAlso", RDFS + "isDefinedBy"}
_SAYS_NOTHING |= {OWL + name for name in ("versionInfo", "versionIRI", "deprecated", "imports")}
# What ontology and content say everywhere; everything else in OWL's own words is looked at first.
_COMMON = {RDFS + k for k in ("subClassOf", "subPropertyOf", "domain", "range")}
_COMMON |= {OWL + k for k in ("equivalentClass", "inverseOf", "disjointWith")}
_COMMON_AXIOMS = {OWL + "AllDisjointClasses", OWL + "TransitiveProperty", OWL + "Thing"}
_AT_ONCE, _SHORT = 12, 4000
FirstContradictory = Callable[[list[list[ox.Triple]]], "int | None"]
FirstClash = Callable[[list[list["Statement"]]], "int | None"]
_PAIRED = {OWL + "AllDisjointClasses": OWL + "disjointWith", OWL + "AllDifferent": OWL + "differentFrom"}


@dataclass(frozen=True)
class Statement:
    """One axiom or fact: a triple, with all that its blank nodes say.

    :param triples: the triple first
    """

    triples: tuple[ox.Triple, ...]

    @property
    def head(self) -> ox.Triple:
        return self.triples[0]

    @property
    def names(self) -> set[str]:
        """IRIs it speaks of, those of the languages left out."""
        nodes = [node for t in self.triples for node in (t.subject, t.predicate, t.object)]
        return {n.value for n in nodes if isinstance(n, ox.NamedNode) and not n.value.startswith(_VOCABULARIES)}

    @property
    def rare(self) -> bool:
        """Whether it is in terms of OWL that the ontology rarely needs."""
        subject, predicate, object_ = self.head
        if predicate == RDF_TYPE:
            return getattr(object_, "value", "").startswith(OWL) and object_.value not in _COMMON_AXIOMS
        if predicate.value == RDFS + "subClassOf":
            return isinstance(object_, ox.BlankNode) or isinstance(subject, ox.BlankNode)
        return predicate.value.startswith(_VOCABULARIES) and predicate.value not in _COMMON


def cut(triples: Iterable[ox.Triple]) -> tuple[list[ox.Triple], list[Statement]]:
    """Declarations, and the statements that can be left in or out, in a stable order; what says nothing in OWL is dropped.

    >>> text = b"<x:a> a <http://www.w3.org/2002/07/owl#Class> ; <http://www.w3.org/2000/01/rdf-schema#subClassOf> <x:b> ."
    >>> declared, statements = cut(list(ox.parse(text, format=ox.RdfFormat.TURTLE)))
    >>> len(declared), [str(statement.head.object) for statement in statements]
    (1, ['<x:b>'])
    """
    said: dict[str, list[ox.Triple]] = defaultdict(list)
    properties, referred = set(), set()
    ordered = sorted((ox.Triple(t.subject, t.predicate, t.object) for t in triples), key=str)
    for t in ordered:
        said[str(t.subject)].append(t)
        if isinstance(t.object, ox.BlankNode):
            referred.add(str(t.object))
        if t.predicate == RDF_TYPE and t.object.value in (OWL + "ObjectProperty", OWL + "DatatypeProperty"):
            properties.add(t.subject.value)
    declared = [
        t for t in ordered if t.predicate == RDF_TYPE and t.object.value in _KINDS and isinstance(t.subject, ox.NamedNode)
    ]
    known, found = set(declared), []
    for subject, about in said.items():
        if subject.startswith("<"):
            for t in about:
                speaks = t.predicate.value in properties or t.predicate.value.startswith(_VOCABULARIES)
                if speaks and t not in known and t.predicate.value not in _SAYS_NOTHING:
                    found.append(Statement((t, *_below(t.object, said))))
        elif subject not in referred:  # an axiom that has no name: these exclude each other, this is denied
            first = min(about, key=lambda t: t.predicate != RDF_TYPE)
            found.append(Statement((first, *(t for t in _below(first.subject, said) if t != first))))
    return declared, found


def _below(node, said: dict[str, list[ox.Triple]]) -> list[ox.Triple]:
    """All that a blank node says, and those it names."""
    found, waiting, seen = [], [node], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ox.BlankNode) and str(node) not in seen:
            seen.add(str(node))
            found += said[str(node)]
            waiting += [t.object for t in said[str(node)]]
    return found


def smallest(triples: Iterable[ox.Triple], reasoner: FirstContradictory, given: Iterable[ox.Triple] = ()) -> list[Statement]:
    """Statements that contradict each other, of which none can be spared; empty if all of them do not.

    :param reasoner: which of several sets of triples is the first that contradicts itself, in the order given, such as
        `oncoresist.reasoner.first_contradictory`
    :param given: held to be true, such as that a class has a member
    """
    declared, statements = cut(triples)
    base = list(given)

    def first_clash(wholes: list[list[Statement]]) -> int | None:
        return reasoner([[*base, *_declared(declared, base, some), *(t for s in some for t in s.triples)] for some in wholes])

    near: list[Statement] = []
    for layer in _layers(statements, _named(base)):
        near += layer
        if first_clash([near]) is not None:
            return _fewer_pairs(_insert(near, [], first_clash), first_clash)
    return []


def _declared(declared: list[ox.Triple], base: list[ox.Triple], some: list[Statement]) -> list[ox.Triple]:
    names = _named(base).union(*(s.names for s in some))
    return [t for t in declared if t.subject.value in names]


def _named(triples: list[ox.Triple]) -> set[str]:
    return set().union(*(Statement((t,)).names for t in triples))


def _layers(statements: list[Statement], names: set[str]) -> Iterable[list[Statement]]:
    """The statements, most relevant first: the rare ones, what is said of the names in them, of the names in that, and so on;
    then what mentions them, and what is said of that; then the rest."""
    left, reached = list(statements), set(names)
    layer = [s for s in left if s.rare or _concerns(s, reached)]
    for mentioned_only in (True, False):
        while layer:
            yield layer
            taken = set(layer)
            left = [s for s in left if s not in taken]
            reached |= set().union(*(s.names for s in layer))
            layer = [s for s in left if _concerns(s, reached)]
        layer = [s for s in left if s.names & reached or not mentioned_only]
    if layer:
        yield layer


def _concerns(statement: Statement, reached: set[str]) -> bool:
    """Whether it says something of these; of exclusions, whether of two of them."""
    subject = statement.head.subject
    return subject.value in reached if isinstance(subject, ox.NamedNode) else len(statement.names & reached) > 1


def _insert(candidates: list[Statement], kept: list[Statement], first_clash: FirstClash) -> list[Statement]:
    """`kept` and as few of the candidates as clash with it, if all of them do."""
    while True:
        low, high = 0, len(candidates)  # the shortest beginning that clashes has between low and high statements
        while low < high:
            # Asking of many beginnings at once pays while they are short.
            parts = _AT_ONCE if high < _SHORT else 2
            sizes = sorted({low + (high - low) * part // parts for part in range(parts)})
            found = first_clash([[*kept, *candidates[:size]] for size in sizes])
            if found is None:
                low = sizes[-1] + 1
            else:
                low, high = sizes[found - 1] + 1 if found else low, sizes[found]
        if not high:
            return kept
        kept = [*kept, candidates[high - 1]]
        candidates = candidates[: high - 1]


def _fewer_pairs(found: list[Statement], first_clash: FirstClash) -> list[Statement]:
    """Instead of "these all exclude each other" only the pairs that matter."""
    for statement in list(found):
        if (relation := _PAIRED.get(getattr(statement.head.object, "value", ""))) is not None:
            first = ox.NamedNode(_RDF + "first")
            members = [t.object for t in statement.triples if t.predicate == first]
            pairs = [Statement((ox.Triple(a, ox.NamedNode(relation), b),)) for a, b in combinations(members, 2)]
            others = [s for s in found if s != statement]
            spoken = set().union(*(s.names for s in others))
            pairs.sort(key=lambda pair: -len(pair.names & spoken))
            found = _insert(pairs, others, first_clash)
    return found
