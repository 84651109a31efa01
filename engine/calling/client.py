"""Sends commands to the calling API and says how it went; never raises for what goes wrong there.

What certainly was not carried out (no connection, 429, 5xx) is tried again with backoff, within a
budget; what may have been (timeout, reset) is reported as `unknown` and not repeated, because
only the run knows whether its command may be sent twice.
"""

import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import Self

import anyio
import httpx

from engine.calling import retries, space
from engine.calling.over_httpx import HttpxTransport
from engine.calling.transport import (
    Interrupted,
    Limits,
    NotSent,
    Reply,
    Transport,
    fast_is_possible,
)
from engine.model.commands import LookUpCall, SendCommand
from engine.wire import answers, logs, requests
from engine.wire.answers import Answer
from engine.wire.logs import LookedUp


class CallingClient:
    """One space's calling API. Use it as an async context manager, inside the event loop.

    project, token, space  of the account; a loopback space is spoken to over plain http
    transport  None: pyreqwest where installed and on asyncio, else httpx. An httpx transport
               (`httpx.ASGITransport`) is used below httpx's client
    limits     concurrency and timeouts of one attempt
    now_ms, sleep, rng  the clock (Unix ms), the pause (seconds) and the jitter, for tests

    `ConfigurationError` for a space or credentials that cannot be right.
    """

    def __init__(
        self,
        *,
        project: str,
        token: str,
        space: str,
        transport: Transport | httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        rng: Random | None = None,
    ) -> None:
        self._transport = _transport(project, token, space, transport, limits or Limits())
        self._now_ms = now_ms
        self._sleep = sleep
        self._rng = rng or Random()
        self._held_until_ms = 0

    @property
    def transport_name(self) -> str:
        """`httpx` or `pyreqwest`, for the log."""
        return self._transport.name

    async def send(self, command: SendCommand, status_url: str | None = None) -> Answer:
        """Send the command, and report what became of it, after at most 45 s.

        `Answer.event(seq=..., at_ms=...)` makes it the run's event. Codes of ours, where there was
        no answer: `unreachable`, `connect-timeout`, `queue-timeout`, `timeout`, `reset`,
        `too-late` (its `not_after_ms` has passed; nothing was sent).
        """
        body = requests.encode(command, status_url)
        first_ms = now_ms = self._now_ms()
        last: Answer | None = None
        attempt = 0
        while True:
            if command.not_after_ms and now_ms > command.not_after_ms:
                return _too_late(last)
            asked_ms = self._held_until_ms - now_ms
            if asked_ms <= 0:
                answer, asked_ms = await self._attempt(command, body, last is not None)
                if answer.kind != "unavailable":
                    return answer
                last = answer
            pause_ms = max(asked_ms, 0) + retries.pause_ms(attempt, self._rng)
            now_ms = self._now_ms()
            if now_ms + pause_ms > first_ms + retries.BUDGET_MS:
                return last or _held()
            await self._sleep(pause_ms / 1000)
            now_ms = self._now_ms()
            attempt += 1

    async def look_up(self, command: LookUpCall) -> LookedUp:
        """Ask the voice log how the call stands, within 20 s; `unknown` when it does not say.

        Reading may be repeated, so a timeout is tried again too.
        """
        path = logs.path(command)
        first_ms = self._now_ms()
        attempt = 0
        while True:
            try:
                reply = await self._transport.request("GET", path, None)
            except (NotSent, Interrupted):
                asked_ms = 0
            else:
                if not answers.is_retryable(reply.status):
                    return logs.read(reply.status, reply.body)
                asked_ms = retries.asked_ms(reply.headers, self._now_ms())
            pause_ms = asked_ms + retries.pause_ms(attempt, self._rng)
            if self._now_ms() + pause_ms > first_ms + retries.LOOKUP_BUDGET_MS:
                return logs.NOTHING
            await self._sleep(pause_ms / 1000)
            attempt += 1

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def _attempt(self, command: SendCommand, body: bytes, again: bool) -> tuple[Answer, int]:
        """The answer, and for how many ms the platform asks to be left alone."""
        try:
            reply = await self._transport.request("POST", requests.PATH, body)
        except NotSent as error:
            return Answer(kind="unavailable", code=error.code, message=error.message), 0
        except Interrupted as error:
            return Answer(kind="unknown", code=error.code, message=error.message), 0
        repeated = (again or command.repeated) and command.control_id is not None
        answer = answers.classify(reply.status, reply.body, repeated=repeated)
        return answer, self._hold(reply) if reply.headers else 0

    def _hold(self, reply: Reply) -> int:
        """A rate limit is the space's, so when one command meets it, all hold back."""
        now_ms = self._now_ms()
        asked_ms = retries.asked_ms(reply.headers, now_ms)
        if reply.status == 429 and asked_ms:
            self._held_until_ms = max(self._held_until_ms, now_ms + asked_ms)
        return asked_ms


def _transport(
    project: str,
    token: str,
    host: str,
    given: Transport | httpx.AsyncBaseTransport | None,
    limits: Limits,
) -> Transport:
    if given is not None and not isinstance(given, httpx.AsyncBaseTransport):
        return given
    url, headers = space.base_url(host), space.headers(project, token)
    # A proxy of the surroundings is for the world outside, not for this machine.
    proxies = not space.is_loopback(host)
    if given is None and fast_is_possible():
        from engine.calling.over_pyreqwest import PyreqwestTransport

        return PyreqwestTransport(url, headers, limits, proxies=proxies)
    return HttpxTransport(url, headers, limits, proxies=proxies, inner=given)


def _too_late(last: Answer | None) -> Answer:
    message = f"not sent in time; before that: {last.code or last.http_status}" if last else ""
    return Answer(kind="unavailable", code="too-late", message=message)


def _held() -> Answer:
    return Answer(kind="unavailable", http_status=429, code="held", message="the rate limit is used up")
