"""A company's own service, pretended: it answers a flow's fetches as whoever tries the flow has said.

Which step asks is told by the request's `Idempotency-Key`, which is the operation's control_id.
"""

import json
import re
from collections import deque
from collections.abc import Iterable
from typing import Any

import anyio
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.compile import duration_ms
from engine.model.errors import ConfigurationError

_NEVER_S = 3_600.0
_SHAPE = re.compile(r"(?P<step>[^=]+)=\s*(?:(?P<after>[0-9]+(?:ms|s|m))(?:\s+|\Z))?(?P<what>.*)", re.DOTALL)


class Given(Struct, frozen=True, kw_only=True):
    """What one request of a step gets, `after_ms` later; `never`: nothing at all."""

    step: str
    status: int = 200
    body: Any = None
    after_ms: int = 0
    never: bool = False


def read_reply(text: str) -> Given:
    """`lookup=404`, `lookup={"balance": 12}`, `lookup=3s {"balance": 12}`, `lookup=never`. `ConfigurationError` otherwise."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise _unclear(text)
    step, what = found["step"].strip(), found["what"].strip() or "{}"
    after_ms = duration_ms(found["after"]) or 0 if found["after"] else 0
    if what == "never":
        return Given(step=step, never=True)
    if re.fullmatch("[2-5][0-9]{2}", what):
        return Given(step=step, status=int(what), after_ms=after_ms)
    try:
        return Given(step=step, body=json.loads(what), after_ms=after_ms)
    except ValueError:
        raise _unclear(text) from None


def _unclear(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"{text!r} is no reply.",
        help='Write STEP=404, STEP=\'{"name": "Ann"}\', STEP=\'3s {"name": "Ann"}\' for a slow one, or STEP=never.',
    )


class Company:
    """`app` is ASGI. Each request of a step gets the next of its replies, and when there is one left, that one."""

    def __init__(self, replies: Iterable[Given]) -> None:
        self._replies: dict[str, deque[Given]] = {}
        for one in replies:
            self._replies.setdefault(one.step, deque()).append(one)
        self.app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
        )

    async def _answer(self, request: Request) -> Response:
        step = _step_of(request.headers.get("idempotency-key", ""))
        replies = self._replies.get(step)
        if not replies:
            return JSONResponse({"error": f"no reply is given for the step {step}"}, 503)
        given = replies.popleft() if len(replies) > 1 else replies[0]
        await anyio.sleep(_NEVER_S if given.never else given.after_ms / 1000)
        return JSONResponse(given.body, given.status) if given.body is not None else Response(status_code=given.status)


def _step_of(key: str) -> str:
    """The step's name in `<run>.<frame>.<step>.<visit>.<attempt>.fetch`; one of `finally` has a dot in it."""
    return ".".join(key.split(".")[2:-3])
