"""One command of a run on its way to the platform, and the event that its answer is."""

import logging
from collections.abc import Callable
from functools import partial
from time import perf_counter

import anyio

from engine.calling.client import CallingClient
from engine.interpret.carried_out import carried_out
from engine.model.commands import LookUpCall, SendCommand
from engine.model.events import AnyEvent, CallLookedUp
from engine.model.ids import ControlId
from engine.model.verbs import COMMANDS
from engine.runner.batches import Batch
from engine.runner.clock import Clock
from engine.runner.leaving import leaves
from engine.runner.live import Live, about, fault
from engine.runner.meters import Meters
from engine.wire import log_events, logs, requests
from engine.wire.answers import Answer
from engine.wire.callback_url import callback_url, resume_url
from engine.wire.log_events import Logged

log = logging.getLogger("offhook.runner")

_ARRIVAL_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""The first command may be at the platform before the platform has run the document that answers the call, or has it
back, and is refused then; this long it is given."""
_AUTHORS = ("invalid_parameter", "missing_required_parameter")
"""Codes that say that the command itself is wrong, whenever it comes."""


async def look_up(client: CallingClient, command: LookUpCall, clock: Clock) -> CallLookedUp:
    """How the call stands, and what the log's events say of the operations that were asked about."""
    events: tuple[Logged, ...] = ()

    async def read_events() -> None:
        nonlocal events
        events = await client.look_up_events(command)

    async with anyio.create_task_group() as tasks:
        if command.operations:
            tasks.start_soon(read_events)
        found = await client.look_up(command)
    if found.found == "unknown":
        found = log_events.leg(events)
    now_ms = clock.now_ms()
    operations = {ControlId(control): began_ms for control, began_ms in command.operations.items()}
    return found.event(seq=command.seq, at_ms=now_ms, reports=log_events.reports(events, operations, now_ms))


class Sender:
    """`take` is told of a dial before it goes out."""

    def __init__(
        self,
        client: CallingClient,
        take: Callable[[Live, AnyEvent], Batch],
        clock: Clock,
        meters: Meters,
        *,
        public_url: str,
        key: bytes,
    ) -> None:
        self._client = client
        self._take = take
        self._clock = clock
        self._meters = meters
        self._public_url = public_url
        self._key = key

    async def send(self, live: Live, command: SendCommand | LookUpCall) -> AnyEvent:
        """Never raises: what goes wrong out there is in the event, and so is a fault of ours, which must not become
        every run's."""
        try:
            return await self._sent(live, command)
        except Exception as error:
            self._meters.faults += 1
            fault("what became of a command is not known", error, live)
        now_ms = self._clock.now_ms()
        if isinstance(command, LookUpCall):
            return logs.NOTHING.event(seq=command.seq, at_ms=now_ms)
        return Answer(kind="unknown", code="fault").event(seq=command.seq, at_ms=now_ms)

    async def _sent(self, live: Live, command: SendCommand | LookUpCall) -> AnyEvent:
        if isinstance(command, LookUpCall):
            return await look_up(self._client, command, self._clock)
        began_s = perf_counter()
        url = self._status_url(command)
        if "swml" in command.params:
            command = self._with_ways_back(command)
        seen = partial(_seen, live, command)
        wanted = partial(leaves, live, command, self._take, self._clock) if command.command == "dial" else None
        answer = await self._client.send(command, url, seen=seen, wanted=wanted)
        if live.arriving_until_ms:
            answer = await self._answer_on_arrival(live, command, url, answer)
        self._meters.sent(command.command, answer.kind, perf_counter() - began_s)
        if answer.kind != "accepted":
            _report(live, command, answer)
        return answer.event(seq=command.seq, at_ms=self._clock.now_ms())

    async def _answer_on_arrival(self, live: Live, command: SendCommand, url: str | None, answer: Answer) -> Answer:
        """The same command again, as long as the platform may not have run the document yet."""
        seen = partial(_seen, live, command)
        arriving = self._clock.now_ms() < live.arriving_until_ms
        for pause_s in _ARRIVAL_PAUSES_S:
            if not arriving or seen() or not _too_early(answer):
                break
            await anyio.sleep(pause_s)
            again = await self._client.send(command, url, seen=seen)
            if again.code == "too-late":
                break
            answer = again
        live.arriving_until_ms = 0
        return answer

    def _with_ways_back(self, command: SendCommand) -> SendCommand:
        control_id = command.control_id
        if control_id is None:
            return command
        way = partial(resume_url, self._public_url, self._key, control_id)
        return requests.with_ways_back(command, way)

    def _status_url(self, command: SendCommand) -> str | None:
        if not command.reports or command.control_id is None:
            return None
        return callback_url(self._public_url, self._key, command.control_id)


def _seen(live: Live, command: SendCommand) -> bool:
    return carried_out(live.state, command)


def _too_early(answer: Answer) -> bool:
    refused = answer.kind == "gone" or (answer.kind == "rejected" and answer.http_status in (409, 422))
    return refused and answer.code not in _AUTHORS


def _report(live: Live, command: SendCommand, answer: Answer) -> None:
    """A line for the log: what, why, and what to do about it. Never the platform's own words, which may
    repeat what was sent."""
    what = " ".join(str(word) for word in (answer.http_status or "", answer.code) if word)
    level = logging.DEBUG if answer.kind == "gone" and _is_order(command) else logging.WARNING
    log.log(
        level,
        "%s: %s (%s): %s",
        command.command,
        answer.kind,
        what,
        "; ".join(words for words in (answer.meaning.means, answer.meaning.help) if words),
        extra={**about(live), "control_id": command.control_id},
    )


def _is_order(command: SendCommand) -> bool:
    """About an operation that may be over by itself before the order comes: a stop, a timer."""
    verb = COMMANDS.get(command.command)
    return verb is not None and verb.shape == "order" and command.control_id is not None
