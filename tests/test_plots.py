"""Pictures: they show what the question answers, the same bytes each time, and say so if they cannot be drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oncoresist import KnowledgeGraph, UnknownNameError, UsageError
from oncoresist.catalogue.plots import PLOTS, heatmap
from oncoresist.errors import NotWritableError
from tests.conftest import at_least


@pytest.mark.parametrize("plot", at_least(2, sorted(PLOTS)))
def test_picture_names_what_the_question_answers(kg: KnowledgeGraph, plot: str, tmp_path: Path) -> None:
    answer = kg.ask(PLOTS[plot].question)

    svg = kg.plot(plot, tmp_path / "plot.svg").read_text()

    texts = "".join(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)).split()).replace("\u200b", "")
    shown = [c for c in answer.variables if c in ("drug", "cell", "factor", "pathway")]
    labels = {answer.labels[row[c].value] for row in answer for c in shown}
    assert len(labels) > 15
    assert not [label for label in labels if not all("".join(w.split()) in texts for w in label.split())]


@pytest.mark.parametrize("suffix", [".svg", ".png", ".html"])
@pytest.mark.parametrize("plot", sorted(PLOTS))
def test_same_graph_gives_the_same_bytes(kg: KnowledgeGraph, plot: str, suffix: str, tmp_path: Path) -> None:
    one = kg.plot(plot, tmp_path / f"one{suffix}").read_bytes()
    other = kg.plot(plot, tmp_path / f"other{suffix}").read_bytes()

    assert one == other
    assert one.startswith({".svg": b"<?xml", ".png": b"\x89PNG", ".html": b"<!doctype html>"}[suffix])
    assert ["one" + suffix, "other" + suffix] == sorted(p.name for p in tmp_path.iterdir())


def test_fields_of_the_heatmap_are_the_counts(kg: KnowledgeGraph) -> None:
    answer = kg.ask("studies-by-drug-and-cell")

    texts = [t.get_text() for t in heatmap(answer).axes[0].texts]

    assert sorted(row["studies"].value for row in answer) == sorted(texts)


def test_sankey_tells_routes_of_one_claim_from_stitched_ones(kg: KnowledgeGraph) -> None:
    figure = PLOTS["sankey"].draw(kg.ask("cell-factor-pathway-drug"))

    opacities = {round(patch.get_facecolor()[3], 2) for patch in figure.axes[0].patches}

    assert {0.85, 0.35} <= opacities


def test_what_cannot_be_drawn_is_said_in_one_line(kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownNameError, match="heatmap"):
        kg.plot("heatmaps", tmp_path / "a.svg")
    with pytest.raises(UsageError, match=r"\.svg, \.png, \.html"):
        kg.plot("heatmap", tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="nothing to draw"):
        kg.plot("sankey", tmp_path / "a.svg", drug="oxaliplatin")
    with pytest.raises(NotWritableError):
        kg.plot("heatmap", tmp_path / "missing" / "a.svg")
    monkeypatch.setitem(__import__("sys").modules, "sankeyflow", None)
    with pytest.raises(UsageError, match=r"oncoresist\[plots\]"):
        kg.plot("heatmap", tmp_path / "a.svg")
    assert [] == list(tmp_path.iterdir())
