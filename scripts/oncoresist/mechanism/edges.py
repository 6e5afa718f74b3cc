"""The mechanism layer in memory, for whoever walks it: derived edges with their claims, and what joins entities by name only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from oncoresist.engines import Engine
from oncoresist.mechanism.grades import Support, load_support, rank_of
from oncoresist.names import Names
from oncoresist.namespaces import ONR

# Effects that may be walked, with the sign they pass on; correlations are not among them. None: the sign starts anew behind it.
WALKED: Mapping[str, int | None] = {
    "promotes": 1,
    "suppresses": -1,
    "influences": 0,
    "raisesResistanceTo": 1,
    "lowersResistanceTo": -1,
    "influencesResponseTo": 0,
    "yields": 1,
    "becomes": None,
}
# What makes one entity a kind of another, and what else counts as it where paths begin or end.
KIND_LINKS = ("subtypeOf", "givenIn")
KIND_OR_MEMBER_LINKS = (*KIND_LINKS, "memberOf")
BRIDGE_LINKS = ("signallingOf", *(f"component{number}" for number in range(1, 7)))
UNSIGNED = frozenset({"yields", "becomes"})
UNGRADED = (6, "ungraded")

# Flat queries and grouping here: four times as fast as OPTIONAL for each property and ORDER BY.
_EDGES = """SELECT ?edge ?property ?value WHERE {
  VALUES ?property { onr:from onr:effect onr:to onr:fromCell onr:toCell onr:withAgent }
  ?edge a onr:DerivedEdge ; ?property ?value }"""
_GROUNDS = """SELECT ?edge ?claim ?order ?sentence WHERE { ?edge a onr:DerivedEdge ; onr:fromStep ?step .
  ?step rdfs:label ?sentence ; onr:order ?order . ?claim onr:hasStep ?step }"""
_GRADES = """SELECT ?edge ?label ?rank WHERE { ?edge a onr:DerivedEdge ; onr:grade ?grade .
  ?grade rdfs:label ?label ; onr:rank ?rank }"""
_ENTITIES = "SELECT ?entity WHERE { ?entity a onr:Entity }"
_GRADE_NAMES = "SELECT ?rank ?label WHERE { ?grade a onr:EvidenceGrade ; onr:rank ?rank ; rdfs:label ?label }"
_CLAIMS = """SELECT ?claim ?property ?value WHERE {
  VALUES ?property { rdfs:label onr:certainty onr:aboutCancer onr:aboutDrug onr:inModel }
  ?claim a onr:Claim ; ?property ?value }"""
_REFERENCES = """SELECT ?claim ?reference WHERE { ?claim onr:hasEvidence ?line .
  ?line onr:direction onr:supports ; cito:citesAsEvidence ?reference }"""
_KINDS = """SELECT ?thing ?kind WHERE {
  { ?thing a onr:Treatment . BIND("treatment" AS ?kind) } UNION { ?thing a onr:NeoplasticCell . BIND("tumour cell" AS ?kind) }
  UNION { ?thing onr:responseSign ?sign . BIND("readout" AS ?kind) } }"""
_LINKS = f"""SELECT ?narrow ?link ?wide WHERE {{
  VALUES ?link {{ {" ".join(f"onr:{name}" for name in (*KIND_OR_MEMBER_LINKS, *BRIDGE_LINKS))} }} ?narrow ?link ?wide }}"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a path needs to know of a claim; `studies` are its primary studies, `support` says what each counts for."""

    iri: str
    label: str
    hedged: bool
    cancers: frozenset[str] = frozenset()
    drugs: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    references: tuple[str, ...] = ()
    studies: frozenset[str] = frozenset()
    support: frozenset[Support] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """A derived edge: `start` does `effect` (local name) to `end`, each in its cell.

    :param claims: claims it rests on
    :param sentences: claim IRI → its steps behind this edge, in words
    :param grade: (rank, label), rank 1 the best
    """

    iri: str
    start: str
    effect: str
    end: str
    start_cell: str | None
    end_cell: str | None
    agents: tuple[str, ...]
    claims: tuple[Claim, ...]
    sentences: Mapping[str, tuple[str, ...]]
    grade: tuple[int, str]

    @property
    def sign(self) -> int | None:
        """+1, -1, 0 (unknown), or None where no sign passes."""
        return WALKED[self.effect]

    @property
    def hedged(self) -> bool:
        """Whether no claim asserts it."""
        return all(claim.hedged for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Bridge:
    """The step over from a molecule to its signalling or axis, or back: no evidence, only two names for what acts together.

    No bridge leads from an axis to its first component: what drives an axis need not drive what starts it.

    :param sign: 1 between a molecule and its signalling and from the first component of an axis to the axis; 0 (not known) with
        later components, which an axis may hold down (FoxO3a in AKT/FoxO3a/Bim)
    """

    start: str
    end: str
    kind: str
    sign: int


@dataclass
class Network:
    """Everything paths are made of.

    :param wider: entity → all it is a kind of, itself left out
    :param narrower: entity → entities that are a kind or a member of it, itself left out
    :param grades: rank → label of the grade
    """

    edges: tuple[Edge, ...]
    bridges: Mapping[str, tuple[Bridge, ...]] = field(default_factory=dict)
    wider: Mapping[str, frozenset[str]] = field(default_factory=dict)
    narrower: Mapping[str, frozenset[str]] = field(default_factory=dict)
    treatments: frozenset[str] = frozenset()
    readouts: frozenset[str] = frozenset()
    tumour_cells: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def _alike(self) -> Mapping[tuple[str, str, str], list[Edge]]:
        alike: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
        for edge in self.edges:
            alike[edge.start, edge.effect, edge.end].append(edge)
        return alike

    def beside(self, edge: Edge) -> list[Edge]:
        """Other edges by which other claims say the same of the same two ends, in other cells or with another joint agent."""
        return [other for other in self._alike[edge.start, edge.effect, edge.end] if not set(other.claims) <= set(edge.claims)]

    @cached_property
    def no_relays(self) -> frozenset[str]:
        """Where different claims do not join: readouts, and the tumour cell as such, which everything acts on."""
        widest = {
            cell for cell in self.tumour_cells if self.narrower.get(cell) and not self.wider.get(cell, set()) & self.tumour_cells
        }
        return self.readouts | widest

    def within(self, narrow: str, wide: str) -> bool:
        """Whether one is the other or a kind of it."""
        return narrow == wide or wide in self.wider.get(narrow, ())

    def compatible(self, one: str | None, other: str | None) -> bool:
        """Whether two cells (or cancers) may be the same: equal, one a kind of the other, or unstated."""
        return one is None or other is None or self.within(one, other) or self.within(other, one)

    def name(self, iri: str) -> str:
        """Label, or the last part of the IRI."""
        return self.labels.get(iri) or iri.rpartition("/")[2]

    def only(self, *, max_rank: int | None = None, cancer: str | None = None) -> Network:
        """The same network with fewer edges.

        :param max_rank: drop edges of a worse grade
        :param cancer: drop claims about other cancers; those that state none, a kind of it, or a wider one stay. Edges have the
            grade that the claims left give them
        """
        edges = list(self.edges)
        if cancer is not None:
            edges = [kept for edge in edges if (kept := self._about(edge, cancer))]
        return replace(self, edges=tuple(edge for edge in edges if max_rank is None or edge.grade[0] <= max_rank))

    def _about(self, edge: Edge, cancer: str) -> Edge | None:
        claims = tuple(c for c in edge.claims if not c.cancers or any(self.compatible(about, cancer) for about in c.cancers))
        if not claims or len(claims) == len(edge.claims):
            return edge if claims else None
        rank = rank_of(support for claim in claims for support in claim.support)
        return replace(edge, claims=claims, grade=(rank, self.grades[rank]))


def load_network(engine: Engine, names: Names) -> Network:
    """Read the mechanism layer once; walking it then needs no queries."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in engine.query(_KINDS):
        kinds[row["kind"].value].add(row["thing"].value)
    links = sorted((r["narrow"].value, r["link"].value.removeprefix(ONR), r["wide"].value) for r in engine.query(_LINKS))
    edges = _edges(engine, _claims(engine))
    named = {row["entity"].value for row in engine.query(_ENTITIES)}
    named |= {iri for edge in edges for iri in _mentioned(edge)} | {iri for narrow, _, wide in links for iri in (narrow, wide)}
    kind_of = [(narrow, wide) for narrow, link, wide in links if link in KIND_LINKS]
    kind_or_member = [(narrow, wide) for narrow, link, wide in links if link in KIND_OR_MEMBER_LINKS]
    return Network(
        edges=edges,
        bridges=bridges_of(links),
        wider=closure(kind_of),
        narrower=closure((wide, narrow) for narrow, wide in kind_or_member),
        treatments=frozenset(kinds["treatment"]),
        readouts=frozenset(kinds["readout"]),
        tumour_cells=frozenset(kinds["tumour cell"]),
        labels=names.labels(named),
        grades={int(row["rank"].value): row["label"].value for row in engine.query(_GRADE_NAMES)},
    )


def _claims(engine: Engine) -> dict[str, Claim]:
    facts, support = _grouped(engine, _CLAIMS, "claim"), load_support(engine)
    references: dict[str, set[str]] = defaultdict(set)
    for row in engine.query(_REFERENCES):
        references[row["claim"].value].add(row["reference"].value)
    return {
        claim: Claim(
            claim,
            next((value for name, values in said.items() if name.endswith("#label") for value in values), claim),
            "hedged" in {value.removeprefix(ONR) for value in said["certainty"]},
            *(frozenset(said[name]) for name in ("aboutCancer", "aboutDrug", "inModel")),
            references=tuple(sorted(references[claim])),
            studies=frozenset(s.study for s in support.get(claim, ())),
            support=support.get(claim, frozenset()),
        )
        for claim, said in facts.items()
    }


def _edges(engine: Engine, claims: Mapping[str, Claim]) -> tuple[Edge, ...]:
    told: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.query(_GROUNDS):
        told[row["edge"].value][row["claim"].value].append((int(row["order"].value), row["sentence"].value))
    grades = {row["edge"].value: (int(row["rank"].value), row["label"].value) for row in engine.query(_GRADES)}
    edges = []
    for iri, said in sorted(_grouped(engine, _EDGES, "edge").items()):
        effect = said["effect"][0].removeprefix(ONR)
        if effect not in WALKED:
            continue
        sentences = {claim: tuple(text for _, text in sorted(steps)) for claim, steps in sorted(told[iri].items())}
        behind = tuple(claims[claim] for claim in sentences)
        start_cell, end_cell = (said[cell][0] if said[cell] else None for cell in ("fromCell", "toCell"))
        agents = tuple(sorted(said["withAgent"]))
        ends = (said["from"][0], effect, said["to"][0], start_cell, end_cell)
        edges.append(Edge(iri, *ends, agents, behind, sentences, grades.get(iri, UNGRADED)))
    return tuple(edges)


def _grouped(engine: Engine, query: str, key: str) -> dict[str, dict[str, list[str]]]:
    """Rows of key, property, value as key → local name of ours (else the IRI) → values."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.query(query):
        groups[row[key].value][row["property"].value.removeprefix(ONR)].append(row["value"].value)
    return groups


def _mentioned(edge: Edge) -> Iterable[str]:
    yield from filter(None, (edge.start, edge.end, edge.start_cell, edge.end_cell, *edge.agents))
    for claim in edge.claims:
        yield from (*claim.cancers, *claim.drugs, *claim.models, *claim.references)


def bridges_of(links: Iterable[tuple[str, str, str]]) -> dict[str, tuple[Bridge, ...]]:
    """Where one may go over by name: entity → its bridges, by where they lead.

    :param links: (axis, ``component1`` …, component) and (signalling, ``signallingOf``, molecule); others are passed over

    >>> bridges_of([("x:JAK2/STAT3", "component2", "x:STAT3")])["x:STAT3"]
    (Bridge(start='x:STAT3', end='x:JAK2/STAT3', kind='axis', sign=0),)
    """
    found: dict[str, dict[str, Bridge]] = defaultdict(dict)
    # Sorted by link, so that of two links between the same entities the name of the signalling counts.
    for whole, link, part in sorted(links, key=lambda entry: entry[1]):
        if link.startswith("component"):
            first = link == "component1"
            found[part][whole] = Bridge(part, whole, "axis", int(first))
            if not first:
                found[whole][part] = Bridge(whole, part, "axis", 0)
        elif link == "signallingOf":
            found[part][whole] = Bridge(part, whole, "signalling", 1)
            found[whole][part] = Bridge(whole, part, "signalling", 1)
    return {start: tuple(bridge for _, bridge in sorted(bridges.items())) for start, bridges in found.items()}


def closure(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Everything each left side leads to, over any number of pairs.

    >>> sorted(closure([("a", "b"), ("b", "c")])["a"])
    ['b', 'c']
    """
    direct: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        direct[one].add(other)
    closed = {}
    for one in list(direct):
        seen: set[str] = set()
        pending = [one]
        while pending:
            fresh = direct.get(pending.pop(), set()) - seen
            seen |= fresh
            pending += fresh
        closed[one] = frozenset(seen)
    return closed
