"""All live runs of the process: events in, one at a time per run; commands out when they are durable.

A waiting run is an entry in `runs` and one in the timer heap, not a task. `take` does the work of an
event under no await, so two events of one run cannot interleave.
"""

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
from engine.model.graph import FlowGraph
from engine.model.ids import RunId
from engine.model.state import RunState
from engine.runner.alarms import Alarms
from engine.runner.batches import Batch, Committer
from engine.runner.clock import Clock
from engine.runner.fetches import Fetches
from engine.runner.live import Live, about, fault
from engine.runner.meters import Meters, verb_of
from engine.runner.outboxes import Outboxes
from engine.runner.runs import Runs
from engine.runner.sending import Sender
from engine.runner.spans import Spans
from engine.runner.versions import Versions

log = logging.getLogger("offhook.runner")

_LOOK_S = 0.02
_DAMAGED = 3
"""So many new runs that the journal refuses one after the other are the journal's fault."""
_REFUSED_MS = 1_000
"""A timer whose event the journal has refused, or whose run it cannot give, rings again after this at the earliest."""


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
        spans: Spans | None = None,
    ) -> None:
        self.meters = Meters()
        self.spans = spans
        self.runs = Runs(self._awake, self.meters.gone)
        self.journal = journal
        self.sealing = sealing
        self.clock = clock
        self._sender = Sender(client, self.take, clock, self.meters, public_url=public_url, key=journal.callback_key)
        self._outboxes = Outboxes(self._sender, self.take, self._rested, tasks, self.meters)
        self._client = client
        self._versions = versions
        self._fetches = Fetches(fetching, self.take, self._rested, tasks, self.meters)
        self._tasks = tasks
        self._committer = Committer(
            journal, sealing, self._release, self.put_back, self._took_again, self.meters.commit_s
        )
        self._alarms = Alarms(clock, self._rung)
        self.refused_in_a_row = 0
        """New runs that the journal has refused since the last that it took."""
        self.journal_gone = False
        """What is written stands under the journal's name no more."""

    def run_until_cancelled(self) -> None:
        """Starts the two loops that every run shares."""
        self._tasks.start_soon(self._committer.run)
        self._tasks.start_soon(self._alarms.run)

    @property
    def writable(self) -> bool:
        return self._committer.healthy and not self.journal_gone

    @property
    def healthy(self) -> bool:
        """Can the journal be written, and does it take new runs? One that is damaged may take everything but these."""
        return self.writable and self.refused_in_a_row < _DAMAGED

    def _took_again(self) -> None:
        """Those that it refused meanwhile say nothing of it any more."""
        self.refused_in_a_row = 0

    @property
    def journal_waiting(self) -> int:
        """Events that are not in the journal yet."""
        return self._committer.waiting

    @property
    def journal_stuck_s(self) -> float:
        """For how long the journal has not answered."""
        return self._committer.stuck_s

    @property
    def commands_waiting(self) -> dict[str, int]:
        """Runs whose commands are being sent, and of these how many commands wait their turn in the space's rates."""
        waiting = self._client.waiting
        return {"sending": self._outboxes.sending, "rate": waiting.posts, "dials": waiting.dials}

    @property
    def idle(self) -> bool:
        """Nothing is on its way to the journal, to the platform or to a host that is fetched from."""
        return self._committer.idle and self._outboxes.sending == 0 and self._fetches.under_way == 0

    @property
    def dials_waiting(self) -> int:
        """Dials that wait their turn in the space's rate."""
        return self._client.waiting.dials

    async def wait_until_quiet(self) -> None:
        """Returns when no run lives and nothing is on its way."""
        while self.runs or not self.idle:  # noqa: ASYNC110 - several conditions, and nobody is in a hurry
            await anyio.sleep(_LOOK_S)

    def take(self, live: Live, event: AnyEvent) -> Batch:
        """The event happens to the run. Durable when the batch is written."""
        done, error = guarded(live.graph, live.state, event)
        if error is not None:
            self.meters.faults += 1
            fault("the run goes on without this event", error, live, event)
        return self.adopt(live, event, done)

    def adopt(self, live: Live, event: AnyEvent, done: Advance) -> Batch:
        """Takes over what an event did to a run (its start, or an advance)."""
        if done.state.status == "ended" and live.state.status != "ended":
            log.info("run ended: %s", done.state.end_reason, extra=about(live))
        if self.spans is not None:
            self.spans.took(live, event, done)
        self.meters.took(live, event, done)
        state = live.state = done.state
        if log.isEnabledFor(logging.DEBUG):
            log.debug("event", extra={"run": state.run_id, "event": type(event).__name__})
        if live.fetches:
            self._fetches.cancel_unwanted(live)
        batch = self._committer.add(live, event, done.commands)
        due_ms = state.next_due_ms
        if due_ms is not None and (live.due_ms is None or due_ms < live.due_ms):
            self._set_timer(live, due_ms)
        self.runs.put(live)
        return batch

    def abandon(self, live: Live) -> None:
        """A run whose beginning cannot be journalled does not begin; whoever asked for it is told so."""
        live.abandoned = True
        self.runs.drop(live)

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
            self.runs.drop(live)
        elif live.state.next_due_ms is not None:
            self._set_timer(live, max(live.state.next_due_ms, self.clock.now_ms() + _REFUSED_MS))

    def find(self, run_id: RunId) -> Live | None:
        """The run, live or ended; None when the journal has none of that id. `JournalError` when it cannot be read."""
        return self.runs.get(run_id) or self._journalled(run_id)

    def _awake(self, run_id: RunId) -> Live | None:
        live = self._journalled(run_id)
        if live is not None:
            self.meters.back(live)
        return live

    def _journalled(self, run_id: RunId) -> Live | None:
        found = self.journal.find(run_id)
        return None if found is None else self.opened(run_id, found.state, found.events)

    def opened(self, run_id: RunId, state: bytes, events: int) -> Live:
        """A run of the journal. `JournalError` when it cannot be opened, or could not be sealed again."""
        decoded = self.sealing.open_state(state, run_id, events)
        graph = self._graph(decoded)
        if graph.sealed and not self.sealing.can_seal:
            raise JournalError(
                f"run {run_id} takes secret or private values, and {VARIABLE} is not set",
                help=f"Set {VARIABLE} to the key that the journal's runs are sealed with.",
            )
        return Live(graph, decoded, events)

    def _graph(self, state: RunState) -> FlowGraph:
        """The graph in which the state stands."""
        try:
            graph = self._versions.of(state.digest, self.journal.get_bundle)
            verb_of(graph, state)
        except JournalError:
            raise
        except Exception as error:
            # A state or a bundle that is damaged; or a fault of ours, which must not become every run's.
            raise JournalError(
                f"the state of run {state.run_id} does not fit its flow ({type(error).__name__})",
                help="It is damaged: restore the journal from a copy. If it is not, please report it.",
            ) from None
        return graph

    def release_held(self, live: Live) -> None:
        """The call has its document: its first commands may go."""
        live.held = False
        self._outboxes.start(live)
        self._rested(live)

    def _release(self, live: Live, n: int, commands: tuple[Command, ...]) -> None:
        if live.abandoned:
            return
        live.durable = n
        for command in commands:
            if isinstance(command, Fetch):
                self._fetches.begin(live, command)
            else:
                live.outbox.append(command)
        self._outboxes.start(live)
        self._rested(live)

    def _rested(self, live: Live) -> None:
        """An ended run leaves the memory when all of it is durable and nothing of it is under way: whoever looks for it
        from then on finds the same in the journal, and nobody holds another one of it, whose events would get the same
        numbers."""
        if live.state.status == "ended" and live.is_at_rest:
            self.runs.drop(live)

    def _set_timer(self, live: Live, due_ms: int) -> None:
        """A run has one entry that counts, `live.due_ms`."""
        live.due_ms = due_ms
        self._alarms.set(live.state.run_id, due_ms)

    def _rung(self, run_id: RunId, due_ms: int) -> None:
        """The run may have moved on from the timer that its entry was made for."""
        if self.runs.due_ms(run_id) != due_ms:
            return
        try:
            live = self.runs.get(run_id)
        except JournalError as error:
            log.error("run %s cannot be read, trying again: %s", run_id, error, extra={"run": run_id})
            self.runs.rest(run_id, due_ms + _REFUSED_MS)
            self._alarms.set(run_id, due_ms + _REFUSED_MS)
            return
        if live is None:
            log.error("run %s is in the journal no more: somebody has deleted it", run_id, extra={"run": run_id})
            return
        now_ms, live.due_ms = self.clock.now_ms(), None
        next_ms = live.state.next_due_ms
        if next_ms is not None and next_ms > now_ms:
            self._set_timer(live, next_ms)
        elif next_ms is not None:
            self.take(live, TimePassed(at_ms=now_ms))
