"""One OWL 2 file that opens in Protégé and in owlready2: ontology, imports and individuals together, as RDF/XML.

What OWL tools need and plain RDF does not: one ontology header and nothing to fetch (the imports are in the file), a
declaration for every class, property and individual, and no data property with values of a datatype outside the OWL 2 map
(xsd:gYear, xsd:date), at which HermiT stops: such a property is declared as an annotation property here.
"""

from __future__ import annotations

from typing import BinaryIO

import pyoxigraph as ox

from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.rdf import require_xml, write_xml
from oncoresist.exchange.selection import Selected
from oncoresist.namespaces import ONR, RDF_TYPE

_OWL = "http://www.w3.org/2002/07/owl#"
_ONTOLOGY = ox.NamedNode(ONR.rstrip("/"))
_IMPORTS = ox.NamedNode(_OWL + "imports")
_HEADER, _CLASS, _DATA, _ANNOTATION, _INDIVIDUAL, _THING = (
    ox.NamedNode(_OWL + name)
    for name in ("Ontology", "Class", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Thing")
)
_BUILT_IN = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#", _OWL)
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NOT_IN_MAP = {ox.NamedNode(_XSD + name) for name in ("gYear", "gYearMonth", "date", "time", "duration")}


_REASONS = {
    "owl:imports": "the imported triples are in the file, and Protégé would try to fetch them",
    "ontology rdf:type": "a property with values outside the OWL 2 datatype map is declared as annotation property instead; "
    "headers of imported ontologies give way to the one of the file",
    "ontology": "a file has one ontology header; those of the imported ontologies are left out",
}


def owl(selected: Selected, out: BinaryIO, ledger: Ledger) -> None:
    """Write the file; without the layer ``ontology`` the individuals stand under a header of their own."""
    ledger.reasons = _REASONS
    require_xml(selected.triple_lines)
    quads = [quad for layer in selected.by_layer.values() for quad in layer]
    headers = {q.subject for q in quads if q.predicate == RDF_TYPE and q.object == _HEADER} - {_ONTOLOGY}
    moved = {q.predicate for q in quads if isinstance(q.object, ox.Literal) and q.object.datatype in _NOT_IN_MAP}
    triples: set[ox.Triple] = set()
    for quad in quads:
        if quad.subject in headers or quad.predicate == _IMPORTS or (quad.subject in moved and quad.object == _DATA):
            continue
        triples.add(quad.triple)
        ledger.keep(quad)
    triples |= (added := _missing(triples))
    ledger.note(f"Added: {len(added)} declarations that OWL tools need, of the header, classes, properties and individuals.")
    ledger.note(
        "Which layer a triple belongs to is lost: the file is one ontology. Derived edges are of the class onr:DerivedEdge."
    )
    write_xml(sorted(triples, key=_order), selected.prefixes, out)


def _missing(triples: set[ox.Triple]) -> set[ox.Triple]:
    """Declarations of the header, and of what is used and not declared."""
    kinds = [t for t in triples if t.predicate == RDF_TYPE and t.object.value.startswith(_OWL)]
    declared = {t.subject for t in kinds if t.object != _THING}  # that everything is a thing declares nothing
    properties = {t.predicate for t in triples} - declared
    classes = {t.object for t in triples if t.predicate == RDF_TYPE} - declared
    individuals = {t.subject for t in triples if t.predicate == RDF_TYPE} - declared
    needed = [(p, _ANNOTATION) for p in properties] + [(c, _CLASS) for c in classes] + [(i, _INDIVIDUAL) for i in individuals]
    needed.append((_ONTOLOGY, _HEADER))
    return {
        ox.Triple(s, RDF_TYPE, kind) for s, kind in needed if isinstance(s, ox.NamedNode) and not s.value.startswith(_BUILT_IN)
    } - triples


def _order(triple: ox.Triple) -> tuple[bool, bool, str, bool, str, str, str]:
    """The header first, blank nodes last, types before the rest."""
    subject, predicate, object_ = triple.subject, triple.predicate, triple.object
    blank = isinstance(subject, ox.BlankNode)
    return (subject != _ONTOLOGY, blank, subject.value, predicate != RDF_TYPE, predicate.value, object_.value, str(object_))
