"""Sends commands to the calling API and says how it went; never raises for what goes wrong there.

What certainly was not carried out is tried again with backoff, within a budget; what may have been is
repeated only where the command's class allows it (`engine.wire.repeats`), else it is reported as `unknown`,
because only the run knows whether its command may be sent twice. Before it goes out, a command waits
its turn in the space's rates (`pace.py`, `gate.py`).
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Self

import anyio
import httpx
from msgspec import Struct

from engine.calling import pace, retries
from engine.calling.gate import Gate
from engine.calling.over_httpx import HttpxTransport
from engine.calling.pace import Rates
from engine.calling.space import base_url, headers, is_loopback
from engine.calling.transport import (
    Interrupted,
    Limits,
    NotSent,
    Reply,
    Transport,
    fast_is_possible,
)
from engine.calling.trying import Trying
from engine.model.commands import LookUpCall, SendCommand
from engine.model.events import AnswerKind
from engine.wire import answers, codes, logs, repeats, requests
from engine.wire.answers import Answer
from engine.wire.log_events import Logged, read_events
from engine.wire.logs import LookedUp

_SILENT = 3
"""So many requests in a row without an answer: the space does not answer."""


class Waiting(Struct, frozen=True, kw_only=True):
    """Commands that wait for the space's rate, dials that wait for theirs, and for how long all are
    held back because the platform said so."""

    posts: int
    dials: int
    held_ms: int


class CallingClient:
    """One space's calling API. Use it as an async context manager, inside the event loop.

    project, token, space  of the account; a loopback space is spoken to over plain http
    transport  None: pyreqwest where installed and on asyncio, else httpx. An httpx transport
               (`httpx.ASGITransport`) is used below httpx's client
    limits     concurrency and timeouts of one attempt
    rates      what the space allows; None: the platform's own, and no limit at a loopback space
    now_ms, sleep, rng  the clock (Unix ms), the pause (seconds) and the jitter, for tests

    `ConfigurationError` for a space or credentials that cannot be right. `replies` counts the answers, `repeats` the
    commands that were sent again, by why.
    """

    def __init__(
        self,
        *,
        project: str,
        token: str,
        space: str,
        transport: Transport | httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        rates: Rates | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        rng: Random | None = None,
    ) -> None:
        self._transport = _transport(project, token, space, transport, limits or Limits())
        self._now_ms = now_ms
        self._sleep = sleep
        self._rng = rng or Random()
        if rates is None and not is_loopback(space):
            rates = Rates()
        self._posts = Gate(pace.posts(rates) if rates else None, now_ms, sleep)
        self._dials = Gate(pace.dials(rates) if rates else None, now_ms, sleep)
        self.repeats: Counter[str] = Counter()
        self.replies = 0
        self._silent = 0
        self._refused = False

    @property
    def transport_name(self) -> str:
        """`httpx` or `pyreqwest`, for the log."""
        return self._transport.name

    @property
    def waiting(self) -> Waiting:
        """What waits for its turn at this moment."""
        held_ms = max(0, self._posts.held_until_ms - self._now_ms())
        return Waiting(posts=self._posts.waiting, dials=self._dials.waiting, held_ms=held_ms)

    async def send(
        self,
        command: SendCommand,
        status_url: str | None = None,
        *,
        seen: Callable[[], bool] = lambda: False,
        wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> Answer:
        """Send the command, and report what became of it, after at most 45 s.

        `seen`: has the operation reported meanwhile? Then it was carried out, whatever the answer said,
        and is not sent again. `wanted`: is it still, now that its turn has come?

        `Answer.event(seq=..., at_ms=...)` makes it the run's event. Codes of ours, where there was
        no answer: `unreachable`, `connect-timeout`, `queue-timeout`, `timeout`, `reset`, `held` (the
        rate leaves no room within the budget), `too-late` (its `not_after_ms` has passed, or its turn
        would come after it; nothing was sent), `cancelled` (not wanted any more; nothing was sent).
        """
        body = requests.encode(command, status_url)
        trying = Trying(command, self._now_ms())
        while await self._turn_comes(command, trying.until_ms):
            if wanted is not None and not await wanted():
                return trying.settled(_CANCELLED)
            answer, asked_ms = await self._attempt(command, body, trying)
            if answer.kind == "accepted":
                return answer
            trying.had(answer)
            if seen() or not repeats.may_repeat(answer, trying.repeat):
                return trying.settled(answer)
            pause_ms = asked_ms + retries.pause_ms(trying.attempts - 1, self._rng)
            again_ms = self._now_ms() + pause_ms
            self._hold_back(answer, again_ms)
            if not trying.has_time(again_ms):
                return trying.settled(answer)
            await self._sleep(pause_ms / 1000)
            if seen():
                return trying.settled(answer)
            self.repeats[answer.code or str(answer.http_status)] += 1
        return trying.over()

    async def look_up(self, command: LookUpCall) -> LookedUp:
        """Ask the voice log how the call stands, within 20 s; `unknown` when it does not say."""
        reply = await self._get(logs.path(command))
        return logs.read(reply.status, reply.body) if reply else logs.NOTHING

    async def look_up_events(self, command: LookUpCall) -> tuple[Logged, ...]:
        """Ask the voice log what happened on the call, within 20 s; nothing when it does not say.

        `log_events.reports` makes them what the lost webhooks of operations would have said.
        """
        reply = await self._get(logs.events_path(command))
        return read_events(reply.status, reply.body) if reply else ()

    @property
    def trouble(self) -> str:
        """`does not answer` once several requests in a row had no answer at all, before the first answer one;
        `refuses the API token` while it answers 401. Empty else."""
        if self._silent >= (_SILENT if self.replies else 1):
            return "does not answer"
        return "refuses the API token" if self._refused else ""

    async def probe(self) -> None:
        """Asks for something that is not there: whatever is answered, the space is."""
        with suppress(NotSent, Interrupted):
            await self._request("GET", logs.PROBE_PATH, None)

    async def _request(self, method: str, path: str, body: bytes | None) -> Reply:
        try:
            reply = await self._transport.request(method, path, body)
        except (NotSent, Interrupted):
            self._silent += 1
            raise
        self._heard(reply)
        return reply

    def _heard(self, reply: Reply) -> None:
        self._silent = 0
        self._refused = reply.status == 401
        self.replies += 1

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def _turn_comes(self, command: SendCommand, until_ms: int) -> bool:
        """Waits for the command's turn; False when it would come too late."""
        now_ms = self._now_ms()
        if now_ms > until_ms:
            return False
        if command.command == "dial" and not self._dials.passes(now_ms) and not await self._dials.wait(until_ms):
            return False
        return self._posts.passes(self._now_ms()) or await self._posts.wait(until_ms)

    def _hold_back(self, answer: Answer, until_ms: int) -> None:
        """The limit is the space's, so when one command meets it, all hold back; a full queue of calls to be dialled
        concerns dials alone."""
        if answer.http_status == 429:
            gate = self._dials if answer.code == codes.QUEUE_IS_FULL else self._posts
            gate.hold(until_ms)

    async def _attempt(self, command: SendCommand, body: bytes, trying: Trying) -> tuple[Answer, int]:
        """The answer, and for how many ms the platform asks to be left alone."""
        try:
            reply = await self._transport.request("POST", requests.PATH, body)
        except (NotSent, Interrupted) as error:
            self._silent += 1
            kind: AnswerKind = "unavailable" if isinstance(error, NotSent) else "unknown"
            return Answer(kind=kind, code=error.code, message=error.message), 0
        self._heard(reply)
        is_again = trying.attempts > 0 or command.repeated
        repeated = is_again and (command.control_id is not None or trying.repeat == "safe")
        answer = answers.classify(reply.status, reply.body, repeated=repeated)
        asked_ms = self._asked_ms(reply) if reply.headers else 0
        return repeats.judged(answer, trying.repeat), asked_ms

    def _asked_ms(self, reply: Reply) -> int:
        now_ms = self._now_ms()
        if reply.status >= 400:
            return retries.asked_ms(reply.headers, now_ms)
        # This one was taken, the next one would not be.
        self._posts.hold(now_ms + min(retries.used_up_ms(reply.headers, now_ms), retries.LONGEST_HOLD_MS))
        return 0

    async def _get(self, path: str) -> Reply | None:
        """Reading may be repeated, so a timeout is tried again too."""
        first_ms = self._now_ms()
        attempt = 0
        while True:
            try:
                reply = await self._request("GET", path, None)
            except (NotSent, Interrupted):
                asked_ms = 0
            else:
                if not answers.is_retryable(reply.status):
                    return reply
                asked_ms = retries.asked_ms(reply.headers, self._now_ms())
            pause_ms = asked_ms + retries.pause_ms(attempt, self._rng)
            if self._now_ms() + pause_ms > first_ms + retries.LOOKUP_BUDGET_MS:
                return None
            await self._sleep(pause_ms / 1000)
            attempt += 1


def _transport(
    project: str,
    token: str,
    host: str,
    given: Transport | httpx.AsyncBaseTransport | None,
    limits: Limits,
) -> Transport:
    if given is not None and not isinstance(given, httpx.AsyncBaseTransport):
        return given
    url, sent = base_url(host), headers(project, token)
    # A proxy of the surroundings is for the world outside, not for this machine.
    proxies = not is_loopback(host)
    if given is None and fast_is_possible():
        from engine.calling.over_pyreqwest import PyreqwestTransport

        return PyreqwestTransport(url, sent, limits, proxies=proxies)
    return HttpxTransport(url, sent, limits, proxies=proxies, inner=given)


_CANCELLED = Answer(kind="unavailable", code="cancelled", message="nobody wants it any more")
