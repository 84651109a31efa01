"""`offhook explore`: everything that a call of a flow may come to."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import named_paths, output
from engine.model.errors import ConfigurationError

if TYPE_CHECKING:
    from engine.simulate.explore import Progress


_USUAL_SHARE = 2 / 3
"""So much of the time is for calls without faults, if they take so long."""


@click.command()
@click.argument("flow", type=named_paths.FLOW)
@click.option("--faults", type=click.IntRange(0, 3), default=1, show_default=True, help="Faults on one way.")
@click.option("--slow", type=click.IntRange(0, 4), default=1, show_default=True, help="Things that are slow at a time.")
@click.option("--max-states", type=click.IntRange(1), default=500_000, show_default=True, help="Situations at most.")
@click.option("--seconds", type=click.FloatRange(0.1), default=60.0, show_default=True, help="Time at most.")
@click.option("--visits", type=click.IntRange(1), default=8, show_default=True, help="Entries of a step on one way.")
@click.option("--depth", type=click.IntRange(0), default=0, help="Moves on one way; 0 for any number.")
@output.form
def command(
    flow: Path, faults: int, slow: int, max_states: int, seconds: float, visits: int, depth: int, form: str
) -> None:
    """Search all that a call of FLOW, a flow file or its name, may come to: callers, orders of webhooks, faults.

    The cases of its test files are played as well, as they stand and in other orders.

    Exit status: 0 nothing was found, 1 something does not hold, or an invariant is wrong, 2 wrong usage.

    JSON: {"format": 1, "flow", "passed", "seconds", "covered": {"states", "transitions", "merged", "paths", "depth",
    "ends": [], "steps", "all_steps", "unseen": [], "ways", "untaken": [],
    "faults": {fault: n}, "usual", "usual_cut", "usual_why", "scenes", "scenes_cut", "cut", "why", "cut_at": []},
    "cases": {"cases", "played", "left", "failing": []}, "found": [{"law", "why",
    "case", "mark", "transcript": [{"at_ms", "way", "what", "step", "outcome", "detail"}]}], "diagnostics": []}.
    """
    from engine.cli import explored_text
    from engine.project import exploring
    from engine.project.testing import spare_the_collector
    from engine.project.without_protobuf import without_protobuf
    from engine.simulate.explore import Bounds

    if not flow.is_file():
        raise ConfigurationError(
            f"There is no flow file {flow}.", help="Name a file that ends in .flow.yaml, or a flow in flows/."
        )
    spare_the_collector()
    began = time.monotonic()
    with without_protobuf():
        found = exploring.run(
            flow,
            faults=faults,
            slow=slow,
            bounds=Bounds(states=max_states, visits=visits, depth=depth),
            goes_on=lambda so_far: _says(so_far, began) < seconds * (_USUAL_SHARE if so_far.usual else 1),
        )
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    lasted_s = time.monotonic() - began
    click.echo(explored_text.as_json(found, lasted_s) if form == "json" else explored_text.text(found, lasted_s))
    if not found.passed:
        raise SystemExit(1)


def _says(so_far: "Progress", began: float) -> float:
    """Progress, in a terminal; gives the seconds since the beginning."""
    lasted_s = time.monotonic() - began
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{so_far.states:,} situations, {so_far.open:,} open, {lasted_s:.0f} s", nl=False, err=True)
    return lasted_s
