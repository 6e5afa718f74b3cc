"""The hard cases: passages that a careless model gets wrong, each with the edges that must and must not follow.

`fixtures/hard-cases/<case>.ttl` is a passage with its claims, steps and evidence; its first line names the passage.
The entities are those of `graph/entities`. `<case>.edges` holds one edge a line:

    must     serpine1 promotes pi3k-akt-signaling to-cell=cancer-cell
    mustnot  cisplatin promotes *

with `from-cell=`, `to-cell=` and `with=` (the joint agent) where the edge has them. A `must` line names the edge in full.
A `mustnot` line names what it forbids: `*` is anything, what is left out may be anything, `none` is nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from oncoresist import turtle
from oncoresist.content import Content, into_store
from oncoresist.derive import derive
from oncoresist.namespaces import ENT, ONR
from oncoresist.paths import find_layout
from tests.conftest import ROOT, at_least

FIXTURES = Path(__file__).parent / "fixtures" / "hard-cases"
CASES = at_least(20, sorted(FIXTURES.glob("*.ttl")))
CONTENT = Content(find_layout(ROOT))
POLARITY = (CONTENT.layout.queries / "checks" / "polarity-against-signs.rq").read_text(encoding="utf-8")
PREFIXES = f"PREFIX onr: <{ONR}> PREFIX prov: <http://www.w3.org/ns/prov#>"
QUALIFIERS = ("from-cell", "to-cell", "with")
all_cases = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Line:
    """One line of an `.edges` file."""

    verb: str
    ends: tuple[str, str, str]
    qualifiers: dict[str, str]

    def __str__(self) -> str:
        return shown(self.ends, self.qualifiers)

    def holds_for(self, edge: tuple[str, ...]) -> bool:
        absent = "none" if self.verb == "must" else "*"
        wanted = [*self.ends, *(self.qualifiers.get(q, absent) for q in QUALIFIERS)]
        return all(fnmatchcase(given, pattern) for given, pattern in zip(edge, wanted, strict=True))


def read_lines(path: Path) -> list[Line]:
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        verb, *words = text.split()
        ends, qualifiers = words[:3], dict(word.split("=", 1) for word in words[3:])
        assert verb in {"must", "mustnot"}, f"{path.name}:{number}: begins with neither must nor mustnot"
        assert len(ends) == 3, f"{path.name}:{number}: from, effect and to are needed"
        assert qualifiers.keys() <= set(QUALIFIERS), f"{path.name}:{number}: only {', '.join(QUALIFIERS)} may follow"
        assert verb == "mustnot" or "*" not in text, f"{path.name}:{number}: a must line names its edge in full"
        lines.append(Line(verb, tuple(ends), qualifiers))
    return lines


@cache
def surroundings() -> list[ox.Quad]:
    """The ontology and the entities of the graph."""
    entities = sorted((CONTENT.layout.graph / "entities").glob("*.ttl"))
    return [*CONTENT.triples("ontology"), *(quad for path in entities for quad in turtle.read(path))]


@cache
def store_of(path: Path) -> ox.Store:
    """The case in its surroundings, with what is derived."""
    store = ox.Store()
    into_store(store, "evidence", surroundings())
    into_store(store, "evidence", turtle.read(path))
    derive(store, CONTENT)
    return store


def edges_of(path: Path) -> list[tuple[str, ...]]:
    """from, effect, to, cell of from, cell of to, joint agent; `none` where the edge has none."""
    rows = store_of(path).query(f"""{PREFIXES}
        SELECT DISTINCT ?from ?effect ?to ?fromCell ?toCell ?agent WHERE {{
          ?edge a onr:DerivedEdge ; onr:from ?from ; onr:effect ?effect ; onr:to ?to .
          OPTIONAL {{ ?edge onr:fromCell ?fromCell }} OPTIONAL {{ ?edge onr:toCell ?toCell }}
          OPTIONAL {{ ?edge onr:withAgent ?agent }} }}""")
    return sorted(tuple(name(term) if term else "none" for term in row) for row in rows)


def name(term: ox.NamedNode) -> str:
    return term.value.removeprefix(ENT).removeprefix(ONR)


def shown(ends: tuple[str, ...], qualifiers: dict[str, str]) -> str:
    return " ".join([*ends, *(f"{key}={value}" for key, value in qualifiers.items() if value != "none")])


def shown_edges(edges: list[tuple[str, ...]]) -> str:
    return "\n  ".join(shown(edge[:3], dict(zip(QUALIFIERS, edge[3:], strict=True))) for edge in edges)


def bad_rows(path: Path, pattern: str) -> list[str]:
    """What the pattern finds as ?found in the store of a case."""
    rows = store_of(path).query(f"{PREFIXES} SELECT DISTINCT ?found WHERE {{ {pattern} }} ORDER BY ?found")
    return [row["found"].value for row in rows]


@all_cases
def test_every_must_edge_is_derived(path: Path) -> None:
    lines = [line for line in read_lines(path.with_suffix(".edges")) if line.verb == "must"]

    edges = edges_of(path)
    missing = [str(line) for line in lines if not any(line.holds_for(edge) for edge in edges)]

    assert lines
    assert [] == missing, f"There are:\n  {shown_edges(edges)}"


@all_cases
def test_no_mustnot_edge_is_derived(path: Path) -> None:
    lines = [line for line in read_lines(path.with_suffix(".edges")) if line.verb == "mustnot"]

    edges = [edge for edge in edges_of(path) if any(line.holds_for(edge) for line in lines)]

    assert lines
    assert "" == shown_edges(edges)


@all_cases
def test_must_lines_name_every_edge_but_the_forbidden(path: Path) -> None:
    lines = read_lines(path.with_suffix(".edges"))

    unnamed = [edge for edge in edges_of(path) if not any(line.holds_for(edge) for line in lines)]

    assert "" == shown_edges(unnamed), f"Is that so? Then add it as must to {path.stem}.edges"


@all_cases
def test_names_in_lines_exist(path: Path) -> None:
    known = {"*", "none"} | {name(quad.subject) for quad in [*surroundings(), *turtle.read(path)]}

    lines = read_lines(path.with_suffix(".edges"))
    used = {word for line in lines for word in (*line.ends, *line.qualifiers.values())}

    assert set() == used - known, "A mustnot line with a misspelt name forbids nothing"


@all_cases
def test_effects_in_lines_are_effects(path: Path) -> None:
    effects = {"*"} | {name(quad.subject) for quad in surroundings() if quad.object == ox.NamedNode(ONR + "DerivedRelation")}

    used = {line.ends[1] for line in read_lines(path.with_suffix(".edges"))}

    assert set() == used - effects


@all_cases
def test_polarity_follows_from_signs(path: Path) -> None:
    claims = store_of(path).query(f"{PREFIXES} SELECT ?claim WHERE {{ ?claim onr:polarity ?polarity }}")
    expected = [row["claim"] for row in claims]

    wrong = [f"{row['subject'].value}: {row['value'].value}" for row in store_of(path).query(POLARITY)]

    assert expected
    assert [] == wrong


@all_cases
def test_every_edge_says_where_it_comes_from(path: Path) -> None:
    edge = "?found ?any ?thing . FILTER(STRSTARTS(STR(?found), 'https://w3id.org/oncoresist/edge/'))"

    all_edges = bad_rows(path, edge)
    silent = bad_rows(
        path,
        f"""{edge} FILTER NOT EXISTS {{
          ?found a onr:DerivedEdge ; onr:from ?from ; onr:effect ?effect ; onr:to ?to ; prov:wasGeneratedBy ?query ;
            onr:fromClaim ?claim ; onr:fromStep ?step . ?claim onr:hasStep ?step }}""",
    )
    foreign = bad_rows(path, "?edge onr:fromStep ?found . FILTER NOT EXISTS { ?edge onr:fromClaim ?c . ?c onr:hasStep ?found }")
    doubtful = bad_rows(path, "?edge onr:fromClaim ?found . { ?found onr:doubtedBecause ?why } UNION { ?found a onr:DeniedStep }")
    denied = bad_rows(path, "?edge onr:fromStep ?found . ?found a onr:DeniedStep")

    assert all_edges
    assert ([], [], [], []) == (silent, foreign, doubtful, denied)


@all_cases
def test_treatment_is_target_only_of_effects_on_its_response(path: Path) -> None:
    responses = "onr:raisesResistanceTo, onr:lowersResistanceTo, onr:influencesResponseTo, onr:correlatesWithResponseTo"

    others = bad_rows(path, f"?edge onr:to ?found ; onr:effect ?e . ?found a onr:Treatment . FILTER(?e NOT IN ({responses}))")
    no_treatments = bad_rows(
        path, f"?edge onr:to ?found ; onr:effect ?e . FILTER NOT EXISTS {{ ?found a onr:Treatment }} FILTER(?e IN ({responses}))"
    )

    assert ([], []) == (others, no_treatments)


@all_cases
def test_first_line_names_the_passages(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]

    identifier = ox.NamedNode("http://purl.org/dc/terms/identifier")
    locators = sorted(quad.object.value for quad in turtle.read(path) if quad.predicate == identifier)

    assert locators == first.removeprefix("# ").split(":")[0].split(", ")


@all_cases
def test_entities_are_declared(path: Path) -> None:
    quads = [*surroundings(), *turtle.read(path)]
    declared = {quad.subject for quad in quads}

    used = {quad.object for quad in turtle.read(path) if isinstance(quad.object, ox.NamedNode)}

    assert [] == sorted(term.value for term in used - declared if term.value.startswith((ENT, ONR)))


def test_every_edges_file_has_its_case() -> None:
    assert [path.stem for path in CASES] == sorted(path.stem for path in FIXTURES.glob("*.edges"))
