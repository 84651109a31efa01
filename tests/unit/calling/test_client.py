"""The same table of what can happen to a request, over both transports."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import anyio
import httpx
import pytest

from engine.calling.client import CallingClient, Waiting
from engine.calling.over_httpx import HttpxTransport
from engine.calling.over_pyreqwest import PyreqwestTransport
from engine.calling.pace import Rates
from engine.calling.space import base_url, headers
from engine.calling.transport import Limits, Transport
from engine.model.commands import LookUpCall, SendCommand
from engine.model.ids import CallId, ControlId
from engine.wire.answers import MAX_ANSWER_BYTES
from tests.unit.calling.loopback import Does, closed_port, full_port, http, platform

PLAY = SendCommand(
    seq=1,
    command="calling.play",
    call_id=CallId("c"),
    control_id=ControlId("r.0.menu.1.1.play"),
    params={"play": []},
)
DIAL = SendCommand(seq=3, command="dial", control_id=ControlId("r.call"), params={"to": "+1"})
END = SendCommand(seq=4, command="calling.end", call_id=CallId("c"), params={"reason": "hangup"})
DENOISE = SendCommand(seq=5, command="calling.denoise", call_id=CallId("c"))
LOOK_UP = LookUpCall(seq=2, call_id=CallId("c"), segment_id="s-1")
LIMITS = Limits(connections=4, queue_ms=200, connect_ms=2_000, request_ms=2_000)
HASTY = Limits(connections=4, queue_ms=50, connect_ms=1_000, request_ms=200)

Make = Callable[[str, Limits], Transport]


@pytest.fixture(
    params=["httpx", pytest.param("pyreqwest", marks=pytest.mark.asyncio_only)],
)
def make(request: pytest.FixtureRequest) -> Make:
    kinds: dict[str, Any] = {"httpx": HttpxTransport, "pyreqwest": PyreqwestTransport}

    def of(space: str, limits: Limits) -> Transport:
        made: Transport = kinds[request.param](base_url(space), headers("project", "token"), limits, proxies=False)
        return made

    return of


class Clock:
    """Time that passes only while the client pauses."""

    def __init__(self) -> None:
        self.ms = 1_700_000_000_000
        self.pauses: list[float] = []

    def now_ms(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.ms += round(seconds * 1000)
        await anyio.lowlevel.checkpoint()


def client(transport: Transport, clock: Clock, rates: Rates | None = None) -> CallingClient:
    return CallingClient(
        project="project",
        token="token",
        space="127.0.0.1",
        transport=transport,
        rates=rates,
        now_ms=clock.now_ms,
        sleep=clock.sleep,
        rng=Random(1),
    )


LEG = b'{"id": "c", "status": null}'
ERROR = b'{"errors": [{"code": "invalid_parameter", "message": "no"}]}'
HTML = b"<html><body>Welcome to the hotel</body></html>"
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
async def test_a_repeat_that_meets_its_own_operation_is_accepted(make: Make) -> None:
    async with (
        platform(http(500), http(409, ERROR)) as server,
        client(make(server.space, LIMITS), Clock()) as calling,
    ):
        answer = await calling.send(PLAY)
    assert (answer.kind, answer.http_status) == ("accepted", 409)


BROKEN = Does(then="reset")
OVER = b'{"errors": [{"code": "cannot_update_completed", "message": "no"}]}'
CLASSES = [
    pytest.param(DIAL, [http(500)], ("unknown", 500, ""), id="never-500"),
    pytest.param(DIAL, [http(503, b"", "retry-after: 1")], ("unknown", 503, ""), id="never-503"),
    pytest.param(DIAL, [http(408)], ("unavailable", 408, ""), id="never-408"),
    pytest.param(DIAL, [BROKEN], ("unknown", 0, "reset"), id="never-reset"),
    pytest.param(DIAL, [http(429), http(200, LEG)], ("accepted", 200, ""), id="never-429"),
    pytest.param(DIAL, [http(429), http(500)], ("unknown", 500, ""), id="never-429-500"),
    pytest.param(
        SendCommand(seq=1, command="calling.later"), [http(500)], ("unknown", 500, ""), id="what-has-no-row-is-never"
    ),
    pytest.param(PLAY, [http(500), http(200, LEG)], ("accepted", 200, ""), id="while-unseen-500"),
    pytest.param(PLAY, [BROKEN], ("unknown", 0, "reset"), id="while-unseen-reset"),
    pytest.param(END, [http(500), http(200, LEG)], ("accepted", 200, ""), id="safe-500"),
    pytest.param(END, [BROKEN, http(200, LEG)], ("accepted", 200, ""), id="safe-reset"),
    pytest.param(END, [BROKEN, http(404)], ("gone", 404, ""), id="safe-reset-404"),
    pytest.param(END, [BROKEN, http(422, OVER)], ("gone", 422, "cannot_update_completed"), id="safe-reset-over"),
    pytest.param(END, [BROKEN, BROKEN, http(400, ERROR)], ("rejected", 400, "invalid_parameter"), id="safe-400"),
    pytest.param(END, [http(200, HTML)], ("unknown", 200, "not-json"), id="safe-html"),
    pytest.param(END, [BROKEN, *[http(500)] * 20], ("unknown", 0, "reset"), id="safe-in-doubt"),
    pytest.param(END, [*[http(500)] * 20], ("unavailable", 500, ""), id="safe-never-through"),
    pytest.param(DENOISE, [BROKEN, http(409, ERROR)], ("accepted", 409, "invalid_parameter"), id="safe-409"),
    pytest.param(DENOISE, [http(409, ERROR)], ("rejected", 409, "invalid_parameter"), id="safe-first-409"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("command", "script", "expected"), CLASSES)
async def test_a_commands_class_says_what_is_tried_again(
    make: Make, command: SendCommand, script: list[Does], expected: tuple[str, int, str]
) -> None:
    async with platform(*script) as server, client(make(server.space, LIMITS), Clock()) as calling:
        answer = await calling.send(command)
    assert (answer.kind, answer.http_status, answer.code) == expected
    if len(script) < 20:
        assert len(server.requests) == len(script)


@pytest.mark.anyio
async def test_a_timeout_is_tried_again_where_twice_is_once(make: Make) -> None:
    limits = Limits(connections=4, queue_ms=50, connect_ms=2_000, request_ms=300)
    async with (
        platform(Does(then="silent"), http(200, LEG)) as server,
        client(make(server.space, limits), Clock()) as calling,
    ):
        assert (await calling.send(END)).kind == "accepted"
        assert len(server.requests) == 2


@pytest.mark.anyio
async def test_a_dial_that_finds_no_connection_is_tried_again(make: Make) -> None:
    clock = Clock()
    async with client(make(f"127.0.0.1:{closed_port()}", LIMITS), clock) as calling:
        answer = await calling.send(DIAL)
    assert (answer.kind, answer.code) == ("unavailable", "unreachable")
    assert len(clock.pauses) > 5


USED_UP = [
    pytest.param(("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 4"), 4.0, id="seconds"),
    pytest.param(("RateLimit-Remaining: 0", "RateLimit-Reset: 1700000005"), 5.0, id="time"),
    pytest.param(("X-Rate-Limit-Remaining: 0", "X-Rate-Limit-Reset: 3600"), 10.0, id="no-longer-than-the-period"),
    pytest.param(("X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 4"), 0, id="something-left"),
    pytest.param(("X-RateLimit-Remaining: 0",), 0, id="no-reset"),
    pytest.param(("X-RateLimit-Limit: 13800",), 0, id="nothing-said"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("headers", "seconds"), USED_UP)
async def test_an_accepted_command_that_used_the_limit_up_holds_back_the_next(
    make: Make, headers: tuple[str, ...], seconds: float
) -> None:
    clock = Clock()
    async with (
        platform(http(200, LEG, *headers), http(200, LEG)) as server,
        client(make(server.space, LIMITS), clock) as calling,
    ):
        assert (await calling.send(PLAY)).kind == "accepted"
        assert clock.pauses == []
        assert calling.waiting == Waiting(posts=0, dials=0, held_ms=round(seconds * 1000))
        assert (await calling.send(PLAY)).kind == "accepted"
    assert clock.pauses == ([seconds] if seconds else [])


@pytest.mark.anyio
async def test_what_exceeds_the_rate_waits_its_turn(make: Make) -> None:
    clock = Clock()
    async with (
        platform(*[http(200, LEG)] * 5) as server,
        client(make(server.space, LIMITS), clock, Rates(posts=2, period_ms=10_000)) as calling,
    ):
        for _ in range(5):
            assert (await calling.send(PLAY)).kind == "accepted"
    assert clock.pauses == [10.0, 10.0]


@pytest.mark.anyio
async def test_a_command_whose_turn_would_come_too_late_is_not_sent(make: Make) -> None:
    clock = Clock()
    soon = SendCommand(seq=1, command="calling.play", not_after_ms=clock.ms + 9_999)
    async with (
        platform(http(200, LEG)) as server,
        client(make(server.space, LIMITS), clock, Rates(posts=1, period_ms=10_000)) as calling,
    ):
        await calling.send(PLAY)
        answer = await calling.send(soon)
    assert (answer.kind, answer.code) == ("unavailable", "too-late")
    assert clock.pauses == []


@pytest.mark.anyio
async def test_dials_go_one_a_second_and_keep_nobody_else_waiting(make: Make) -> None:
    clock = Clock()
    seen: list[Waiting] = []

    async def sleep(seconds: float) -> None:
        # While a dial waits, a live call's command goes.
        seen.append(calling.waiting)
        assert (await calling.send(PLAY)).kind == "accepted"
        await clock.sleep(seconds)

    async with platform(*[http(200, LEG)] * 4) as server:
        calling = client(make(server.space, LIMITS), clock, Rates())
        calling._dials._sleep = sleep
        async with calling:
            assert (await calling.send(DIAL)).kind == "accepted"
            assert (await calling.send(DIAL)).kind == "accepted"
    assert clock.pauses == [1.0]
    assert seen == [Waiting(posts=0, dials=1, held_ms=0)]
    assert [b'"dial"' in request for request in server.requests] == [True, False, True]


@pytest.mark.anyio
async def test_a_dial_for_which_the_budget_has_no_room_is_held(make: Make) -> None:
    clock = Clock()
    async with (
        platform(http(200, LEG)) as server,
        client(make(server.space, LIMITS), clock, Rates(dials_per_s=0.01)) as calling,
    ):
        await calling.send(DIAL)
        answer = await calling.send(DIAL)
    assert (answer.kind, answer.http_status, answer.code) == ("unavailable", 429, "held")
    assert clock.pauses == []
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_a_refusal_without_a_time_holds_back_all_as_long_as_itself(make: Make) -> None:
    clock = Clock()
    held: list[int] = []

    async def sleep(seconds: float) -> None:
        held.append(calling.waiting.held_ms)
        await clock.sleep(seconds)

    async with platform(http(429, b""), http(200, LEG)) as server:
        calling = client(make(server.space, LIMITS), clock)
        calling._sleep = sleep
        async with calling:
            assert (await calling.send(PLAY)).kind == "accepted"
    assert held == [round(clock.pauses[0] * 1000)]


@pytest.mark.anyio
async def test_a_wait_beyond_the_budget_is_not_waited(make: Make) -> None:
    clock = Clock()
    async with (
        platform(http(429, ERROR, "retry-after: 60")) as server,
        client(make(server.space, LIMITS), clock) as calling,
    ):
        answer = await calling.send(PLAY)
        held = await calling.send(PLAY)
    assert (answer.kind, answer.http_status, answer.code) == ("unavailable", 429, "invalid_parameter")
    assert (held.kind, held.code) == ("unavailable", "held")
    assert len(server.requests) == 1
    assert clock.pauses == []


@pytest.mark.anyio
async def test_a_rate_limit_met_by_one_holds_back_the_others(make: Make) -> None:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        # While the first waits, a second one comes.
        clock.pauses.append(seconds)
        if len(clock.pauses) == 1:
            assert (await calling.send(PLAY)).kind == "accepted"
        clock.ms += round(seconds * 1000)

    async with platform(http(429, b"", "retry-after: 2"), http(200), http(200)) as server:
        calling = client(make(server.space, LIMITS), clock)
        calling._sleep = sleep
        async with calling:
            assert (await calling.send(PLAY)).kind == "accepted"
    assert [pause >= 2 for pause in clock.pauses] == [True, True]
    assert len(server.requests) == 3


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
