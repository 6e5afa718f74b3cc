"""Claims in a few words, and what is derived from them: shared by the tests of signs, edges, conflicts and grades.

The signs below are typed from the tables of `graph/README.md`, not read from the ontology.
"""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from oncoresist import turtle
from oncoresist.content import Content, into_store
from oncoresist.derive import derive
from oncoresist.namespaces import BASE, ENT, ONR
from oncoresist.paths import find_layout
from tests.conftest import ROOT

CONTENT = Content(find_layout(ROOT))
POLARITY = (CONTENT.layout.queries / "checks" / "polarity-against-signs.rq").read_text(encoding="utf-8")
NAMESPACES = {"onr": ONR, "ent": ENT, "c": BASE + "claim/", "s": BASE + "step/", "cito": "http://purl.org/spar/cito/"}
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items())
DOUBT = 'c:one onr:doubtedBecause "Odd."@en .'
RELATIONS = {
    "activates": 1, "inhibits": -1, "increases": 1, "decreases": -1, "induces": 1, "prevents": -1, "maintains": 1, "recruits": 1,
    "stabilises": 1, "degrades": -1, "affects": 0, "confersResistanceTo": 1, "sensitizesTo": -1, "affectsResponseTo": 0,
}  # fmt: skip
PERTURBATIONS = {
    "silenced": -1, "knockedOut": -1, "inhibited": -1, "blocked": -1, "chelated": -1, "dominantNegative": -1, "depleted": -1,
    "overexpressed": 1, "reexpressed": 1, "added": 1, "agonised": 1,
}  # fmt: skip
CHANGES = {"lowered": -1, "inactivated": -1, "degraded": -1, "lost": -1, "raised": 1, "activated": 1}
EFFECTS = {1: "promotes", -1: "suppresses", 0: "influences"}
RESPONSES = {1: "raisesResistanceTo", -1: "lowersResistanceTo", 0: "influencesResponseTo"}
ENTITIES = """
    ent:cisplatin a onr:PlatinumAgent .
    ent:doxorubicin a onr:Anthracycline .
    ent:tumour a onr:TumourCell .
    ent:fibroblast a onr:CancerAssociatedFibroblast .
    ent:t-cell a onr:TCell .
    ent:survival a onr:ViabilityReadout ; onr:responseSign 1 .
    ent:apoptosis a onr:Apoptosis ; onr:responseSign -1 .
    ent:accumulation a onr:DrugExposureReadout ; onr:responseSign -1 .
    ent:a a onr:GeneProduct .
    ent:b a onr:GeneProduct .
    ent:c a onr:GeneProduct .
    ent:b-signalling a onr:SignallingPathway ; onr:signallingOf ent:b .
    ent:x-b-axis a onr:SignallingPathway ; onr:component1 ent:a ; onr:component2 ent:b .
"""


@cache
def ontology() -> list[ox.Quad]:
    """Without its texts, which nothing is derived from."""
    return [q for q in CONTENT.triples("ontology") if not (isinstance(q.object, ox.Literal) and q.object.language)]


def derived(text: str) -> ox.Store:
    store = ox.Store()
    into_store(store, "ontology", ontology())
    into_store(store, "evidence", turtle.parse(PREFIXES + ENTITIES + text, "test.ttl"))
    derive(store, CONTENT)
    return store


def claim(*steps: str, drug: str = "", polarity: str = "none", rest: str = "", name: str = "one") -> str:
    """A claim; each step is `subject relation object`, then any `property=value`, and `denied`."""
    about = f"onr:aboutDrug ent:{drug} ; " if drug else ""
    links = ", ".join(f"s:{name}-{n}" for n in range(1, len(steps) + 1))
    blocks = [f"c:{name} a onr:Claim ; {about} onr:polarity onr:{polarity} ; onr:hasStep {links} . {rest}"]
    return "\n".join(blocks + [step(f"{name}-{n}", n, words) for n, words in enumerate(steps, 1)])


def step(name: str, order: int, words: str) -> str:
    subject, relation, object_, *more = words.split()
    kind = "DeniedStep" if "denied" in more else "AffirmedStep"
    pairs = [word.split("=") for word in more if word != "denied"]
    entities = {"subjectIn", "objectIn", "jointlyWith", "requires", "underCondition", "comparedWith", "perturbedBy"}
    extra = "".join(f" ; onr:{key} {'ent' if key in entities else 'onr'}:{value}" for key, value in pairs)
    return (
        f"s:{name} a onr:{kind} ; onr:order {order} ; onr:subject ent:{subject} ; onr:relation onr:{relation} ; "
        f"onr:object ent:{object_}{extra} ."
    )


def values(store: ox.Store, step_name: str, property_: str) -> list[int]:
    found = store.quads_for_pattern(
        ox.NamedNode(f"{BASE}step/{step_name}"), ox.NamedNode(ONR + property_), None, ox.DefaultGraph()
    )
    return sorted(int(quad.object.value) for quad in found)


def effects(store: ox.Store, name: str = "one") -> dict[int, list[int]]:
    """Number of the step → what it means for the response, for the steps that mean anything."""
    found = {n: values(store, f"{name}-{n}", "responseEffect") for n in range(1, 10)}
    return {n: signs for n, signs in found.items() if signs}


def states(store: ox.Store, name: str = "one") -> list[tuple[list[int], list[int]]]:
    """State of subject and of object, step by step."""
    steps = store.quads_for_pattern(ox.NamedNode(f"{BASE}claim/{name}"), ox.NamedNode(ONR + "hasStep"), None, ox.DefaultGraph())
    names = sorted(quad.object.value.removeprefix(BASE + "step/") for quad in steps)
    return [(values(store, step_name, "subjectState"), values(store, step_name, "objectState")) for step_name in names]


def edges(store: ox.Store) -> list[str]:
    rows = store.query(f"""PREFIX onr: <{ONR}> SELECT DISTINCT ?from ?effect ?to ?fromCell ?toCell ?agent WHERE {{
        ?edge a onr:DerivedEdge ; onr:from ?from ; onr:effect ?effect ; onr:to ?to .
        OPTIONAL {{ ?edge onr:fromCell ?fromCell }} OPTIONAL {{ ?edge onr:toCell ?toCell }}
        OPTIONAL {{ ?edge onr:withAgent ?agent }} }}""")
    marks = ("", "", "", "from ", "in ", "with ")
    return sorted(" ".join(m + short(t) for m, t in zip(marks, row, strict=True) if t) for row in rows)


def short(term: ox.NamedNode) -> str:
    return term.value.removeprefix(ENT).removeprefix(ONR)


def complaints(text: str) -> list[str]:
    return [row["value"].value for row in derived(text).query(POLARITY)]
