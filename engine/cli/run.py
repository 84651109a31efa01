"""`offhook run`: one runner for one environment."""

import gc
import logging
import os
import sys
from pathlib import Path

import click

from engine.cli import named_paths
from engine.cli.logs import Form, for_people, set_up
from engine.cli.statuses import FAULT, WRONG, cause
from engine.model.errors import ConfigurationError, OffhookError
from engine.serving.wordless import wordless

log = logging.getLogger("offhook.runner")


@click.command()
@click.argument("environment_file", type=named_paths.ENVIRONMENT)
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info", show_default=True
)
@click.option(
    "--log-format",
    type=click.Choice(["auto", "text", "json"]),
    default="auto",
    show_default=True,
    help="Log lines for people or for machines; auto: text on a terminal, else JSON.",
)
@click.option("--check", is_flag=True, help="Start nothing; say whether all of it is sound (exit status 0, else 2).")
def command(environment_file: Path, log_level: str, log_format: Form, check: bool) -> None:
    """Run an environment's flows until SIGTERM or Ctrl-C. ENVIRONMENT_FILE may be a name, such as `staging` for
    flows/environments/staging.env.yaml.

    The first signal drains: no new calls, live ones go on for the environment's `drain`. What lives
    after that stays in the journal and goes on when the runner is started again.
    """
    if check:
        _check(environment_file)
        return

    import anyio

    from engine.project.environment import load
    from engine.runner.serve import serve

    set_up(log_level, log_format)
    _calm_garbage_collection()
    try:
        environment = load(environment_file, os.environ)
        anyio.run(serve, environment, backend_options={"use_uvloop": _has_uvloop()})
    except (Exception, BaseExceptionGroup) as error:
        if for_people(log_format):
            raise
        sys.exit(_logged(cause(error)))


def _logged(error: BaseException) -> int:
    """Why it does not run, as a line of the log; the exit status. A fault of ours without its words, which may quote a
    caller's."""
    if isinstance(error, OffhookError):
        log.critical("the runner does not run: %s", " ".join(str(error).split()))
        return WRONG
    log.critical("a fault of ours has ended the runner, please report it", exc_info=wordless(error))
    return FAULT


def _check(path: Path) -> None:
    from engine.runner.check import check

    found = check(path, os.environ)
    if found.problems:
        count = len(found.problems)
        listed = "\n".join(found.problems).replace("\n", "\n  ")
        raise ConfigurationError(f"{path} has {count} {'problem' if count == 1 else 'problems'}:\n  {listed}")
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{path} is sound. Flows: {found.flows}, routes: {found.routes}.")


def _calm_garbage_collection() -> None:
    """Runs are trees of small values that reference counting frees by itself; looking for cycles among
    all of them over and over took a tenth of the processor."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _has_uvloop() -> bool:
    try:
        import uvloop  # noqa: F401
    except ImportError:
        return False
    return True
