"""Taking the graph elsewhere: files for triple stores, network tools, tables."""

from __future__ import annotations

import time
from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, release_day, tell
from oncoresist.errors import UsageError


@main.command()
@click.argument("format_", metavar="[FORMAT]", required=False)
@click.option("-o", "--output", help="File or folder to write; - is standard output. A name ending in .gz or .zst is compressed.")
@click.option(
    "--layers", metavar="A,B", multiple=True, help="Only these layers: ontology, evidence, mappings, inferred, mechanism."
)
@click.option("--source", multiple=True, help="Only claims of this source, with all they need; may be repeated.")
@click.option("--drug", multiple=True, help="Only claims about this drug or kinds of it, with all they need; may be repeated.")
@click.pass_context
def export(
    ctx: click.Context,
    format_: str | None,
    output: str | None,
    layers: tuple[str, ...],
    source: tuple[str, ...],
    drug: tuple[str, ...],
) -> None:
    """Write the graph in FORMAT; without one, list the formats and what each keeps.

    Example: oncoresist export nquads -o oncoresist.nq.gz
    """
    from oncoresist.exchange.formats import FORMATS, find_format

    if format_ is None:
        for known in FORMATS.values():
            click.echo(f"{known.name:10} {known.extension or 'folder':8} {known.kept}")
        return
    find_format(format_)
    if output is None:
        raise UsageError(f"export {format_} needs -o FILE, or -o - for standard output.")
    named = [name for group in layers for name in group.split(",") if name]
    target = click.open_file("-", "wb") if output == "-" else Path(output)
    report = open_graph(ctx.obj, None).export(format_, target, layers=named, source=source, drug=drug)
    lost = report.triples - report.kept
    click.echo(f"{report.triples} triples, {lost} lost{f', see {report.ledger}' if report.ledger else ''}", err=True)


@main.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help="Folder to make.")
@click.option("--date", help="YYYY-MM-DD; by default SOURCE_DATE_EPOCH or today (UTC).")
@click.option("--previous", metavar="FOLDER|REVISION", help="The release before, or a git revision, to tell the changes since.")
@click.option("--formats", metavar="A,B", default="", help="Only these formats; by default all.")
@click.option("--earl", type=click.Path(path_type=Path), metavar="FILE", help="EARL report on engines to include.")
@click.option("--reasoner/--no-reasoner", default=True, help="Check consistency with HermiT, or leave it out.")
@click.pass_context
def release(
    ctx: click.Context,
    output: Path,
    date: str | None,
    previous: str | None,
    formats: str,
    earl: Path | None,
    reasoner: bool,
) -> None:
    """Make a release: every format, checksums, VoID and DCAT, reports, and what changed since the one before.

    Example: oncoresist release -o oncoresist-2026-11-21 --previous v0.1.0
    """
    started, named = time.monotonic(), [name for name in formats.split(",") if name]
    kg = open_graph(ctx.obj, None)
    made = kg.release(output, date or release_day(), previous=previous, formats=named, reasoner=reasoner, earl=earl)
    if made.folder is None:
        tell(ctx, made.findings, [*made.notes, "No release was made: the content has errors."], "text", started)
    click.echo(f"{made.folder}: {made.files} files, {made.size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s")
