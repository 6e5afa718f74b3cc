"""Reasoning over mechanisms: the classification and why."""

from __future__ import annotations

import json
from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, output_options, write_answer, write_rendered, write_text
from oncoresist.errors import UsageError


@main.command()
@click.argument("of_class", metavar="[CLASS]", required=False)
@click.option(
    "--explain", "thing", metavar="NAME", help="Why this is of CLASS, or why not; without CLASS: of each defined class."
)
@click.option("--class", "listed", metavar="CLASS", help="List the members of this class.")
@click.option("--all", "everything", is_flag=True, help="Count the members of every class, not only of the defined ones.")
@click.option("--hermit", is_flag=True, help="Ask HermiT (needs Java) whether it agrees.")
@output_options
@click.pass_context
def reason(ctx, of_class, thing, listed, everything, hermit, format_, output: Path | None, endpoint) -> None:
    """What falls into which class, what of it was inferred, and why.

    Example: oncoresist reason --explain claim:tme2019-platinum-1-6-a "stroma-driven claim"
    """
    kg = open_graph(ctx.obj, endpoint)
    if of_class and listed:
        raise UsageError("Give the class once.")
    if thing is not None:
        _explain(ctx, kg.explain(thing, of_class or listed, hermit=hermit), format_, output)
        return
    write_answer(kg.reason(of_class or listed, everything=everything), kg, format_, output)
    if hermit:
        compared, differing = kg.compare_with_hermit()
        for d in differing:
            click.echo(f"{kg.prefixes.curie(d.thing)} is {kg.prefixes.curie(d.class_)} only for {d.found_by}.", err=True)
        click.echo(f"HermiT and the fast closure compared over {compared} types: {len(differing)} differ.", err=True)
        ctx.exit(1 if differing else 0)


def _explain(ctx: click.Context, explanations: list, format_: str, output: Path | None) -> None:
    """Explanations to stdout or a file; exit code 1 if HermiT contradicts one."""
    if format_ not in ("table", "json"):
        raise UsageError(f'"{format_}" is not for explanations: table or json.')
    if format_ == "json":
        write_text(json.dumps([why.to_dict() for why in explanations], ensure_ascii=False, indent=2), output)
    else:
        from oncoresist import render_reasons

        write_rendered(lambda _: render_reasons.text(explanations), output)
    ctx.exit(1 if any(why.confirmed is False for why in explanations) else 0)
