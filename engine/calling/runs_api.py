"""A runner's own HTTP API, from the other side: `POST /runs`."""

from typing import Any

import httpx

from engine.calling.space import is_loopback
from engine.model.errors import ConfigurationError

_TIMEOUT_S = 15.0


def start_run(runner: str, token: str, body: dict[str, Any], key: str = "") -> tuple[int, dict[str, Any]]:
    """The status and the JSON that the runner at this URL answers with. `ConfigurationError` when there is none."""
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    try:
        # A proxy of the surroundings is for the world outside, not for this machine.
        proxies = not is_loopback(httpx.URL(runner).netloc.decode())
        response = httpx.post(
            f"{runner.rstrip('/')}/runs", json=body, headers=headers, timeout=_TIMEOUT_S, trust_env=proxies
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            f"No runner answers at {runner}: {error}", help="Start one: offhook run ENVIRONMENT_FILE."
        ) from None
    try:
        answer = response.json()
    except ValueError:
        answer = {"error": response.text[:200]}
    return response.status_code, answer if isinstance(answer, dict) else {"error": str(answer)}
