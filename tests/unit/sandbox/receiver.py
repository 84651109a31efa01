"""A flow runner's HTTP side, as small as a test needs it: SWML on request, webhooks kept in order."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import anyio
import anyio.abc

PARKED: dict[str, Any] = {
    "version": "1.0.0",
    "sections": {"main": [{"answer": {}}, {"sleep": {"duration": -1}}]},
}


class Receiver:
    """`requests` are (path, headers, raw body). A path that begins with /swml is answered with `document`."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.document: Any = PARKED
        self.status = 200
        self.url = ""
        self._arrived = anyio.Event()

    @property
    def hooks(self) -> list[dict[str, Any]]:
        return [json.loads(body) for path, _, body in self.requests if path.startswith("/hook")]

    @property
    def words(self) -> list[str]:
        """The word of each webhook: its state, its result's type, or the call's state."""
        return [word(hook) for hook in self.hooks]

    async def until(self, ready: Callable[[Self], bool]) -> None:
        with anyio.fail_after(5):
            while not ready(self):
                await self._arrived.wait()

    async def serve(self, stream: anyio.abc.ByteStream) -> None:
        async with stream:
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    try:
                        buffer += await stream.receive()
                    except (anyio.EndOfStream, anyio.BrokenResourceError):
                        return
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                first, *lines = head.decode().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                length = int(headers.get("content-length", "0"))
                while len(buffer) < length:
                    buffer += await stream.receive()
                body, buffer = buffer[:length], buffer[length:]
                await stream.send(self._answer(first.split(" ")[1], headers, body))

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        self.requests.append((path, headers, body))
        self._arrived.set()
        self._arrived = anyio.Event()
        content = json.dumps(self.document).encode() if path.startswith("/swml") else b"{}"
        return f"HTTP/1.1 {self.status} OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def word(hook: dict[str, Any]) -> str:
    found = hook.get("result", {}).get("type") or hook.get("state") or hook.get("call_state")
    return str(found)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    receiver.url = f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}"
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, receiver.serve)
        yield receiver
        tasks.cancel_scope.cancel()
