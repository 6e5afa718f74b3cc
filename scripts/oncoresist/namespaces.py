"""IRIs and CURIEs, from the one prefix table (`ontology/prefixes.ttl`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from oncoresist.errors import InputError, UnknownNameError, UsageError
from oncoresist.paths import Layout

BASE = "https://w3id.org/oncoresist/"
ONR = BASE + "ontology/"
ENT = BASE + "entity/"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOS_ALT_LABEL = ox.NamedNode(SKOS + "altLabel")
_SH = "http://www.w3.org/ns/shacl#"

_NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|\\^`]')
# What Turtle allows after the colon without escapes; anything else is written as <IRI>.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_:-])?\Z")


def onr(name: str) -> ox.NamedNode:
    """A term of our ontology.

    >>> onr("Claim").value
    'https://w3id.org/oncoresist/ontology/Claim'
    """
    return ox.NamedNode(ONR + name)


@dataclass(frozen=True)
class Prefixes:
    """The prefix table.

    :param namespaces: prefix → namespace IRI

    >>> table = Prefixes({"ent": "https://w3id.org/oncoresist/entity/"})
    >>> table.curie("https://w3id.org/oncoresist/entity/cisplatin")
    'ent:cisplatin'
    >>> table.iri("ent:cisplatin")
    'https://w3id.org/oncoresist/entity/cisplatin'
    """

    namespaces: dict[str, str]
    patterns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, layout: Layout) -> Prefixes:
        """Read the table of `layout`.

        :raises InputError: the file is missing or broken
        """
        declarations: dict[str, dict[str, str]] = {}
        try:
            with layout.prefixes.open("rb") as file:
                for quad in ox.parse(file, format=ox.RdfFormat.TURTLE):
                    declarations.setdefault(str(quad.subject), {})[quad.predicate.value] = getattr(quad.object, "value", "")
        except OSError as error:
            raise InputError(layout.relative(layout.prefixes), f"cannot be read ({error.strerror})") from None
        except SyntaxError as error:
            raise InputError(layout.relative(layout.prefixes), error.msg, error.lineno) from None
        rows = [d for d in declarations.values() if _SH + "prefix" in d]
        return cls(
            {d[_SH + "prefix"]: d[_SH + "namespace"] for d in rows},
            {d[_SH + "prefix"]: d[ONR + "pattern"] for d in rows if ONR + "pattern" in d},
        )

    @cached_property
    def _by_length(self) -> list[tuple[str, str]]:
        """Longest namespace first, so obo:CHEBI_1 becomes CHEBI:1 and not obo:CHEBI_1."""
        return sorted(((n, p) for p, n in self.namespaces.items()), key=lambda pair: (-len(pair[0]), pair[1]))

    def curie(self, iri: str) -> str:
        """`iri` in short, or in angle brackets if no prefix fits."""
        for namespace, prefix in self._by_length:
            if iri.startswith(namespace) and _LOCAL.match(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def iri(self, curie: str) -> str:
        """The IRI behind a CURIE, ``<IRI>`` or IRI; prefixes may be typed in any case.

        :raises UnknownNameError: the prefix is not in the table
        :raises UsageError: it has characters that no IRI has
        """
        text = curie.strip()
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        if found := _NOT_IN_IRIS.search(text):
            raise UsageError(f'"{curie}" is no IRI: "{found[0]}" cannot stand in one.')
        if "://" in text:
            return text
        prefix, _, local = text.partition(":")
        namespace = self.namespaces.get(prefix) or self._folded.get(prefix.casefold())
        if namespace is None:
            raise UnknownNameError("prefix", prefix, self.namespaces)
        return namespace + local

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {prefix.casefold(): namespace for prefix, namespace in self.namespaces.items()}

    def knows(self, curie: str) -> bool:
        """Whether `curie` has a prefix of the table."""
        prefix, colon, _ = curie.partition(":")
        return bool(colon) and prefix.casefold() in self._folded
