"""All mappings as one SSSOM TSV file (https://mapping-commons.github.io/sssom/); `oncoresist.mappings.read` reads it back."""

from __future__ import annotations

from typing import BinaryIO

from oncoresist.errors import UsageError
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.records import Records
from oncoresist.exchange.selection import Selected
from oncoresist.mappings import COLUMNS
from oncoresist.namespaces import SKOS

_CURIES = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")
_MATCHES = tuple(f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow"))


def sssom(selected: Selected, out: BinaryIO, ledger: Ledger) -> None:
    """One row a mapping, sorted; the header declares every prefix in use."""
    ledger.reasons = {
        "mappings": "the direct link follows from the row",
        **{layer: "SSSOM holds mappings only" for layer in ("ontology", "evidence", "inferred", "mechanism")},
    }
    records = Records(selected, lists_as_text=False)
    rows = []
    links = set()
    for iri in records.by_kind.get("mappings", []):
        cells = []
        for column in COLUMNS:
            quads = records.values(iri, f"sssom:{column}")
            ledger.keep(*quads)
            cells.append(records.text(quads[0].object) if quads else "")
        ledger.keep(*records.values(iri, "rdf:type"))
        rows.append(cells)
        links.add((cells[0], cells[2], cells[3]))
    for quad in selected.by_layer.get("mappings", []):
        if quad.predicate.value in _MATCHES and tuple(map(records.text, quad.triple)) in links:
            ledger.keep(quad)
    if not rows:
        raise UsageError("SSSOM is made of mappings: it needs the layer mappings, and something that is mapped.")
    rows.sort()
    curies = {row[COLUMNS.index(column)].partition(":")[0] for row in rows for column in _CURIES}
    lines = ["#curie_map:"]
    lines += [f'#  {prefix}: "{selected.prefixes.namespaces[prefix]}"' for prefix in sorted(curies)]
    lines += [
        "#mapping_set_id: https://w3id.org/oncoresist/mappings",
        "#mapping_set_title: OncoResist to external vocabularies",
        "#license: https://creativecommons.org/licenses/by/4.0/",
        "\t".join(COLUMNS),
    ]
    lines += ["\t".join(row) for row in rows]
    out.write(("\n".join(lines) + "\n").encode())
