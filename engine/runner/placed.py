"""Does the journal still stand where the next process looks for it?

A file that was deleted or moved is written on by the process that has it open, without any error; what is in it is lost
with the process. So it is looked for once a second.
"""

import logging

import anyio

from engine.runner.supervisor import Supervisor

log = logging.getLogger("offhook.journal")
_EVERY_S = 1.0


class Placed:
    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await anyio.sleep(_EVERY_S)

    def look(self) -> None:
        """No new runs while it is gone; those that live go on."""
        in_place = self._supervisor.journal.in_place()
        if not in_place and not self._supervisor.journal_gone:
            log.error(
                "the journal's file was deleted, moved or replaced while it is written. Move it back if you can. Else let"
                " the live calls end, for they are lost with this process, and start it again; new calls are turned away"
            )
        elif in_place and self._supervisor.journal_gone:
            log.info("the journal's file is in its place again")
        self._supervisor.journal_gone = not in_place
