"""The catalogue of questions as files."""

from __future__ import annotations

from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph


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
