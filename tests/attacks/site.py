"""A runner process with a signing key, a platform that signs, and calls that go on during everything."""

import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import anyio.abc
import httpx

from engine.exchange.options import ExchangeOptions
from engine.journal.reader import open_reader
from engine.model.ids import ControlId, inbound_run_id
from engine.wire.callback_url import token
from engine.wire.signature import sign
from tests.e2e.line import Line, commands, heard
from tests.e2e.pair import OWN_FLOWS, pair
from tests.e2e.runner_process import RunnerProcess, offhook

NUMBER, QUIET = "+15550100", "+15550101"
KEY = "PSK_attacks"
EVERY_S = 0.05
"""A call begins every 50 ms, plays a prompt and is hung up: four requests in and three commands out."""


_FEW_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Calls(NamedTuple):
    """How the calls that went on meanwhile have ended. `ms` is the longest that the runner's SWML took, and the median."""

    begun: int
    right: int
    longest_ms: float
    median_ms: float


class Stranger(NamedTuple):
    """Whoever attacks: an address of this machine that is no proxy's, or what the proxy says."""

    address: str
    forwarded: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"x-forwarded-for": self.forwarded} if self.forwarded else {}

    @property
    def head(self) -> str:
        """The beginning of a head that is written by hand."""
        return "".join(f"{name}: {value}\r\n" for name, value in {"host": "x", **self.headers}.items())

    def __str__(self) -> str:
        """As the log names it."""
        return f"{self.forwarded} through {self.address}" if self.forwarded else self.address


class Site(NamedTuple):
    platform: Line
    runner: RunnerProcess

    def url(self, call_id: str, op: str) -> str:
        """The status_url of an operation, as somebody who has got hold of it has it."""
        return "/webhooks/" + self.token(call_id, op)

    def token(self, call_id: str, op: str) -> str:
        reader = open_reader(self.runner.journal)
        reader.close()
        return token(reader.callback_key, ControlId(f"{inbound_run_id(call_id)}.{op}"))

    async def post(self, path: str, content: Any, *, by: Stranger, key: str = "") -> int:
        """The status of one request; 0: cut off."""
        headers = {**by.headers, **(sign(key, self.runner.url + path, content) if key else {})}
        transport = httpx.AsyncHTTPTransport(local_address=by.address, verify=False)  # which reads no certificates
        async with httpx.AsyncClient(transport=transport, base_url=self.runner.url, timeout=15) as client:
            try:
                return (await client.post(path, content=content, headers=headers)).status_code
            except httpx.TransportError:
                return 0

    def events(self) -> int:
        return sum(row.events for row in self.runner.rows())

    @property
    def rss_mb(self) -> float:
        pages = int(Path(f"/proc/{self.runner.pid}/statm").read_text().split()[1])
        return pages * 4096 / 1e6

    async def during(self, attack: Callable[[], Awaitable[None]], *, at_least: int = 10) -> Calls:
        """Calls are begun as long as the attack goes on, and heard to their ends."""
        begun: list[str] = []
        waits: list[float] = []
        over = anyio.Event()

        async def ring() -> None:
            while not over.is_set() or len(begun) < at_least:
                began = time.perf_counter()
                begun.append(await self.platform.ring(NUMBER))
                waits.append((time.perf_counter() - began) * 1000)
                await anyio.sleep(EVERY_S)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ring)
            await attack()
            over.set()
        ended = [await self.platform.until_ended(call_id) for call_id in begun]
        right = [one for one in ended if heard(one) == ["Hello."] and commands(one)[-1] == "calling.end"]
        well = [one for one in right if all(each["status"] == 200 for each in one["webhooks"])]
        return Calls(len(begun), len(well), max(waits), statistics.median(waits))


@asynccontextmanager
async def site(folder: Path, *, files: int | None = None, lag: str = "500ms") -> AsyncIterator[Site]:
    """`files`: so many may the runner have open, so that it has place for few connections. `lag`: how late it may be before
    it turns calls away, which others that want the machine cause as well."""
    options = ExchangeOptions(webhook_shape="envelope")
    async with pair(
        folder,
        {NUMBER: "answers", QUIET: "quiet"},
        speed=10,
        options=options,
        signing_key=KEY,
        flows=str(OWN_FLOWS),
        capacity={"lag": lag},
    ) as (platform, runner):
        if files is not None:
            runner.kill()
            await runner.start([sys.executable, "-c", _FEW_FILES, str(files), *offhook("run", runner.environment_file)])
        yield Site(platform, runner)
