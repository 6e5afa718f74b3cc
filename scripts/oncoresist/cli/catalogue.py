"""The saved questions as files to look at: the catalogue, and pictures."""

from __future__ import annotations

from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, parameters_of


@main.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help="Write into this folder.")
@click.option(
    "-f", "--format", "formats", multiple=True, metavar="FORMAT", help="html, markdown, sib or manifest; may be repeated."
)
@click.option("--target", metavar="URL", help="Endpoint that the SIB examples name.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def catalogue(ctx: click.Context, output: Path, formats: tuple[str, ...], target: str | None, endpoint: str | None) -> None:
    """All saved questions with their answers: a page to read, SIB examples, a W3C test manifest.

    Example: oncoresist catalogue --format html -o build/catalogue
    """
    for path in open_graph(ctx.obj, endpoint).catalogue(output, formats, target=target):
        click.echo(path)


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="An .svg, .png or .html file.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def plot(ctx: click.Context, name: str, output: Path, endpoint: str | None) -> None:
    """Draw a saved question: heatmap (drug by kind of cell), sankey (cell, factor, pathway, drug).

    Parameters are those of the question behind the picture.

    Example: oncoresist plot sankey -o routes.svg
    """
    click.echo(open_graph(ctx.obj, endpoint).plot(name, output, **parameters_of(ctx.args)))
