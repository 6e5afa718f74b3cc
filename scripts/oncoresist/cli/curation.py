"""Keeping the content: judge it, compare it with its texts, format it, build it."""

from __future__ import annotations

import time
from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, tell


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--reasoner/--no-reasoner", default=True, help="Run HermiT (needs Java), or leave it out.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For reading, or for programs."
)
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], reasoner: bool, format_: str) -> None:
    """Check everything, or tell only about FILES: shapes, checks, signs, canonical form, OWL consistency.

    Example: oncoresist validate graph/claims/tme2019/stat3.ttl
    """
    started = time.monotonic()
    tell(ctx, *open_graph(ctx.obj, None).validate(files, reasoner=reasoner), format_, started)


@main.command()
@click.option(
    "--text", "texts", type=click.Path(path_type=Path), multiple=True, required=True, help="A file with texts; may be repeated."
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For reading, or for programs."
)
@click.pass_context
def audit(ctx: click.Context, texts: tuple[Path, ...], files: tuple[Path, ...], format_: str) -> None:
    """Compare the graph with the texts it was read from (tab-separated, not part of OncoResist).

    Example: oncoresist audit --text sentences.tsv table1.tsv
    """
    started = time.monotonic()
    tell(ctx, *open_graph(ctx.obj, None).audit([*texts, *files]), format_, started)


@main.command()
@click.argument("claims", nargs=-1)
@click.option("--all-changed", is_flag=True, help="Every claim that changed since it was read, or was never read.")
@click.pass_context
def review(ctx: click.Context, claims: tuple[str, ...], all_changed: bool) -> None:
    """Seal CLAIMS you have read against their passage and did not write; alone, list those that wait for it.

    Example: oncoresist review claim:tme2019-stat3-1-5-a
    """
    readings = open_graph(ctx.obj, None).review(claims, all_changed=all_changed)
    for reading in readings:
        click.echo(f"{reading.claim} ({reading.state}) at {reading.locator}\n  {reading.label}")
        for number, step in enumerate(reading.steps, 1):
            click.echo(f"    {number}. {step}")
    sealed = claims or all_changed
    click.echo(f"{len(readings)} claims {'sealed' if sealed else 'wait for a second reading'}")


@main.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
@click.pass_context
def format_command(ctx: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Rewrite Turtle files in canonical form (default: graph/).

    Example: oncoresist format --check
    """
    kg = open_graph(ctx.obj, None)
    changed = kg.format(paths, check=check)
    for path in changed:
        click.echo(
            f"{kg.layout.relative(path)}{': not canonical. Run: oncoresist format ' + kg.layout.relative(path) if check else ''}"
        )
    ctx.exit(1 if check and changed else 0)


@main.command()
@click.option("--force", is_flag=True, help="Build even if nothing changed.")
@click.pass_context
def build(ctx: click.Context, force: bool) -> None:
    """Compile everything into the embedded store; does nothing if no file changed.

    Example: oncoresist build
    """
    started = time.monotonic()
    report = open_graph(ctx.obj, None).build(force=force)
    if not report.built:
        click.echo("up to date")
        return
    for name, count in report.counts.items():
        click.echo(f"{name:20} {count:>8} triples")
    click.echo(f"built in {time.monotonic() - started:.1f} s: {report.path}")
