"""The space's rates, as the client keeps them and as the platform tells them."""

import pytest

from engine.calling.client import Waiting
from engine.calling.pace import Rates
from engine.model.commands import SendCommand
from tests.unit.calling.clients import (
    DIAL,
    ERROR,
    LEG,
    LIMITS,
    PLAY,
    Clock,
    Make,
    client,
)
from tests.unit.calling.loopback import http, platform

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
async def test_a_full_queue_of_dials_holds_back_dials_alone(make: Make) -> None:
    clock = Clock()
    full = b'{"errors": [{"code": "max_queued_calls_exceeded"}]}'

    async def sleep(seconds: float) -> None:
        assert calling.waiting.held_ms == 0
        assert (await calling.send(PLAY)).kind == "accepted"
        await clock.sleep(seconds)

    async with platform(http(429, full), http(200, LEG), http(200, LEG)) as server:
        calling = client(make(server.space, LIMITS), clock)
        calling._sleep = sleep
        async with calling:
            assert (await calling.send(DIAL)).kind == "accepted"
    assert len(server.requests) == 3
    assert len(clock.pauses) == 1
