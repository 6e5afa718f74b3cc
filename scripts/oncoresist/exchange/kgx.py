"""KGX (https://github.com/biolink/kgx/blob/master/specification/kgx-format.md): nodes and edges after the Biolink Model.

Nothing is written that the strict check of `kgx_check` objects to.
"""

from __future__ import annotations

import json
from pathlib import Path

from oncoresist.errors import InputError, UsageError
from oncoresist.exchange import biolink
from oncoresist.exchange.kgx_check import NODE_LISTS, OWN, Thing, check
from oncoresist.exchange.kgx_graph import EDGE_LISTS, SOURCE, KgxGraph, build
from oncoresist.exchange.ledger import Ledger
from oncoresist.exchange.records import SEPARATOR
from oncoresist.exchange.selection import Selected

_NUMBERS = ("evidence_count", OWN + "order")
_FIRST = ("id", "subject", "predicate", "object", "category", "name", "negated", "knowledge_level", "agent_type")
_REASONS = {
    "ontology": "the Biolink Model takes the place of the ontology; classes of ours stand in the slot type of a node",
    "inferred": "follows from the steps and the ontology",
    "mappings": "xref has exact matches only, without their justification; the format sssom has all mappings",
    "mechanism": "a conflict is no edge; which papers count towards a grade is in the tables",
    "evidence": "passages and publications are no nodes; an edge names them, the tables describe them",
    "evidence onr:explains": "edges of KGX cannot point to edges",
    "evidence onr:restates": "edges of KGX cannot point to edges",
    "evidence onr:subjectIn": "the slot takes one cell; a second one has no place",
    "evidence onr:objectIn": "the slot takes one cell; a second one has no place",
}
_README = """# OncoResist in KGX

{nodes} nodes and {edges} edges after the Biolink Model {version}. Merge or load them with KGX, for example

    kgx transform --input-format {kind} --output nodes-and-edges --output-format nt nodes.{extension} edges.{extension}

`oncoresist_record` says what an edge is: `step` (what a source says; `negated` is true where it denies), `derived edge` and
`drug mechanism` (follow from steps by rule, `logical_entailment`), `kind` (relations between entities). Take one of them, or
the same finding counts twice.

Without its qualifiers an affirmed edge is still true, only less precise; of a negated one the statement is denied as a whole,
with its qualifiers. `original_predicate` is the relation as curated. Slots that begin
with `{own}` are ours, the others are Biolink's. `{source}` is not registered as an information resource. Prefixes are those
of Biolink; those it lacks are in prefixes.json. What is kept and lost is counted in ledger.json.

The files were checked by rules of their own and by the data classes of biolink-model, not by loading them into KGX, which needs
the network.
"""


def kgx_tsv(selected: Selected, folder: Path, ledger: Ledger) -> None:
    """`nodes.tsv` and `edges.tsv`; lists are separated by ``|``."""
    graph = _checked(selected, ledger, lists_as_text=True)
    for name, things in (("nodes", graph.nodes), ("edges", graph.edges)):
        slots = sorted({slot for thing in things for slot in thing}, key=lambda s: (s.startswith(OWN), _rank(s), s))
        with (folder / f"{name}.tsv").open("w", encoding="utf-8", newline="") as file:
            file.write("\t".join(slots) + "\n")
            file.writelines("\t".join(_cell(thing.get(slot, "")) for slot in slots) + "\n" for thing in things)
    _beside(selected, folder, graph, "tsv", "tsv")


def kgx_jsonl(selected: Selected, folder: Path, ledger: Ledger) -> None:
    """`nodes.jsonl` and `edges.jsonl`, one thing a line."""
    graph = _checked(selected, ledger, lists_as_text=False)
    for name, things in (("nodes", graph.nodes), ("edges", graph.edges)):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="") as file:
            file.writelines(json.dumps(thing, ensure_ascii=False) + "\n" for thing in things)
    _beside(selected, folder, graph, "jsonl", "jsonl")


def read(folder: Path) -> KgxGraph:
    """Nodes and edges back from a folder of either form, with the types they had.

    :raises InputError: the folder holds neither form
    """
    form = next((form for form in ("tsv", "jsonl") if (folder / f"nodes.{form}").is_file()), None)
    if form is None:
        raise InputError(folder, "holds neither nodes.tsv nor nodes.jsonl.")
    both = []
    for name, lists in (("nodes", NODE_LISTS), ("edges", EDGE_LISTS)):
        lines = (folder / f"{name}.{form}").read_text(encoding="utf-8").splitlines()
        if form == "jsonl":
            both.append([json.loads(line) for line in lines])
        else:
            header = lines[0].split("\t")
            both.append([_typed(dict(zip(header, line.split("\t"), strict=True)), lists) for line in lines[1:]])
    return KgxGraph(*both)


def _checked(selected: Selected, ledger: Ledger, *, lists_as_text: bool) -> KgxGraph:
    ledger.reasons = _REASONS
    graph = build(selected, ledger, lists_as_text=lists_as_text)
    if not graph.nodes:
        raise UsageError("KGX is made of entities and what is said of them: it needs the layer evidence.")
    if problems := check(graph.nodes, graph.edges):
        raise InputError("kgx", f"{len(problems)} problems, nothing was written. The first: {problems[0]}")
    ledger.note("Language tags are dropped: all text is English.")
    widened = f"{graph.widened} of {len(graph.edges)} edges have a wider predicate than their relation maps to"
    ledger.note(f"{widened}, because of the categories of their ends; original_predicate keeps the relation.")
    return graph


def _beside(selected: Selected, folder: Path, graph: KgxGraph, kind: str, extension: str) -> None:
    """README and the prefixes in use."""
    ours = selected.prefixes.namespaces
    namespace = {biolink.SPELLING.get(prefix, prefix): iri for prefix, iri in ours.items()}
    namespace |= {"PMID": ours["pubmed"], "PMC": ours["pmc"] + "PMC", "infores": "https://w3id.org/biolink/infores/"}
    values = (value for thing in (*graph.nodes, *graph.edges) for slot in thing.items() for value in _values(slot))
    used = sorted({value.partition(":")[0] for value in values} & set(namespace))
    prefixes = {prefix: namespace[prefix] for prefix in used}
    (folder / "prefixes.json").write_text(json.dumps(prefixes, indent=1) + "\n", encoding="utf-8")
    text = _README.format(
        nodes=len(graph.nodes),
        edges=len(graph.edges),
        version=biolink.model().version,
        kind=kind,
        extension=extension,
        own=OWN,
        source=SOURCE,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _values(slot: tuple[str, str | bool | int | list[str]]) -> list[str]:
    name, value = slot
    return [] if name in ("name", "synonym", "description") else [str(v) for v in (value if isinstance(value, list) else [value])]


def _rank(slot: str) -> int:
    return _FIRST.index(slot) if slot in _FIRST else len(_FIRST)


def _cell(value: str | bool | int | list[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(value) if isinstance(value, list) else str(value)


def _typed(row: dict[str, str], lists: tuple[str, ...]) -> Thing:
    thing: Thing = {}
    for slot, text in row.items():
        if text and slot in lists:
            thing[slot] = text.split(SEPARATOR)
        elif text:
            thing[slot] = text == "true" if slot == "negated" else int(text) if slot in _NUMBERS else text
    return thing
