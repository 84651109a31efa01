"""How the runner is: for supervisors, load balancers and Prometheus."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.webhook.intake import Intake, Refused
from engine.webhook.keys import Keys
from engine.webhook.sources import Sources


class HealthApi:
    def __init__(self, intake: Intake, keys: Keys, sources: Sources) -> None:
        self._intake = intake
        self._keys = keys
        self._sources = sources
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
            self._sources.refused(request.scope, "request for metrics refused: its bearer token is missing or wrong")
            raise Refused(401, "Send `Authorization: Bearer` with the runner's OFFHOOK_METRICS_TOKEN.")
        self._sources.proven(request.scope)
        media_type, body = self._intake.metrics()
        return Response(body, media_type=media_type)
