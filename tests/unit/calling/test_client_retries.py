"""What is tried again, by the class of the command and by what happened."""

import pytest

from engine.calling.transport import Limits
from engine.model.commands import SendCommand
from tests.unit.calling.clients import (
    DENOISE,
    DIAL,
    END,
    ERROR,
    HTML,
    LEG,
    LIMITS,
    PLAY,
    Clock,
    Make,
    client,
)
from tests.unit.calling.loopback import Does, closed_port, http, platform


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
IN_USE = b'{"errors": [{"code": "control_id_in_use", "message": "no"}]}'
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
    pytest.param(
        PLAY, [http(500), http(422, IN_USE)], ("accepted", 422, "control_id_in_use"), id="while-unseen-in-use"
    ),
    pytest.param(PLAY, [http(422, IN_USE)], ("rejected", 422, "control_id_in_use"), id="while-unseen-first-in-use"),
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


@pytest.mark.anyio
async def test_what_is_in_doubt_keeps_the_runs_next_command_waiting_no_longer_than_half_the_budget(make: Make) -> None:
    clock = Clock()
    started = clock.ms
    async with platform(*[BROKEN] * 20) as server, client(make(server.space, LIMITS), clock) as calling:
        answer = await calling.send(END)
    assert (answer.kind, answer.code) == ("unknown", "reset")
    assert 10_000 < clock.ms - started <= 15_000
