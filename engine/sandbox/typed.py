"""Lines from a terminal or a pipe, without blocking the event loop or the end of the process."""

import os
import threading
from collections.abc import AsyncIterator
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.from_thread import BlockingPortal
from anyio.streams.memory import MemoryObjectSendStream

CHUNK = 4_096
MAX_WAITING = 1_000
"""Lines that may wait to be taken; more stay in the pipe."""


@asynccontextmanager
async def typed_lines(descriptor: int = 0) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a file descriptor (default: standard input) as they come, until its end.

    A daemon thread reads the descriptor itself: no worker thread that the loop would wait for, and
    no lock of `sys.stdin` that would be held when the process ends in the middle of a line.
    """
    send, receive = anyio.create_memory_object_stream[str](MAX_WAITING)
    async with BlockingPortal() as portal:
        with send, receive:
            threading.Thread(target=_read, args=(descriptor, portal, send), daemon=True).start()
            yield receive
        await portal.stop(cancel_remaining=True)


def _read(descriptor: int, portal: BlockingPortal, send: MemoryObjectSendStream[str]) -> None:
    # RuntimeError and cancellation: the phone was put down while this was reading.
    with suppress(RuntimeError, CancelledError, anyio.BrokenResourceError, OSError):
        rest = b""
        while chunk := os.read(descriptor, CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                portal.call(send.send, _text(line))
        if rest:
            portal.call(send.send, _text(rest))
    with suppress(RuntimeError, CancelledError):
        portal.call(send.aclose)


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")
