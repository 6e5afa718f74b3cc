"""`python -m tests.mutation --seed 7 --per-kind 20`: how many injected faults the gate catches, by kind."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from oncoresist.content import Content
from oncoresist.paths import Layout, find_layout
from tests.mutation.faults import KINDS
from tests.mutation.harness import draw, open_gate, run
from tests.mutation.report import markdown, table


@click.command()
@click.option("--seed", default=7, show_default=True, help="the same seed and graph give the same faults")
@click.option("--per-kind", default=20, show_default=True, help="faults of each kind")
@click.option("--held-out", type=int, help="a second seed that no rule was written for, told beside the first")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(sorted(KINDS)), help="only these kinds")
@click.option(
    "--text", "texts", multiple=True, type=click.Path(exists=True, path_type=Path), help="source texts, for oncoresist audit"
)
@click.option("--processes", default=2, show_default=True)
@click.option(
    "--content", "root", type=click.Path(exists=True, path_type=Path), help="folder with ontology/, graph/ and queries/"
)
@click.option("--report", type=click.Path(path_type=Path), help="write Markdown here, such as queries/reports/mutation-score.md")
@click.option("--keep", type=click.Path(path_type=Path), help="keep verdicts here, and go on where an earlier run stopped")
@click.option("--every", is_flag=True, help="tell of every fault, not only of those missed")
def main(seed, per_kind, held_out, kinds, texts, processes, root, report, keep, every) -> None:
    """Inject faults into the graph, one at a time, and count which the gate catches."""
    started = time.monotonic()
    layout = Layout(root) if root else find_layout()
    gate = open_gate(Content(layout), list(texts))
    mutations = draw(gate.graph, seed=seed, per_kind=per_kind, kinds=kinds)
    score = run(gate, mutations, processes=processes, kept=keep)
    others = draw(gate.graph, seed=held_out, per_kind=per_kind, kinds=kinds) if held_out else []
    second = run(gate, others, processes=processes, kept=keep) if others else None
    click.echo(table(score))
    if second:
        click.echo(f"seed {held_out}\n{table(second)}")
    for verdict in score.verdicts:
        if every or verdict.outcome == "missed":
            told = ", ".join(verdict.errors + verdict.warnings)
            click.echo(f"{verdict.outcome}: {verdict.kind}: {verdict.description}{f' [{told}]' if told else ''}")
    click.echo(f"{len(mutations)} faults in {time.monotonic() - started:.0f} s", err=True)
    if report:
        command = f"python -m tests.mutation --seed {seed} --per-kind {per_kind}"
        command += f" --held-out {held_out}" if held_out else ""
        command += "".join(f" --kind {kind}" for kind in kinds) + "".join(f" --text {path.name}" for path in texts)
        report.write_text(markdown(score, command, seed, gate, (held_out, second) if second else None), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
