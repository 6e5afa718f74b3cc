"""Traps: each tempting query really goes wrong, in the way its header says."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncoresist import InputError, KnowledgeGraph, UnknownNameError
from oncoresist.paths import Layout
from oncoresist.traps import list_traps
from tests.conftest import ROOT, at_least

TRAPS = at_least(8, list_traps(KnowledgeGraph.open(ROOT).layout))
# A row of the tempting answer that is wrong, by its local names, and what the right one has in its place (if anything).
WRONG = {
    "association-for-cause": (("fgf2", "gefitinib"), None),
    "counting-a-review-and-its-source": (("stim1", "cisplatin", "3", "2"), ("stim1", "cisplatin", "2", "1")),
    "counting-sub-types-twice": (("protein-kinase-inhibitor", "358"), ("protein-kinase-inhibitor", "122")),
    "forgetting-denied-steps": (("cell-cell-adhesion", "paclitaxel"), None),
    "ignoring-the-perturbation": (("t-type-channel", "1", "ca-083-a"), ("t-type-channel", "-1", "ca-083-a")),
    "polarity-of-the-event-for-the-gene": (
        ("trpc5", "lowersResistanceTo", "doxorubicin"),
        ("trpc5", "raisesResistanceTo", "doxorubicin"),
    ),
    "table-row-read-as-pairs": (("gemcitabine", "tam", "il1b"), ("gemcitabine", "mdsc", "il1b")),
    "the-wrong-cell": (("cancer-cell", "pi3k-akt-signaling", "cisplatin"), ("serpine1", "pi3k-akt-signaling", "cisplatin")),
    "walking-through-a-drug": (("il6", "cisplatin", "orai1"), ("il6", "stat3-signaling", "cisplatin")),
}


def local(rows: list[tuple]) -> set[tuple[str, ...]]:
    return {tuple(term.value.rpartition("/")[2] for term in row) for row in rows}


@pytest.mark.parametrize("trap_id", [trap.id for trap in TRAPS])
def test_the_tempting_answer_has_a_wrong_row_that_the_right_one_has_not(kg: KnowledgeGraph, trap_id: str) -> None:
    _, tempting, right = kg.trap(trap_id)
    wrong, instead = WRONG[trap_id]

    assert wrong in local(tempting.rows)
    assert wrong not in local(right.rows)
    assert instead is None or instead in local(right.rows)
    assert len(right) > 0


def test_every_trap_is_proved() -> None:
    assert sorted(WRONG) == [trap.id for trap in TRAPS]


def test_traps_are_listed_and_shown_side_by_side(run) -> None:
    listed, shown = run("traps"), run("traps", "forgetting-denied-steps")

    assert "oncoresist traps the-wrong-cell" in listed.stdout
    assert shown.exit_code == 0
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "wrong cell-cell adhesion paclitaxel" in lines
    assert "tumor-associated macrophage paclitaxel" in lines
    assert "?step a onr:AffirmedStep ;" in lines


def test_an_unknown_trap_suggests_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match='Did you mean "the-wrong-cell"'):
        kg.trap("wrong-cell")


@pytest.mark.parametrize(
    ("side", "old", "new", "message"),
    [
        ("right", None, None, "there is no the-wrong-cell.right.rq beside the other. [trap-pair]"),
        ("right", "agent: entity", "agnet: entity", "its columns differ from those of the right query"),
        ("tempting", "#+ wrong", "#+ description", 'unknown header key "description"'),
    ],
)
def test_half_a_trap_is_told(tmp_path: Path, side: str, old: str | None, new: str | None, message: str) -> None:
    folder = tmp_path / "queries" / "traps"
    folder.mkdir(parents=True)
    for name in ("tempting", "right"):
        text = (ROOT / "queries" / "traps" / f"the-wrong-cell.{name}.rq").read_text()
        if name == side:
            if old is None:
                continue
            text = text.replace(old, str(new))
        (folder / f"the-wrong-cell.{name}.rq").write_text(text)

    with pytest.raises(InputError) as caught:
        list_traps(Layout(tmp_path))

    assert message in str(caught.value)
