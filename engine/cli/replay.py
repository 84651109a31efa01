"""`offhook replay`: recorded calls through a candidate version of their flow."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli import named_paths, output
from engine.model.errors import ConfigurationError, OffhookError

if TYPE_CHECKING:
    from engine.model.graph import FlowGraph
    from engine.simulate.recorded.comparing import Compared
    from engine.simulate.recorded.recording import Recording


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--against", required=True, type=named_paths.FLOW, metavar="FLOW", help="The candidate's file.")
@click.option("--run", "only", multiple=True, metavar="RUN", help="Only this run (its id, or the beginning of it).")
@click.option(
    "--limit", type=click.IntRange(1), default=1_000, show_default=True, help="The latest so many of a journal."
)
@output.form
def command(runs: tuple[Path, ...], against: Path, only: tuple[str, ...], limit: int, form: str) -> None:
    """Go through recorded calls with the flow file FLOW, and tell which take another course.

    RUNS are files that `offhook runs export` has written, folders of them, journals, or environments (whose journals
    they are). Runs of other flows are passed over.

    Exit status: 0 no call takes another course (prompts may say other words), 1 one does, or cannot be compared, 2 wrong
    usage, or FLOW does not compile.

    JSON: {"format": 1, "flow", "against", "runs": n, "same": n, "words": n, "course": n, "incompatible": n, "unreadable":
    [], "calls": [{"run", "verdict", "why", "difference": null or {"step", "at_ms", "was", "now", "why"}, "reworded":
    [{"step", "was", "now"}]}]}.
    """
    from engine.cli import recordings, replayed_text
    from engine.project import flows

    if not against.is_file():
        raise ConfigurationError(f"There is no flow file {against}.", help="Name the file of the candidate version.")
    flow = flows.name(against)
    candidate = _Candidate(against)
    candidate.graph({})
    unreadable: list[str] = []
    compared: list[Compared] = []
    for one in recordings.of_all(runs, flow=flow, runs=only, limit=limit):
        try:
            if isinstance(one, OffhookError):
                raise one
            compared.append(candidate.compare(one))
        except OffhookError as error:
            unreadable.append(str(error))
    if not compared and not unreadable:
        named = ", ".join(map(str, runs))
        raise ConfigurationError(
            f"There is no run of `{flow}` in {named}.", help="`offhook runs list` shows the runs of a journal."
        )
    show = replayed_text.as_json if form == "json" else replayed_text.text
    click.echo(show(flow, str(against), compared, unreadable))
    if unreadable or any(one.verdict in ("course", "incompatible") for one in compared):
        raise SystemExit(1)


class _Candidate:
    """The flow file, compiled once for each set of calendars that calls were bound to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._graphs: dict[tuple[tuple[str, Any], ...], FlowGraph] = {}

    def compare(self, recording: "Recording") -> "Compared":
        from engine.simulate.recorded import comparing

        plain = self.graph({})
        wanted = {
            name: recording.uses[name] for name, one in plain.uses.items() if one.calendar and name in recording.uses
        }
        try:
            graph = self.graph(wanted)
        except ConfigurationError as error:
            return comparing.unfit(recording, error.message)
        return comparing.compare(recording, graph)

    def graph(self, calendars: Mapping[str, Any]) -> "FlowGraph":
        from engine.project.bound import compiled

        key = tuple(sorted(calendars.items()))
        if key not in self._graphs:
            self._graphs[key] = compiled(self._path, calendars)
        return self._graphs[key]
