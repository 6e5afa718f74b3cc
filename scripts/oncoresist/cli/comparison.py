"""Comparing two states of the graph: two revisions, or with and without a paper."""

from __future__ import annotations

import json

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph


def comparison_options(command):
    command = click.option("--all", "all_", is_flag=True, help="Show every change, not only the first of each kind.")(command)
    command = click.option(
        "--questions/--no-questions", default=True, help="Compare the answers of the saved questions, or leave them out."
    )(command)
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(["text", "json", "markdown"]),
        default="text",
        help="For reading, for programs, for release notes.",
    )(command)


@main.command("what-if")
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE…")
@comparison_options
@click.pass_context
def what_if(ctx: click.Context, references: tuple[str, ...], format_: str, questions: bool, all_: bool) -> None:
    """What falls, weakens or changes sign if papers are not to be trusted.

    A REFERENCE is an author and year, a DOI, a PMID or a CURIE; several are doubted together.

    Example: oncoresist what-if "Sun 2017"
    """
    from oncoresist.mechanism.report import of_what_if

    kg = open_graph(ctx.obj, None)
    found = kg.what_if(*references, questions=questions)
    _write(found.to_dict, lambda: of_what_if(found, kg.prefixes.curie), format_, all_)


@main.command()
@click.argument("old")
@click.argument("new", required=False)
@comparison_options
@click.pass_context
def diff(ctx: click.Context, old: str, new: str | None, format_: str, questions: bool, all_: bool) -> None:
    """What changed from OLD to NEW (default: the graph as it is): claims, terms, edges, and answers with the claims behind them.

    Each is a folder with content, a git revision of this checkout, or a file of N-Quads or TriG.

    Example: oncoresist diff HEAD~1 HEAD
    """
    from oncoresist.mechanism.report import of_comparison

    kg = open_graph(ctx.obj, None)
    found = kg.diff(old, new, questions=questions)
    _write(found.to_dict, lambda: of_comparison(found, kg.prefixes.curie), format_, all_)


def _write(to_dict, report, format_: str, all_: bool) -> None:
    if format_ == "json":
        click.echo(json.dumps(to_dict(), ensure_ascii=False, indent=2))
        return
    from oncoresist import render, render_comparison

    if format_ == "markdown":
        click.echo(render_comparison.markdown(report(), None if all_ else 10), nl=False)
        return
    render.console().print(render_comparison.text(report(), None if all_ else 10))
