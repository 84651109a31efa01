"""A runner's own HTTP API, from the other side."""

import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
from msgspec import Struct

from engine.calling.retries import asked_ms
from engine.calling.space import is_loopback
from engine.model.errors import ConfigurationError

_TIMEOUT_S = 15.0


class Told(Struct, frozen=True):
    """The runner's answer: HTTP's status, the JSON object, how long it asks to wait (0: it does not say), and whether the
    run was there already."""

    status: int
    answer: dict[str, Any]
    wait_s: float = 0
    known: bool = False

    @property
    def no_call(self) -> str:
        """Of a run that was there already: why it ended, if no call is known to have come of it."""
        return str(self.answer.get("no_call", ""))

    @property
    def error(self) -> str:
        return str(self.answer.get("error", self.answer))


class NoRunner(ConfigurationError):
    """Nobody answers at the URL, or not as HTTP."""


class RunsApi:
    """Of the runner at this URL. Every method may raise `NoRunner`."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        try:
            # A proxy of the surroundings is for the world outside, not for this machine.
            proxies = not is_loopback(httpx.URL(url).netloc.decode())
        except httpx.InvalidURL as error:
            raise _none(url, error) from None
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(headers=headers, timeout=_TIMEOUT_S, trust_env=proxies)

    def start(self, body: dict[str, Any], key: str = "") -> Told:
        """Asks for a run; the same `key` is the same run."""
        return self._ask("POST", "/runs", body, {"Idempotency-Key": key} if key else {})

    def cancel(self, run: str) -> Told:
        return self._ask("POST", f"/runs/{quote(run, safe='')}/cancel")

    def flow(self, name: str) -> Told:
        """What the flow wants to be given."""
        return self._ask("GET", f"/flows/{quote(name, safe='')}")

    def _ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Told:
        try:
            response = self._client.request(method, f"{self._url}{path}", json=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _none(self._url, error) from None
        return _told(response)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._client.close()


def _told(response: httpx.Response) -> Told:
    try:
        answer = response.json()
    except ValueError:
        answer = {"error": response.text[:200]}
    return Told(
        response.status_code,
        answer if isinstance(answer, dict) else {"error": str(answer)},
        asked_ms(response.headers, int(time.time() * 1000)) / 1000,
        response.headers.get("idempotent-replayed") == "true",
    )


def _none(url: str, error: Exception) -> NoRunner:
    return NoRunner(f"No runner answers at {url}: {error}", help="Start one: offhook run ENVIRONMENT_FILE.")
