"""All live runs of the process: events in, one at a time per run; commands out when they are durable.

A waiting run is an entry in `runs` and one in the timer heap, not a task. `take` does the work of an
event under no await, so two events of one run cannot interleave.
"""

import heapq
import logging

import anyio
from anyio.abc import TaskGroup

from engine.calling.client import CallingClient
from engine.fetching.client import FetchClient
from engine.interpret import guarded
from engine.journal.base import Journal
from engine.journal.sealing import VARIABLE, Sealing
from engine.model.advance import Advance
from engine.model.commands import Command, Fetch
from engine.model.errors import JournalError
from engine.model.events import AnyEvent, TimePassed
from engine.model.ids import RunId
from engine.runner.batches import Batch, Committer
from engine.runner.clock import Clock
from engine.runner.fetches import Fetches
from engine.runner.live import Live
from engine.runner.sending import Sender
from engine.runner.versions import Versions
from engine.serving.wordless import wordless

log = logging.getLogger("offhook.runner")

_LOOK_S = 0.02
_REFUSED_MS = 1_000
"""A timer whose event the journal has refused rings again after this at the earliest."""
_RESTING = 64
"""Sending tasks that are kept for the next command; more begin when more is to be sent at once."""


class Supervisor:
    def __init__(
        self,
        *,
        journal: Journal,
        sealing: Sealing,
        client: CallingClient,
        versions: Versions,
        fetching: FetchClient,
        public_url: str,
        clock: Clock,
        tasks: TaskGroup,
    ) -> None:
        self.runs: dict[RunId, Live] = {}
        self.journal = journal
        self.sealing = sealing
        self.clock = clock
        self._sender = Sender(client, clock, public_url=public_url, key=journal.callback_key)
        self._versions = versions
        self._fetches = Fetches(fetching, self.take, tasks)
        self._tasks = tasks
        self._committer = Committer(journal, sealing, self._release, self.put_back)
        self._timers: list[tuple[int, RunId]] = []
        self._earlier = anyio.Event()
        self._sending = 0
        self._resting: list[_Rest] = []

    def run_until_cancelled(self) -> None:
        """Starts the two loops that every run shares."""
        self._tasks.start_soon(self._committer.run)
        self._tasks.start_soon(self._watch_timers)

    @property
    def healthy(self) -> bool:
        return self._committer.healthy

    @property
    def idle(self) -> bool:
        """Nothing is on its way to the journal, to the platform or to a host that is fetched from."""
        return self._committer.idle and self._sending == 0 and self._fetches.under_way == 0

    @property
    def dials_waiting(self) -> int:
        """Dials that wait their turn in the space's rate."""
        return self._sender.dials_waiting

    async def wait_until_quiet(self) -> None:
        """Returns when no run lives and nothing is on its way."""
        while self.runs or not self.idle:  # noqa: ASYNC110 - several conditions, and nobody is in a hurry
            await anyio.sleep(_LOOK_S)

    def take(self, live: Live, event: AnyEvent) -> Batch:
        """The event happens to the run. Durable when the batch is written."""
        done, fault = guarded(live.graph, live.state, event)
        if fault is not None:
            _report(live, event, fault)
        return self.adopt(live, event, done)

    def adopt(self, live: Live, event: AnyEvent, done: Advance) -> Batch:
        """Takes over what an event did to a run (its start, or an advance)."""
        if done.state.status == "ended" and live.state.status != "ended":
            log.info("run ended: %s", done.state.end_reason, extra={"run": done.state.run_id})
        state = live.state = done.state
        if log.isEnabledFor(logging.DEBUG):
            log.debug("event", extra={"run": state.run_id, "event": type(event).__name__})
        if live.fetches:
            self._fetches.cancel_unwanted(live)
        batch = self._committer.add(live, event, done.commands)
        due_ms = state.next_due_ms
        if due_ms is not None and (live.due_ms is None or due_ms < live.due_ms):
            self._set_timer(live, due_ms)
        self.runs[state.run_id] = live
        return batch

    def abandon(self, live: Live) -> None:
        """A run whose beginning cannot be journalled does not begin; whoever asked for it is told so."""
        live.abandoned = True
        self.runs.pop(live.state.run_id, None)

    def put_back(self, live: Live, error: JournalError) -> None:
        """The journal will never have what happened to the run, so that has not happened: it stands as it stood before.
        Nothing was promised, and no command has gone out."""
        run_id = live.state.run_id
        log.error("what happened to run %s does not count, the journal refuses it: %s", run_id, error)
        try:
            known = self._journalled(run_id)
        except JournalError as unreadable:
            log.error("run %s cannot go on, and its call may still be parked: %s", run_id, unreadable)
            known = None
        if known is None:
            self.abandon(live)
            return
        live.state, live.events, live.durable = known.state, known.events, known.events
        if live.state.status == "ended":
            self.runs.pop(run_id, None)
        elif live.state.next_due_ms is not None:
            self._set_timer(live, max(live.state.next_due_ms, self.clock.now_ms() + _REFUSED_MS))

    def find(self, run_id: RunId) -> Live | None:
        """The run, live or ended; None when the journal has none of that id. `JournalError` when it cannot be read."""
        return self.runs.get(run_id) or self._journalled(run_id)

    def _journalled(self, run_id: RunId) -> Live | None:
        state = self.journal.state_of(run_id)
        if state is None:
            return None
        events = self.journal.run(run_id).events
        return self.opened(run_id, state, events)

    def opened(self, run_id: RunId, state: bytes, events: int) -> Live:
        """A run of the journal. `JournalError` when it cannot be opened, or could not be sealed again."""
        decoded = self.sealing.open_state(state, run_id, events)
        graph = self._versions.of(decoded.digest, self.journal.get_bundle(decoded.digest))
        if graph.sealed and not self.sealing.can_seal:
            raise JournalError(
                f"run {run_id} takes secret or private values, and {VARIABLE} is not set",
                help=f"Set {VARIABLE} to the key that the journal's runs are sealed with.",
            )
        return Live(graph, decoded, events)

    def release_held(self, live: Live) -> None:
        """The call has its document: its first commands may go."""
        live.held = False
        self._start_sending(live)

    def _release(self, live: Live, n: int, commands: tuple[Command, ...]) -> None:
        """An ended run leaves the memory when its last event is durable: whoever looks for it from
        then on finds the same in the journal."""
        if live.abandoned:
            return
        live.durable = n
        if live.state.status == "ended" and live.durable == live.events:
            self.runs.pop(live.state.run_id, None)
        for command in commands:
            if isinstance(command, Fetch):
                self._fetches.begin(live, command)
            else:
                live.outbox.append(command)
        self._start_sending(live)

    def _start_sending(self, live: Live) -> None:
        if live.outbox and not live.sending and not live.held:
            live.sending = True
            self._sending += 1
            self._give_to_sender(live)

    def _give_to_sender(self, live: Live) -> None:
        """A task that has nothing to send takes it; only when there is none, one more begins. (A task
        per command would cost more than everything else that is done for it.)"""
        if self._resting:
            self._resting.pop().give(live)
        else:
            self._tasks.start_soon(self._send_for, live)

    async def _send_for(self, live: Live) -> None:
        while True:
            await self._send_all(live)
            if len(self._resting) >= _RESTING:
                return
            rest = _Rest()
            self._resting.append(rest)
            live = await rest.given()

    async def _send_all(self, live: Live) -> None:
        """One command of a run after the other, in the order in which they were decided."""
        try:
            while live.outbox:
                if not _is_wanted(live, live.outbox[0]):
                    live.outbox.popleft()
                    continue
                self.take(live, await self._sender.send(live, live.outbox.popleft()))
        finally:
            live.sending = False
            self._sending -= 1

    def _set_timer(self, live: Live, due_ms: int) -> None:
        """A run has one entry that counts, `live.due_ms`: never later than its next timer, often earlier."""
        live.due_ms = due_ms
        entry = (due_ms, live.state.run_id)
        heapq.heappush(self._timers, entry)
        if self._timers[0] == entry:
            self._earlier.set()

    def _time_has_come(self, live: Live, now_ms: int) -> None:
        """The run may have moved on from the timer that its entry was made for."""
        live.due_ms = None
        due_ms = live.state.next_due_ms
        if due_ms is None:
            return
        if due_ms > now_ms:
            self._set_timer(live, due_ms)
        else:
            self.take(live, TimePassed(at_ms=now_ms))

    async def _watch_timers(self) -> None:
        while True:
            now_ms = self.clock.now_ms()
            while self._timers and self._timers[0][0] <= now_ms:
                due_ms, run_id = heapq.heappop(self._timers)
                live = self.runs.get(run_id)
                if live is not None and live.due_ms == due_ms:
                    self._time_has_come(live, now_ms)
            self._earlier = anyio.Event()
            pause_s = (self._timers[0][0] - now_ms) / 1000 if self._timers else None
            await _wait(self._earlier, pause_s)


def _report(live: Live, event: AnyEvent, fault: Exception) -> None:
    """Of a run with secret or private values only where it happened: what an exception says may quote them."""
    log.error(
        "a fault of ours, please report it; the run goes on without this event",
        exc_info=wordless(fault) if live.graph.sealed else fault,
        extra={"run": live.state.run_id, "event": type(event).__name__},
    )


class _Rest:
    """Where a sending task waits for its next run."""

    __slots__ = ("_event", "_live")

    def __init__(self) -> None:
        self._event = anyio.Event()
        self._live: Live | None = None

    def give(self, live: Live) -> None:
        self._live = live
        self._event.set()

    async def given(self) -> Live:
        await self._event.wait()
        assert self._live is not None
        return self._live


def _is_wanted(live: Live, command: Command) -> bool:
    """A command that the run gave up meanwhile is not sent any more: the call has ended. The last command of a
    run that has ended is wanted as long as its call may live."""
    if live.state.status == "ended":
        return live.state.call.state != "ended"
    return any(command.seq == pending.seq for pending in live.state.pending)


async def _wait(event: anyio.Event, at_most_s: float | None) -> None:
    if at_most_s is None:
        await event.wait()
        return
    with anyio.move_on_after(at_most_s):
        await event.wait()
