"""When it is too much, new calls are turned away first, politely and before anything of them is journalled; those that
live keep what there is.

What counts as too much: more live runs than the environment wants (`capacity.runs`), an event loop that is late
(`capacity.lag`), or a journal that does not keep up. Each is looked at again with every call, so that calls are taken
again as soon as there is room.
"""

import logging

import anyio

from engine.runner.current import Current
from engine.runner.meters import Meters
from engine.runner.supervisor import Supervisor

log = logging.getLogger("offhook.runner")
QUEUE = 4_096
"""Events that wait for the journal, from which on new calls are turned away: some 100 ms of work."""
WEBHOOK_QUEUE = 32_768
"""The same for webhooks of live calls, which are answered 503 then; the platform may send them again, and what is
lost is looked up."""
_TICK_S = 0.5


class Capacity:
    """`lag_s` is how late the event loop has been of late: the worst, halved with every tick."""

    def __init__(self, current: Current, supervisor: Supervisor, meters: Meters) -> None:
        self._current = current
        self._supervisor = supervisor
        self._meters = meters
        self._shed = 0
        self.lag_s = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            due_s = anyio.current_time() + _TICK_S
            await anyio.sleep_until(due_s)
            self.lag_s = max(anyio.current_time() - due_s, self.lag_s / 2)
            if self._shed and not self.exceeded():
                log.info("new calls are taken again; turned away meanwhile: %d", self._shed)
                self._shed = 0

    def exceeded(self) -> str:
        """Why new calls are turned away: `runs`, `journal` or `loop`; empty when they are not."""
        environment = self._current.environment
        if environment.most_runs is not None and len(self._supervisor.runs) >= environment.most_runs:
            return "runs"
        if self._supervisor.journal_waiting >= QUEUE:
            return "journal"
        return "loop" if self.lag_s * 1000 >= environment.most_lag_ms else ""

    def turned_away(self, what: str, reason: str) -> None:
        """Counts it; only the first is told, and how many it were in the end."""
        self._meters.shed[what, reason] += 1
        if not self._shed:
            log.warning("too much to do (%s): new calls are turned away until there is room", _WORDS[reason])
        self._shed += 1

    def takes_webhooks(self) -> bool:
        """False when even those of live calls are too many."""
        return self._supervisor.journal_waiting < WEBHOOK_QUEUE


_WORDS = {
    "runs": "as many runs live as `capacity.runs` allows",
    "journal": "the journal does not keep up",
    "loop": "the event loop is late",
}
