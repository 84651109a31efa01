"""The moment before a run's own dial goes out.

A dial may wait for its turn for many seconds, and is never repeated once it may have been carried out. So the journal
has to know that it left before it does: what it does not know to have left is dialled by the process after this one.
"""

from collections.abc import Callable

from engine.model.commands import SendCommand
from engine.model.events import AnyEvent, DialSent
from engine.model.state import HangingUp
from engine.runner.batches import Batch
from engine.runner.clock import Clock
from engine.runner.live import Live


async def leaves(live: Live, command: SendCommand, take: Callable[[Live, AnyEvent], Batch], clock: Clock) -> bool:
    """May the command go out, now that its turn has come? Not a dial that was cancelled while it waited, nor one that
    the journal cannot be told of."""
    if command.command != "dial":
        return True
    if live.state.dial_waits and _is_wanted(live):
        batch = take(live, DialSent(at_ms=clock.now_ms()))
        await batch.written.wait()
        if batch.failed or live in batch.refused:
            return False
    return _is_wanted(live)


def _is_wanted(live: Live) -> bool:
    return not isinstance(live.state.frame.doing, HangingUp)
