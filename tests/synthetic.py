"""Claims by the hundred thousand, shaped like the curated ones: for measuring, never for content.

Deterministic: the same number and seed give the same quads in the same order, on every machine. Their proportions are those of
the curated evidence layer: two steps a claim, two lines of evidence, a cell at two ends in five, a comparison in forty steps.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyoxigraph as ox

from oncoresist.content import LAYERS
from oncoresist.namespaces import BASE, RDF_TYPE, RDFS_LABEL, onr

_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_CITES = ox.NamedNode("http://purl.org/spar/cito/citesAsEvidence")
_IS_PART_OF = ox.NamedNode("http://purl.org/dc/terms/isPartOf")
_IDENTIFIER = ox.NamedNode("http://purl.org/dc/terms/identifier")
_PMID = ox.NamedNode("http://purl.org/spar/fabio/hasPubMedId")
_ECO = [ox.NamedNode(f"http://purl.obolibrary.org/obo/ECO_0000{number}") for number in (303, 304, 305)]
_RELATIONS = [
    onr(name) for name in ("activates", "inhibits", "increases", "decreases", "induces", "binds", "positivelyCorrelated")
]
_CLASSES = {
    "drug": "PlatinumAgent",
    "factor": "Cytokine",
    "gene": "Kinase",
    "cell": "Fibroblast",
    "process": "CellularProcess",
    "cancer": "Cancer",
}


def synthetic_quads(claims: int, seed: int = 1) -> Iterator[ox.Quad]:
    """The quads of `claims` invented claims with their entities, passages and publications, in the evidence graph.

    About 38 quads a claim; every string and IRI is valid and no two records share an IRI.

    >>> quads = list(synthetic_quads(10))
    >>> quads == list(synthetic_quads(10)), sum(q.object == onr("Claim") for q in quads)
    (True, 10)
    """
    for subject, predicate, object_ in _triples(claims, random.Random(seed)):
        yield ox.Quad(subject, predicate, object_, LAYERS["evidence"])


def _node(kind: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}{kind}/synthetic-{name}")


def _triples(claims: int, chance: random.Random) -> Iterator[tuple]:
    things = {kind: [_node("entity", f"{kind}-{n}") for n in range(max(3, min(400, claims // 50)))] for kind in _CLASSES}
    for kind, nodes in things.items():
        for number, node in enumerate(nodes):
            yield node, RDF_TYPE, onr(_CLASSES[kind])
            yield node, RDFS_LABEL, ox.Literal(f"synthetic {kind} {number} of κ-type", language="en")
    papers = [_node("publication", str(n)) for n in range(max(2, claims // 4))]
    for number, paper in enumerate(papers):
        yield paper, RDF_TYPE, onr("Publication")
        yield paper, _PMID, ox.Literal(str(90_000_000 + number))
    for number in range(claims):
        yield from _claim(number, things, papers, chance)


def _claim(
    number: int, things: dict[str, list[ox.NamedNode]], papers: list[ox.NamedNode], chance: random.Random
) -> Iterator[tuple]:
    claim, passage = _node("claim", f"{number:07}-a"), _node("passage", f"{number:07}")
    drug = chance.choice(things["drug"])
    yield passage, RDF_TYPE, onr("Passage")
    yield passage, _IDENTIFIER, ox.Literal(f"synthetic.{number}")
    yield passage, _IS_PART_OF, papers[0]
    yield passage, onr("status"), onr("curated")
    yield passage, onr("mentions"), drug
    yield claim, RDF_TYPE, onr("Claim")
    yield claim, RDFS_LABEL, ox.Literal(f"Synthetic claim {number}: a factor of the stroma changes the response.", language="en")
    yield claim, onr("aboutDrug"), drug
    yield claim, onr("aboutCancer"), chance.choice(things["cancer"])
    yield claim, onr("certainty"), onr(chance.choice(("asserted", "asserted", "hedged")))
    yield claim, onr("polarity"), onr(chance.choice(("resistanceIncreased", "resistanceDecreased", "none")))
    yield claim, onr("statedAt"), passage
    for order in range(1, chance.choice((1, 2, 2, 3)) + 1):
        step = _node("step", f"{number:07}-a-{order}")
        yield claim, onr("hasStep"), step
        yield from _step(step, order, things, chance)
    for paper in chance.sample(papers, min(len(papers), chance.choice((1, 2, 3)))):
        line = _node("evidence", f"{number:07}-a-{paper.value.rpartition('-')[2]}")
        yield claim, onr("hasEvidence"), line
        yield line, RDF_TYPE, onr("EvidenceLine")
        yield line, onr("assertedBy"), onr("author")
        yield line, onr("direction"), onr("supports")
        yield line, onr("directness"), onr("direct")
        yield line, onr("evidenceType"), chance.choice(_ECO)
        yield line, _CITES, paper


def _step(step: ox.NamedNode, order: int, things: dict[str, list[ox.NamedNode]], chance: random.Random) -> Iterator[tuple]:
    yield step, RDF_TYPE, onr("DeniedStep" if chance.random() < 0.05 else "AffirmedStep")
    yield step, onr("subject"), chance.choice(things["factor"])
    yield step, onr("relation"), chance.choice(_RELATIONS)
    yield step, onr("object"), chance.choice(things[chance.choice(("gene", "process"))])
    yield step, onr("order"), ox.Literal(str(order), datatype=_INTEGER)
    yield step, onr("basis"), onr("source")
    for name, share, kind in (
        ("subjectIn", 0.4, "cell"),
        ("objectIn", 0.4, "cell"),
        ("underCondition", 0.15, "drug"),
        ("comparedWith", 0.025, "cell"),
    ):
        if chance.random() < share:
            yield step, onr(name), chance.choice(things[kind])
    if chance.random() < 0.15:
        yield step, onr("subjectAspect"), onr("expression")
