"""A runner in this process behind real HTTP, whose time runs a hundred times as fast."""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import httpx
import pytest

from engine.calling.client import CallingClient
from engine.calling.pace import Rates
from engine.calling.transport import Limits
from engine.journal.base import Journal, RunRow
from engine.journal.memory import MemoryJournal
from engine.project import flows
from engine.project.environment import Environment
from engine.runner import alarms
from engine.runner.clock import Clock
from engine.runner.library import library_of
from engine.runner.serve import Runner, running
from engine.serving.server import HttpServer, bind
from tests.e2e.ports import HOST

SPEED = 100
API_TOKEN = "runs-please"


class Hosted(NamedTuple):
    runner: Runner
    client: httpx.AsyncClient
    journal: Journal

    async def arrive(self, call_id: str, to: str) -> httpx.Response:
        """The platform asks for the SWML of a call."""
        call = {"call_id": call_id, "segment_id": call_id, "from": "+15550177", "to": to}
        return await self.client.post("/calls/inbound", json={"call": call})

    async def until_ended(self, call_id: str, *, longest_s: float = 20) -> RunRow:
        rows: dict[str, RunRow] = {}
        with anyio.move_on_after(longest_s):
            while True:
                rows = {row.call_id: row for row in self.journal.runs(limit=1000)}
                if call_id in rows and rows[call_id].status == "ended":
                    return rows[call_id]
                await anyio.sleep(0.01)
        raise AssertionError(rows.get(call_id, "no such run"))


@asynccontextmanager
async def hosted(
    monkeypatch: pytest.MonkeyPatch,
    files: Iterable[Path],
    routes: Mapping[str, str],
    *,
    space: str,
    speed: float = SPEED,
    journal: Journal | None = None,
    api_token: str = API_TOKEN,
    request_ms: int = 200,
    began_s: float | None = None,
    set_by: Callable[[], float] = lambda: 0.0,
    **environment: Any,
) -> AsyncIterator[Hosted]:
    """`request_ms` bounds an attempt, and is not hurried. `began_s` is the Unix time of the beginning, now unless told;
    `set_by` says by how many seconds the wall's clock has been set meanwhile."""
    began_at_s = time.monotonic()
    first_s = time.time() if began_s is None else began_s

    def passed_s() -> float:
        return (time.monotonic() - began_at_s) * speed

    clock = Clock(lambda: first_s + passed_s() + set_by(), passed_s)
    wait = alarms._wait

    async def hurry(event: anyio.Event, at_most_s: float | None) -> None:
        await wait(event, None if at_most_s is None else at_most_s / speed)

    async def sleep(seconds: float) -> None:
        await anyio.sleep(seconds / speed)

    monkeypatch.setattr(alarms, "_wait", hurry)
    uses = environment.get("uses", {})
    library = library_of([flows.read(file, uses) for file in files], uses)
    assert not library.problems, library.problems
    kept = journal or MemoryJournal()
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bind(HOST, 0))
        url = f"http://{HOST}:{bound.getsockname()[1]}"
        settings = Environment(
            name="hosted",
            space=space,
            public_url=url,
            listen=(HOST, 0),
            journal=Path(),
            flows=Path(),
            routes=routes,
            project="p",
            token="t",
            api_token=api_token,
            most_lag_ms=60_000,  # A busy machine is no reason to turn calls away here.
            **environment,
        )
        client = await stack.enter_async_context(
            CallingClient(
                project="p",
                token="t",
                space=space,
                limits=Limits(request_ms=request_ms),
                rates=Rates(dials_per_s=settings.dials_per_s) if settings.dials_per_s else None,
                now_ms=clock.now_ms,
                sleep=sleep,
            )
        )
        runner = await stack.enter_async_context(
            running(settings, journal=kept, client=client, library=library, clock=clock)
        )
        tasks = await stack.enter_async_context(anyio.create_task_group())
        server = HttpServer(runner.app, bound, shortcut=runner.app.shortcut)
        await tasks.start(server.serve)
        async with httpx.AsyncClient(base_url=url, timeout=15, trust_env=False) as caller:
            yield Hosted(runner, caller, kept)
        server.stop()
        tasks.cancel_scope.cancel()
