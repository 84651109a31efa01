"""Whether the platform signs its webhooks, as this journal's runners have found out: a restart does not forget it."""

import logging

import anyio

from engine.journal.base import Journal
from engine.model.errors import JournalError
from engine.wire.signature import Demand

log = logging.getLogger("offhook.runner")
_NAME = "webhooks_signed"
_RETRY_S = 1.0


class Learnt:
    """`signed` as the journal has it. With a demand of `any` it is found out anew: so a space that signs no more is got
    out of."""

    def __init__(self, journal: Journal, demand: Demand) -> None:
        self._journal = journal
        known = journal.noted(_NAME) == "yes"
        self.signed = known and demand != "any"
        self._new = anyio.Event()
        if known and not self.signed:
            self._new.set()

    def learn(self) -> None:
        """A rightly signed webhook has come."""
        self.signed = True
        self._new.set()

    async def run(self) -> None:
        """Until cancelled: writes what is new. A journal that cannot be written now is asked again."""
        while True:
            await self._new.wait()
            self._new = anyio.Event()
            try:
                await self._journal.note(_NAME, "yes" if self.signed else "")
            except JournalError as error:
                log.warning("that webhooks are signed is not in the journal yet: %s", error.message)
                self._new.set()
                await anyio.sleep(_RETRY_S)
