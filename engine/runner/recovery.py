"""Taking over the runs of a process that is gone.

Load, look up how each call stands and what its operations did (paced), feed what was learnt, then
`Resumed`, then the timers that ran out meanwhile; what may be sent again follows from that.
"""

import logging
from typing import NamedTuple

import anyio
import anyio.lowlevel

from engine.calling.client import CallingClient
from engine.model.commands import LookUpCall, SendCommand
from engine.model.errors import JournalError
from engine.model.events import Resumed
from engine.model.ids import RunId
from engine.model.state import RunState
from engine.model.verbs import REPEAT
from engine.runner.sending import look_up
from engine.runner.supervisor import Supervisor
from engine.serving.wordless import wordless

log = logging.getLogger("offhook.recovery")
_AT_ONCE = 20
"""Look-ups under way at the same time."""
_LISTEN_S = 1.0
"""A platform that tries its webhooks again soon reports what was carried out while nobody listened. A
command without answer is not repeated before that, or its prompt might be heard twice."""
_CENTURY_MS = 100 * 366 * 86_400_000


class Taken(NamedTuple):
    """A run, and the last command that the process before had decided."""

    run_id: RunId
    seq: int


def load(supervisor: Supervisor) -> list[Taken]:
    """The journal's live runs, at rest: from now on their webhooks find them."""
    taken: list[Taken] = []
    for row in supervisor.journal.load_live():
        try:
            live = supervisor.opened(row.run_id, row.state, row.events)
            _check_time(live.state, supervisor.clock.now_ms())
        except JournalError as error:
            log.error("run %s cannot go on, and its call may still be parked: %s", row.run_id, error)
            continue
        supervisor.clock.not_before(live.state.at_ms)
        supervisor.runs.rest(row.run_id, None)
        taken.append(Taken(row.run_id, live.state.seq))
    if taken:
        log.info("%d %s taken over from the journal", len(taken), "run" if len(taken) == 1 else "runs")
    return taken


def _check_time(state: RunState, now_ms: int) -> None:
    """`JournalError` for a state that would make the process believe in another century."""
    if state.at_ms - now_ms > _CENTURY_MS:
        raise JournalError(
            "its state is of a time that is none", help="It is damaged: restore the journal from a copy."
        )


async def resume(supervisor: Supervisor, client: CallingClient, taken: list[Taken]) -> None:
    """Sees to every run that was taken over, so many at a time; one that the platform no longer knows ends."""
    listened_s = anyio.current_time() + _LISTEN_S
    left = iter(taken)

    async def resume_the_next() -> None:
        for one in left:
            try:
                await _resume(supervisor, client, one, listened_s)
            except JournalError as error:
                log.error("run %s cannot go on, and its call may still be parked: %s", one.run_id, error)
            except Exception as error:
                supervisor.meters.faults += 1
                log.error("a fault of ours, please report it; run %s waits", one.run_id, exc_info=wordless(error))

    async with anyio.create_task_group() as tasks:
        for _ in range(min(_AT_ONCE, len(taken))):
            tasks.start_soon(resume_the_next)


async def _resume(supervisor: Supervisor, client: CallingClient, taken: Taken, listened_s: float) -> None:
    """(The run is looked for again after each `await`: it may have ended, or gone to rest.)"""
    await anyio.lowlevel.checkpoint()
    live = supervisor.runs.get(taken.run_id)
    if live is not None and _unsure(live.state):
        await anyio.sleep_until(listened_s)
        live = supervisor.runs.get(taken.run_id)
    if live is not None and live.state.call.call_id and live.state.call.state != "ended":
        learnt = await look_up(client, _question(live.state), supervisor.clock)
        live = supervisor.runs.get(taken.run_id)
        if live is not None and live.state.status != "ended":
            supervisor.take(live, learnt)
    if live is not None and live.state.status != "ended":
        supervisor.take(live, Resumed(at_ms=supervisor.clock.now_ms(), seq=taken.seq))


def _question(state: RunState) -> LookUpCall:
    """How the call stands, and what became of everything that lived when the process went."""
    live: dict[str, int] = {op.control_id: op.began_ms for op in state.operations.values() if op.phase != "over"}
    call = state.call
    return LookUpCall(seq=0, call_id=call.call_id, segment_id=call.segment_id, operations=live)


def _unsure(state: RunState) -> bool:
    """Is there a command that may have been carried out, and would be sent again?"""
    return any(
        isinstance(command, SendCommand) and REPEAT[command.command] == "while_unseen" and _unseen(state, command)
        for command in state.pending
    )


def _unseen(state: RunState, command: SendCommand) -> bool:
    op = state.operations.get(command.control_id or "")
    return op is not None and op.phase == "requested"
