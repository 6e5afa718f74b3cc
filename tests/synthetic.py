"""Claims by the hundred thousand, shaped like the curated ones: for measuring, never for content.

Deterministic: the same number and seed give the same quads in the same order, on every machine. Their proportions are those of
the curated evidence layer: two steps a claim, two lines of evidence, a cell at two ends in five, a comparison in forty steps, a
claim in four that ends in the response to its drug, half of the steps going on where the one before ended. The vocabulary grows
with the claims as ours does (drawn claim by claim from the curated ones, the number of ends of steps grows with the square root
of the number of claims, drugs and cancers hardly), and a tenth of it takes two fifths of the mentions, as there. Context is
stated as often as there: a model system by a claim in five, the kind of study by a line in four, how an effect was brought
about, or what was changed of the subject, by a step in five.
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
_ARTICLE = ox.NamedNode("http://purl.org/spar/fabio/JournalArticle")
_PMID = ox.NamedNode("http://purl.org/spar/fabio/hasPubMedId")
_ECO = [ox.NamedNode(f"http://purl.obolibrary.org/obo/ECO_0000{number}") for number in (303, 304, 305)]
_RELATIONS = [
    onr(name) for name in ("activates", "inhibits", "increases", "decreases", "induces", "binds", "positivelyCorrelated")
]
_RESPONSES = [onr(name) for name in (*["confersResistanceTo"] * 9, *["sensitizesTo"] * 2, "affectsResponseTo")]
_STUDY_KINDS = [onr(name) for name in (*["inVitro"] * 6, *["inVivo"] * 2, "reviewStatement", "clinical")]
_PERTURBATIONS = [onr(name) for name in (*["inhibited"] * 3, *["silenced"] * 3, *["blocked"] * 2, "depleted", "overexpressed")]
_CHANGES = [onr(name) for name in (*["raised"] * 4, *["lowered"] * 4, *["activated"] * 2, "lost")]
# Class of each kind of thing, how many of them 633 claims name, and the exponent with which that grows with the claims.
_THINGS = {
    "drug": ("PlatinumAgent", 42, 0.15),
    "factor": ("Cytokine", 160, 0.5),
    "gene": ("Kinase", 210, 0.5),
    "cell": ("Fibroblast", 53, 0.55),
    "process": ("CellularProcess", 160, 0.5),
    "cancer": ("Cancer", 41, 0.15),
    "model": ("CellLine", 62, 0.5),
}


def synthetic_quads(claims: int, seed: int = 1) -> Iterator[ox.Quad]:
    """The quads of `claims` invented claims with their entities, passages and publications, in the evidence graph.

    About 45 quads a claim; every string and IRI is valid and no two records share an IRI.

    >>> quads = list(synthetic_quads(10))
    >>> quads == list(synthetic_quads(10)), sum(q.object == onr("Claim") for q in quads)
    (True, 10)
    """
    for subject, predicate, object_ in _triples(claims, random.Random(seed)):
        yield ox.Quad(subject, predicate, object_, LAYERS["evidence"])


def _node(kind: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}{kind}/synthetic-{name}")


def _often(nodes: list[ox.NamedNode], chance: random.Random) -> ox.NamedNode:
    """One of them, the first far more often than the last: a tenth takes two fifths of the draws."""
    return nodes[int(len(nodes) * chance.random() ** 2.5)]


def _triples(claims: int, chance: random.Random) -> Iterator[tuple]:
    things = {
        kind: [_node("entity", f"{kind}-{n}") for n in range(max(3, round(number * (claims / 633) ** growth)))]
        for kind, (_, number, growth) in _THINGS.items()
    }
    for kind, nodes in things.items():
        for number, node in enumerate(nodes):
            yield node, RDF_TYPE, onr(_THINGS[kind][0])
            yield node, RDFS_LABEL, ox.Literal(f"synthetic {kind} {number} of κ-type", language="en")
    papers = [_node("publication", str(n)) for n in range(max(2, claims // 4))]
    for number, paper in enumerate(papers):
        yield paper, RDF_TYPE, onr("Publication")
        yield paper, RDF_TYPE, _ARTICLE
        yield paper, _PMID, ox.Literal(str(90_000_000 + number))
    for number in range(claims):
        yield from _claim(number, things, papers, chance)


def _claim(
    number: int, things: dict[str, list[ox.NamedNode]], papers: list[ox.NamedNode], chance: random.Random
) -> Iterator[tuple]:
    claim, passage = _node("claim", f"{number:07}-a"), _node("passage", f"{number:07}")
    drug = _often(things["drug"], chance)
    yield passage, RDF_TYPE, onr("Passage")
    yield passage, _IDENTIFIER, ox.Literal(f"synthetic.{number}")
    yield passage, _IS_PART_OF, papers[0]
    yield passage, onr("status"), onr("curated")
    yield passage, onr("mentions"), drug
    yield claim, RDF_TYPE, onr("Claim")
    yield claim, RDFS_LABEL, ox.Literal(f"Synthetic claim {number}: a factor of the stroma changes the response.", language="en")
    yield claim, onr("aboutDrug"), drug
    yield claim, onr("aboutCancer"), _often(things["cancer"], chance)
    yield claim, onr("certainty"), onr(chance.choice(("asserted", "asserted", "hedged")))
    yield claim, onr("polarity"), onr(chance.choice(("resistanceIncreased", "resistanceDecreased", "none")))
    yield claim, onr("statedAt"), passage
    if chance.random() < 0.21:
        for model in dict.fromkeys(_often(things["model"], chance) for _ in range(chance.choice((1, 1, 2)))):
            yield claim, onr("inModel"), model
    steps = chance.choice((1, 2, 2, 3))
    responds, last = chance.random() < 0.27, None
    for order in range(1, steps + 1):
        step = _node("step", f"{number:07}-a-{order}")
        start = last if last is not None and chance.random() < 0.5 else _often(things["factor"], chance)
        if responds and order == steps:
            relation, last = chance.choice(_RESPONSES), drug
        else:
            relation, last = chance.choice(_RELATIONS), _often(things[chance.choice(("gene", "process"))], chance)
        yield claim, onr("hasStep"), step
        for predicate, object_ in (("subject", start), ("relation", relation), ("object", last)):
            yield step, onr(predicate), object_
        yield from _rest_of_step(step, order, things, chance)
    for paper in chance.sample(papers, min(len(papers), chance.choice((1, 2, 3)))):
        line = _node("evidence", f"{number:07}-a-{paper.value.rpartition('-')[2]}")
        yield claim, onr("hasEvidence"), line
        yield line, RDF_TYPE, onr("EvidenceLine")
        yield line, onr("assertedBy"), onr("author")
        yield line, onr("direction"), onr("supports")
        yield line, onr("directness"), onr("direct")
        yield line, onr("evidenceType"), chance.choice(_ECO)
        yield line, _CITES, paper
        if chance.random() < 0.26:
            yield line, onr("studyKind"), chance.choice(_STUDY_KINDS)


def _rest_of_step(
    step: ox.NamedNode, order: int, things: dict[str, list[ox.NamedNode]], chance: random.Random
) -> Iterator[tuple]:
    yield step, RDF_TYPE, onr("DeniedStep" if chance.random() < 0.05 else "AffirmedStep")
    yield step, onr("order"), ox.Literal(str(order), datatype=_INTEGER)
    yield step, onr("basis"), onr("source")
    for name, share, kind in (
        ("subjectIn", 0.4, "cell"),
        ("objectIn", 0.4, "cell"),
        ("underCondition", 0.15, "drug"),
        ("comparedWith", 0.025, "cell"),
    ):
        if chance.random() < share:
            yield step, onr(name), _often(things[kind], chance)
    for name, share, values in (
        ("subjectAspect", 0.15, [onr("expression")]),
        ("perturbation", 0.115, _PERTURBATIONS),
        ("subjectChange", 0.09, _CHANGES),
    ):
        if chance.random() < share:
            yield step, onr(name), chance.choice(values)
