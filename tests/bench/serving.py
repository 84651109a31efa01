"""How the compared applications are served: by the runner's own server, on a port that they print."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.serving.server import HttpServer, bind

Handler = Callable[[Request], Awaitable[Response]]
Application = Callable[[str], tuple[Handler, Handler]]
"""Given the URL that it is reached under, what takes an inbound call, and what takes a webhook."""


async def serve(application: Application, note: str = "-") -> None:
    """Serve until killed. The note goes with the port."""
    bound = bind("127.0.0.1", 0)
    host, port = bound.getsockname()
    inbound, webhook = application(f"http://{host}:{port}")
    routes = [
        Route("/webhooks/{token}", webhook, methods=["POST"]),
        Route("/calls/inbound", inbound, methods=["POST"]),
    ]
    print(port, note, flush=True)
    await HttpServer(Starlette(routes=routes), bound).serve()
