"""Writing the load bundle of a store."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from oncoresist.content import LAYERS
from oncoresist.errors import UsageError
from oncoresist.exchange.bundles.stores import Store
from oncoresist.exchange.export import ExportReport
from oncoresist.exchange.formats import FORMATS
from oncoresist.exchange.hashing import canonical_lines, hash_of_lines
from oncoresist.exchange.ledger import LEDGER, Ledger
from oncoresist.exchange.selection import Selected
from oncoresist.target import replaced_folder

# Virtuoso answers some questions wrongly over several default graphs at once, so there it gets one with everything besides.
TOGETHER = "https://w3id.org/oncoresist/graph/default"
_COUNTS, _QUESTION, _SUMS = "counts.tsv", "counts.rq", "SHA256SUMS"


def write_bundle(selected: Selected, store: Store, folder: Path) -> ExportReport:
    """Data, configuration, script and README for `store`, with the counts to expect and checksums.

    :raises UsageError: nothing is selected, or `folder` holds something else
    :raises NotWritableError: it cannot be written; what was there is as it was
    """
    by_graph = _by_graph(selected)
    if not by_graph:
        raise UsageError("nothing to export: no triple is selected.")
    ledger = Ledger(FORMATS["nquads"], selected)
    ledger.keep_all()
    with replaced_folder(folder, LEDGER, "the export") as draft:
        _write_data(selected, store, by_graph, draft)
        rows = [f"<{graph}>\t{len(lines)}\t{hash_of_lines(lines)}\n" for graph, lines in by_graph.items()]
        _write(draft / _COUNTS, "graph\ttriples\tsha256 of the canonical N-Triples\n" + "".join(rows))
        _write(draft / _QUESTION, _count_query(list(by_graph)) + "\n")
        for template in sorted(files(__package__).joinpath(store.name).iterdir(), key=lambda file: file.name):
            text = _filled(template.read_text(encoding="utf-8"), list(by_graph))
            _write(draft / template.name, text + (_common(store, draft) if template.name == "README.md" else ""))
        (draft / LEDGER).write_text(ledger.to_text(), encoding="utf-8")
        _write(draft / _SUMS, "".join(f"{_sha256(file)}  {file.name}\n" for file in sorted(draft.iterdir())))
    return ExportReport(ledger.format, folder, folder / LEDGER, len(selected.quad_lines), ledger.kept)


def _by_graph(selected: Selected) -> dict[str, list[bytes]]:
    """Graph IRI → its canonical N-Triples; graphs without any are left out."""
    by_graph = {}
    for layer in selected.selection.layers:
        end = f" {LAYERS[layer]} .\n".encode()
        if lines := [line[: -len(end)] + b" .\n" for line in selected.quad_lines if line.endswith(end)]:
            by_graph[LAYERS[layer].value] = canonical_lines(lines)
    return by_graph


def _write_data(selected: Selected, store: Store, by_graph: dict[str, list[bytes]], folder: Path) -> None:
    if store.data == "nt":
        for graph, lines in by_graph.items():
            name = graph.rpartition("/")[2] + ".nt"
            (folder / name).write_bytes(b"".join(lines))
            _write(folder / f"{name}.graph", graph + "\n")
    elif store.data == "nq":
        (folder / "oncoresist.nq").write_bytes(b"".join(selected.quad_lines))
    else:
        with (
            (folder / "oncoresist.nq.gz").open("wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as stream,  # no name and no time: equal content, equal bytes
        ):
            stream.writelines(selected.quad_lines)


def _filled(text: str, graphs: list[str]) -> str:
    values = {
        "CLEAR": "\n".join(f"SPARQL CLEAR GRAPH <{graph}>;" for graph in graphs),
        "COUNT": " ".join(_count_query(graphs).split()),
        "TOGETHER": TOGETHER,
        "ADD": "\n".join(f"SPARQL ADD GRAPH <{graph}> TO GRAPH <{TOGETHER}>;" for graph in graphs),
        "ENDPOINT": f"http://localhost:8890/sparql?default-graph-uri={quote(TOGETHER, safe='')}",
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _count_query(graphs: list[str]) -> str:
    named = "\n".join(f"    <{graph}>" for graph in graphs)
    return f"""SELECT ?graph (COUNT(*) AS ?triples)
WHERE {{
  VALUES ?graph {{
{named}
  }}
  GRAPH ?graph {{ ?subject ?predicate ?object }}
}}
GROUP BY ?graph
ORDER BY ?graph"""


def _common(store: Store, folder: Path) -> str:
    """What every README ends with."""
    data = ", ".join(f"`{file.name}`" for file in sorted(folder.iterdir()) if file.suffix in (".nt", ".nq", ".gz"))
    documentation = "\n".join(f"- <{url}>" for url in store.documentation)
    return f"""
## Check

`{_QUESTION}` counts the triples of each graph; they must be those of `{_COUNTS}`, which also has the canonical hash of each graph
(sha256 of its canonical N-Triples, blank nodes named by RDFC-1.0). `oncoresist load URL` on a store that was loaded compares both
and changes nothing if they agree. `sha256sum -c {_SUMS}` checks the files of this folder; the data are {data}.

## What was tried

{store.tried}

{documentation}
"""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
