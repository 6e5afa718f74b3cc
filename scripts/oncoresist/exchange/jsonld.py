"""JSON-LD 1.1, framed: a claim is one document that holds its steps and its lines of evidence.

    {"@context": {…}, "graph": [
      {"id": "https://w3id.org/oncoresist/graph/evidence", "graph": [
        {"id": "claim:ca-008-a", "type": "Claim", "label": "…", "hasStep": [{…}], "hasEvidence": {…}},

Each layer is a named graph, each record a line, in the order of IRIs. What belongs to the framing is in `FRAME`; blank nodes
of the ontology stand inside what uses them. Nothing is lost: expanding the file (https://www.w3.org/TR/json-ld11-api/) gives
the quads back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, BinaryIO

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.exchange.selection import Selected
from oncoresist.namespaces import ONR, RDF_TYPE, Prefixes, onr

# What a record holds: the frame of https://www.w3.org/TR/json-ld11-framing/ that gives the claims of the evidence layer.
FRAME = {"@embed": "@never", "type": "Claim", "hasStep": {"@embed": "@once"}, "hasEvidence": {"@embed": "@once"}}

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_HELD = {onr(name) for name in ("hasStep", "hasEvidence")}
_ENGLISH = {
    "label": "rdfs:label",
    "altLabel": "skos:altLabel",
    "definition": "skos:definition",
    "editorialNote": "skos:editorialNote",
}
_IRIS = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "rdfs:range",
    "owl:equivalentClass",
    "owl:imports",
    "owl:inverseOf",
    "owl:onProperty",
    "owl:someValuesFrom",
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "dcterms:isPartOf",
    "dcterms:license",
    "prov:wasGeneratedBy",
    "sssom:subject_id",
    "sssom:predicate_id",
    "sssom:object_id",
    "sssom:mapping_justification",
)


def jsonld(selected: Selected, out: BinaryIO) -> None:
    """Write the document, a record a line."""
    shape = _Shape(context(selected.store, selected.prefixes), selected.prefixes)
    out.write(b'{"@context": ' + _json(shape.context).encode() + b',\n"graph": [\n')
    for number, (layer, quads) in enumerate(selected.by_layer.items()):
        out.write(b",\n" * bool(number) + f'{{"id": "{LAYERS[layer].value}", "graph": [\n'.encode())
        out.write(",\n".join(map(_json, shape.documents(quads))).encode() + b"\n]}")
    out.write(b"\n]}\n")


def context(store: ox.Store, prefixes: Prefixes) -> dict[str, Any]:
    """The JSON-LD context: prefixes, and for each property whose values are things that they are things.

    Generated from the ontology and the prefix table, so it is the same for every selection.
    """
    terms: dict[str, Any] = {"@version": 1.1, "@vocab": ONR, "id": "@id", "type": "@type", "graph": "@graph"}
    for prefix, namespace in sorted(prefixes.namespaces.items()):
        terms[prefix] = namespace if namespace[-1] in ":/?#[]@" else {"@id": namespace, "@prefix": True}
    for name, curie in _ENGLISH.items():
        terms[name] = {"@id": curie, "@language": "en"}
    for curie in _IRIS:
        terms[curie] = {"@id": prefixes.iri(curie), "@type": "@vocab"}
    declared = store.quads_for_pattern(None, RDF_TYPE, ox.NamedNode(_OWL + "ObjectProperty"), LAYERS["ontology"])
    for iri in sorted(q.subject.value for q in declared if isinstance(q.subject, ox.NamedNode)):
        name = iri.removeprefix(ONR) if iri.startswith(ONR) else prefixes.curie(iri)
        if name not in terms and not name.startswith("<"):
            terms[name] = {"@id": iri, "@type": "@vocab"}
    return terms


class _Shape:
    """Turns the quads of one graph into documents."""

    def __init__(self, terms: dict[str, Any], prefixes: Prefixes) -> None:
        self.context, self._prefixes = terms, prefixes
        self._names: dict[str, str] = {}
        self._keys = {prefixes.iri(curie): name for name, curie in _ENGLISH.items()}

    def documents(self, quads: list[ox.Quad]) -> list[dict[str, Any]]:
        self._of: dict[Any, list[ox.Quad]] = defaultdict(list)
        users: dict[Any, list[ox.Quad]] = defaultdict(list)
        for quad in quads:
            self._of[quad.subject].append(quad)
            if quad.predicate in _HELD or isinstance(quad.object, ox.BlankNode):
                users[quad.object].append(quad)
        # Held by exactly one: it stands there. A blank node in a circle would stand nowhere, so it needs a root above it.
        self._held = {node for node, its in users.items() if len(its) == 1 and node in self._of and self._rooted(node, users)}
        return [self._document(subject) for subject in self._of if subject not in self._held]

    @staticmethod
    def _rooted(node: Any, users: dict[Any, list[ox.Quad]]) -> bool:
        seen = set()
        while len(users.get(node, ())) == 1 and node not in seen:
            seen.add(node)
            node = users[node][0].subject
        return node not in seen

    def _document(self, subject: Any) -> dict[str, Any]:
        document: dict[str, Any] = {}
        if isinstance(subject, ox.NamedNode):
            document["id"] = self._iri(subject.value, vocabulary=False)
        elif subject not in self._held:
            document["id"] = str(subject)
        values: dict[str, list[Any]] = defaultdict(list)
        for quad in sorted(self._of[subject], key=self._rank):
            if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
                values["type"].append(self._iri(quad.object.value, vocabulary=True))
            else:
                key = self._key(quad.predicate.value)
                values[key].append(self._value(quad.object, key))
        return document | {key: items[0] if len(items) == 1 else items for key, items in values.items()}

    def _rank(self, quad: ox.Quad) -> tuple:
        """Type first, then names, then the rest; steps by their number, other objects by IRI or text."""
        iri = quad.predicate.value
        order = next((int(q.object.value) for q in self._of.get(quad.object, ()) if q.predicate == onr("order")), 0)
        return (quad.predicate != RDF_TYPE, iri not in self._keys, iri, order, str(quad.object))

    def _key(self, iri: str) -> str:
        if iri in self._keys:
            return self._keys[iri]
        name = iri.removeprefix(ONR)
        if name != iri and (
            name not in self.context or (isinstance(self.context[name], dict) and self.context[name]["@id"] == iri)
        ):
            return name
        return self._prefixes.curie(iri).strip("<>")

    def _value(self, term: Any, key: str) -> Any:
        if isinstance(term, ox.Literal):
            return self._literal(term, key)
        if term in self._held:
            listed = self._list(term)
            return self._document(term) if listed is None else {"@list": listed}
        if isinstance(term, ox.BlankNode):
            return {"id": str(term)}
        things = isinstance(self.context.get(key), dict) and self.context[key].get("@type") == "@vocab"
        return self._iri(term.value, vocabulary=True) if things else {"id": self._iri(term.value, vocabulary=False)}

    def _list(self, node: Any) -> list[Any] | None:
        """The members of a well-formed RDF list that begins at `node`; None if it is none."""
        members = []
        while node != ox.NamedNode(_RDF + "nil"):
            parts = {q.predicate.value: q.object for q in self._of.get(node, ())}
            if node not in self._held or len(self._of[node]) != 2 or set(parts) != {_RDF + "first", _RDF + "rest"}:
                return None
            members.append(self._value(parts[_RDF + "first"], ""))
            node = parts[_RDF + "rest"]
        return members

    def _literal(self, term: ox.Literal, key: str) -> Any:
        datatype, spoken = term.datatype.value, isinstance(self.context.get(key), dict) and "@language" in self.context[key]
        if datatype == _XSD + "integer" and term.value == str(_integer(term.value)):
            return int(term.value)
        if datatype == _XSD + "boolean" and term.value in ("true", "false"):
            return term.value == "true"
        if term.language:
            return term.value if spoken and term.language == "en" else {"@value": term.value, "@language": term.language}
        if datatype == _XSD + "string":
            things = isinstance(self.context.get(key), dict)
            return {"@value": term.value} if things else term.value
        return {"@value": term.value, "@type": self._iri(datatype, vocabulary=True)}

    def _iri(self, iri: str, vocabulary: bool) -> str:
        """In short: a bare name of our ontology where the vocabulary is meant, else a CURIE, else as it is."""
        key = f"{vocabulary}{iri}"
        if key not in self._names:
            name = iri.removeprefix(ONR)
            taken = self.context.get(name)
            bare = (
                vocabulary
                and name != iri
                and name.isalnum()
                and (taken is None or (isinstance(taken, dict) and taken["@id"] == iri))
            )
            self._names[key] = name if bare else self._prefixes.curie(iri).strip("<>")
        return self._names[key]


def _integer(text: str) -> int | None:
    """The number, if JSON readers keep it whole (they may read numbers as doubles)."""
    try:
        return int(text) if len(text) < 16 else None
    except ValueError:
        return None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
