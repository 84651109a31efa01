"""Ending a runner in ways that no process can prepare for, and starting it again."""

import random
from pathlib import Path

import anyio
from msgspec import Struct

from tests.e2e.runner_process import ROOT, RunnerProcess

BOUNDARIES = ("begin", "insert", "commit", "committed")
_START_S = 120
"""On a machine that has much else to do."""
_DYING = Path(__file__).resolve().parent / "dying"


class Killed(Struct, kw_only=True):
    """How often, and how long it took until it answered again."""

    at_random_times: int = 0
    at_writes: int = 0
    restart_s_longest: float = 0.0

    @property
    def times(self) -> int:
        return self.at_random_times + self.at_writes


class Killer:
    """`more` are the variables with which the runner is started; where it is to die by itself is written into them."""

    def __init__(self, runner: RunnerProcess, more: dict[str, str], drawn: random.Random) -> None:
        self.killed = Killed()
        self.runner = runner
        self._more = more
        self._drawn = drawn

    async def at_any_time(self) -> None:
        self.runner.kill()
        self.killed.at_random_times += 1
        await self.start()

    async def at_a_write(self, boundary: str, count: int, *, longest_s: float = 20) -> bool:
        """Restarts it so that it dies at its so manieth write from then on; False where it did not write so often."""
        self.runner.kill()
        self._more |= {"DIE_AT": f"{boundary}:{count}", "PYTHONPATH": f"{_DYING}:{ROOT}"}
        died = True
        try:
            await self.start()
            with anyio.move_on_after(longest_s) as waiting:
                while self.runner.lives:  # noqa: ASYNC110 - a process tells nobody
                    await anyio.sleep(0.02)
            died = not waiting.cancelled_caught
        except AssertionError:
            # It died before it took a request.
            assert not self.runner.lives
        for name in ("DIE_AT", "PYTHONPATH"):
            del self._more[name]
        self.runner.close()
        self.killed.at_writes += died
        self.killed.at_random_times += not died
        await self.start()
        return died

    async def start(self) -> None:
        began_s = anyio.current_time()
        await self.runner.start(longest_s=_START_S)
        self.killed.restart_s_longest = max(self.killed.restart_s_longest, anyio.current_time() - began_s)
