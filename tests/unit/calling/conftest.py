"""Every test of the client runs over both transports."""

from typing import Any

import pytest

from engine.calling.over_httpx import HttpxTransport
from engine.calling.over_pyreqwest import PyreqwestTransport
from engine.calling.space import base_url, headers
from engine.calling.transport import Limits, Transport
from tests.unit.calling.clients import Make


@pytest.fixture(
    params=["httpx", pytest.param("pyreqwest", marks=pytest.mark.asyncio_only)],
)
def make(request: pytest.FixtureRequest) -> Make:
    kinds: dict[str, Any] = {"httpx": HttpxTransport, "pyreqwest": PyreqwestTransport}

    def of(space: str, limits: Limits) -> Transport:
        made: Transport = kinds[request.param](base_url(space), headers("project", "token"), limits, proxies=False)
        return made

    return of
