"""How the runner is: for supervisors, load balancers and Prometheus."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.webhook.intake import Intake, Refused
from engine.webhook.keys import Keys


class HealthApi:
    """`proven` is called with every request that has a token."""

    def __init__(self, intake: Intake, keys: Keys, proven: Callable[[Request], None]) -> None:
        self._intake = intake
        self._keys = keys
        self._proven = proven
        self.routes = [
            Route("/healthz", self._healthz, methods=["GET"]),
            Route("/readyz", self._readyz, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
        ]

    async def _healthz(self, request: Request) -> Response:
        alive = self._intake.alive()
        return JSONResponse({"alive": alive}, 200 if alive else 503)

    async def _readyz(self, request: Request) -> Response:
        ready, facts = self._intake.status()
        return JSONResponse({"ready": ready, **facts}, 200 if ready else 503)

    async def _metrics(self, request: Request) -> Response:
        if not self._keys.open_metrics(request):
            raise Refused(401, "Send `Authorization: Bearer` with the runner's OFFHOOK_METRICS_TOKEN.")
        self._proven(request)
        media_type, body = self._intake.metrics()
        return Response(body, media_type=media_type)
