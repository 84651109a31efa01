"""Looks at calls that are over, and waits for their runs."""

import time
from typing import Any

from engine.journal.reader import SqliteReader, open_reader
from engine.journal.sealing import Sealing
from engine.model.errors import JournalError
from tests.e2e.runner_process import SECRET_KEY
from tests.soak.audit import NEVER_MADE, Audit
from tests.soak.site import Called, Made

_LINGERS_S = 30
"""A run may outlive its call: it hears of the end, then does its last steps."""


class Watch:
    """One runner's. `open` calls are over on the platform, while their runs are not."""

    def __init__(self, called: Called) -> None:
        self._called = called
        self._reader: SqliteReader = open_reader(called.runner.journal)
        self.audit = Audit(self._reader, Sealing.of(SECRET_KEY))
        self._open: list[tuple[float, Made, list[dict[str, Any]]]] = []

    def look(self) -> None:
        now_s = time.monotonic()
        self._open += [(now_s, made, calls) for made, calls in self._called.over(self._has_ended)]
        left = []
        for since_s, made, calls in self._open:
            if self._has_ended(made) or now_s - since_s > _LINGERS_S:
                self._judge(made, calls)
            else:
                left.append((since_s, made, calls))
        self._open = left

    @property
    def waits_for(self) -> int:
        return len(self._called.made) + len(self._open)

    def give_up(self) -> None:
        """What has not ended by now has not ended rightly."""
        for _, made, calls in self._open:
            self._judge(made, calls)
        self.audit.counts.wrong_ends += len(self._called.made)
        self.audit.told += [
            f"run {one.run_id}, {one.scenario.flow}: its call has not ended" for one in self._called.made
        ]

    def close(self) -> None:
        self._reader.close()

    def _has_ended(self, made: Made) -> bool:
        try:
            return self._reader.run(made.run_id).status == "ended"
        except JournalError:
            return False

    def _judge(self, made: Made, calls: list[dict[str, Any]]) -> None:
        """A number that was rung twice by one run was rung once too often."""
        self.audit.look(calls[0] if calls else NEVER_MADE, made.run_id, made.scenario.last)
        self.audit.counts.heard_twice += max(0, len(calls) - 1)
