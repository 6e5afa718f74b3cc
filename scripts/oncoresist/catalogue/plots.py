"""Pictures of saved questions, for where a picture says more than rows: a heatmap and a Sankey diagram.

Colours keep apart for the colour-blind: cividis for amounts (Nuñez et al. 2018, doi:10.1371/journal.pone.0199239) and the
palette of Okabe and Ito for kinds. Needs the extra ``plots`` (matplotlib, sankeyflow).
"""

from __future__ import annotations

import html
import io
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oncoresist.errors import UnknownNameError, UsageError
from oncoresist.results import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito, without black and without yellow, which is too light on white.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
SUFFIXES = (".svg", ".png", ".html")


@dataclass(frozen=True)
class Plot:
    """A picture and the question it is drawn from.

    :param draw: from the answer of the question to a figure
    """

    id: str
    question: str
    summary: str
    draw: Callable[[Answer], Figure]


def heatmap(answer: Answer) -> Figure:
    """Drugs down, kinds of cells across, the number of independent studies in each field.

    :param answer: columns drug, cell, studies
    :raises UsageError: there is nothing to draw
    """
    import matplotlib

    counts = {(_label(answer, row["drug"]), _label(answer, row["cell"])): int(row["studies"].value) for row in answer}
    _require(counts)
    drugs, cells = (_by_total(counts, end) for end in (0, 1))
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2.6 + 0.55 * len(cells), 1.9 + 0.27 * len(drugs)), layout="constrained")
    axes = figure.add_subplot()
    most = max(counts.values())
    colours = matplotlib.colormaps["cividis_r"].resampled(most)
    grid = [[counts.get((drug, cell), float("nan")) for cell in cells] for drug in drugs]
    image = axes.imshow(grid, cmap=colours, vmin=0.5, vmax=most + 0.5, aspect="auto")
    for y, drug in enumerate(drugs):
        for x, cell in enumerate(cells):
            if number := counts.get((drug, cell)):
                axes.text(
                    x, y, str(number), ha="center", va="center", fontsize=8, color="white" if number > most / 2 else "black"
                )
    axes.set_xticks(range(len(cells)), cells, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_yticks(range(len(drugs)), drugs, fontsize=9)
    axes.set_xticks([x + 0.5 for x in range(len(cells))], minor=True)
    axes.set_yticks([y + 0.5 for y in range(len(drugs))], minor=True)
    axes.grid(which="minor", color="#dddddd", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    axes.set_title("Independent studies on a cell's part in the response to a drug", fontsize=11, loc="left")
    figure.colorbar(image, ax=axes, ticks=range(1, most + 1), shrink=0.4, label="studies")
    return figure


def sankey(answer: Answer) -> Figure:
    """From the cell over its factor and the pathway this turns on to the drug that is resisted; a band is as wide as its routes.

    :param answer: columns cell, factor, pathway, drug, told; a route ``told`` "in one claim" is drawn darker than a stitched one
    :raises UsageError: there is nothing to draw
    """
    from matplotlib.colors import to_rgba
    from matplotlib.figure import Figure
    from sankeyflow import Sankey

    names = ("cell", "factor", "pathway", "drug")
    routes: dict[tuple[str, ...], bool] = {}
    for row in answer:
        route = tuple(textwrap.fill(_label(answer, row[name]), 28) for name in names)
        routes[route] = routes.get(route, False) or row["told"].value == "in one claim"
    _require(routes)
    # A space of another width after each name keeps levels apart, should one name stand on two of them.
    marked = {tuple(text + "\u200b" * level for level, text in enumerate(route)): told for route, told in routes.items()}
    columns = [Counter(route[level] for route in marked) for level in range(4)]
    places = [sorted(column, key=lambda text, column=column: (-column[text], text)) for column in columns]
    colour = {text: PALETTE[n % len(PALETTE)] for n, text in enumerate(places[2])}
    bands = Counter((route[i], route[i + 1], route[2], told) for route, told in marked.items() for i in range(3))
    flows = [
        (start, end, number, {"color": to_rgba(colour[pathway], 0.85 if told else 0.35)})
        for (start, end, pathway, told), number in sorted(bands.items())
    ]
    figure = Figure(figsize=(12, 2.2 + 0.55 * max(len(column) for column in places)))
    axes = figure.add_axes((0.14, 0.03, 0.72, 0.86))
    diagram = Sankey(
        flows=flows,
        nodes=[
            [
                (text, columns[level][text], {"label_pos": ("left", "top", "top", "right")[level], "color": "#444444"})
                for text in column
            ]
            for level, column in enumerate(places)
        ],
        node_width=0.02,
        node_pad_y_min=0.05,
        node_opts={"label_format": "{label}", "label_opts": {"fontsize": 9}},
    )
    diagram.draw(axes)
    for x, heading in enumerate(("cell makes →", "factor turns on →", "pathway lets resist →", "drug")):
        axes.text(x, 1.04, heading, ha="center", fontsize=9, color="#444444", transform=axes.get_xaxis_transform())
    figure.suptitle(
        "From the cell to the drug that fails (dark: told in one claim; light: put together from several, a hypothesis)",
        fontsize=11, x=0.02, ha="left",
    )  # fmt: skip
    return figure


PLOTS = {
    plot.id: plot
    for plot in (
        Plot("heatmap", "studies-by-drug-and-cell", "independent studies by drug and kind of cell", heatmap),
        Plot("sankey", "cell-factor-pathway-drug", "from the cell to its factor, the pathway and the drug", sankey),
    )
}


def find_plot(plot_id: str) -> Plot:
    """
    :raises UnknownNameError: there is none of that id
    """
    if plot_id not in PLOTS:
        raise UnknownNameError("plot", plot_id, PLOTS, f"There are: {', '.join(PLOTS)}.")
    return PLOTS[plot_id]


def check_output(output: Path) -> None:
    """
    :raises UsageError: no format is known for the suffix, or the extra is not installed
    """
    if output.suffix not in SUFFIXES:
        raise UsageError(f"{output}: a plot is written as one of {', '.join(SUFFIXES)}; the suffix of the file says which.")
    try:
        import matplotlib  # noqa: F401
        import sankeyflow  # noqa: F401
    except ImportError:
        raise UsageError('plots need matplotlib and sankeyflow: pip install "oncoresist[plots]"') from None


def save(figure: Figure, output: Path, title: str) -> None:
    """Write a figure whole or not at all; the same figure gives the same bytes.

    :param title: says what the picture shows, to those who cannot see it
    :raises NotWritableError: no permission or no space
    """
    import matplotlib

    from oncoresist.target import replaced_file

    data = io.BytesIO()

    # Text stays text in SVG, so that it can be searched; ids and dates must not change from run to run.
    with matplotlib.rc_context({"svg.hashsalt": "oncoresist", "svg.fonttype": "none"}):
        if output.suffix == ".png":
            figure.savefig(data, format="png", dpi=160, metadata={"Software": None})
        else:
            figure.savefig(data, format="svg", metadata={"Date": None, "Title": title})
    content = data.getvalue()
    if output.suffix == ".html":
        content = _page(content.decode(), title).encode()
    with replaced_file(output, "the picture") as file:
        file.write(content)


def _page(svg: str, title: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        "<style>body { margin: 2rem; font-family: sans-serif } svg { max-width: 100%; height: auto }</style>\n"
        f"{svg[svg.index('<svg') :]}\n</html>\n"
    )


def _label(answer: Answer, term) -> str:
    return answer.labels.get(term.value, term.value.rpartition("/")[2])


def _by_total(counts: dict[tuple[str, str], int], end: int) -> list[str]:
    totals: Counter[str] = Counter()
    for key, number in counts.items():
        totals[key[end]] += number
    return sorted(totals, key=lambda text: (-totals[text], text))


def _require(found: dict) -> None:
    if not found:
        raise UsageError("there is nothing to draw: the question has no answer for these parameters.")
