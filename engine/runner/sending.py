"""One command of a run on its way to the platform, and the event that its answer is."""

import logging

import anyio

from engine.calling.client import CallingClient
from engine.model.commands import Command, LookUpCall, SendCommand
from engine.model.events import AnyEvent
from engine.model.verbs import COMMANDS
from engine.runner.clock import Clock
from engine.runner.live import Live
from engine.wire.answers import Answer
from engine.wire.callback_url import callback_url

log = logging.getLogger("offhook.runner")

_ARRIVAL_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""An inbound call's first command may be at the platform before the platform has run the document that
answers the call, and is refused then; this long it is given."""
_AUTHORS = ("invalid_parameter", "missing_required_parameter")
"""Codes that say that the command itself is wrong, whenever it comes."""


class Sender:
    def __init__(self, client: CallingClient, clock: Clock, *, public_url: str, key: bytes) -> None:
        self._client = client
        self._clock = clock
        self._public_url = public_url
        self._key = key

    async def send(self, live: Live, command: Command) -> AnyEvent:
        """Never raises for what goes wrong out there: that is in the event."""
        if isinstance(command, LookUpCall):
            found = await self._client.look_up(command)
            return found.event(seq=command.seq, at_ms=self._clock.now_ms())
        answer = await self._answer(live, command)
        if answer.kind != "accepted":
            _report(live, command, answer)
        return answer.event(seq=command.seq, at_ms=self._clock.now_ms())

    async def _answer(self, live: Live, command: SendCommand) -> Answer:
        url = self._status_url(command)
        answer = await self._client.send(command, url)
        for pause_s in _ARRIVAL_PAUSES_S:
            if not live.arriving or not _too_early(answer):
                break
            await anyio.sleep(pause_s)
            again = await self._client.send(command, url)
            if again.code == "too-late":
                break
            answer = again
        live.arriving = False
        return answer

    def _status_url(self, command: SendCommand) -> str | None:
        if not command.reports or command.control_id is None:
            return None
        return callback_url(self._public_url, self._key, command.control_id)


def _too_early(answer: Answer) -> bool:
    refused = answer.kind == "gone" or (answer.kind == "rejected" and answer.http_status in (409, 422))
    return refused and answer.code not in _AUTHORS


def _report(live: Live, command: SendCommand, answer: Answer) -> None:
    """A line for the log: what, why, and what to do about it. Never the platform's own words, which may
    repeat what was sent."""
    what = " ".join(str(word) for word in (answer.http_status or "", answer.code) if word)
    level = logging.DEBUG if answer.kind == "gone" and _is_order(command) else logging.WARNING
    advice = _advice(answer)
    log.log(
        level,
        "%s: %s (%s)%s",
        command.command,
        answer.kind,
        what,
        f"; {advice}" if advice else "",
        extra={"run": live.state.run_id, "control_id": command.control_id, "call_id": command.call_id},
    )


def _is_order(command: SendCommand) -> bool:
    """About an operation that may be over by itself before the order comes: a stop, a timer."""
    verb = COMMANDS.get(command.command)
    return verb is not None and verb.shape == "order" and command.control_id is not None


def _advice(answer: Answer) -> str:
    match answer.http_status:
        case 401:
            return "check SIGNALWIRE_PROJECT_ID and SIGNALWIRE_API_TOKEN"
        case 403:
            return "the API token needs the Voice scope"
        case 404:
            return "the call, or the operation, is over"
        case 429:
            return "the space's rate limit is used up"
        case status if status >= 500:
            return "the platform failed, also when tried again"
        case 0 if answer.code == "too-late":
            return "its moment is over"
        case 0 if answer.kind == "unavailable":
            return "check the environment's `space`, and the way there"
        case 0:
            return "nobody knows whether it was carried out"
        case _ if answer.kind == "unknown":
            return "check the environment's `space`: this is not the platform's answer"
        case _:
            return ""
