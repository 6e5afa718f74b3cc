"""Asking: saved questions, free queries, one thing, reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from oncoresist.cli.group import main
from oncoresist.cli.shared import open_graph, output_options, parameters_of, read_text, write_answer, write_proof
from oncoresist.errors import UsageError


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("question", required=False)
@click.option("--federated", is_flag=True, help="Let a federated question call the public endpoints it names.")
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="In a table, show only the first N answers.")
@click.option("--prove", type=int, metavar="N", help="Prove the N-th answer; -o FILE writes the proof, for `verify`.")
@output_options
@click.pass_context
def ask(
    ctx: click.Context,
    question: str | None,
    federated: bool,
    first: int | None,
    prove: int | None,
    format_: str,
    output: Path | None,
    endpoint: str | None,
) -> None:
    """Answer a saved question; without one, list them all.

    Parameters are labels, synonyms, CURIEs or IRIs.

    Example: oncoresist ask resistance-mechanisms --drug cisplatin
    """
    kg = open_graph(ctx.obj, endpoint)
    if question is None:
        from oncoresist import render

        render.console().print(render.question_list(kg.questions()))
        return
    parameters = parameters_of(ctx.args)
    if prove is not None:
        if endpoint or format_ != "table":
            raise UsageError("--prove goes by the embedded store and has one format. Leave out --endpoint and --format.")
        write_proof(kg.prove_answer(question, prove, **parameters), output)
        return
    answer = kg.ask(question, federated=federated or bool(endpoint), **parameters)
    write_answer(answer, kg, format_, output, heading=answer.title, first=first)
    if format_ == "table" and not output and (reading := kg.question(question).header.get("reading")):
        click.echo(click.style(f"How to read it: {' '.join(reading.split())}", dim=True), err=True)


@main.command()
@click.argument("name", required=False)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def traps(ctx: click.Context, name: str | None, endpoint: str | None) -> None:
    """Known ways to a plausible wrong answer: the tempting query and the right one, side by side; without a name, list them.

    Example: oncoresist traps forgetting-denied-steps
    """
    from oncoresist import render

    kg = open_graph(ctx.obj, endpoint)
    if name is None:
        render.console().print(render.trap_list(kg.traps()))
        return
    console = render.console()
    console.print(render.trap(*kg.trap(name), kg.prefixes.curie, console.width))


@main.command()
@click.argument("file", required=False)
@click.option("-e", "--expression", help="The query itself.")
@output_options
@click.pass_context
def query(
    ctx: click.Context, file: str | None, expression: str | None, format_: str, output: Path | None, endpoint: str | None
) -> None:
    """Run a SPARQL query from FILE, from -e, or from standard input (-).

    Prefixes of the project need not be declared.

    Example: oncoresist query -e 'SELECT ?claim WHERE { ?claim onr:aboutDrug ent:cisplatin } ORDER BY ?claim'
    """
    if bool(file) == bool(expression):
        raise UsageError("query needs either a FILE (or - for standard input) or -e 'SELECT …'.")
    shown = "-e" if expression else str(file)
    text = expression or (sys.stdin.read() if file == "-" else read_text(Path(str(file))))
    kg = open_graph(ctx.obj, endpoint)
    write_answer(kg.query(text, shown_as=shown), kg, format_, output)


@main.command()
@click.argument("name")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="For reading, or for programs."
)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")
@click.pass_context
def show(ctx: click.Context, name: str, format_: str, endpoint: str | None) -> None:
    """One entity, claim, passage or publication, with evidence and links out.

    Example: oncoresist show cisplatin
    """
    kg = open_graph(ctx.obj, endpoint)
    record = kg.show(name)
    if format_ == "json":
        click.echo(json.dumps(record.to_dict(), ensure_ascii=False, indent=2))
        return
    from oncoresist import render

    render.console().print(render.record(record, kg.prefixes.curie))


@main.command()
@click.argument("name", required=False)
@output_options
@click.pass_context
def report(ctx: click.Context, name: str | None, format_: str, output: Path | None, endpoint: str | None) -> None:
    """Coverage and counts of the content; without a name, list the reports.

    Example: oncoresist report coverage
    """
    kg = open_graph(ctx.obj, endpoint)
    if name is None:
        for saved in kg.reports():
            click.echo(f"{saved.id:34} {saved.summary}")
        return
    answer = kg.report(name)
    write_answer(answer, kg, format_, output, heading=answer.title)
