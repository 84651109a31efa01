"""Deleting the runs that ended longer ago than the environment keeps them: what callers said, and their numbers."""

import logging

import anyio

from engine.journal.base import Journal
from engine.model.errors import JournalError
from engine.runner.clock import Clock
from engine.runner.versions import Versions

log = logging.getLogger("offhook.journal")
_EVERY_MS = 600_000
"""How often it is looked for what is too old; more often where little is kept."""
_PAUSE_S = 0.05
"""Between two transactions, so that live calls have the disk most of the time."""


class Retention:
    def __init__(self, journal: Journal, versions: Versions, clock: Clock, keep_ms: int) -> None:
        self._journal = journal
        self._versions = versions
        self._clock = clock
        self._keep_ms = keep_ms
        self._told = False

    async def run(self) -> None:
        """Until cancelled. A journal that cannot be written now is asked again later."""
        while True:
            try:
                if not self._doubts():
                    await self.forget()
            except JournalError as error:
                log.warning("old runs are not deleted yet: %s", error.message)
            await anyio.sleep(min(_EVERY_MS, self._keep_ms / 10) / 1000)

    def _doubts(self) -> bool:
        """A machine whose time was set forth by days may be wrong, and what is deleted does not come back."""
        self._clock.now_ms()
        if self._clock.jumped_s and not self._told:
            self._told = True
            log.error(
                "old runs are deleted no more, for this machine's clock was set forth by days: if it is right now,"
                " start the runner again"
            )
        return bool(self._clock.jumped_s)

    async def forget(self) -> int:
        """Deletes all that is too old now; returns how many runs that were."""
        before_ms = self._clock.now_ms() - self._keep_ms
        count = 0
        while found := await self._journal.forget_runs(before_ms):
            count += found
            await anyio.sleep(_PAUSE_S)
        if count:
            await self._journal.drop_unused_bundles(self._versions.library.by_digest)
        await self._give_back(before_ms)
        if count:
            log.info("%d runs that had ended were deleted", count)
        return count

    async def _give_back(self, before_ms: int) -> None:
        left = await self._journal.give_back(before_ms)
        while left:
            await anyio.sleep(_PAUSE_S)
            left = await self._journal.give_back(before_ms)
