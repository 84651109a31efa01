"""The same table of what can happen to a request, over both transports."""

import json
from typing import Any

import anyio
import httpx
import pytest

from engine.calling.client import CallingClient
from engine.calling.over_httpx import HttpxTransport
from engine.calling.transport import Limits
from engine.model.commands import SendCommand
from engine.wire.answers import MAX_ANSWER_BYTES
from tests.unit.calling.clients import (
    ERROR,
    HASTY,
    HTML,
    LEG,
    LIMITS,
    LOOK_UP,
    PLAY,
    Clock,
    Make,
    client,
)
from tests.unit.calling.loopback import Does, closed_port, full_port, http, platform

HUGE = b'{"id": "' + b"x" * MAX_ANSWER_BYTES + b'"}'

ONCE = [
    pytest.param(http(200, LEG), ("accepted", 200, ""), id="200"),
    pytest.param(http(204, b""), ("accepted", 204, ""), id="204"),
    pytest.param(http(200, HTML), ("unknown", 200, "not-json"), id="html"),
    pytest.param(http(200, HUGE), ("unknown", 200, "too-large"), id="huge"),
    pytest.param(http(302, b"", "location: /elsewhere"), ("rejected", 302, ""), id="redirect"),
    pytest.param(http(401, b""), ("rejected", 401, ""), id="401"),
    pytest.param(http(404, ERROR), ("gone", 404, "invalid_parameter"), id="404"),
    pytest.param(http(409, ERROR), ("rejected", 409, "invalid_parameter"), id="409"),
    pytest.param(http(422, ERROR), ("rejected", 422, "invalid_parameter"), id="422"),
    pytest.param(Does(then="reset"), ("unknown", 0, "reset"), id="reset"),
    pytest.param(Does(then="close"), ("unknown", 0, "reset"), id="closed"),
    pytest.param(
        Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", then="reset"),
        ("unknown", 0, "reset"),
        id="reset-mid-body",
    ),
    pytest.param(
        Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", then="close"),
        ("unknown", 0, "reset"),
        id="cut-short",
    ),
    pytest.param(Does(sends=b"SSH-2.0-OpenSSH\r\n\r\n", then="close"), ("unknown", 0, "reset"), id="not-http"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("does", "expected"), ONCE)
async def test_one_answer_is_reported_and_not_repeated(make: Make, does: Does, expected: tuple[str, int, str]) -> None:
    clock = Clock()
    async with platform(does) as server, client(make(server.space, LIMITS), clock) as calling:
        answer = await calling.send(PLAY)
    assert (answer.kind, answer.http_status, answer.code) == expected
    assert len(server.requests) == 1
    assert clock.pauses == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    "does",
    [
        pytest.param(Does(then="silent"), id="silence"),
        pytest.param(Does(sends=b"HTTP/1.1 200 OK\r\n", then="silent"), id="half-a-head"),
        pytest.param(
            Does(sends=b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n" + b"{" * 99, drips=5),
            id="dripping",
        ),
    ],
)
async def test_a_timeout_after_sending_is_unknown_and_not_repeated(make: Make, does: Does) -> None:
    clock = Clock()
    async with platform(does) as server, client(make(server.space, HASTY), clock) as calling:
        answer = await calling.send(PLAY)
    assert (answer.kind, answer.http_status, answer.code) == ("unknown", 0, "timeout")
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_a_refused_connection_is_tried_for_the_budget_and_unavailable(make: Make) -> None:
    clock = Clock()
    started = clock.ms
    async with client(make(f"127.0.0.1:{closed_port()}", LIMITS), clock) as calling:
        answer = await calling.send(PLAY)
    assert (answer.kind, answer.http_status, answer.code) == ("unavailable", 0, "unreachable")
    assert 20_000 < clock.ms - started <= 30_000
    assert len(clock.pauses) < 20
    assert clock.pauses == sorted(clock.pauses[:4]) + clock.pauses[4:]


@pytest.mark.anyio
async def test_a_connection_that_never_comes_is_not_sent(make: Make) -> None:
    limits = Limits(connections=4, queue_ms=1_000, connect_ms=20, request_ms=2_000)
    clock = Clock()
    soon = SendCommand(seq=1, command="calling.play", not_after_ms=clock.ms + 50)
    with full_port() as port:
        async with client(make(f"127.0.0.1:{port}", limits), clock) as calling:
            answer = await calling.send(soon)
    assert (answer.kind, answer.code) == ("unavailable", "too-late")
    assert answer.message.endswith("connect-timeout")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("first", "least", "most"),
    [
        pytest.param(http(429, b"", "Retry-After: 2"), 2.0, 2.3, id="429-seconds"),
        pytest.param(http(429, b"", "retry-after: Tue, 14 Nov 2023 22:13:23 GMT"), 3.0, 3.3, id="429-date"),
        pytest.param(http(429, b"", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 4"), 4.0, 4.3, id="reset"),
        pytest.param(
            http(429, b"", "RateLimit-Remaining: 0", "RateLimit-Reset: 1700000005"),
            5.0,
            5.3,
            id="reset-at",
        ),
        pytest.param(http(429, b"", "retry-after: soon"), 0.1, 0.2, id="unreadable"),
        pytest.param(http(500, b"oops"), 0.1, 0.2, id="500"),
        pytest.param(http(502, HTML), 0.1, 0.2, id="502"),
        pytest.param(http(503, ERROR, "retry-after: 1"), 1.0, 1.3, id="503"),
    ],
)
async def test_what_was_not_carried_out_is_sent_again(make: Make, first: Does, least: float, most: float) -> None:
    clock = Clock()
    async with (
        platform(first, http(200, LEG)) as server,
        client(make(server.space, LIMITS), clock) as calling,
    ):
        answer = await calling.send(PLAY, "https://us/webhooks/x")
    assert (answer.kind, answer.leg) == ("accepted", {"id": "c", "status": None})
    assert server.requests[0] == server.requests[1]
    assert len(clock.pauses) == 1
    assert least <= clock.pauses[0] <= most


@pytest.mark.anyio
@pytest.mark.parametrize("late_by_ms", [1, 60_000])
async def test_a_command_past_its_time_is_not_sent(make: Make, late_by_ms: int) -> None:
    clock = Clock()
    late = SendCommand(seq=1, command="calling.play", not_after_ms=clock.ms - late_by_ms)
    async with platform() as server, client(make(server.space, LIMITS), clock) as calling:
        answer = await calling.send(late)
    assert (answer.kind, answer.http_status, answer.code) == ("unavailable", 0, "too-late")
    assert server.requests == []


@pytest.mark.anyio
async def test_a_command_whose_time_passes_while_it_waits_is_not_sent_again(make: Make) -> None:
    clock = Clock()
    soon = SendCommand(seq=1, command="calling.play", not_after_ms=clock.ms + 50)
    async with (
        platform(http(503)) as server,
        client(make(server.space, LIMITS), clock) as calling,
    ):
        answer = await calling.send(soon)
    assert (answer.kind, answer.code) == ("unavailable", "too-late")
    assert answer.message == "not sent in time; before that: 503"
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_the_request_is_as_the_platform_wants_it(make: Make) -> None:
    async with (
        platform(http(200, LEG)) as server,
        client(make(server.space, LIMITS), Clock()) as calling,
    ):
        await calling.send(PLAY, "https://us/webhooks/x")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = [line.lower() for line in head.decode().split("\r\n")]
    assert lines[0] == "post /api/calling/calls http/1.1"
    assert "authorization: basic chjvamvjddp0b2tlbg==" in lines
    assert "content-type: application/json" in lines
    assert "accept-encoding: identity" in lines
    assert json.loads(body) == {
        "command": "calling.play",
        "id": "c",
        "params": {
            "play": [],
            "control_id": "r.0.menu.1.1.play",
            "status_url": "https://us/webhooks/x",
        },
    }


@pytest.mark.anyio
async def test_requests_at_once_are_capped_and_connections_kept(make: Make) -> None:
    # The turn of those that wait comes when the four connections answer.
    many = 40
    answers: list[str] = []
    async with (
        platform(*[http(200, LEG)] * many) as server,
        client(make(server.space, Limits(connections=4)), Clock()) as calling,
    ):

        async def one() -> None:
            answers.append((await calling.send(PLAY)).kind)

        async with anyio.create_task_group() as tasks:
            for _ in range(many):
                tasks.start_soon(one)
    assert answers == ["accepted"] * many


@pytest.mark.anyio
async def test_a_turn_that_does_not_come_is_not_sent(make: Make) -> None:
    clock = Clock()
    limits = Limits(connections=1, queue_ms=20, connect_ms=1_000, request_ms=1_000)
    async with platform(Does(then="silent")) as server:
        transport = make(server.space, limits)
        async with client(transport, clock) as calling, anyio.create_task_group() as tasks:
            tasks.start_soon(calling.send, PLAY)
            await server.asked.wait()
            answer = await calling.send(SendCommand(seq=2, command="calling.play", not_after_ms=clock.ms + 1))
            tasks.cancel_scope.cancel()
    assert (answer.kind, answer.code) == ("unavailable", "too-late")
    assert answer.message.endswith("queue-timeout")
    assert len(server.requests) == 1


LOOK_UPS = [
    pytest.param([http(200, b'{"status": "answered"}')], ("answered", ""), id="answered"),
    pytest.param([http(200, b'{"status": "no-answer"}')], ("ended", "no_answer"), id="no-answer"),
    pytest.param([http(500), http(200, b'{"status": "ringing"}')], ("ringing", ""), id="500"),
    pytest.param([Does(then="reset"), http(200, b'{"status":"busy"}')], ("ended", "busy"), id="reset"),
    pytest.param([http(404, ERROR)], ("unknown", ""), id="404"),
    pytest.param([http(200, HTML)], ("unknown", ""), id="html"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("script", "expected"), LOOK_UPS)
async def test_a_look_up_says_how_the_call_stands(make: Make, script: list[Does], expected: tuple[str, str]) -> None:
    async with (
        platform(*script) as server,
        client(make(server.space, LIMITS), Clock()) as calling,
    ):
        found = await calling.look_up(LOOK_UP)
    assert (found.found, found.end_reason) == expected
    assert server.requests[0].lower().startswith(b"get /api/voice/logs/s-1 http/1.1\r\n")
    assert len(server.requests) == len(script)


@pytest.mark.anyio
async def test_a_look_up_nobody_answers_is_unknown_within_its_budget(make: Make) -> None:
    clock = Clock()
    started = clock.ms
    async with client(make(f"127.0.0.1:{closed_port()}", LIMITS), clock) as calling:
        found = await calling.look_up(LOOK_UP)
    assert found.found == "unknown"
    assert 1_000 < clock.ms - started <= 5_000


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("script", "names"),
    [
        ([http(200, b'{"data": [{"name": "Play.Playing"}]}')], ["play.playing"]),
        ([http(500), http(200, b'[{"name": "a"}]')], ["a"]),
        ([http(404, ERROR)], []),
        ([http(500)] * 9, []),
    ],
)
async def test_the_events_of_a_call_are_looked_up(make: Make, script: list[Does], names: list[str]) -> None:
    async with platform(*script) as server, client(make(server.space, LIMITS), Clock()) as calling:
        events = await calling.look_up_events(LOOK_UP)
    assert [event.name for event in events] == names
    assert server.requests[0].lower().startswith(b"get /api/voice/logs/s-1/events http/1.1\r\n")


@pytest.mark.anyio
async def test_the_fast_transport_is_taken_where_it_can_be(anyio_backend_name: str) -> None:
    async with CallingClient(project="p", token="t", space="localhost:1") as calling:
        expected = "pyreqwest" if anyio_backend_name == "asyncio" else "httpx"
        assert calling.transport_name == expected


@pytest.mark.anyio
async def test_an_httpx_transport_can_be_given() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "c"})

    async with CallingClient(
        project="p", token="t", space="example.signalwire.com", transport=httpx.MockTransport(answer)
    ) as calling:
        assert (await calling.send(PLAY)).leg == {"id": "c"}
        assert calling.transport_name == "httpx"
    assert str(seen[0].url) == "https://example.signalwire.com/api/calling/calls"


@pytest.mark.anyio
async def test_a_cancelled_send_is_cancelled(make: Make) -> None:
    async with (
        platform(Does(then="silent")) as server,
        client(make(server.space, LIMITS), Clock()) as calling,
    ):
        with anyio.move_on_after(0.02) as scope:
            await calling.send(PLAY)
    assert scope.cancelled_caught


def gone(stream: Any, _: str) -> None:
    """What anyio raises of a connection that uvloop has let go of in the moment it was made."""
    stream._stream._transport.abort()
    raise AttributeError("'NoneType' object has no attribute 'getpeername'")


@pytest.mark.anyio
@pytest.mark.asyncio_only
async def test_connection_that_is_gone_as_soon_as_it_is_made_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httpcore._backends.anyio.AnyIOStream.get_extra_info", gone)
    async with platform(http(200, LEG)) as server:
        transport = HttpxTransport(f"http://{server.space}", {}, LIMITS)
        async with client(transport, Clock()) as calling:
            answer = await calling.send(PLAY)
    assert (answer.kind, answer.code) == ("unknown", "reset")
