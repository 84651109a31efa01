"""uvicorn inside our own task group: on a socket that is bound already, without signal handlers or logging.

asyncio only, as uvicorn is.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import anyio
import anyio.lowlevel
import uvicorn
from anyio.abc import TaskStatus

from engine.model.errors import ConfigurationError
from engine.serving.door import Door, Limits
from engine.serving.shortcut import Shortcut
from engine.serving.tally import Tally

_BACKLOG = 2048
_GRACE_S = 1
_TURNS = 5
_WHY = {
    errno.EADDRINUSE: "Is another process listening there? Stop it, or choose another port.",
    errno.EADDRNOTAVAIL: "That is no address of this machine: name one of its own, or 0.0.0.0 for all of them.",
    errno.EACCES: "Ports below 1024 are the system's: choose a higher one, and let what stands in front have that one.",
}


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, so that a port in use is known before anything else begins. Port 0 takes a free one.

    The protocol is named because asyncio switches Nagle's delay off only where it is; without that
    every second answer on a kept connection takes 40 ms more.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Listening at once: on Linux two sockets may be bound to one port until one of them listens.
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            help=_WHY.get(error.errno or 0, "Choose another address."),
        ) from None
    return bound


class HttpServer:
    """Serves an ASGI application on a socket from `bind`. `url` is where, `door` knows the connections; what it refuses
    goes to the tally `refused`. What `shortcut` takes, `app` never sees."""

    def __init__(
        self,
        app: Any,
        bound: socket.socket,
        limits: Limits | None = None,
        refused: Tally | None = None,
        *,
        shortcut: Shortcut | None = None,
    ) -> None:
        host, port = bound.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.door = Door(limits, refused)
        self._socket = bound
        self._server = _Server(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                date_header=False,
                backlog=_BACKLOG,
                timeout_graceful_shutdown=_GRACE_S,
                **_connections(self.door, shortcut),
            )
        )

    async def serve(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Serves until `stop`, or until cancelled; reports when the first request would be answered."""
        config = self._server.config
        config.load()
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(sockets=[self._socket])
        task_status.started()
        try:
            await self._server.main_loop()
        finally:
            with anyio.CancelScope(shield=True):
                await self._accept_no_more()
                await self._server.shutdown(sockets=[self._socket])
                await self._drop_connections()

    async def _accept_no_more(self) -> None:
        """asyncio loses a connection, open as it is, that was accepted in the last turn before its server is closed. So
        nothing more is accepted first, and what was becomes a connection."""
        loop = asyncio.get_running_loop()
        for server in self._server.servers:
            for listening in server.sockets:
                loop.remove_reader(listening.fileno())
        await anyio.lowlevel.checkpoint()

    async def _drop_connections(self) -> None:
        """What came in while the server was stopping, or would not end, is not left open. What was accepted takes some
        turns of the loop until it is a connection."""
        for _ in range(_TURNS):
            for connection in list(self._server.server_state.connections):
                transport = getattr(connection, "transport", None)
                if transport is not None:
                    transport.abort()
            await anyio.lowlevel.checkpoint()

    def stop(self) -> None:
        self._server.should_exit = True


def _connections(door: Door, shortcut: Shortcut | None) -> dict[str, Any]:
    """Without httptools (Windows) uvicorn's own connections serve, which are for trying things out."""
    if find_spec("httptools") is None:
        return {}
    from engine.serving.protocol import uvicorn_settings

    return uvicorn_settings(door, shortcut)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
