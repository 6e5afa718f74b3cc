"""The command line: options and printing only. Each command is the thin face of one `KnowledgeGraph` method.

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 unreadable input. Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from oncoresist import KnowledgeGraph, __version__
from oncoresist.errors import InputError, OncoResistError, UsageError
from oncoresist.results import FORMATS, Answer


class _Commands(click.Group):
    """Turns our errors into one line on stderr and their exit code; ``--debug`` shows the trace instead."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except OncoResistError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)

    def resolve_command(self, ctx: click.Context, args: list[str]):
        from oncoresist.errors import UnknownNameError

        if args and not args[0].startswith("-") and args[0] not in self.commands:
            click.echo(str(UnknownNameError("command", args[0], self.commands, "`oncoresist --help` lists them.")), err=True)
            ctx.exit(2)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    help="Folder with ontology/, graph/ and queries/ to use instead of the built-in one.",
)
@click.option("--debug", is_flag=True, help="Show the full trace of an error.")
@click.version_option(__version__, prog_name="oncoresist")
@click.pass_context
def main(ctx: click.Context, content: Path | None, debug: bool) -> None:
    """Why cancer treatments stop working: ask the graph, check it, build it."""
    ctx.obj = content


def _output_options(command):
    command = click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the embedded store.")(command)
    command = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")(
        command
    )
    return click.option("-f", "--format", "format_", default="table", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")(
        command
    )


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("question", required=False)
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="In a table, show only the first N answers.")
@_output_options
@click.pass_context
def ask(
    ctx: click.Context, question: str | None, first: int | None, format_: str, output: Path | None, endpoint: str | None
) -> None:
    """Answer a saved question; without one, list them all.

    Parameters are labels, synonyms, CURIEs or IRIs.

    Example: oncoresist ask resistance-mechanisms --drug cisplatin
    """
    kg = _open(ctx.obj, endpoint)
    if question is None:
        from oncoresist import render

        render.console().print(render.question_list(kg.questions()))
        return
    parameters = _parameters(ctx.args)
    answer = kg.ask(question, **parameters)
    _write(answer, kg, format_, output, heading=answer.title, first=first)
    if format_ == "table" and not output and (reading := kg.question(question).header.get("reading")):
        click.echo(click.style(f"How to read it: {' '.join(reading.split())}", dim=True), err=True)


@main.command()
@click.argument("file", required=False)
@click.option("-e", "--expression", help="The query itself.")
@_output_options
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
    text = expression or (sys.stdin.read() if file == "-" else _read(Path(str(file))))
    kg = _open(ctx.obj, endpoint)
    _write(kg.query(text, shown_as=shown), kg, format_, output)


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
    kg = _open(ctx.obj, endpoint)
    record = kg.show(name)
    if format_ == "json":
        click.echo(json.dumps(record.to_dict(), ensure_ascii=False, indent=2))
        return
    from oncoresist import render

    render.console().print(render.record(record, kg.prefixes.curie))


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
    _tell(ctx, *_open(ctx.obj, None).validate(files, reasoner=reasoner), format_, started)


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
    _tell(ctx, *_open(ctx.obj, None).audit([*texts, *files]), format_, started)


@main.command()
@click.argument("name", required=False)
@_output_options
@click.pass_context
def report(ctx: click.Context, name: str | None, format_: str, output: Path | None, endpoint: str | None) -> None:
    """Coverage and counts of the content; without a name, list the reports.

    Example: oncoresist report coverage
    """
    kg = _open(ctx.obj, endpoint)
    if name is None:
        for saved in kg.reports():
            click.echo(f"{saved.id:34} {saved.summary}")
        return
    answer = kg.report(name)
    _write(answer, kg, format_, output, heading=answer.title)


@main.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
@click.pass_context
def format_command(ctx: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Rewrite Turtle files in canonical form (default: graph/).

    Example: oncoresist format --check
    """
    kg = _open(ctx.obj, None)
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
    report = _open(ctx.obj, None).build(force=force)
    if not report.built:
        click.echo("up to date")
        return
    for name, count in report.counts.items():
        click.echo(f"{name:20} {count:>8} triples")
    click.echo(f"built in {time.monotonic() - started:.1f} s: {report.path}")


def _open(content: Path | None, endpoint: str | None) -> KnowledgeGraph:
    return KnowledgeGraph.open(content, endpoint=endpoint, announce=lambda: click.echo("building the store …", err=True))


def _tell(ctx: click.Context, findings: list, notes: list[str], format_: str, started: float) -> None:
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


def _parameters(arguments: list[str]) -> dict[str, str]:
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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _write(
    answer: Answer, kg: KnowledgeGraph, format_: str, output: Path | None, heading: str = "", first: int | None = None
) -> None:
    if format_ == "table":
        from oncoresist import render

        console = render.console()
        if output:
            with console.capture() as capture:
                console.print(render.answer(answer, kg.prefixes.curie, console.width, first))
            text = capture.get()
        else:
            if heading:
                click.echo(click.style(heading, dim=True), err=True)
            console.print(render.answer(answer, kg.prefixes.curie, console.width, first))
            return
    else:
        text = answer.to_text(format_)
    if not output:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from None


if __name__ == "__main__":
    main()
