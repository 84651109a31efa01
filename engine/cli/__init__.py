"""L5: the command `offhook`. One file a command; each is imported only when it is asked for."""

import gc
import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from engine import __version__
from engine.cli import output
from engine.cli.statuses import FAULT, INTERRUPTED, WRONG, cause
from engine.cli.terminal import visible
from engine.model.errors import OffhookError

_COMMANDS: Mapping[str, str] = {
    "demo": "Play one scripted call through a flow, and print what happened.",
    "dial": "Ask a runner for an outbound call.",
    "diff": "What a change of flows means for callers.",
    "explain": "What a finding of lint means.",
    "explore": "Search all that a call of a flow may come to.",
    "graph": "Draw a flow.",
    "journal": "Check a journal, copy it, make it smaller.",
    "lint": "Check flows.",
    "lsp": "Help an editor with flows, over standard input and output.",
    "phone": "Be the caller of a flow, in the terminal.",
    "replay": "Recorded calls through another version of their flow.",
    "run": "Run an environment's flows.",
    "runs": "Look at the runs in a journal, export or cancel one.",
    "secret-key": "Print a new key for OFFHOOK_SECRET_KEY.",
    "sandbox": "A local platform: the calling API over HTTP.",
    "schema": "Print a JSON Schema in one piece, for editors.",
    "test": "Run the tests of flows, in virtual time.",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        with _nothing_is_garbage():
            command = importlib.import_module(f"engine.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list without importing what it lists."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """What is imported stays, so to look for garbage in it, then and later, is for nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="offhook")
def offhook() -> None:
    """Call flows as code: write IVR flows in YAML, check them in pull requests, run them live."""


def _explain(error: BaseException) -> int:
    """Says what went wrong, and gives the exit status."""
    if isinstance(error, OffhookError):
        click.echo("\n".join(visible(line) for line in f"offhook: {error}".split("\n")), err=True)
        return WRONG
    if isinstance(error, click.ClickException):
        error.show()
        return WRONG
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    if isinstance(error, OSError) and output.is_cause(error):
        raise error
    import traceback  # only for what should not happen

    traceback.print_exception(error)
    name = type(error).__name__
    click.echo(f"offhook: this is a fault of ours ({name}). Please report it with the lines above.", err=True)
    return FAULT


def main() -> None:
    """The entry point: our errors and click's in words and with status 2, anything else with status 3."""
    output.show_anything()
    try:
        status = _status()
        output.flush()
    except OSError as error:
        status = output.gone(error)
    gc.freeze()  # the process ends: nothing of it need be looked through once more
    sys.exit(status)


def _status() -> int:
    try:
        # Not standalone: click would make an interruption status 1.
        return int(offhook(prog_name="offhook", standalone_mode=False) or 0)
    except SystemExit as left:
        return int(left.code or 0)
    except (Exception, BaseExceptionGroup, KeyboardInterrupt) as error:
        return _explain(cause(error))
