"""Reasoning over mechanisms: how one thing bears on another, proofs, and checking them."""

from __future__ import annotations

from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, write_proof, write_rendered, write_text
from oncoresist.errors import UsageError
from oncoresist.mechanism.path_answer import FORMATS, GRADES
from oncoresist.mechanism.paths import MOST_STEPS


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


@main.command()
@click.argument("source")
@click.argument("target")
@click.option("--max-steps", type=int, default=6, show_default=True, metavar="N", help="Hops that rest on evidence, at most.")
@click.option("--min-grade", metavar="GRADE", help=f"Worst evidence grade of a hop, {GRADES[0]} to {GRADES[-1]}.")
@click.option("--cancer", metavar="NAME", help="Leave out claims about other cancers; wider ones stay.")
@click.option("--limit", type=int, default=20, show_default=True, metavar="N", help="Paths shown, at most.")
@click.option(
    "--prove", type=click.IntRange(min=1), metavar="N", help="Prove the N-th path; -o FILE writes the proof, for `verify`."
)
@click.option("-f", "--format", "format_", type=click.Choice(FORMATS), default="table", help="For reading, or for programs.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def paths(
    ctx: click.Context,
    source: str,
    target: str,
    prove: int | None,
    format_: str,
    output: Path | None,
    endpoint: str | None,
    **options,
) -> None:
    """Signed causal paths from SOURCE to TARGET, the most credible first.

    Example: oncoresist paths fibroblast gefitinib
    """
    if prove and (endpoint is not None or format_ != "table"):
        raise UsageError(
            "--prove writes one proof, in its own form and of the embedded graph: leave out --format and --endpoint."
        )
    kg = open_graph(ctx.obj, endpoint)
    answer = kg.paths(source, target, **options)
    if prove:
        if prove > len(answer.paths):
            raise UsageError(f"--prove {prove}: there are {len(answer.paths)} paths. Take a number up to that, or raise --limit.")
        write_proof(kg.prove_path(answer.paths[prove - 1]), output)
        return
    if format_ == "table":
        from oncoresist import render_paths

        if answer.paths and not output:
            click.echo(click.style(render_paths.heading(answer), dim=True), err=True)
        write_rendered(lambda width: render_paths.paths(answer, width), output)
        if answer.paths and not output:
            click.echo(click.style(render_paths.LEGEND, dim=True), err=True)
    else:
        write_text(answer.to_text(format_), output)
    ctx.exit(0 if answer.paths else 1)


@main.command()
@click.argument("one")
@click.argument("other")
@click.argument("target")
@click.option(
    "--max-steps", type=click.IntRange(1, MOST_STEPS), default=6, show_default=True, metavar="N", help="Steps of a path."
)
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Meetings shown, at most.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["table", "json"]), default="table", help="For reading, or for programs."
)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def meet(ctx: click.Context, one: str, other: str, target: str, format_: str, endpoint: str | None, **options: int) -> None:
    """Where the paths from ONE and from OTHER to TARGET meet, and whether a source says so.

    Example: oncoresist meet CAF "calcium channel" cisplatin
    """
    answer = open_graph(ctx.obj, endpoint).meet(one, other, target, **options)
    if format_ == "json":
        click.echo(answer.to_json(), nl=False)
    else:
        from oncoresist import render_paths

        write_rendered(lambda width: render_paths.meetings(answer, width), None)
        click.echo(click.style(render_paths.LEGEND, dim=True), err=True)
    ctx.exit(0 if answer.meetings else 1)
