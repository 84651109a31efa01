"""`offhook run`: one runner for one environment."""

import gc
import os
from pathlib import Path

import click

from engine.cli.logs import set_up


@click.command()
@click.argument("environment_file", type=click.Path(path_type=Path))
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info", show_default=True
)
def command(environment_file: Path, log_level: str) -> None:
    """Run an environment's flows until SIGTERM or Ctrl-C.

    The first signal drains: no new calls, live ones go on for the environment's `drain`. What lives
    after that stays in the journal and goes on when the runner is started again.
    """
    import anyio

    from engine.project.environment import load
    from engine.runner.serve import serve

    set_up(log_level)
    _calm_garbage_collection()
    environment = load(environment_file, os.environ)
    anyio.run(serve, environment, backend_options={"use_uvloop": _has_uvloop()})


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
