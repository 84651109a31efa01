"""One process's life, from its start until all calls are over, or until it is abandoned."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.calling.client import CallingClient
from engine.calling.transport import Reply
from engine.journal.sqlite import SqliteJournal, open_journal
from engine.project.environment import Environment
from engine.runner.clock import Clock
from engine.runner.library import Library
from engine.runner.serve import Runner, running
from tests.crashes.loop import VirtualLoop
from tests.crashes.world import BEGAN_S, NUMBER, URL, World

LONGEST_S = 900.0
"""Of virtual time."""


class Dies(Struct, frozen=True, kw_only=True):
    """At the so manieth time that a task goes on, or before or after the so manieth write. 0: not there."""

    step: int = 0
    before_write: int = 0
    after_write: int = 0


class Lived(Struct, frozen=True, kw_only=True):
    steps: int
    writes: int
    abandoned: bool


class Direct:
    """The way to the platform: what is sent is carried out at once, and the answer takes a moment."""

    name = "direct"

    def __init__(self, world: World, loop: VirtualLoop) -> None:
        self._world = world
        self._loop = loop

    async def request(self, method: str, path: str, body: bytes | None) -> Reply:
        await asyncio.sleep(0.002)
        reply = self._world.request(method, path, body, self._loop.time())
        await asyncio.sleep(0.002)
        return reply

    async def aclose(self) -> None:
        """Nothing is kept open."""


class Writes:
    """Counts a journal's writes, and is where the process dies before or after one of them."""

    def __init__(self, journal: SqliteJournal, loop: VirtualLoop, dies: Dies) -> None:
        self.count = 0
        self._loop = loop
        self._dies = dies
        self._do = journal._writer._do
        journal._writer._do = self.do  # type: ignore[method-assign]

    async def do(self, job: Any) -> Any:
        self.count += 1
        if self.count == self._dies.before_write:
            await self._die()
        self._loop.busy += 1
        try:
            result = await self._do(job)
        finally:
            self._loop.busy -= 1
        if self.count == self._dies.after_write:
            await self._die()
        return result

    async def _die(self) -> None:
        self._loop.abandon()
        await asyncio.Event().wait()


async def _live(world: World, loop: VirtualLoop, journal: SqliteJournal, library: Library, flow: str) -> None:
    environment = Environment(
        name="crashes",
        space="platform.example",
        public_url=URL,
        listen=("127.0.0.1", 0),
        journal=journal.path,
        flows=Path(),
        routes={NUMBER: flow},
        project="p",
        token="t",
        api_token="secret",
        presence_ms=2_000,
    )
    clock = Clock(lambda: BEGAN_S + loop.time())
    client = CallingClient(
        project="p", token="t", space="platform.example", transport=Direct(world, loop), now_ms=clock.now_ms
    )
    async with client, running(environment, journal=journal, client=client, library=library, clock=clock) as runner:
        world.serve(loop, runner.app)
        await world.begin(loop)
        while not _over(world, runner):
            assert loop.time() < LONGEST_S, [runner.supervisor.runs[one].state for one in [*runner.supervisor.runs]]
            await asyncio.sleep(0.5)


def _over(world: World, runner: Runner) -> bool:
    """Of a call whose dial was lost the platform knows nothing."""
    ended = all(call.state == "ended" for call in world.state.calls.values())
    return ended and bool(runner.supervisor.journal.runs()) and not runner.supervisor.runs


def live(world: World, path: Path, library: Library, flow: str, dies: Dies) -> tuple[Lived, VirtualLoop, SqliteJournal]:
    """The loop and the journal are left as they are when it is abandoned."""
    loop = VirtualLoop(now_s=world.now_s, dies_at=dies.step)
    # The process dies, not the machine.
    journal = open_journal(path, synchronous="normal")
    writes = Writes(journal, loop, dies)
    main = loop.create_task(_live(world, loop, journal, library, flow))
    main.add_done_callback(lambda _: loop.stop())
    loop.run_forever()
    world.now_s = max(world.now_s, loop.time())
    if main.done():
        main.result()
    lived = Lived(steps=loop.steps, writes=writes.count, abandoned=loop.abandoned)
    return lived, loop, journal


def left_behind(path: Path, folder: Path) -> Path:
    """The journal's files as they are on the disk in this moment."""
    folder.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        if (path.parent / name).exists():
            shutil.copy(path.parent / name, folder / name)
    return folder / path.name
