"""Plain tables as a frictionless data package (https://specs.frictionlessdata.io/data-package/): one CSV a kind of record.

A column is a property; several values stand in one cell, separated by ``|``. `datapackage.json` says of each column which
property and layer it holds and what its values are, so that the triples can be made again from the tables.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.records import SEPARATOR, Records, kind_of, value_kind
from oncoresist.exchange.selection import Selected

_LAYER_OF = {graph: layer for layer, graph in LAYERS.items()}
_TITLES = {
    "entities": "What the sources name: drugs, cells, gene products, processes",
    "claims": "What the sources say",
    "steps": "The steps of each claim: subject, relation, object, affirmed or denied",
    "evidence": "The reference behind a claim, and the kind of study",
    "passages": "Where in a source a claim stands",
    "publications": "The sources and what they cite",
    "edges": "The mechanism layer, derived from the steps: net effects",
    "drug-mechanisms": "What the presence of an entity means for the response to a drug, with its grade",
    "conflicts": "Where claims disagree, the sides of each disagreement, and in what their contexts differ",
    "mappings": "Identifiers of other databases and ontologies",
    "terms": "Classes, properties and closed lists of the ontology",
    "inferred": "What follows from the other tables, one triple a row",
}


def tables(selected: Selected, folder: Path, ledger: Ledger) -> None:
    """Write the CSV files and `datapackage.json`."""
    ledger.reasons = {"ontology": "an OWL axiom with a nameless class or a list is no row; owl and every RDF format keep it"}
    records = Records(selected)
    resources = [_table(kind, iris, records, folder, ledger) for kind, iris in records.by_kind.items()]
    resources += _inferred(records, folder, ledger)
    _link(resources)
    for resource in resources:
        data = (folder / resource["path"]).read_bytes()
        resource |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        resource["schema"]["fields"] = [
            {k: v for k, v in f.items() if not k.startswith("_")} for f in resource["schema"]["fields"]
        ]
    package = {
        "profile": "tabular-data-package",
        "name": "oncoresist",
        "title": "OncoResist: why cancer treatments stop working",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "selection": selected.selection.to_dict(),
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _table(kind: str, iris: list[str], records: Records, folder: Path, ledger: Ledger) -> dict[str, Any]:
    columns: dict[tuple[str, str, str], dict[str, list[ox.Quad]]] = defaultdict(lambda: defaultdict(list))
    for iri in iris:
        for quad in records.of[iri]:
            if (layer := _LAYER_OF[quad.graph_name]) != "inferred":
                columns[layer, quad.predicate.value, value_kind(quad.object)][iri].append(quad)
    fields, cells = [_field("id", "string", constraints={"required": True, "unique": True})], []
    taken = {"id"}
    for (layer, predicate, what), rows in sorted(columns.items()):
        name = records.name(ox.NamedNode(predicate))
        name = name if name not in taken else f"{name} ({layer}, {what.strip('@')})"
        taken.add(name)
        single = all(len(quads) == 1 for quads in rows.values())
        targets = {kind_of(quad.object.value) for quads in rows.values() for quad in quads} if what == "iri" else set()
        fields.append(
            _field(
                name,
                "integer" if what == "integer" and single else "string",
                rdfProperty=predicate,
                layer=layer,
                values=what,
                separator=SEPARATOR,
                _target=targets.pop() if single and len(targets) == 1 else None,
            )
        )
        cells.append(rows)
    with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field["name"] for field in fields])
        for iri in iris:
            quads = [rows.get(iri, []) for rows in cells]
            if any(quads):
                writer.writerow(
                    [records.curie(iri).strip("<>"), *(SEPARATOR.join(records.text(q.object) for q in of) for of in quads)]
                )
                ledger.keep(*(quad for of in quads for quad in of))
    return _resource(kind, {"fields": fields, "primaryKey": "id", "missingValues": [""]})


def _inferred(records: Records, folder: Path, ledger: Ledger) -> list[dict[str, Any]]:
    quads = [q for of in records.of.values() for q in of if q.graph_name == LAYERS["inferred"]]
    if not quads:
        return []
    with (folder / "inferred.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["subject", "property", "value", "values"])
        for quad in quads:
            row = (records.text(quad.subject), records.text(quad.predicate), records.text(quad.object), value_kind(quad.object))
            writer.writerow(row)
    ledger.keep(*quads)
    fields = [_field(name, "string", constraints={"required": True}) for name in ("subject", "property", "value", "values")]
    return [_resource("inferred", {"fields": fields, "missingValues": [""]})]


def _link(resources: list[dict[str, Any]]) -> None:
    """Foreign keys, for columns with one value a row that all lead to rows of one table."""
    there = {resource["name"]: resource for resource in resources}
    for resource in resources:
        keys = [
            {"fields": field["name"], "reference": {"resource": field["_target"], "fields": "id"}}
            for field in resource["schema"]["fields"]
            if field.get("_target") in there and field["_target"] != "terms"
        ]
        if keys:
            resource["schema"]["foreignKeys"] = keys


def _field(name: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, **{key: value for key, value in more.items() if value is not None}}


def _resource(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": _TITLES.get(name, name),
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
