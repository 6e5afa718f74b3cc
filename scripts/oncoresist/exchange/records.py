"""The records of a selection, for formats that are made of rows, nodes and edges instead of triples."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import pyoxigraph as ox

from oncoresist.errors import InputError
from oncoresist.exchange.selection import Selected, is_record
from oncoresist.namespaces import BASE, ONR, RDF_TYPE

# Lists in one cell or attribute are separated by this; a text that holds it is refused, not split.
SEPARATOR = "|"
_PLURALS = {"entity": "entities", "evidence": "evidence"}
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Records:
    """What is said of each thing of a selection.

    :param lists_as_text: several values will stand in one text, so no value may hold the separator
    :raises InputError: one does; the message names the subject
    :ivar of: subject IRI → its quads, blank nodes left out, in the order of the canonical lines
    """

    def __init__(self, selected: Selected, *, lists_as_text: bool = True) -> None:
        self.selected = selected
        self.curie = selected.prefixes.curie
        self.of: dict[str, list[ox.Quad]] = defaultdict(list)
        for quads in selected.by_layer.values():
            for quad in quads:
                if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
                    self.of[quad.subject.value].append(quad)
                    if lists_as_text and SEPARATOR in quad.object.value:
                        problem = f'a text with "{SEPARATOR}", which separates lists in this format'
                        raise InputError(self.curie(quad.subject.value), f"{problem}. Write it without. [list-separator]")

    @cached_property
    def by_kind(self) -> dict[str, list[str]]:
        """Kind of record → IRIs, both sorted."""
        kinds: dict[str, list[str]] = defaultdict(list)
        for iri in sorted(self.of):
            kinds[kind_of(iri)].append(iri)
        return dict(sorted(kinds.items()))

    def values(self, iri: str, *names: str) -> list[ox.Quad]:
        """The quads of a record with one of these predicates (CURIEs, or bare names of our ontology)."""
        wanted = {self.selected.prefixes.iri(name) if ":" in name else ONR + name for name in names}
        return [quad for quad in self.of.get(iri, ()) if quad.predicate.value in wanted]

    def text(self, term: ox.NamedNode | ox.Literal) -> str:
        """A term as a cell: CURIE or text."""
        return self.curie(term.value).strip("<>") if isinstance(term, ox.NamedNode) else term.value

    def name(self, predicate: ox.NamedNode) -> str:
        """A column or attribute name: bare for our ontology, else with its prefix."""
        return predicate.value.removeprefix(ONR) if predicate.value.startswith(ONR) else self.curie(predicate.value).strip("<>")


def kind_of(iri: str) -> str:
    """The kind of record by its IRI, in the plural; terms of ours and of others are ``terms``.

    >>> kind_of("https://w3id.org/oncoresist/step/ca-001-a-1"), kind_of("http://purl.obolibrary.org/obo/CL_0000000")
    ('steps', 'terms')
    """
    if not is_record(iri):
        return "terms"
    kind = iri.removeprefix(BASE).partition("/")[0]
    return _PLURALS.get(kind, f"{kind}s")


def value_kind(term: ox.NamedNode | ox.Literal) -> str:
    """What a value is besides its text: ``iri``, ``@en``, ``integer``, ``string`` or the IRI of another datatype."""
    if isinstance(term, ox.NamedNode):
        return "iri"
    if term.language:
        return f"@{term.language}"
    return {_INTEGER: "integer", _STRING: "string"}.get(term.datatype.value, term.datatype.value)


def is_type(quad: ox.Quad) -> bool:
    """Whether it says of what class the subject is."""
    return quad.predicate == RDF_TYPE
