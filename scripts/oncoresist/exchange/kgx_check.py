"""Strict check of KGX nodes and edges (https://github.com/biolink/kgx/blob/master/specification/kgx-format.md).

`kgx validate` fetches the model from the network and lets a blank `knowledge_level` pass; the classes of `biolink-model` accept
a predicate that does not exist. This check needs neither, and does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from oncoresist.exchange import biolink

Thing = dict[str, str | bool | int | list[str]]

OWN = "oncoresist_"
NODE_LISTS = ("category", "type", "synonym", "xref", "provided_by")
_REQUIRED = (
    *("id", "subject", "predicate", "object", "category", "negated"),
    *("knowledge_level", "agent_type", "primary_knowledge_source", "original_predicate"),
)
_CURIE = re.compile(r"[A-Za-z][\w.]*:\S+\Z")
_PUBLICATION = re.compile(r"(PMID:\d+|doi:10\.\d+/\S+|PMC:\d+|pub:\S+)\Z")
_ECO = re.compile(r"ECO:\d{7}\Z")
_CONTEXTS = ("subject_context_qualifier", "object_context_qualifier", "disease_context_qualifier")
# Relations that say something about the response to a treatment → the sign they give to a subject that is there or raised.
_RESPONSE = {"confersResistanceTo": 1, "sensitizesTo": -1, "raisesResistanceTo": 1, "lowersResistanceTo": -1}


def check(nodes: Iterable[Thing], edges: Iterable[Thing]) -> list[str]:
    """What is wrong, one sentence each with the id and the rule; empty if nothing is.

    >>> check([{"id": "ent:x", "name": "x", "category": ["biolink:Gen"]}], [])
    ['node ent:x: unknown category biolink:Gen. [kgx-category]']
    """
    problems: list[str] = []
    categories: dict[str, str] = {}
    for node in nodes:
        problems += [f"node {node.get('id')}: {problem}" for problem in _of_node(node, categories)]
        categories[str(node.get("id"))] = (node.get("category") or [""])[0].removeprefix(biolink.PREFIX)
    seen: set[str] = set()
    for edge in edges:
        problems += [f"edge {edge.get('id')}: {problem}" for problem in _of_edge(edge, categories)]
        if edge.get("id") in seen:
            problems.append(f"edge {edge['id']}: the id stands twice. [kgx-id]")
        seen.add(str(edge.get("id")))
    return problems


def _of_node(node: Thing, known: dict[str, str]) -> Iterator[str]:
    model = biolink.model()
    if not _CURIE.match(str(node.get("id", ""))):
        yield "the id is no CURIE. [kgx-id]"
    if node.get("id") in known:
        yield "the id stands twice. [kgx-id]"
    if not node.get("name"):
        yield "it has no name. [kgx-name]"
    if not node.get("category"):
        yield "it has no category. [kgx-category]"
    for category in node.get("category") or []:
        if category.removeprefix(biolink.PREFIX) not in model.categories or not category.startswith(biolink.PREFIX):
            yield f"unknown category {category}. [kgx-category]"
    for xref in node.get("xref") or []:
        if not _CURIE.match(xref):
            yield f"xref {xref} is no CURIE. [kgx-curie]"
    yield from _slots(node, {*model.node_slots})


def _of_edge(edge: Thing, categories: dict[str, str]) -> Iterator[str]:
    model = biolink.model()
    for slot in _REQUIRED:
        if edge.get(slot) in (None, "", []):
            yield f"{slot} is blank. [kgx-{slot.replace('_', '-')}]"
    for slot in ("knowledge_level", "agent_type"):
        if edge.get(slot) and edge[slot] not in model.values[slot]:
            yield f"{slot} {edge[slot]} is none of {', '.join(model.values[slot])}. [kgx-{slot.replace('_', '-')}]"
    if not isinstance(edge.get("negated"), bool):
        yield "negated is neither true nor false. [kgx-negated]"
    for end in ("subject", "object", *_CONTEXTS):
        if edge.get(end) and edge[end] not in categories:
            yield f"{end} {edge[end]} is no node. [kgx-undeclared-node]"
    yield from _predicates(edge, categories)
    for slot, value in edge.items():
        kind = slot.partition("_")[2].removesuffix("_qualifier")
        if slot.endswith("_qualifier") and kind in model.values and value not in model.values[kind]:
            yield f"{slot} {value} is none of {', '.join(model.values[kind])}. [kgx-qualifier]"
    for publication in edge.get("publications") or []:
        if not _PUBLICATION.match(publication):
            yield f"publication {publication} is no PMID, doi, PMC or pub. [kgx-publications]"
    for code in edge.get("has_evidence_of_type") or []:
        if not _ECO.match(code):
            yield f"evidence {code} is no ECO term. [kgx-evidence]"
    if not str(edge.get("primary_knowledge_source") or "infores:").startswith("infores:"):
        yield "primary_knowledge_source is no infores. [kgx-primary-knowledge-source]"
    yield from _slots(edge, {*model.edge_slots, *model.qualifiers})


def _predicates(edge: Thing, categories: dict[str, str]) -> Iterator[str]:
    model = biolink.model()
    for slot in ("predicate", "qualified_predicate"):
        name = str(edge.get(slot) or "").removeprefix(biolink.PREFIX)
        if not edge.get(slot):
            continue
        if not str(edge[slot]).startswith(biolink.PREFIX) or name not in model.predicates:
            yield f"unknown {slot.replace('_', ' ')} {edge[slot]}. [kgx-predicate]"
            continue
        if model.predicates[name].get("deprecated"):
            yield f"deprecated {slot.replace('_', ' ')} {edge[slot]}. [kgx-predicate]"
        ends = [categories.get(str(edge.get(end)), "") for end in ("subject", "object")]
        if all(end in model.categories for end in ends) and not model.fits(name, *ends):
            yield f"{edge[slot]} does not lead from {ends[0]} to {ends[1]}. [kgx-domain-range]"
        if model.predicates[name].get("symmetric") and edge.get("object_direction_qualifier"):
            yield f"{edge[slot]} has no direction, but the object has one. [kgx-direction]"
    if edge.get("qualified_predicate") and not any(str(slot).endswith("_direction_qualifier") for slot in edge):
        yield "a qualified predicate needs a direction of the subject or object. [kgx-qualifier]"
    yield from _response(edge)


def _response(edge: Thing) -> Iterator[str]:
    """Resistance and sensitivity against what the relation of ours says, and what was done to the subject."""
    stated = _RESPONSE.get(str(edge.get("original_predicate")).removeprefix("onr:"))
    lowered = (edge.get("subject_direction_qualifier") == "decreased") != (edge.get("subject_aspect_qualifier") == "degradation")
    for slot, sign in (("predicate", -1 if lowered else 1), ("qualified_predicate", 1)):
        said = biolink.RESPONSE.get(str(edge.get(slot)).removeprefix(biolink.PREFIX))
        if said and (stated is None or said != stated * sign):
            yield f"{edge[slot]} is against {edge.get('original_predicate')} of this subject. [kgx-direction]"


def _slots(thing: Thing, known: set[str]) -> Iterator[str]:
    for slot, value in thing.items():
        if slot not in known and not slot.startswith(OWN):
            yield f"unknown slot {slot}. [kgx-slot]"
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and re.search(r"[\t\r\n]", text):
                yield f"{slot} holds a tab or a line break. [kgx-text]"
