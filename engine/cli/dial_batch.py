"""A run for each row: asked for one after the other, as fast as the runner takes them, and never twice."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct

from engine.calling.runs_api import NoRunner, RunsApi, Told
from engine.cli.dial_rows import BadRow, Keys, Row

_BUSY_S = 5.0
"""To wait after an answer 429 that does not say how long."""
_ASK_AGAIN_S = 600.0
"""Longer than this nobody sleeps without asking again: hours may be changed meanwhile."""
_PAUSES_S = (1, 2, 4, 8, 15)
"""Between the attempts, while no runner answers or it cannot write its journal."""
_UNAVAILABLE = (502, 503, 504)

Outcome = Literal["accepted", "already_there", "bad", "failed"]


class Stopped(Exception):
    """The rows from this one on were not asked for: the text says why."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is the same for all rows. `required` are the flow's inputs that have no default; `rate` is requests per second
    at the most (0: no limit); `wait`: sleep until the flow's hours begin."""

    flow: str
    from_: str = ""
    required: frozenset[str] = frozenset()
    rate: float = 0
    wait: bool = False


class Telling(Protocol):
    def row(self, line: int, outcome: Outcome, problem: str) -> None:
        """What became of the row."""

    def waits(self, why: str) -> None:
        """It goes on later."""


class Dialling:
    def __init__(
        self, api: RunsApi, wanted: Wanted, telling: Telling, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._api = api
        self._wanted = wanted
        self._telling = telling
        self._sleep = sleep
        self._next_s = 0.0

    def dial(self, rows: Iterable[Row | BadRow], keys: Keys) -> None:
        """`Stopped` when it makes no sense to ask for the others now."""
        for row in rows:
            if isinstance(row, BadRow):
                self._telling.row(row.line, "bad", row.problem)
            elif empty := sorted(self._wanted.required - row.cells.keys()):
                self._telling.row(row.line, "bad", _nothing(empty))
            else:
                self._row(row, keys.of(row))

    def _row(self, row: Row, key: str) -> None:
        told = self._taken(self._body(row.cells), key)
        if told.status == 202 and told.no_call:
            self._telling.row(row.line, "failed", _no_call(told))
        elif told.status == 202:
            self._telling.row(row.line, "already_there" if told.known else "accepted", "")
        elif told.status == 400:
            self._telling.row(row.line, "bad", told.error)
        elif told.status in (401, 403, 404):
            raise Stopped(f"The runner refused ({told.status}): {told.error}")
        else:
            self._telling.row(row.line, "failed", f"the runner refused ({told.status}): {told.error}")

    def _body(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """An empty cell is not sent, so it is the input's default."""
        inputs = {name: cell for name, cell in cells.items() if name not in ("to", "from")}
        from_ = cells.get("from", self._wanted.from_)
        return {"flow": self._wanted.flow, "to": cells["to"], "from": from_, "inputs": inputs}

    def _taken(self, body: dict[str, Any], key: str) -> Told:
        """The answer to the row, once it is not `later`."""
        said = ""
        while True:
            told = self._answered(body, key)
            closed = told.status == 409 and told.wait_s > 0
            if closed and not self._wanted.wait:
                raise Stopped(told.error)
            if not closed and told.status != 429:
                return told
            if closed and told.error != said:
                said = told.error
                self._telling.waits(said)
            self._sleep(min(told.wait_s or _BUSY_S, _ASK_AGAIN_S))

    def _answered(self, body: dict[str, Any], key: str) -> Told:
        """The runner may be restarted meanwhile: it is asked again for half a minute. That calls nobody twice."""
        trouble = ""
        for pause_s in (*_PAUSES_S, 0):
            self._keep_to_rate()
            try:
                told = self._api.start(body, key)
            except NoRunner as error:
                trouble = error.message
            else:
                if told.status not in _UNAVAILABLE:
                    return told
                trouble = f"The runner cannot take calls ({told.status}): {told.error}"
            self._sleep(pause_s)
        raise Stopped(trouble)

    def _keep_to_rate(self) -> None:
        if self._wanted.rate:
            now_s = time.monotonic()
            if now_s < self._next_s:
                self._sleep(self._next_s - now_s)
            self._next_s = max(now_s, self._next_s) + 1 / self._wanted.rate


def _nothing(names: list[str]) -> str:
    named = ", ".join(f"`{name}`" for name in names)
    is_empty = "is empty, and the input has" if len(names) == 1 else "are empty, and the inputs have"
    return f"{named} {is_empty} no default. Fill it in, or give the flow's input a default"


def _no_call(told: Told) -> str:
    """Its key has its run, so the same command will never call this row."""
    what = "nobody knows whether the call went out" if told.no_call == "lost" else "no call came of it"
    show = f"`offhook runs show {told.answer.get('run', '')}` tells more"
    return f"its run ended `{told.no_call}`, and {what}: {show}. To call, put the row into a file of another name"
