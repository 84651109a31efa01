"""Answers that nobody reads."""

import asyncio
import gc
from contextlib import suppress
from typing import Any

import anyio
import pytest
from anyio.abc import SocketStream

from engine.serving.server import HttpServer
from tests.unit.serving.served import GET, MUCH, SHORT, connected, server

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
UNREAD = "connection closed: its answers are not read"


async def unread(to: HttpServer) -> SocketStream:
    """A connection on which more is answered than lies between here and there, and on that a second answer waits."""
    stream = await connected(to)
    await stream.send(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n" + GET)
    await anyio.sleep(SHORT / 2)
    return stream


async def test_answers_that_nobody_reads_are_waited_for_and_then_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    """And the connection goes quietly, at once or when the server stops: its task hangs in the midst of an answer."""
    async with server(answer_s=SHORT) as to, await unread(to):
        with anyio.fail_after(5):
            while len(to.door):  # noqa: ASYNC110 - it is closed by the time that passes
                await anyio.sleep(SHORT / 5)
        assert to.door.refused.total == {UNREAD: 1}
    assert [record.getMessage() for record in caplog.records] == [f"{UNREAD}, from 127.0.0.1"]


async def test_answers_that_are_read_late_all_come() -> None:
    async with server() as to, await unread(to) as stream:
        await stream.send(b"GET /ok HTTP/1.1\r\nconnection: close\r\n\r\n")
        got = 0
        with anyio.fail_after(5), suppress(anyio.EndOfStream):
            while True:
                got += len(await stream.receive())
        assert got > MUCH
        assert to.door.refused.total == {}


@pytest.mark.parametrize("uvloop", [False, True])
def test_a_stop_is_quiet_while_answers_wait_that_nobody_reads(uvloop: bool) -> None:
    """With requests behind the one whose answer waits, of which uvicorn knows the last alone; uvloop's connections, once
    closed, raise where something is written."""
    said: list[Any] = []

    async def stopped() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        async with server() as to, await unread(to) as stream:
            await stream.send(GET * 50)
            await anyio.sleep(SHORT)
            to.stop()
            with anyio.fail_after(5):
                while len(to.door):  # noqa: ASYNC110 - nothing else tells
                    await anyio.sleep(SHORT / 5)
        gc.collect()

    if uvloop:
        pytest.importorskip("uvloop")
    anyio.run(stopped, backend_options={"use_uvloop": uvloop})
    assert said == []
