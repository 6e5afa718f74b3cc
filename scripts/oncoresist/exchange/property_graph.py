"""CSV for `neo4j-admin database import` (https://neo4j.com/docs/operations-manual/current/tools/neo4j-admin/neo4j-admin-import/).

Every record is a node, every triple between two nodes a relationship, every other triple a property. Derived edges are nodes,
so that they can point to their claims, and once more relationships from entity to entity, so that paths can be walked.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.records import SEPARATOR, Records, is_type, value_kind
from oncoresist.exchange.selection import Selected

_LAYER_OF = {graph: layer for layer, graph in LAYERS.items()}
_README = """# OncoResist for Neo4j

Import into a new database (Neo4j 5 or newer; run it in this folder):

    neo4j-admin database import full oncoresist \\
      --id-type=string --array-delimiter='|' --multiline-fields=true \\
{nodes} \\
      --relationships=relationships.csv \\
      --relationships=walkable.csv

Then, for example, what makes tumours resist cisplatin, with the claims behind it:

    MATCH (agent)-[r:RAISES_RESISTANCE_TO]->(drug {{id: 'ent:cisplatin'}})
    RETURN agent.rdfs_label, r.fromCell, r.claims

Steps that a source denies are nodes labelled DeniedStep; no walkable relationship comes from them. What is kept and what is
lost is counted in ledger.json. This folder was checked by its own rules, not by loading it into Neo4j.
"""


def neo4j(selected: Selected, folder: Path, ledger: Ledger) -> None:
    """Write nodes a kind, relationships, the walkable edges, and a README with the import command."""
    ledger.reasons = {"ontology": "an OWL axiom with a nameless class or a list has no node; owl and every RDF format keep it"}
    ledger.note("Language tags and datatypes other than integer are dropped: text is text. All of it is English.")
    ledger.note("Classes are node labels, asserted and inferred alike; of other triples the layer is kept on relationships only.")
    records = Records(selected)
    for kind, iris in records.by_kind.items():
        _nodes(kind, iris, records, folder, ledger)
    _relationships(records, folder, ledger)
    ledger.note(f"Added: {_walkable(records, folder)} relationships that repeat derived edges from entity to entity.")
    nodes = " \\\n".join(f"      --nodes=nodes-{kind}.csv" for kind in records.by_kind)
    (folder / "README.md").write_text(_README.format(nodes=nodes), encoding="utf-8")


def _nodes(kind: str, iris: list[str], records: Records, folder: Path, ledger: Ledger) -> None:
    columns: dict[tuple[str, str], dict[str, list[ox.Quad]]] = defaultdict(lambda: defaultdict(list))
    for iri in iris:
        for quad in records.of[iri]:
            if not is_type(quad) and not _is_link(quad, records):
                type_ = "long" if value_kind(quad.object) == "integer" else "string"
                columns[records.name(quad.predicate).replace(":", "_"), type_][iri].append(quad)
    header, cells = ["id:ID", ":LABEL"], []
    for (name, type_), rows in sorted(columns.items()):
        several = any(len(quads) > 1 for quads in rows.values())
        header.append(
            f"{name}{'_number' if type_ == 'long' and (name, 'string') in columns else ''}:{type_}{'[]' if several else ''}"
        )
        cells.append(rows)
    with (folder / f"nodes-{kind}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [name.replace(":", ".", name.count(":") - 1) if name not in ("id:ID", ":LABEL") else name for name in header]
        )
        for iri in iris:
            types = [quad for quad in records.of[iri] if is_type(quad)]
            labels = SEPARATOR.join(dict.fromkeys(records.text(quad.object).removeprefix("onr:") for quad in types))
            row = [rows.get(iri, []) for rows in cells]
            writer.writerow(
                [records.curie(iri).strip("<>"), labels, *(SEPARATOR.join(records.text(q.object) for q in of) for of in row)]
            )
            ledger.keep(*types, *(quad for of in row for quad in of))


def _relationships(records: Records, folder: Path, ledger: Ledger) -> None:
    with (folder / "relationships.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([":START_ID", ":TYPE", ":END_ID", "layer"])
        for iri in sorted(records.of):
            for quad in records.of[iri]:
                if not is_type(quad) and _is_link(quad, records):
                    ends = records.text(quad.subject), records.text(quad.object)
                    writer.writerow([ends[0], records.name(quad.predicate), ends[1], _LAYER_OF[quad.graph_name]])
                    ledger.keep(quad)


def _walkable(records: Records, folder: Path) -> int:
    """Derived edges as relationships in capitals; returns how many."""
    count = 0
    with (folder / "walkable.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([":START_ID", ":TYPE", ":END_ID", "edge", "fromCell", "toCell", "withAgent", "claims:string[]"])
        for iri in records.by_kind.get("edges", []):
            of = {
                name: [records.text(q.object) for q in records.values(iri, name)]
                for name in ("from", "effect", "to", "fromCell", "toCell", "withAgent", "fromClaim")
            }
            if len(of["from"]) == len(of["effect"]) == len(of["to"]) == 1 and {
                q.object.value for q in records.values(iri, "from", "to")
            } <= set(records.of):
                effect = _capitals(of["effect"][0].removeprefix("onr:"))
                cells = [SEPARATOR.join(of[name]) for name in ("fromCell", "toCell", "withAgent", "fromClaim")]
                writer.writerow([of["from"][0], effect, of["to"][0], records.curie(iri), *cells])
                count += 1
    return count


def _is_link(quad: ox.Quad, records: Records) -> bool:
    return isinstance(quad.object, ox.NamedNode) and quad.object.value in records.of


def _capitals(name: str) -> str:
    """
    >>> _capitals("raisesResistanceTo")
    'RAISES_RESISTANCE_TO'
    """
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)
