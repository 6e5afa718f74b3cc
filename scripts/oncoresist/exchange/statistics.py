"""What VoID counts of a set of triples (https://www.w3.org/TR/void/, section 4), in one pass over them.

Classes count every type, inferred ones too. Which properties the members of a class have, and where these lead, is told only
for the classes that are stated somewhere, not for those that are merely inferred: a superclass would repeat its subclasses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

import pyoxigraph as ox

from oncoresist.namespaces import RDF_TYPE

Spread = tuple[int, int, int]


@dataclass(frozen=True)
class Statistics:
    """Counts over one dataset.

    :param subjects: distinct subjects; likewise `objects`, which counts literals as well
    :param members: class → distinct subjects of that type
    :param properties: property → (triples, distinct subjects, distinct objects)
    :param of_class: (class, property) → the same, over the members of the class
    :param targets: (class, property, class of the object) → triples
    :param datatypes: (class, property, datatype of the object) → triples
    """

    triples: int
    subjects: int
    objects: int
    members: dict[str, int]
    properties: dict[str, Spread]
    of_class: dict[tuple[str, str], Spread] = field(default_factory=dict)
    targets: dict[tuple[str, str, str], int] = field(default_factory=dict)
    datatypes: dict[tuple[str, str, str], int] = field(default_factory=dict)


def count(triples: Iterable[ox.Triple | ox.Quad], stated: Set[str] = frozenset()) -> Statistics:
    """Count.

    :param triples: each once
    :param stated: the classes (IRIs) of which properties and targets are told

    >>> text = b"@prefix e: <urn:> . e:a a e:Cell ; e:makes e:b ; e:name 'A' . e:b a e:Gene ."
    >>> found = count(ox.parse(text, format=ox.RdfFormat.TURTLE), {"urn:Cell", "urn:Gene"})
    >>> found.triples, found.subjects, found.members
    (4, 2, {'urn:Cell': 1, 'urn:Gene': 1})
    >>> found.targets
    {('urn:Cell', 'urn:makes', 'urn:Gene'): 1}
    """
    rows = [(t.subject, t.predicate.value, t.object) for t in triples]
    types: dict[ox.NamedNode | ox.BlankNode, set[str]] = defaultdict(set)
    for subject, predicate, object_ in rows:
        if predicate == RDF_TYPE.value and isinstance(object_, ox.NamedNode):
            types[subject].add(object_.value)
    nobody: set[str] = set()
    spread: dict[str, _Counted] = defaultdict(_Counted)
    of_class: dict[tuple[str, str], _Counted] = defaultdict(_Counted)
    targets: Counter[tuple[str, str, str]] = Counter()
    datatypes: Counter[tuple[str, str, str]] = Counter()
    for subject, predicate, object_ in rows:
        spread[predicate].add(subject, object_)
        for class_ in types.get(subject, nobody) & stated:
            of_class[class_, predicate].add(subject, object_)
            if isinstance(object_, ox.Literal):
                datatypes[class_, predicate, object_.datatype.value] += 1
            else:
                for target in types.get(object_, nobody) & stated:
                    targets[class_, predicate, target] += 1
    members = Counter(class_ for of in types.values() for class_ in of)
    return Statistics(
        len(rows),
        len({subject for subject, _, _ in rows}),
        len({object_ for _, _, object_ in rows}),
        dict(sorted(members.items())),
        {p: counted.result for p, counted in sorted(spread.items())},
        {key: counted.result for key, counted in sorted(of_class.items())},
        dict(sorted(targets.items())),
        dict(sorted(datatypes.items())),
    )


class _Counted:
    """Triples with their distinct ends."""

    def __init__(self) -> None:
        self.triples, self.subjects, self.objects = 0, set(), set()

    def add(self, subject, object_) -> None:
        self.triples += 1
        self.subjects.add(subject)
        self.objects.add(object_)

    @property
    def result(self) -> Spread:
        return self.triples, len(self.subjects), len(self.objects)
