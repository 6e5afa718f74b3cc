"""Joining the graph with other data."""

from __future__ import annotations

from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, write_rendered, write_text


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--to", metavar="PREFIX", help="Instead of a file: all mappings to a vocabulary, such as hgnc, uniprot, chebi, mondo."
)
@click.option("--column", metavar="NAME", help="Of a table, the column to read; by default the one with most identifiers.")
@click.option("--exact", is_flag=True, help="Only exact matches.")
@click.option("-f", "--format", "format_", default="table", metavar="FORMAT", help="One of: table, tsv, csv, json, md.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def link(
    ctx: click.Context,
    file: Path | None,
    to: str | None,
    column: str | None,
    exact: bool,
    format_: str,
    output: Path | None,
    endpoint: str | None,
) -> None:
    """Which things of FILE the graph knows, and what it says about them; FILE is a list, a table or RDF.

    Example: oncoresist link --to uniprot -f tsv
    """
    from oncoresist.exchange.link import check_format

    check_format(format_)
    linked = open_graph(ctx.obj, endpoint).link(file, to=to, column=column, exact=exact)
    if format_ == "table":
        from oncoresist import render_links

        write_rendered(lambda _: render_links.links(linked), output)
    else:
        write_text(linked.to_text(format_), output)
    click.echo(linked.counts, err=True)
    ctx.exit(0 if linked.rows else 1)
