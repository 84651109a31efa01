"""A server that stops while clients still come."""

import gc
import socket
import warnings
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from engine.serving.server import HttpServer, bind

pytestmark = [pytest.mark.anyio, pytest.mark.asyncio_only]
HOST = "127.0.0.1"


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    """An application that is never asked."""


@pytest.mark.parametrize("turns", range(4))
async def test_connection_that_comes_while_the_server_stops_is_not_left_open(turns: int) -> None:
    """Some turns of the loop lie between a client's connection and the server's end."""
    with warnings.catch_warnings(record=True) as warned, bind(HOST, 0) as bound, socket.socket() as client:
        warnings.simplefilter("always", ResourceWarning)
        async with anyio.create_task_group() as tasks:
            await tasks.start(HttpServer(nobody, bound).serve)
            client.connect(bound.getsockname())
            for _ in range(turns):
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        gc.collect()
    assert [str(one.message) for one in warned] == []
