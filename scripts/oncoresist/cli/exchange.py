"""Taking the graph elsewhere: files for triple stores, network tools, tables."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, release_day, tell
from oncoresist.content import LAYERS
from oncoresist.errors import UsageError

if TYPE_CHECKING:
    from oncoresist.exchange.loading.load import Loaded


def selection_options(command):
    for option in (
        click.option(
            "--drug", multiple=True, help="Only claims about this drug or kinds of it, with all they need; may be repeated."
        ),
        click.option("--source", multiple=True, help="Only claims of this source, with all they need; may be repeated."),
        click.option("--layers", metavar="A,B", multiple=True, callback=_split, help=f"Only these layers: {', '.join(LAYERS)}."),
    ):
        command = option(command)
    return command


def _split(_: click.Context, __: click.Parameter, groups: tuple[str, ...]) -> list[str]:
    return [name for group in groups for name in group.split(",") if name]


@main.command()
@click.argument("format_", metavar="[FORMAT]", required=False)
@click.option("-o", "--output", help="File or folder to write; - is standard output. A name ending in .gz or .zst is compressed.")
@click.option("--for", "store", metavar="STORE", help="With bundle: the store that the files are for.")
@selection_options
@click.pass_context
def export(
    ctx: click.Context,
    format_: str | None,
    output: str | None,
    layers: list[str],
    source: tuple[str, ...],
    drug: tuple[str, ...],
    store: str | None,
) -> None:
    """Write the graph in FORMAT; without one, list the formats and what each keeps.

    Example: oncoresist export nquads -o oncoresist.nq.gz
    """
    from oncoresist.exchange.bundles.stores import STORES
    from oncoresist.exchange.formats import FORMATS, find_format

    if format_ is None:
        for known in FORMATS.values():
            click.echo(f"{known.name:10} {known.extension or 'folder':8} {known.kept}")
        click.echo(f"{'bundle':10} {'folder':8} all a store needs to load everything: --for {', '.join(STORES)}")
        return
    if format_ != "bundle":
        find_format(format_)
    if output is None:
        raise UsageError(f"export {format_} needs -o FILE, or -o - for standard output.")
    target = click.open_file("-", "wb") if output == "-" else Path(output)
    report = open_graph(ctx.obj, None).export(format_, target, layers=layers, source=source, drug=drug, store=store)
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


@main.command()
@click.argument("url")
@click.option("--update-url", metavar="URL", help="Where updates are sent; guessed from the kind of store.")
@click.option("--graph-store-url", metavar="URL", help="Where graphs are written; guessed from the kind of store.")
@click.option("--method", type=click.Choice(["auto", "graph-store", "update"]), default="auto", help="How to write.")
@click.option("--graph", metavar="IRI", help="Put all layers into this graph, instead of one graph a layer.")
@click.option("--default", is_flag=True, help="Put all layers into the default graph.")
@click.option("--timeout", default=600.0, show_default=True, help="Seconds to wait for an answer.")
@selection_options
@click.pass_context
def load(ctx: click.Context, url: str, **options) -> None:
    """Load the graph into a running triple store and compare what arrived. URL is where it answers SPARQL queries.

    User and password: ONCORESIST_USER and ONCORESIST_PASSWORD, or netrc. An interrupted load goes on when asked again.

    Example: oncoresist load http://localhost:7878/query
    """
    announce = partial(click.echo, err=True)
    started = time.monotonic()
    report = open_graph(ctx.obj, None).load(url, announce=announce, **options)
    for graph in report.graphs:
        click.echo(f"{graph.graph or 'default graph'}: {graph.triples} triples {graph.how}; {_compared(graph)}")
    click.echo(f"{report.store or url}, {report.method}: {time.monotonic() - started:.1f} s", err=True)


def _compared(graph: Loaded) -> str:
    if graph.hash is None:
        return "counted only: the store cuts long answers, so the hash could not be compared"
    rewritten = f"; {graph.rewritten} literals in another spelling of the same value" if graph.rewritten else ""
    return f"{'the same triples' if not rewritten else 'the same values'}, sha256 {graph.hash[:16]}{rewritten}"
