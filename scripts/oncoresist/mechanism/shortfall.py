"""Why there is no path: how far one gets from the source, what leads to the target, and what stands between the two."""

from __future__ import annotations

from itertools import pairwise

from oncoresist.engines import Engine
from oncoresist.mechanism.bounds import Moves
from oncoresist.mechanism.edges import Edge, Network
from oncoresist.mechanism.paths import MOST_STEPS, ends_of, find_paths, starts_of

_SHOWN = 3
_TOOLS = """SELECT DISTINCT ?tool ?what ?claim WHERE {
  ?step onr:perturbedBy ?tool ; onr:subject ?what . ?claim onr:hasStep ?step } ORDER BY ?what ?claim"""
_NEVER_WALKED = """SELECT DISTINCT ?from ?to ?kind ?sentence ?claim WHERE {
  ?claim onr:hasStep ?step . ?step a ?class ; onr:subject ?from ; onr:object ?to ; rdfs:label ?sentence .
  VALUES (?class ?kind) {
    (onr:DeniedStep "denied") (onr:CorrelationalStep "correlation") (onr:StructuralStep "binding or targeting") } }
ORDER BY ?from ?to ?kind ?claim ?sentence"""


def shortfall(network: Network, engine: Engine, source: str, target: str, *, max_steps: int, narrowed: bool = False) -> list[str]:
    """One line for each thing that explains why no path of `max_steps` joins `source` and `target`.

    :param narrowed: whether `network` is only a part, so that what is missing in it may still be said somewhere
    """
    starts, ends = starts_of(network, source), ends_of(network, target)
    moves = Moves(network)
    here, there = network.name(source), network.name(target)
    if source != target and source in ends:
        return [f"{here} itself counts as {there}: it is a kind or member of it, or a class it belongs to."]
    if source != target and moves.molecule(source) == moves.molecule(target):
        return [f"{here} and {there} are two names for what acts together: no step leads from one to the other."]
    onward, backward = moves.reached(starts), moves.reached(ends, backwards=True)
    within = {entity: steps for entity, steps in onward.items() if 0 < steps <= max_steps}
    leading = {entity: steps for entity, steps in backward.items() if steps > 0}
    lines = [
        _outward(network, here, within, narrowed),
        *_tools(network, engine, source),
        _inward(network, there, leading, narrowed),
    ]
    between = min((onward[end] for end in ends if onward.get(end)), default=None)
    if between and (longer := find_paths(network, source, target, max_steps=MOST_STEPS, limit=1).paths):
        lines.append(f"There is a path of {longer[0].steps} steps: --max-steps {longer[0].steps}.")
    elif between:
        lines += _misfit(network, source, target, max(between, max_steps))
    else:
        reached, known = {*within, *starts}, {*(leading.keys() - network.treatments), *ends}
        lines += _kin(network, reached, known) + _unwalked(network, engine, reached, known)
    return lines


def denials(network: Network, engine: Engine, source: str, target: str) -> list[str]:
    """What sources deny of this very pair; a path may say otherwise, and both should be seen."""
    starts, ends = starts_of(network, source), ends_of(network, target)
    return [
        f"A source denies it: {row['sentence'].value} (claim:{row['claim'].value.rpartition('/')[2]})"
        for row in engine.query(_NEVER_WALKED)
        if row["kind"].value == "denied" and row["from"].value in starts and row["to"].value in ends
    ]


def _outward(network: Network, here: str, within: dict[str, int], narrowed: bool) -> str:
    if not within and narrowed:
        return f"Nothing that these options leave goes out from {here}."
    if not within:
        return f"Nothing goes out from {here}: no claim makes it the subject of an effect, or tells what it makes or becomes."
    furthest = max(within.values())
    names = sorted(network.name(entity) for entity, steps in within.items() if steps == furthest)
    return f"From {here}, {_count(len(within), 'is', 'are')} reached, the furthest {_steps(furthest)} away: {_some(names)}."


def _tools(network: Network, engine: Engine, source: str) -> list[str]:
    """What an inhibitor or reagent was used on: its effects are said of that."""
    used: dict[str, list[str]] = {}
    for row in engine.query(_TOOLS):
        if row["tool"].value == source:
            used.setdefault(row["what"].value, []).append(f"claim:{row['claim'].value.rpartition('/')[2]}")
    return [
        f"It is the tool that perturbs {network.name(what)} ({', '.join(claims[:_SHOWN])}): ask for paths from there."
        for what, claims in list(used.items())[:_SHOWN]
    ]


def _inward(network: Network, there: str, leading: dict[str, int], narrowed: bool) -> str:
    if not leading and narrowed:
        return f"Nothing that these options leave leads to {there}."
    if not leading:
        return f"Nothing leads to {there}: no claim gives something an effect on it."
    near = sorted(network.name(entity) for entity, steps in leading.items() if steps == 1)
    return f"{_count(len(leading), 'leads', 'lead')} to {there}, the nearest: {_some(near)}."


def _misfit(network: Network, source: str, target: str, max_steps: int) -> list[str]:
    """The chain there would be if cells and responses were ignored, and the joint at which it does not hold."""
    paths = find_paths(network, source, target, max_steps=max_steps, limit=1, strict=False).paths
    if not paths:
        return []
    edges = [hop.edge for hop in paths[0].hops if hop.edge]
    for last, edge in pairwise(edges):
        if not network.compatible(last.end_cell, edge.start_cell):
            return [
                f"A chain breaks at {_sits(network, last, end=True)}: it goes on only from {_sits(network, edge, end=False)}."
            ]
        if last.end in network.no_relays and not {c.iri for c in last.claims} & {c.iri for c in edge.claims}:
            return [f"A chain breaks at {network.name(last.end)}: claims join there only if one says both, before and after."]
    return []


def _sits(network: Network, edge: Edge, *, end: bool) -> str:
    entity, cell = (edge.end, edge.end_cell) if end else (edge.start, edge.start_cell)
    return network.name(entity) + (f" in {network.name(cell)}" if cell else "")


def _kin(network: Network, reached: set[str], leading: set[str]) -> list[str]:
    """Reached is only the wider or narrower name of what leads on."""
    pairs = [
        (one, other)
        for one in reached - network.treatments
        for other in leading - network.treatments
        if one != other and (network.within(one, other) or other in network.narrower.get(one, ()))
    ]
    named = sorted((network.name(one), network.name(other)) for one, other in pairs)
    return [f"Near miss: {one} is reached, but what leads on is said of {other}." for one, other in named[:_SHOWN]]


def _unwalked(network: Network, engine: Engine, reached: set[str], leading: set[str]) -> list[str]:
    """Steps that would close the gap and are never walked: denials, correlations, binding."""
    found = [
        f"Near miss, never walked ({row['kind'].value}): {row['sentence'].value} (claim:{row['claim'].value.rpartition('/')[2]})"
        for row in engine.query(_NEVER_WALKED)
        if row["from"].value in reached and row["to"].value in leading
    ]
    return list(dict.fromkeys(found))[:_SHOWN]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _count(number: int, verb_one: str, verb_many: str) -> str:
    return f"1 entity {verb_one}" if number == 1 else f"{number} entities {verb_many}"


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"
