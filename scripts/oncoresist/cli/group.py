"""The command group: one line on stderr for each of our errors, and its exit code."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import click

from oncoresist import __version__
from oncoresist.errors import OncoResistError, UnknownNameError


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
        except OSError as error:
            if ctx.params.get("debug") or error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            click.echo(f"The output cannot be written ({error.strerror}). What stands there is not complete.", err=True)
            ctx.exit(2)

    def resolve_command(self, ctx: click.Context, args: list[str]):
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
