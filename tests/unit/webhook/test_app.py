"""The HTTP side over a pretended runner: caps, tokens, shapes and what is answered."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from engine.model.events import CallArrived, CallReturned
from engine.model.ids import ControlId, RunId
from engine.webhook.app import WebhookApp
from engine.webhook.intake import Arrival, Refused, Reported, Requested, Tell, Unavailable
from engine.webhook.sources import RequestLimits
from engine.wire import swml
from engine.wire.signature import sign

pytestmark = pytest.mark.anyio
URL = "https://runner.example/base"
CONTROL = ControlId("irun.0.hello.1.1.play")
BEARER = {"Authorization": "Bearer secret"}


class Pretended:
    """`engine.webhook.intake.Intake`; `fail` is raised by whatever is asked."""

    def __init__(self) -> None:
        self.reported: list[Reported] = []
        self.order: list[str] = []
        self.known = True
        self.fail: Exception | None = None
        self.statuses: list[int] = []

    def now_ms(self) -> int:
        return 1_000

    def open_token(self, token: str) -> ControlId | None:
        return CONTROL if token == "good" else None

    def report(self, control_id: ControlId, event: Reported, tell: Tell, size: int = 0) -> bool:
        self._maybe_fail()
        assert control_id == CONTROL
        self.reported.append(event)
        if self.known:
            tell(None)
        return self.known

    async def arrive(self, event: CallArrived) -> Arrival:
        self.order.append(f"arrived {event.call_id}")
        return Arrival(swml.PARKING_BYTES, lambda: self.order.append("answered"))

    def open_resume(self, token: str) -> tuple[ControlId, str] | None:
        return (CONTROL, "back") if token == "good" else None

    async def come_back(self, event: CallReturned) -> Arrival:
        self._maybe_fail()
        self.order.append(f"returned {event.call_id} {event.outcome} {event.vars} {event.params}")
        return Arrival(swml.PARKING_BYTES, lambda: self.order.append("answered"))

    async def signal(self, run_id: str, name: str, payload: dict[str, Any]) -> None:
        self._maybe_fail()
        self.order.append(f"signal {run_id} {name} {payload}")

    async def request(self, *, flow: str, to: str, from_: str, inputs: dict[str, Any], key: str) -> Requested:
        self._maybe_fail()
        return Requested(RunId(f"{flow} {to} {from_} {inputs} {key}"), known=key == "again")

    def runs(self, limit: int) -> list[dict[str, Any]]:
        self._maybe_fail()
        return [{"limit": limit}]

    def run(self, run_id: str) -> dict[str, Any]:
        self._maybe_fail()
        return {"run": run_id}

    async def cancel(self, run_id: str) -> dict[str, Any]:
        self._maybe_fail()
        return {"run": run_id, "status": "ended" if run_id == "over" else "dialing"}

    def flow(self, name: str) -> dict[str, Any]:
        self._maybe_fail()
        return {"flow": name, "inputs": {}}

    def answered(self, status: int, seconds: float) -> None:
        self.statuses.append(status)

    def alive(self) -> bool:
        return self.known

    def metrics(self) -> tuple[str, bytes]:
        return "text/plain; version=0.0.4", b"offhook_ready 1.0"

    def status(self) -> tuple[bool, dict[str, Any]]:
        return self.known, {}

    def _maybe_fail(self) -> None:
        if self.fail is not None:
            raise self.fail


@asynccontextmanager
async def served(
    *, signing_key: str = "", api_token: str = "secret", source: str = "127.0.0.1", **given: Any
) -> AsyncIterator[tuple[Pretended, httpx.AsyncClient]]:
    intake = Pretended()
    app = WebhookApp(intake, public_url=URL + "/", signing_key=signing_key, api_token=api_token, **given)
    transport = httpx.ASGITransport(app, client=(source, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://runner.internal") as client:
        yield intake, client


PLAYING = {"state": "playing"}


async def test_webhook_is_decoded_and_answered_when_it_is_kept() -> None:
    async with served() as (intake, client):
        answer = await client.post("/webhooks/good", json=PLAYING)
        got = await client.get("/webhooks/good", params=PLAYING)
    assert (answer.status_code, answer.content, got.status_code) == (200, b"{}", 200)
    assert [(type(event).__name__, event.at_ms) for event in intake.reported] == [("OperationReported", 1_000)] * 2


@pytest.mark.parametrize(
    ("fail", "status"),
    [(Unavailable("the journal cannot be written"), 503), (ZeroDivisionError("made up"), 500)],
)
async def test_webhook_that_is_not_kept_is_not_acknowledged(fail: Exception, status: int) -> None:
    async with served() as (intake, client):
        intake.fail = fail
        answer = await client.post("/webhooks/good", json=PLAYING)
        assert (answer.status_code, "error" in answer.json()) == (status, True)
        assert "made up" not in answer.text
        intake.fail, intake.known = None, False
        assert (await client.post("/webhooks/good", json=PLAYING)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/webhooks/", "/webhooks/bad", "/webhooks/good/", "/webhooks/%F0%9F%98%80", "/webhooks"]
)
async def test_webhook_without_a_token_of_ours_is_not_read(path: str) -> None:
    async with served() as (intake, client):
        assert (await client.post(path, content=b"{")).status_code == 404
    assert intake.reported == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
async def test_webhook_by_another_method_is_405(method: str) -> None:
    async with served() as (_, client):
        assert (await client.request(method, "/webhooks/good", content=b"{}")).status_code == 405


async def raw(path: str, chunks: list[bytes], *headers: tuple[bytes, bytes]) -> int:
    """The status of a POST that comes in these chunks."""
    app = WebhookApp(Pretended(), public_url=URL, api_token="secret")
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    given = [(b"authorization", b"Bearer secret"), *headers]
    await app({"type": "http", "method": "POST", "path": path, "headers": given, "query_string": b""}, receive, send)
    (status,) = statuses
    return status


@pytest.mark.parametrize(
    ("path", "most"), [("webhooks/good", 65_536), ("calls/inbound", 1_000_000), ("runs", 1_000_000)]
)
async def test_body_over_the_cap_is_413_wherever_it_goes(path: str, most: int) -> None:
    big = [b" " * (most // 2)] * 2
    assert await raw(f"/{path}", big) == 400
    assert await raw(f"/{path}", [*big, b" "], (b"content-length", b"5")) == 413
    assert await raw(f"/{path}", [b"x"], (b"content-length", str(most + 1).encode())) == 413


async def test_signature_covers_the_public_url_with_its_query() -> None:
    body = json.dumps(PLAYING).encode()
    async with served(signing_key="key") as (_, client):

        async def status(url: str, **headers: str) -> int:
            return (await client.post("/webhooks/good?a=1&b=%20", content=body, headers=headers)).status_code

        assert await status("", **sign("key", f"{URL}/webhooks/good?a=1&b=%20", body)) == 200
        assert await status("", **sign("key", f"{URL}/webhooks/good", body)) == 403
        assert await status("", **{"X-SignalWire-Signature": "zz"}) == 403


async def test_all_signed_a_webhook_without_a_signature_is_refused() -> None:
    body = json.dumps(PLAYING).encode()
    async with served(signing_key="key", demand="all_signed") as (intake, client):
        signed = await client.post("/webhooks/good", content=body, headers=sign("key", f"{URL}/webhooks/good", body))
        unsigned = await client.post("/webhooks/good", content=body)
        queried = await client.get("/webhooks/good", params=PLAYING)
    assert [one.status_code for one in (signed, unsigned, queried)] == [200, 403, 403]
    assert len(intake.reported) == 1


async def test_webhook_that_says_it_is_old_is_refused_whoever_signed_it(caplog: pytest.LogCaptureFixture) -> None:
    for age_s, status in ((0, 200), (300, 200), (3_600, 403), (-3_600, 200)):
        body = json.dumps({"timestamp": time.time() - age_s, "params": PLAYING}).encode()
        async with served(signing_key="key") as (intake, client):
            answer = await client.post(
                "/webhooks/good", content=body, headers=sign("key", f"{URL}/webhooks/good", body)
            )
        assert (answer.status_code, len(intake.reported)) == (status, int(status == 200))
    assert "it says that it is 60 minutes old" in caplog.text


async def test_body_that_never_ends_is_not_taken_for_a_whole_one() -> None:
    intake = Pretended()
    app = WebhookApp(intake, public_url=URL)
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": b'{"state": "playing"}', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        """To nobody."""

    scope = {"type": "http", "method": "POST", "path": "/webhooks/good", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    assert intake.reported == []


@pytest.mark.parametrize(
    "path", ["/webhooks/bad", "/calls/inbound", "/calls/resume/bad", "/runs", "/readyz", "/nowhere"]
)
async def test_source_that_proves_nothing_is_sent_away_after_so_many(path: str) -> None:
    async with served(source="192.0.2.7", signing_key="key", limits=RequestLimits(burst=5, per_second=0.001)) as (
        _,
        client,
    ):
        answers = [await client.post(path, json={}) for _ in range(7)]
        good = await client.post("/webhooks/good", json=PLAYING)
    assert 429 not in [one.status_code for one in answers[:5]]
    assert [one.status_code for one in answers[5:]] == [429] * 2
    assert answers[-1].json() == {"error": "too many requests; come back in a second"}
    assert good.status_code == 200, "a webhook with its token gets through from anywhere"


async def test_source_that_proves_what_it_may_is_not_counted() -> None:
    body = b'{"call": {"call_id": "c", "to": "+15550100"}}'
    signed = sign("key", f"{URL}/calls/inbound", body)
    async with served(source="192.0.2.7", signing_key="key", limits=RequestLimits(burst=2)) as (_, client):
        for _ in range(10):
            assert (await client.get("/runs", headers=BEARER)).status_code == 200
            assert (await client.post("/calls/inbound", content=body, headers=signed)).status_code == 200


async def test_fault_of_ours_on_a_way_back_is_logged_without_its_token(caplog: pytest.LogCaptureFixture) -> None:
    async with served() as (intake, client):
        intake.fail = ZeroDivisionError("made up")
        assert (await client.post("/calls/resume/good", json={"call": {"call_id": "c"}})).status_code == 500
    assert "POST /calls/resume/...: a fault of ours" in caplog.text
    assert "resume/good" not in caplog.text


async def test_expired_token_is_410() -> None:
    async with served() as (intake, client):
        intake.fail = Refused(410, "this URL has expired")
        assert (await client.post("/webhooks/good", json=PLAYING)).status_code == 410


async def test_first_commands_are_released_after_the_document() -> None:
    call = {"call": {"call_id": "c1", "to": "+15550100"}}
    async with served() as (intake, client):
        answer = await client.post("/calls/inbound", json=call)
    assert answer.content == swml.PARKING_BYTES
    assert answer.headers["content-type"] == "application/json"
    assert intake.order == ["arrived c1", "answered"]


async def test_document_that_cannot_be_sent_releases_the_commands_all_the_same() -> None:
    intake = Pretended()
    app = WebhookApp(intake, public_url=URL)
    body = json.dumps({"call": {"call_id": "c1", "to": "+15550100"}}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        raise OSError("the line is dead")

    scope = {"type": "http", "method": "POST", "path": "/calls/inbound", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    assert intake.order == ["arrived c1", "answered"]


async def test_run_that_was_there_already_is_said_to_be() -> None:
    async with served() as (_, client):
        body = {"flow": "f", "to": "+1"}
        new = await client.post("/runs", json=body, headers={**BEARER, "Idempotency-Key": "k"})
        again = await client.post("/runs", json=body, headers={**BEARER, "Idempotency-Key": "again"})
    assert "idempotent-replayed" not in new.headers
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")


async def test_refusal_says_when_to_ask_again_where_that_is_known() -> None:
    async with served() as (intake, client):
        for refused, wait in ((Refused(429, "Later.", retry_after_s=20), "20"), (Refused(409, "No."), None)):
            intake.fail = refused
            answer = await client.post("/runs", json={"flow": "f", "to": "+1"}, headers=BEARER)
            assert (answer.status_code, answer.headers.get("retry-after")) == (refused.status, wait)


async def test_cancel_of_an_ended_run_is_200_and_of_another_202() -> None:
    async with served() as (_, client):
        for run, status in (("over", 200), ("ringing", 202)):
            answer = await client.post(f"/runs/{run}/cancel", headers=BEARER)
            assert (answer.status_code, answer.json()["run"]) == (status, run)


async def test_runs_api_hands_over_what_it_was_given() -> None:
    body = {"flow": "f", "to": "+1", "from": "+2", "inputs": {"a": 1}}
    async with served() as (intake, client):
        started = await client.post("/runs", json=body, headers={**BEARER, "Idempotency-Key": "k"})
        assert (started.status_code, started.json()) == (202, {"run": "f +1 +2 {'a': 1} k"})
        assert (await client.get("/runs", params={"limit": "7"}, headers=BEARER)).json() == {"runs": [{"limit": 7}]}
        assert (await client.get("/runs/abc", headers=BEARER)).json() == {"run": "abc"}
        for fail, status in ((Refused(418, "why"), 418), (Unavailable("why"), 503)):
            intake.fail = fail
            refused = await client.post("/runs", json=body, headers=BEARER)
            assert (refused.status_code, refused.json()) == (status, {"error": "why"})


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.get("/runs"),
        lambda c: c.get("/runs/x"),
        lambda c: c.post("/runs", json={}),
        lambda c: c.post("/runs/x/cancel"),
        lambda c: c.get("/flows/x"),
    ],
)
async def test_runs_api_without_its_token_is_closed(ask: Callable[[httpx.AsyncClient], Any]) -> None:
    async with served() as (_, client):
        assert (await ask(client)).status_code == 401
    async with served(api_token="") as (_, client):
        assert (await ask(client)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/nowhere", 404, None),
        ("GET", "/", 404, None),
        ("POST", "/runs/x", 405, {"GET", "HEAD"}),
        ("GET", "/calls/inbound", 405, {"POST"}),
        ("PUT", "/readyz", 405, {"GET", "HEAD"}),
    ],
)
async def test_path_or_method_that_is_not_there_is_an_error_in_json(
    method: str, path: str, status: int, allowed: set[str] | None
) -> None:
    async with served() as (_, client):
        answer = await client.request(method, path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert answer.headers["content-type"] == "application/json"
    assert (set(answer.headers["allow"].split(", ")) if allowed else None) == allowed


async def test_readiness_is_the_runners() -> None:
    async with served() as (intake, client):
        assert (await client.get("/readyz")).status_code == 200
        intake.known = False
        assert (await client.get("/readyz")).status_code == 503


@pytest.mark.parametrize(("token", "key", "status"), [("bad", "", 404), ("good", "", 200), ("good", "k", 403)])
async def test_way_back_needs_its_token_and_its_signature(token: str, key: str, status: int) -> None:
    body = {"call": {"call_id": "c"}, "vars": {"a": 1}, "params": {"b": "x"}}
    async with served(signing_key=key) as (intake, client):
        assert (await client.post(f"/calls/resume/{token}", json=body)).status_code == status
    told = ["returned c back {'a': 1} {'b': 'x'}", "answered"]
    assert intake.order == (told if status == 200 else [])


async def test_signal_needs_the_bearer_and_an_object() -> None:
    async with served() as (intake, client):
        assert (await client.post("/runs/r/signals/note", json={"a": 1})).status_code == 401
        assert (await client.post("/runs/r/signals/note", json=[1], headers=BEARER)).status_code == 400
        assert (await client.post("/runs/r/signals/note", json={"a": 1}, headers=BEARER)).status_code == 202
        assert (await client.post("/runs/r/signals/note", headers=BEARER)).status_code == 202
    assert intake.order == ["signal r note {'a': 1}", "signal r note {}"]
