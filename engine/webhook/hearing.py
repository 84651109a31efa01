"""What the platform reports: `/webhooks/<token>`. Served by hand, because every round of every call comes through it.

Nearly all come by the short way (`Hearing.shortcut`): what is told to the journal is answered when it is there, with no
task that waits for it. The long way is ASGI's, for what is odd in any way; both end in `_take`.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from time import perf_counter
from typing import Any

import anyio
import msgspec

from engine.model.errors import WireError
from engine.model.ids import ControlId, op_of, verb_of
from engine.model.limits import LONG_REPORTS, MAX_REPORT_BYTES, MAX_WEBHOOK_BYTES
from engine.serving.shortcut import Answer, Scope, Taker, is_short
from engine.serving.wordless import wordless
from engine.webhook.body import Gone, Receive, TooLarge, read_body
from engine.webhook.intake import Intake, Refused, Tell, Unavailable
from engine.webhook.signed import Signed
from engine.webhook.sources import Sources
from engine.wire import webhooks
from engine.wire.freshness import minutes_too_old

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Said = tuple[int, str]
"""The status, and what is wrong unless it is 200."""

PREFIX = "/webhooks/"
FAULT = "a fault of ours, which is in the runner's log"
GONE = "the request has not come to its end"
TOO_MANY = "too many requests; come back in a second"
_PLAYED_AGAIN = "it says that it is %d minutes old (if all do: is this machine's clock right?)"
_TAKEN = 200, ""
_NOTHING_WRONG = b"{}"
log = logging.getLogger("offhook.webhook")


class Hearing:
    """`steady_ms` is Unix time by which a webhook may be too old."""

    def __init__(self, intake: Intake, signed: Signed, sources: Sources, steady_ms: Callable[[], int]) -> None:
        self._intake = intake
        self._signed = signed
        self._sources = sources
        self._steady_ms = steady_ms

    def shortcut(self, scope: Scope) -> Taker | None:
        """Takes a POST with a token of ours and a small body."""
        path: str = scope["path"]
        if scope["method"] != "POST" or not path.startswith(PREFIX) or not is_short(scope):
            return None
        control_id = self._intake.open_token(path[len(PREFIX) :])
        return None if control_id is None else partial(self._hear, scope, control_id, perf_counter())

    def _hear(self, scope: Scope, control_id: ControlId, began_s: float, body: bytes, answer: Answer) -> None:
        def say(status: int, problem: str) -> None:
            self._intake.answered(status, perf_counter() - began_s)
            answer(status, told(problem))

        def tell(error: Unavailable | None) -> None:
            say(*_known(error))

        wrong = self._take(scope, control_id, body, tell)
        if wrong is not None:
            say(*wrong)

    async def long_way(self, scope: Scope, receive: Receive) -> Said:
        began_s = perf_counter()
        said = await self._said(scope, receive)
        self._intake.answered(said[0], perf_counter() - began_s)
        return said

    async def _said(self, scope: Scope, receive: Receive) -> Said:
        control_id = self._intake.open_token(scope["path"][len(PREFIX) :])
        if control_id is None:
            return self._unknown(scope)
        if scope["method"] not in ("POST", "GET"):
            return 405, "POST or GET"
        most = MAX_WEBHOOK_BYTES if verb_of(op_of(control_id)) in LONG_REPORTS else MAX_REPORT_BYTES
        try:
            body = await read_body(scope, receive, most)
        except Gone:
            self._sources.refused(scope, "webhook refused: it does not come to its end", control_id=control_id)
            return 408, GONE
        except TooLarge:
            self._sources.refused(scope, "webhook refused: too large", control_id=control_id)
            return 413, f"at most {most} bytes"
        heard, said = anyio.Event(), [_TAKEN]

        def tell(error: Unavailable | None) -> None:
            said[0] = _known(error)
            heard.set()

        wrong = self._take(scope, control_id, body, tell)
        if wrong is None:
            await heard.wait()
        return wrong or said[0]

    def _unknown(self, scope: Scope) -> Said:
        if not self._sources.take(scope):
            return 429, TOO_MANY
        self._sources.refused(scope, "webhook refused: its token is not one of ours")
        return 404, "not found"

    def _take(self, scope: Scope, control_id: ControlId, body: bytes, tell: Tell) -> Said | None:
        """What is wrong with it; None: `tell` is told what became of it, when that is known."""
        try:
            unproven = self._signed.problem(scope, body, control_id)
            if unproven:
                self._sources.refused(scope, f"webhook refused: {unproven}", control_id=control_id)
                return 403, unproven
            now_ms = self._intake.now_ms()
            if scope["method"] == "GET":
                event = webhooks.decode_query(_query(scope), control_id, now_ms)
            else:
                event = webhooks.decode(body, control_id, now_ms)
            minutes = minutes_too_old(event, self._steady_ms()) if "timestamp" in event.extra else 0
            if minutes:
                self._sources.refused(scope, "webhook refused: too old", _PLAYED_AGAIN % minutes, control_id=control_id)
                return 403, "too old"
            size = len(body) + len(scope.get("query_string", b""))
            kept = self._intake.report(control_id, event, tell, size)
        except Refused as error:
            self._sources.refused(scope, f"webhook refused: {error.message}", control_id=control_id)
            return error.status, error.message
        except WireError as error:
            self._sources.refused(scope, "webhook refused: not understood", error.message, control_id=control_id)
            return 400, error.message
        except Unavailable as error:
            return 503, str(error)
        except Exception as error:
            log.error("webhook refused: a fault of ours", exc_info=wordless(error), extra={"control_id": control_id})
            return 500, FAULT
        if not kept:
            self._sources.refused(scope, "webhook refused: its run is not in the journal", control_id=control_id)
            return 404, "no such run"
        return None


def _known(error: Unavailable | None) -> Said:
    """Of an event that is in the journal, or is not, for this reason."""
    return (503, str(error)) if error else _TAKEN


def told(problem: str) -> bytes:
    """The body of an answer."""
    return msgspec.json.encode({"error": problem}) if problem else _NOTHING_WRONG


def _query(scope: Scope) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
