"""Networks to look at: entities are nodes; derived edges, the steps as observed, and the kinds of things are edges.

Each edge says in `layer` whether it is derived (``mechanism``) or what a source says (``evidence``), and in `negated` whether
a source denies it, so neither is taken for the other. A step carries its claim: certainty, drugs, cancers, passage, references.

GraphML: http://graphml.graphdrawing.org/specification.html. CX2, the format of Cytoscape 3.10 and of NDEx:
https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import product
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.rdf import require_xml
from oncoresist.exchange.records import SEPARATOR, Records, is_type, kind_of, value_kind
from oncoresist.exchange.selection import Selected

Value = str | int | bool | list[str]
_ENDS = {"steps": ("subject", "object"), "edges": ("from", "to"), "drug-mechanisms": ("from", "to")}
_NAMES = {"steps": "step", "edges": "derived edge", "drug-mechanisms": "drug mechanism"}
_OF_CLAIM = (
    *("certainty", "polarity", "polarityBasis", "aboutDrug", "aboutCancer", "inModel", "statedAt"),
    *("doubtedBecause", "explains", "restates", "rdfs:label", "skos:editorialNote", "rdf:type"),
)
_NET = ("netSign", "responseEffect")
_REASONS = {
    "ontology": "classes and properties are no nodes of the network; the OWL file has them",
    "inferred": "follows from the edges and the ontology; the mechanism layer is what matters of it here",
    "mappings": "of a mapping the network keeps the identifier on the entity, not its justification",
    "mechanism": "a conflict is no edge; the steps on its sides name it, the tables describe it",
    "evidence": "passages, publications and evidence lines are no nodes; an edge names them, the tables describe them",
}


@dataclass
class _Network:
    nodes: dict[str, dict[str, Value]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, Value]]] = field(default_factory=list)


def graphml(selected: Selected, out: BinaryIO, ledger: Ledger) -> None:
    """Lists are one text, separated by ``|``."""
    require_xml(selected.triple_lines)
    network = _network(Records(selected), ledger)
    ledger.note(f'Lists are one text each, separated by "{SEPARATOR}"; language tags are dropped.')
    keys: list[str] = []
    for of, things in (("node", list(network.nodes.values())), ("edge", [edge[2] for edge in network.edges])):
        for name, type_ in _declared(things).items():
            keys.append(f'<key id="{of}-{name}" for="{of}" attr.name={quoteattr(name)} attr.type="{_GRAPHML[type_]}"/>\n')
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    out.writelines(key.encode() for key in keys)
    out.write(b'<graph id="oncoresist" edgedefault="directed">\n')
    for iri, values in network.nodes.items():
        out.write(f"<node id={quoteattr(iri)}>{_data('node', values)}</node>\n".encode())
    for number, (start, end, values) in enumerate(network.edges):
        tag = f'<edge id="e{number}" source={quoteattr(start)} target={quoteattr(end)}>'
        out.write(f"{tag}{_data('edge', values)}</edge>\n".encode())
    out.write(b"</graph>\n</graphml>\n")


def cx2(selected: Selected, out: BinaryIO, ledger: Ledger) -> None:
    """Aspects in the order of the specification, one element a line."""
    network = _network(Records(selected, lists_as_text=False), ledger)
    ledger.note("Language tags are dropped: all text is English.")
    number = {iri: index for index, iri in enumerate(network.nodes)}
    edges = [{"id": i, "s": number[s], "t": number[t], "v": values} for i, (s, t, values) in enumerate(network.edges)]
    aspects: dict[str, list[dict]] = {
        "attributeDeclarations": [
            {
                "networkAttributes": {"name": {"d": "string"}, "description": {"d": "string"}, "rights": {"d": "string"}},
                "nodes": {name: {"d": type_} for name, type_ in _declared(list(network.nodes.values())).items()},
                "edges": {name: {"d": type_} for name, type_ in _declared([edge[2] for edge in network.edges]).items()},
            }
        ],
        "networkAttributes": [{"name": "OncoResist", "description": _ABOUT, "rights": "CC BY 4.0"}],
        "nodes": [{"id": number[iri], "v": values} for iri, values in network.nodes.items()],
        "edges": edges,
    }
    metadata = [{"name": name, "elementCount": len(elements)} for name, elements in aspects.items()]
    out.write(b'[{"CXVersion": "2.0", "hasFragments": false},\n' + json.dumps({"metaData": metadata}).encode() + b",\n")
    for name, elements in aspects.items():
        rows = ",\n".join(json.dumps(element, ensure_ascii=False) for element in elements)
        out.write(f'{{"{name}": [\n{rows}\n]}},\n'.encode())
    out.write(b'{"status": [{"success": true}]}]\n')


_ABOUT = (
    "Why cancer treatments stop working. Edges of the layer mechanism are derived; those of the layer evidence are what a "
    "source says, negated where it denies."
)
_GRAPHML = {"string": "string", "integer": "long", "boolean": "boolean", "list_of_string": "string"}


def _network(records: Records, ledger: Ledger) -> _Network:
    ledger.reasons = _REASONS
    network = _Network()
    for iri in records.by_kind.get("entities", []):
        own = [quad for quad in records.of[iri] if not _is_inferred(quad)]
        label = next((records.text(q.object) for q in records.values(iri, "rdfs:label")), records.curie(iri))
        network.nodes[records.curie(iri)] = {"name": label, **_values([q for q in own if not _is_kinship(q)], records)}
        for quad in filter(_is_kinship, own):
            values: dict[str, Value] = {"interaction": records.name(quad.predicate), **_marks("evidence", "kind")}
            _add(network, records, iri, quad.object.value, values)
        ledger.keep(*own)
    claims = {q.object.value: iri for iri in records.by_kind.get("claims", []) for q in records.values(iri, "hasStep")}
    conflicts: dict[str, list[tuple[ox.Quad, ox.Quad]]] = {}
    for side in records.by_kind.get("conflicts", []):
        for step, of in product(records.values(side, "fromStep"), records.values(side, "sideOf")):
            conflicts.setdefault(step.object.value, []).append((step, of))
    for kind in _ENDS:
        for iri in records.by_kind.get(kind, []):
            own = [q for q in records.of[iri] if not _is_inferred(q) or records.name(q.predicate) in _NET]
            ends = [q.object.value for end in _ENDS[kind] for q in records.values(iri, end)]
            if len(ends) != 2:
                continue
            values = _edge(iri, kind, own, records)
            if claim := claims.get(iri):
                values |= _of_claim(claim, iri, records, ledger)
            if of := conflicts.get(iri):
                values["conflicts"] = sorted({records.text(conflict.object) for _, conflict in of})
                ledger.keep(*(quad for pair in of for quad in pair))
            _add(network, records, ends[0], ends[1], values)
            ledger.keep(*own)
    return network


def _marks(layer: str, record: str, negated: bool = False) -> dict[str, Value]:
    return {"layer": layer, "record": record, "negated": negated}


def _edge(iri: str, kind: str, own: list[ox.Quad], records: Records) -> dict[str, Value]:
    relation = "relation" if kind == "steps" else "effect"
    interaction = next((records.text(q.object).removeprefix("onr:") for q in own if records.name(q.predicate) == relation), "")
    denied = any(is_type(q) and q.object.value.endswith("/DeniedStep") for q in own)
    marks = _marks("evidence" if kind == "steps" else "mechanism", _NAMES[kind], denied)
    return {"interaction": interaction, **marks, "id": records.curie(iri), **_values(own, records)}


def _of_claim(claim: str, step: str, records: Records, ledger: Ledger) -> dict[str, Value]:
    """The claim on its step. The lists of its evidence, references, their identifiers and directions run in parallel."""
    own = [quad for quad in records.values(claim, *_OF_CLAIM) if not _is_inferred(quad)]
    held = [quad for quad in records.values(claim, "hasStep") if quad.object.value == step]
    lines = records.values(claim, "hasEvidence")
    cited = [records.values(line.object.value, "cito:citesAsEvidence") for line in lines]
    said = [records.values(line.object.value, "direction") for line in lines]
    ids = [[i for pub in pubs for i in records.values(pub.object.value, "prism:doi", "fabio:hasPubMedId")] for pubs in cited]
    ledger.keep(*own, *held, *lines, *(quad for quads in (*cited, *said, *ids) for quad in quads))
    values: dict[str, Value] = {f"claim_{name}": value for name, value in _values(own, records).items()}
    values["claim"] = records.curie(claim)
    values["evidence"] = [records.text(line.object) for line in lines]
    values["references"] = [" ".join(records.text(pub.object) for pub in pubs) for pubs in cited]
    values["citations"] = [" ".join(f"{'doi' if '/' in i.object.value else 'PMID'}:{i.object.value}" for i in of) for of in ids]
    values["directions"] = [" ".join(records.text(d.object).removeprefix("onr:") for d in of) for of in said]
    return values


def _values(quads: list[ox.Quad], records: Records) -> dict[str, Value]:
    """Attributes by property."""
    found: dict[str, list] = {}
    for quad in quads:
        number = value_kind(quad.object) == "integer"
        found.setdefault(records.name(quad.predicate), []).append(int(quad.object.value) if number else records.text(quad.object))
    return {name: values[0] if len(values) == 1 else [str(value) for value in values] for name, values in found.items()}


def _add(network: _Network, records: Records, start: str, end: str, values: dict[str, Value]) -> None:
    """An edge; an end that is no entity (a class of treatment, say) becomes a node with its name only."""
    for iri in (start, end):
        network.nodes.setdefault(records.curie(iri), {"name": records.curie(iri)})
    network.edges.append((records.curie(start), records.curie(end), values))


def _is_inferred(quad: ox.Quad) -> bool:
    return quad.graph_name == LAYERS["inferred"]


def _is_kinship(quad: ox.Quad) -> bool:
    return isinstance(quad.object, ox.NamedNode) and kind_of(quad.object.value) == "entities"


def _declared(things: list[dict[str, Value]]) -> dict[str, str]:
    """Attribute → its type; single values become lists where another thing has several."""
    types: dict[str, str] = {}
    for thing in things:
        for name, value in thing.items():
            if isinstance(value, list):
                types[name] = "list_of_string"
            elif types.get(name) != "list_of_string":
                types[name] = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"
    for thing in things:
        for name in thing:
            if types[name] == "list_of_string" and not isinstance(thing[name], list):
                thing[name] = [str(thing[name])]
    return dict(sorted(types.items()))


def _data(of: str, values: dict[str, Value]) -> str:
    return "".join(f'<data key="{of}-{name}">{escape(_one(value))}</data>' for name, value in values.items() if value != [])


def _one(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(value) if isinstance(value, list) else str(value)
