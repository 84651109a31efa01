"""A sandbox and a runner in one process, speaking real HTTP over loopback: for the demo, the phone and tests."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from msgspec import Struct

from engine.calling.client import CallingClient
from engine.exchange.options import ExchangeOptions
from engine.journal.base import Journal
from engine.journal.memory import MemoryJournal
from engine.journal.sealing import new_key
from engine.journal.sqlite import open_journal
from engine.model.errors import ConfigurationError
from engine.model.limits import PRESENCE_MS
from engine.project.environment import Environment, Fetching
from engine.project.flows import FlowFile
from engine.runner.library import Library, library_of
from engine.runner.serve import Runner, running
from engine.sandbox.service import Sandbox
from engine.serving.server import HttpServer, bind

_HOST = "127.0.0.1"
API_TOKEN = "stage"


class Stage(Struct, frozen=True):
    sandbox: Sandbox
    runner: Runner
    runner_url: str
    journal: Journal


@asynccontextmanager
async def stage(
    flows: Iterable[FlowFile],
    *,
    routes: Mapping[str, str],
    uses: Mapping[str, Any] | None = None,
    journal: Path | None = None,
    options: ExchangeOptions | None = None,
    outbound_from: str = "+15550199",
    speed: float = 1.0,
    fetch: Fetching | None = None,
    secret_key: str = "",
    presence_ms: int = PRESENCE_MS,
) -> AsyncIterator[Stage]:
    """Serves the flows on free ports; `routes` map numbers to flows. Without `journal` it is kept in memory.
    `fetch` is what the flows may fetch from; a flow that fetches elsewhere is served, and its fetch refused.
    `secret_key` (default: a new one) seals what is kept of secret and private values.

    `ConfigurationError` for a flow that does not compile or whose `uses` are not bound.
    """
    library = _library(flows, uses or {})
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bind(_HOST, 0))
        url = f"http://{_HOST}:{bound.getsockname()[1]}"
        numbers = dict.fromkeys(routes, f"{url}/calls/inbound")
        sandbox = await stack.enter_async_context(Sandbox(numbers=numbers, options=options, speed=speed))
        environment = Environment(
            name="stage",
            space=f"{sandbox.host}:{sandbox.port}",
            public_url=url,
            listen=(_HOST, 0),
            journal=journal or Path(),
            flows=Path(),
            routes=routes,
            uses=uses or {},
            fetch=fetch or Fetching(),
            outbound_from=outbound_from,
            project=sandbox.project,
            token=sandbox.token,
            api_token=API_TOKEN,
            secret_key=secret_key or new_key(),
            presence_ms=presence_ms,
        )
        opened: Journal = stack.enter_context(open_journal(journal)) if journal else MemoryJournal()
        client = await stack.enter_async_context(
            CallingClient(project=environment.project, token=environment.token, space=environment.space)
        )
        runner = await stack.enter_async_context(running(environment, journal=opened, client=client, library=library))
        tasks = await stack.enter_async_context(anyio.create_task_group())
        server = HttpServer(runner.app, bound, shortcut=runner.app.shortcut)
        await tasks.start(server.serve)
        try:
            yield Stage(sandbox, runner, url, opened)
        finally:
            server.stop()
            tasks.cancel_scope.cancel()


def _library(flows: Iterable[FlowFile], uses: Mapping[str, Any]) -> Library:
    library = library_of(flows, uses)
    problems = [line for lines in library.problems.values() for line in lines]
    if problems:
        raise ConfigurationError("\n".join(problems))
    return library
