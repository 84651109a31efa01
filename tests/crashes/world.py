"""The platform, which outlives every runner: the exchange in virtual time, and its webhooks to whoever serves."""

import asyncio
import json
from collections import deque
from typing import Any

import msgspec
from starlette.types import ASGIApp

from engine.calling.transport import Reply
from engine.exchange import voice_log
from engine.exchange.apply import apply, new_exchange, next_due_ms
from engine.exchange.effects import CallerDid, Deliver, FetchSwml, Heard, HttpAnswer, Progressed
from engine.exchange.inputs import AnyInput, ApiRequest, CalleeSet, CallPlaced, SwmlAnswered, TimePassed
from engine.exchange.options import ExchangeOptions
from engine.sandbox import views
from engine.sandbox.records import CallRecord, Webhook
from engine.sandbox.script import read_script
from tests.crashes.loop import VirtualLoop, outside

URL = "http://runner.example"
NUMBER, CALLEE = "+15550100", "+15550178"
BEGAN_S = 1_800_000_000.0


class World:
    """`now_s` counts from the beginning. `webhooks_are_tried_again`: what was under way when a runner died is sent to the next one; else it is lost."""

    def __init__(self, *, webhooks_are_tried_again: bool) -> None:
        options = ExchangeOptions(numbers={NUMBER: f"{URL}/calls/inbound"})
        self.now_s = 0.0
        self.state = new_exchange(options=options, seed="crashes", now_ms=int(BEGAN_S * 1000))
        self.records: dict[str, CallRecord] = {}
        self._tried_again = webhooks_are_tried_again
        self._outgoing: deque[tuple[Deliver | FetchSwml, Webhook | None]] = deque()
        self._app: ASGIApp | None = None
        self._woken = self._posted = asyncio.Event()
        self._wanted: dict[str, Any] | None = None

    def ring(self, *script: dict[str, Any]) -> None:
        self._feed(CallPlaced(at_ms=self._now_ms, to=NUMBER, from_="+15550177", script=read_script(list(script))))

    def dial(self, request: dict[str, Any], *script: dict[str, Any]) -> None:
        """What a runner is asked for, again and again until it has said yes, and what the callee will do."""
        self._feed(CalleeSet(at_ms=self._now_ms, number=CALLEE, after_ms=200, script=read_script(list(script))))
        self._wanted = {**request, "to": CALLEE}

    async def begin(self, loop: VirtualLoop) -> None:
        while self._wanted is not None:
            status, _ = await loop.create_task(self._post(f"{URL}/runs", self._wanted))
            assert status in (200, 202), status
            self._wanted = None

    def calls(self) -> list[dict[str, Any]]:
        """As the sandbox tells of them."""
        found = [views.details(call, self.records[call_id]) for call_id, call in self.state.calls.items()]
        told: list[dict[str, Any]] = msgspec.to_builtins(found)
        return told

    def serve(self, loop: VirtualLoop, app: ASGIApp) -> None:
        """From now on this one is told."""
        self._app = app
        self._woken, self._posted = asyncio.Event(), asyncio.Event()
        outside(loop, self._deliver(loop))
        outside(loop, self._let_time_pass(loop))

    def request(self, method: str, path: str, body: bytes | None, now_s: float) -> Reply:
        """The calling API, and the voice log."""
        self.now_s = max(self.now_s, now_s)
        if method == "POST":
            answer = self._command(json.loads(body or b"{}"))
            return Reply(status=answer.status, body=json.dumps(answer.body).encode())
        self._feed(TimePassed(at_ms=self._now_ms))
        name, _, rest = path.removeprefix("/api/voice/logs/").partition("/")
        call = voice_log.find(self.state, name.partition("?")[0], now_ms=self._now_ms)
        if call is None:
            return Reply(status=404, body=b"{}")
        found = voice_log.events(self.state, call) if rest else voice_log.entry(self.state, call, now_ms=self._now_ms)
        return Reply(status=200, body=json.dumps(found).encode())

    @property
    def _now_ms(self) -> int:
        return int((BEGAN_S + self.now_s) * 1000)

    def _command(self, body: dict[str, Any]) -> HttpAnswer:
        answer = self._feed(ApiRequest(at_ms=self._now_ms, body=body))
        assert answer is not None
        record = self.records.get(str(body.get("id") or answer.body.get("id", "")))
        if record is not None:
            record.add_command(self._now_ms, body, answer)
        return answer

    def _feed(self, given: AnyInput) -> HttpAnswer | None:
        reaction = apply(self.state, given)
        self.state = reaction.state
        for effect in reaction.effects:
            record = self.records.setdefault(effect.call_id, CallRecord(effect.call_id))
            if isinstance(effect, Heard | Progressed | CallerDid):
                record.add_line(effect)
            else:
                self._posted.set()
                self._outgoing.append((effect, record.add_webhook(effect) if isinstance(effect, Deliver) else None))
        self._woken.set()
        return reaction.answer

    async def _let_time_pass(self, loop: VirtualLoop) -> None:
        while True:
            self._woken = asyncio.Event()
            due_ms = next_due_ms(self.state)
            pause_s = None if due_ms is None else max(0.0, due_ms / 1000 - BEGAN_S - loop.time())
            try:
                async with asyncio.timeout(pause_s):
                    await self._woken.wait()
            except TimeoutError:
                self.now_s = max(self.now_s, loop.time())
                self._feed(TimePassed(at_ms=self._now_ms))

    async def _deliver(self, loop: VirtualLoop) -> None:
        """One after the other. What is under way when the runner dies stays the first, or is lost."""
        while True:
            if not self._outgoing:
                self._posted = asyncio.Event()
                await self._posted.wait()
            effect, webhook = self._outgoing[0]
            if webhook is not None and not self._tried_again:
                self._outgoing.popleft()
            # The runner's own code: a task of the process that dies.
            status, body = await loop.create_task(self._post(effect.url, effect.body))
            self.now_s = max(self.now_s, loop.time())
            if self._outgoing and self._outgoing[0][0] is effect:
                self._outgoing.popleft()
            if webhook is not None:
                webhook.status = status
            elif isinstance(effect, FetchSwml):
                self._take_document(effect, body)

    def _take_document(self, effect: FetchSwml, body: bytes) -> None:
        document = json.loads(body)
        self._feed(SwmlAnswered(at_ms=self._now_ms, call_id=effect.call_id, fetch=effect.fetch, document=document))

    async def _post(self, url: str, body: dict[str, Any]) -> tuple[int, bytes]:
        sent: list[dict[str, Any]] = []
        content = json.dumps(body).encode()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        path = url.removeprefix(URL)
        scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        headers += [(b"authorization", b"Bearer secret"), (b"idempotency-key", b"k")]
        scope |= {"headers": headers, "http_version": "1.1", "scheme": "http", "server": ("runner.example", 80)}
        assert self._app is not None
        await self._app(scope, receive, send)
        assert sent, "the runner's tasks were abandoned meanwhile"
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
