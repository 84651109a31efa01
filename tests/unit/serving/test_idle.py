"""How long a connection is kept that has nothing to say: from its last answer on, by one timer. The time is made up."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from msgspec import Struct
from uvicorn import Config
from uvicorn.server import ServerState

from engine.serving.door import Door, Limits
from engine.serving.protocol import Connection, guarded_by
from engine.serving.shortcut import Answer, Scope, Taker

IDLE_S = 75.0
ANSWER_S = Limits().answer_s
POST = b"POST /short HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"


class Timer(Struct):
    at_s: float
    call: Callable[[], None] | None

    def cancel(self) -> None:
        self.call = None


class Clock:
    """What a connection asks of its event loop. `timers` are all that were ever set."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now_s

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now_s + seconds, call))
        return self.timers[-1]

    def passes(self, seconds: float) -> None:
        until_s = self.now_s + seconds
        while due := [one for one in self.timers if one.call is not None and one.at_s <= until_s]:
            first = min(due, key=lambda one: one.at_s)
            self.now_s, call, first.call = first.at_s, first.call, None
            assert call is not None
            call()
        self.now_s = until_s


class Wire(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[bytes] = []
        self.gone = self.aborted = False
        self.unsent = 0

    def write(self, data: Any) -> None:
        self.said.append(bytes(data))

    def is_closing(self) -> bool:
        return self.gone

    def abort(self) -> None:
        self.gone = self.aborted = True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def close(self) -> None:
        self.gone = True

    def pause_reading(self) -> None:
        """Whoever writes here looks at nothing else."""

    def resume_reading(self) -> None:
        """Likewise."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default


class Line:
    """A connection whose requests all take the shortcut, and are answered at once, or not (`waiting`)."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.clock, self.wire, self.at_once = Clock(), Wire(), at_once
        self.waiting: list[Answer] = []
        config = Config(cast(Any, None), lifespan="off", ws="none", log_config=None)
        config.load()
        self.door = Door(Limits(idle_s=IDLE_S))
        made = cast(Any, guarded_by(self.door, self._shortcut))
        self.connection: Connection = made(
            config=config, server_state=ServerState(), app_state={}, _loop=cast(Any, self.clock)
        )
        self.connection.timeout_keep_alive = cast(Any, IDLE_S)
        self.connection.connection_made(self.wire)

    def post(self) -> None:
        self.connection.data_received(POST)

    def _shortcut(self, scope: Scope) -> Taker:
        def take(body: bytes, answer: Answer) -> None:
            if self.at_once:
                answer(200, body)
            else:
                self.waiting.append(answer)

        return take


def test_time_is_counted_from_the_last_answer() -> None:
    line = Line()
    for _ in range(4):
        line.post()
        line.clock.passes(IDLE_S - 1)
        assert not line.wire.gone
    line.clock.passes(1)
    assert line.wire.gone
    assert len(line.wire.said) == 4


def test_requests_one_after_the_other_share_a_timer() -> None:
    line = Line()
    for _ in range(100):
        line.post()
    assert len([timer for timer in line.clock.timers if timer.call is not None]) == 1
    assert len(line.clock.timers) == 2  # The first was for its first request to come.


def test_request_that_waits_for_its_answer_is_not_idle_and_is_afterwards() -> None:
    line = Line()
    line.post()
    line.at_once = False
    line.post()
    line.clock.passes(10 * IDLE_S)
    assert not line.wire.gone
    line.waiting.pop()(200, b"{}")
    line.clock.passes(IDLE_S - 1)
    assert not line.wire.gone
    line.clock.passes(1)
    assert line.wire.gone


def test_connection_that_is_lost_leaves_no_timer() -> None:
    line = Line()
    line.post()
    line.connection.connection_lost(ConnectionResetError())
    assert all(timer.call is None for timer in line.clock.timers)


@pytest.mark.parametrize("sent", [b"\r\n", b"POST"])
def test_what_is_no_request_keeps_nobody(sent: bytes) -> None:
    line = Line()
    line.post()
    line.connection.data_received(sent)
    line.clock.passes(IDLE_S)
    assert line.wire.gone


def test_answers_are_waited_for_so_long_and_a_reader_has_all_the_time_anew() -> None:
    line = Line()
    for _ in range(3):
        line.post()
        line.connection.pause_writing()
        line.clock.passes(ANSWER_S - 1)
        assert not line.wire.gone
        line.connection.resume_writing()
    line.connection.pause_writing()
    line.clock.passes(ANSWER_S)
    assert line.wire.gone


def test_last_answer_that_is_not_read_is_not_waited_for_either() -> None:
    """A connection that is closing is gone when all is sent: with nobody who reads, never."""
    line = Line()
    line.wire.unsent = 10_000
    line.connection.data_received(POST.replace(b"host: x", b"connection: close"))
    assert (line.wire.gone, line.wire.aborted) == (True, False)
    line.clock.passes(ANSWER_S)
    assert line.wire.aborted


def test_connection_that_is_closed_with_all_said_leaves_no_timer() -> None:
    line = Line()
    line.connection.data_received(POST.replace(b"host: x", b"connection: close"))
    line.connection.connection_lost(None)
    assert [timer for timer in line.clock.timers if timer.call is not None] == []


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\n\r\n"])
def test_end_of_a_line_behind_a_request_is_no_head(end: bytes) -> None:
    """Some send one behind a body."""
    line = Line()
    line.post()
    line.connection.data_received(end)
    line.clock.passes(IDLE_S - 1)
    assert not line.wire.gone
    line.post()
    line.connection.data_received(end)
    line.clock.passes(IDLE_S)
    assert line.wire.gone
    assert line.door.refused.total == {}


def test_ends_of_lines_without_end_are_too_large_and_those_alone_are_no_request() -> None:
    line = Line()
    line.connection.data_received(b"\r\n")
    line.clock.passes(Limits().head_s)
    assert line.wire.gone
    assert line.door.refused.total == {"connection closed: no request came": 1}
    line = Line()
    line.post()
    line.connection.data_received(b"\r\n" * 20_000)
    assert line.door.refused.total == {"request refused: its headers are too large": 1}


def test_head_behind_the_end_of_a_line_is_waited_for_as_any() -> None:
    line = Line()
    line.post()
    line.connection.data_received(b"\r\n")
    line.clock.passes(40)
    line.connection.data_received(b"POST /sh")
    line.clock.passes(Limits().head_s)
    assert line.door.refused.total == {"connection closed: its request's head does not come to its end": 1}
