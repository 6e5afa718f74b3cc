"""What the commands share: output options, opening the graph, writing answers and findings."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import click

from oncoresist import KnowledgeGraph
from oncoresist.errors import InputError, UsageError
from oncoresist.results import FORMATS, Answer
from oncoresist.target import replace_text


def output_options(command):
    command = click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")(command)
    command = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")(
        command
    )
    return click.option("-f", "--format", "format_", default="table", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")(
        command
    )


def open_graph(content: Path | None, endpoint: str | None) -> KnowledgeGraph:
    return KnowledgeGraph.open(content, endpoint=endpoint, announce=lambda: click.echo("building the store …", err=True))


def tell(ctx: click.Context, findings: list, notes: list[str], format_: str, started: float) -> None:
    """Findings to stdout, the rest to stderr, and the exit code."""
    if format_ == "json":
        click.echo(json.dumps([vars(f) for f in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
    for note in notes:
        click.echo(note, err=True)
    errors = sum(f.severity == "error" for f in findings)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings in {time.monotonic() - started:.1f} s", err=True)
    ctx.exit(1 if errors else 0)


def release_day() -> str:
    """Today in UTC, or the day that SOURCE_DATE_EPOCH names (https://reproducible-builds.org/specs/source-date-epoch/).

    :raises UsageError: SOURCE_DATE_EPOCH is no number of seconds
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(int(said) if said else time.time()))
    except (ValueError, OverflowError, OSError):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{said}", which is no number of seconds. Unset it, or give --date.') from None


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None


def write_proof(proof, output: Path | None) -> None:
    """The proof in words to stdout; with `output` the file itself as well, whole or not at all."""
    from oncoresist import render

    console = render.console()
    console.print(render.indented(proof.words, console.width))
    if output is not None:
        replace_text(output, proof.to_text(), "the proof")
        click.echo(f"proof written; check it with: oncoresist verify {output}", err=True)


def write_answer(
    answer: Answer, kg: KnowledgeGraph, format_: str, output: Path | None, heading: str = "", first: int | None = None
) -> None:
    if format_ != "table":
        write_text(answer.to_text(format_), output)
        return
    from oncoresist import render

    if heading and not output:
        click.echo(click.style(heading, dim=True), err=True)
    write_rendered(lambda width: render.answer(answer, kg.prefixes.curie, width, first), output)


def write_rendered(at_width: Callable[[int], object], output: Path | None) -> None:
    """What is for reading: to the terminal in its colours, to a file without them.

    :param at_width: makes it for a number of columns
    """
    from oncoresist import render

    console = render.console(plain=output is not None)
    if output is None:
        console.print(at_width(console.width))
        return
    with console.capture() as capture:
        console.print(at_width(console.width))
    write_text(capture.get(), output)


def write_text(text: str, output: Path | None) -> None:
    """To a file, or to stdout."""
    if output is not None:
        replace_text(output, text, "the answer")
    else:
        click.echo(text, nl=not text.endswith("\n"))


def parameters_of(arguments: list[str]) -> dict[str, str]:
    """``--drug cisplatin --cell=CAF`` as a dictionary; which names are right is the question's business."""
    parameters: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise UsageError(f'"{word}" is no option. Parameters are given as --name value, for example --drug cisplatin.')
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not rest:
                raise UsageError(f"--{name} needs a value.")
            value = rest.pop(0)
        parameters[name] = value
    return parameters
