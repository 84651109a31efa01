"""Journalled commands go out: of one run one after the other, in the order in which they were decided; of many at once.

The tasks that send are kept for the next run's commands, since beginning one costs more than most of what is done for
a command.
"""

from collections.abc import Callable

from anyio.abc import TaskGroup

from engine.model.commands import Command
from engine.model.events import AnyEvent
from engine.runner.live import Live
from engine.runner.meters import Meters
from engine.runner.rest import Rest
from engine.runner.sending import Sender

_RESTING = 512
"""Tasks that are kept while they have nothing to send; more begin when more is to be sent at once."""


class Outboxes:
    """`take` is told of each answer, in the moment that it is there; `rested` when nothing of a run is sent any more."""

    def __init__(
        self,
        sender: Sender,
        take: Callable[[Live, AnyEvent], object],
        rested: Callable[[Live], None],
        tasks: TaskGroup,
        meters: Meters,
    ) -> None:
        self.sending = 0
        self._sender = sender
        self._take = take
        self._rested = rested
        self._tasks = tasks
        self._meters = meters
        self._resting: list[Rest[Live]] = []

    def start(self, live: Live) -> None:
        """Sends what is in the run's outbox, unless that is being done or has to wait."""
        if live.outbox and not live.sending and not live.held:
            live.sending = True
            self.sending += 1
            if self._resting:
                self._resting.pop().give(live)
            else:
                self._tasks.start_soon(self._send_for, live)

    async def _send_for(self, live: Live) -> None:
        while True:
            try:
                while live.outbox:
                    command = live.outbox.pop(0)
                    if _is_wanted(live, command):
                        self._meters.reacted(live)
                        self._take(live, await self._sender.send(live, command))
            finally:
                live.sending = False
                self.sending -= 1
            self._rested(live)
            if len(self._resting) >= _RESTING:
                return
            rest: Rest[Live] = Rest()
            self._resting.append(rest)
            live = await rest.given()


def _is_wanted(live: Live, command: Command) -> bool:
    """A command that the run gave up meanwhile is not sent any more: the call has ended. The last command of a
    run that has ended is wanted as long as its call may live."""
    if live.state.status == "ended":
        return live.state.call.state != "ended"
    for pending in live.state.pending:  # noqa: SIM110 - asked of every command
        if pending.seq == command.seq:
            return True
    return False
