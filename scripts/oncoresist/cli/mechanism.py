"""Reasoning over mechanisms: proofs, and checking them."""

from __future__ import annotations

from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, write_proof


@main.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--path", "as_path", is_flag=True, help="The edges are the hops of a path, in order.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write the proof to this file, for `verify`.")
@click.pass_context
def prove(ctx: click.Context, what: tuple[str, ...], as_path: bool, output: Path | None) -> None:
    """Why the graph holds what it derived: claims, passages, references, rules.

    WHAT is one or more edges, drug mechanisms or conflicts, or two entities: then every edge from the first to the second.

    Example: oncoresist prove IL6 STAT3 -o il6-stat3.proof
    """
    kg = open_graph(ctx.obj, None)
    write_proof(kg.prove_path(what) if as_path else kg.prove(*what), output)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def verify(ctx: click.Context, file: Path) -> None:
    """Check a proof FILE against the graph; what fails is told by line.

    Example: oncoresist verify il6-stat3.proof
    """
    verification = open_graph(ctx.obj, None).verify(file)
    for line in verification.told(str(file)):
        click.echo(line)
    for note in verification.notes:
        click.echo(note, err=True)
    ctx.exit(0 if verification.passed else 1)
