"""A platform and one runner process that answers its numbers: what most tests here begin with."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from engine.exchange.options import ExchangeOptions
from tests.e2e.line import Line, line
from tests.e2e.ports import HOST, reserved
from tests.e2e.runner_process import RunnerProcess, runner_process

OWN_FLOWS = Path(__file__).resolve().parent / "flows"


class Pair(NamedTuple):
    platform: Line
    runner: RunnerProcess


@asynccontextmanager
async def pair(
    folder: Path,
    routes: Mapping[str, str],
    *,
    speed: float = 4,
    tries: int = 1,
    options: ExchangeOptions | None = None,
    signing_key: str = "",
    more: Mapping[str, str] | None = None,
    **document: Any,
) -> AsyncIterator[Pair]:
    """`routes` map numbers to flows; `document` are keys of the environment file, the rest is the sandbox's."""
    with reserved() as port:
        numbers = dict.fromkeys(routes, f"http://{HOST}:{port}/calls/inbound")
        more = {"SIGNALWIRE_SIGNING_KEY": signing_key, **(more or {})}
        async with (
            line(numbers, speed=speed, tries=tries, options=options, signing_key=signing_key) as platform,
            runner_process(folder, platform.space, port=port, routes=dict(routes), more=more, **document) as runner,
        ):
            yield Pair(platform, runner)
