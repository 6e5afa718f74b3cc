"""What if a paper falls: the graph as it is against the same graph without the evidence that cites the paper.

The rule, which is also in the README:

- An evidence line that cites a doubted reference is gone.
- A claim *falls* if no supporting line is left. A source that cites nothing for a claim stands behind it itself (the
  line cites the source), so what a review says on its own authority falls with the review.
- A claim that restates another one "on the same ground" (`onr:restates`) falls with it.
- A claim that keeps at least one supporting line stays; it is *weaker*.
- Where a doubted review only reports others' work, its claims rest on those references and stay. They were read in the
  doubted source alone, so they are counted and named: `second_hand`.

Everything else is derived again from what is left, so no second set of rules says which edges, grades and answers change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from oncoresist.content import LAYERS, Content
from oncoresist.derive import derive
from oncoresist.mechanism.comparison import Comparison, compare
from oncoresist.mechanism.state import KINDS, State, load_layer
from oncoresist.namespaces import ONR

_HAS_EVIDENCE, _HAS_STEP, _RESTATES = ONR + "hasEvidence", ONR + "hasStep", ONR + "restates"
_CITES = "http://purl.org/spar/cito/citesAsEvidence"
_PART_OF = "http://purl.org/dc/terms/isPartOf"


@dataclass(frozen=True)
class Fallen:
    """A claim that falls, or keeps only part of its evidence.

    :param why: in words
    :param left: IRIs of the references that remain
    """

    iri: str
    label: str
    why: str
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """What follows if the references fall.

    :param references: IRI → name of what is doubted
    :param cited: how many claims cite one of them
    :param fallen: claims that fall
    :param weakened: claims that keep some of their evidence
    :param second_hand: IRIs of claims that a doubted source only reports; they stay
    :param comparison: edges, directions, conflicts and answers, from the graph as it is to the graph without
    """

    references: dict[str, str]
    cited: int
    fallen: list[Fallen]
    weakened: list[Fallen]
    second_hand: list[str]
    comparison: Comparison

    def to_dict(self) -> dict:
        """Everything, as plain data for JSON."""
        found = self.comparison.to_dict()
        return {
            "references": self.references,
            "cited": self.cited,
            "fallen": [vars(claim) for claim in self.fallen],
            "weakened": [vars(claim) for claim in self.weakened],
            "secondHand": self.second_hand,
            **{key: found[key] for key in ("counts", "edges", "directions", "conflicts", "answers")},
        }


def what_if(state: State, references: Sequence[str], content: Content, *, questions: bool = True) -> WhatIf:
    """What falls, weakens or changes sign without `references`.

    :param references: IRIs of publications
    :param content: whose rules derive the rest again
    :param questions: also compare the answers of the saved questions
    """
    doubted = set(references)
    lines = {part for part in state.owners if doubted & {str(v) for v in state.evidence.get(part, {}).get(_CITES, ())}}
    fallen = _fallen(state, lines)
    weakened = sorted({state.owners[line] for line in lines} - fallen.keys())
    left = {claim: tuple(sorted(_left(state, claim, lines))) for claim in weakened}
    title = " and ".join(sorted(state.name(iri) for iri in doubted))
    if lines:
        without = _without(state, lines, fallen, content, f"without {title}")
        comparison = compare(state, without, questions=questions)
    else:
        comparison = Comparison(state.title, f"without {title}", [], [], [], [], [] if questions else None)
    return WhatIf(
        {iri: state.name(iri) for iri in sorted(doubted)},
        len({state.owners[line] for line in lines}),
        [Fallen(claim, state.name(claim), why) for claim, why in sorted(fallen.items())],
        [Fallen(claim, state.name(claim), _of_how_many(state, claim, left[claim]), left[claim]) for claim in weakened],
        _second_hand(state, doubted, fallen),
        comparison,
    )


def _fallen(state: State, lines: set[str]) -> dict[str, str]:
    """Claim that falls → why."""
    found = {}
    for claim in {state.owners[line] for line in lines}:
        if not _left(state, claim, lines):
            count = len(state.references[claim])
            found[claim] = "it has no other support" if count == 1 else f"all its {count} references are doubted"
    restating = {iri: record[_RESTATES] for iri, record in state.evidence.items() if _RESTATES in record}
    while more := {
        claim: "it restates " + ", ".join(sorted(state.prefixes.curie(str(o)) for o in originals if o in found))
        for claim, originals in restating.items()
        if claim not in found and any(o in found for o in originals)
    }:
        found |= more
    return found


def _left(state: State, claim: str, lines: set[str]) -> set[str]:
    """The references of the supporting lines that remain."""
    kept = {str(line) for line in state.evidence[claim].get(_HAS_EVIDENCE, ())} - lines
    return {
        str(reference)
        for line in kept
        if ONR + "disputes" not in state.evidence.get(line, {}).get(ONR + "direction", ())
        for reference in state.evidence.get(line, {}).get(_CITES, ())
    }


def _of_how_many(state: State, claim: str, left: tuple[str, ...]) -> str:
    return f"{len(left)} of {len(state.references[claim])} references left"


def _second_hand(state: State, doubted: set[str], fallen: Iterable[str]) -> list[str]:
    """Claims whose passage stands in a doubted source, but which rest on others' work."""
    found = []
    for iri, record in state.evidence.items():
        if iri.startswith(KINDS["claim"]) and iri not in fallen:
            passages = (state.evidence.get(str(p), {}) for p in record.get(ONR + "statedAt", ()))
            if any(doubted & {str(source) for source in passage.get(_PART_OF, ())} for passage in passages):
                found.append(iri)
    return sorted(found)


def _without(state: State, lines: set[str], fallen: Iterable[str], content: Content, title: str) -> State:
    """The same graph without these lines and claims, everything derived anew."""
    claims = set(fallen)
    gone = claims | lines | {part for part, owner in state.owners.items() if owner in claims}
    written = {f"<{iri}>".encode() for iri in gone}
    store = ox.Store()
    for layer in ("ontology", "evidence", "mappings"):
        triples = state.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=LAYERS[layer]).splitlines(keepends=True)
        if layer == "evidence":
            triples = [t for t in triples if not written & {t.split(b" ", 1)[0], t.rsplit(b" ", 2)[1]}]
        load_layer(store, layer, b"".join(triples))
    derive(store, content)
    without = State(title, store, state.prefixes, state.questions, state.rules, state.unreadable)
    # By construction; read once, not twice.
    vars(without).update(terms=state.terms, mappings=state.mappings)
    return without
