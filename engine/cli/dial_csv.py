"""`offhook dial FLOW --from-csv FILE`: what it tells while it asks for the rows, and in the end."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from engine.calling.runs_api import RunsApi
from engine.cli.dial_batch import Dialling, Outcome, Stopped, Wanted
from engine.cli.dial_rows import Keys, check_columns, header_of, rows
from engine.cli.terminal import visible
from engine.model.errors import ConfigurationError

FORMAT = 1
INTERRUPTED = 130
_SHOWN = 1_000
"""Problems that the JSON object lists; standard error has them all."""
_EVERY_S = 10.0
_OUTCOMES: tuple[Outcome, ...] = ("accepted", "already_there", "bad", "failed")


class Options(Struct, frozen=True, kw_only=True):
    """Of the command line. An empty `batch` is the file's name less its ending."""

    flow: str
    path: Path
    batch: str = ""
    from_: str = ""
    rate: float = 0
    wait: bool = False
    form: str = "text"


def dial_csv(api: RunsApi, options: Options) -> int:
    """The exit status: 0 when every row has its run, 1 when one has none, 130 after Ctrl-C."""
    header = header_of(options.path)
    inputs = _inputs(api, options.flow)
    check_columns(options.path, header, options.flow, inputs)
    batch = options.batch or options.path.stem
    report = _Report(options.path, sum(1 for _ in rows(options.path, header)))
    wanted = Wanted(
        flow=options.flow,
        from_=options.from_,
        required=frozenset(name for name, required in inputs.items() if required),
        rate=options.rate,
        wait=options.wait,
    )
    status = 0
    with report.shown():
        try:
            Dialling(api, wanted, report).dial(rows(options.path, header), Keys(batch))
        except Stopped as stopped:
            report.stopped = str(stopped)
        except KeyboardInterrupt:
            report.stopped, status = "Interrupted.", INTERRUPTED
    click.echo(report.as_json(options.flow, batch) if options.form == "json" else report.as_text(batch))
    return status or (0 if report.is_fine else 1)


def _inputs(api: RunsApi, flow: str) -> dict[str, bool]:
    """The flow's inputs: is each required?"""
    told = api.flow(flow)
    if told.status != 200:
        raise ConfigurationError(f"The runner refused ({told.status}): {told.error}", help="Nobody was called.")
    return {name: bool(one["required"]) for name, one in told.answer["inputs"].items()}


class _Report:
    """`engine.cli.dial_batch.Telling`. In a terminal a bar shows how far it is, elsewhere a line now and then; both
    go to standard error, and so do the problems."""

    def __init__(self, path: Path, total: int) -> None:
        self._path = path
        self._total = total
        self._counts: dict[Outcome, int] = dict.fromkeys(_OUTCOMES, 0)
        self._problems: list[dict[str, Any]] = []
        self._bar: Any = None
        self._told_s = time.monotonic()
        self.stopped = ""

    @property
    def is_fine(self) -> bool:
        return not (self._counts["bad"] or self._counts["failed"] or self.stopped)

    @property
    def _done(self) -> int:
        return sum(self._counts.values())

    def shown(self) -> Any:
        """While this lasts there is a bar, in a terminal."""
        hidden = not sys.stderr.isatty()
        self._bar = click.progressbar(length=self._total, label="rows", file=sys.stderr, show_pos=True, hidden=hidden)
        return self._bar

    def row(self, line: int, outcome: Outcome, problem: str) -> None:
        self._counts[outcome] += 1
        if problem:
            self._tell(f"{self._path}:{line}: {outcome}: {problem}")
            if len(self._problems) < _SHOWN:
                self._problems.append({"line": line, "outcome": outcome, "error": problem})
        self._bar.update(1)
        if self._bar.hidden and time.monotonic() - self._told_s >= _EVERY_S:
            self._tell(f"{self._done:,} of {self._total:,} rows")

    def waits(self, why: str) -> None:
        self._tell(f"{why} Waiting.")

    def _tell(self, text: str) -> None:
        self._told_s = time.monotonic()
        if not self._bar.hidden:
            # The bar's line gives way, and comes again below.
            click.echo("\r\x1b[K", nl=False, err=True)
        click.echo(visible(text), err=True)
        if not self._bar.hidden:
            self._bar.render_progress()

    def as_text(self, batch: str) -> str:
        count = self._counts
        text = (
            f"{visible(batch)}: {self._total:,} {'row' if self._total == 1 else 'rows'}. Accepted: {count['accepted']:,}, "
            f"already there: {count['already_there']:,}, bad: {count['bad']:,}, failed: {count['failed']:,}."
        )
        if self.stopped:
            left = self._total - self._done
            text += f"\n{visible(self.stopped)} Not called: {left:,}. Give the same command again to go on with them; nobody is called twice."
        return text

    def as_json(self, flow: str, batch: str) -> str:
        found: dict[str, Any] = {
            "format": FORMAT,
            "flow": flow,
            "batch": batch,
            "rows": self._total,
            **{str(outcome): count for outcome, count in self._counts.items()},
            "not_called": self._total - self._done,
            "stopped": self.stopped,
            "problems": self._problems,
        }
        return json.dumps(found, indent=2, ensure_ascii=False)
