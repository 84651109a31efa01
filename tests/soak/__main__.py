"""Calls for a set time to two runners, of which one is killed again and again: `python -m tests.soak`.

Prints one JSON object, ratios first; progress goes to stderr. Exit status 1 when it has not passed: `why_not` says
what was lost, came twice, ended wrongly, grew, or was not measured, as the time was too short.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio
import msgspec

from tests.bench import machine
from tests.e2e.ports import reserved
from tests.soak.audit import Counts
from tests.soak.killing import BOUNDARIES, Killer
from tests.soak.site import Called, site
from tests.soak.watch import Watch

_FIRST_MINUTE_S = 60.0
_SETTLE_S = 90.0
_GROWTH = 1.10
"""Memory at the end, to that after the first minute."""


class Soak:
    """`killed` is the runner that is killed, `steady` the one whose memory is looked at."""

    def __init__(
        self, killed: Called, killer: Killer, steady: Called, drawn: random.Random, wanted: argparse.Namespace
    ) -> None:
        self.killer = killer
        self.watches = {"killed": Watch(killed), "steady": Watch(steady)}
        self.memory: list[tuple[float, int]] = []
        self.begun = 0
        self._calls = (killed, steady)
        self._steady = steady
        self._drawn = drawn
        self._wanted = wanted
        self._began_s = time.monotonic()

    async def run(self) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._look)
            with anyio.move_on_after(self._wanted.minutes * 60):
                async with anyio.create_task_group() as load:
                    for called in self._calls:
                        load.start_soon(self._call, called)
                    load.start_soon(self._kill)
            if not self.killer.runner.lives:
                await self.killer.start()
            say("no more calls; the last ones end")
            with anyio.move_on_after(_SETTLE_S):
                while any(watch.waits_for for watch in self.watches.values()):  # noqa: ASYNC110 - nobody tells
                    await anyio.sleep(0.2)
            tasks.cancel_scope.cancel()
        for watch in self.watches.values():
            watch.give_up()

    async def _call(self, called: Called) -> None:
        async with anyio.create_task_group() as tasks:
            while self.begun < self._wanted.calls:
                if len(called.made) < self._wanted.at_once:
                    self.begun += 1
                    tasks.start_soon(called.call, self._drawn)
                await anyio.sleep(self._drawn.expovariate(self._wanted.rate))

    async def _kill(self) -> None:
        while True:
            await anyio.sleep(self._drawn.uniform(0.5, 1.5) * self._wanted.every)
            if self._drawn.random() < 0.5:
                await self.killer.at_any_time()
            else:
                await self.killer.at_a_write(self._drawn.choice(BOUNDARIES), self._drawn.randrange(2, 200))

    async def _look(self) -> None:
        """Calls that are over each second, memory every five, a line of progress twice a minute."""
        looks = 0
        while True:
            for watch in self.watches.values():
                watch.look()
            if looks % 5 == 0:
                self.memory.append((self._passed_s, machine.resident_bytes(self._steady.runner.pid)))
            if looks % 30 == 0:
                self._tell()
            looks += 1
            await anyio.sleep(1)

    @property
    def _passed_s(self) -> float:
        return time.monotonic() - self._began_s

    def _tell(self) -> None:
        counts = self.counts
        say(
            f"{self._passed_s / 60:.1f} minutes: {counts.calls} calls over, {self.killer.killed.times} kills,"
            f" {counts.acknowledged_events} acknowledged events, faults {counts.faults or 'none'},"
            f" memory {self.memory[-1][1] / 1e6:.1f} MB"
        )

    @property
    def counts(self) -> Counts:
        counts = Counts()
        for watch in self.watches.values():
            counts.add(watch.audit.counts)
        return counts

    def found(self) -> dict[str, Any]:
        counts, growth = self.counts, growth_of(self.memory)
        why_not = reasons(counts, self.killer.killed.times, growth)
        return {
            "passed": not why_not,
            "why_not": why_not,
            "lost_of_acknowledged": share(counts.lost_events, counts.acknowledged_events),
            "memory_end_vs_first_minute": "not measured" if growth is None else round(growth, 3),
            "ended_rightly": share(counts.ended_rightly, counts.calls),
            "ended_in_named_failure": share(counts.ended_in_named_failure, counts.calls),
            "of_these_unsettled_dials": share(counts.unsettled_dials, counts.ended_in_named_failure),
            "unsettled_repeats_of_commands": share(counts.unsettled_repeats, counts.commands_carried_out),
            "minutes": round(self._passed_s / 60, 1),
            "kills": msgspec.to_builtins(self.killer.killed),
            "both": msgspec.to_builtins(counts),
            **{name: msgspec.to_builtins(watch.audit.counts) for name, watch in self.watches.items()},
            "memory_mb": [round(size / 1e6, 1) for _, size in self.memory[:: max(1, len(self.memory) // 20)]],
            "told": [line for watch in self.watches.values() for line in watch.audit.told],
            **machine.description(),
        }


def reasons(counts: Counts, kills: int, growth: float | None) -> list[str]:
    """Why it has not passed. What was not tried, or not measured, has not passed either."""
    found = [f"{name}: {count}" for name, count in counts.faults.items()]
    if growth is None:
        found.append("memory was not measured: that wants more than two minutes (--minutes)")
    elif growth > _GROWTH:
        found.append(f"memory grew to {growth:.2f} of what it was after the first minute")
    if not counts.calls:
        found.append("no call was made")
    if not kills:
        found.append("no runner was killed")
    return found


def growth_of(memory: list[tuple[float, int]]) -> float | None:
    """The last ten seconds to the ten after the first minute; None in a shorter run."""
    first = [float(size) for at_s, size in memory if _FIRST_MINUTE_S <= at_s < _FIRST_MINUTE_S + 10]
    last = [float(size) for at_s, size in memory if at_s >= memory[-1][0] - 10]
    return machine.median(last) / machine.median(first) if first and memory[-1][0] > 2 * _FIRST_MINUTE_S else None


def share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def say(what: str) -> None:
    print(f"soak: {what}", file=sys.stderr, flush=True)


async def soak(folder: Path, wanted: argparse.Namespace) -> dict[str, Any]:
    drawn = random.Random(wanted.seed)
    more: dict[str, str] = {}
    with reserved() as one, reserved() as other:
        async with site(folder, seed=wanted.seed) as made:
            killed, steady = made.runner("killed", one, 1, more), made.runner("steady", other, 2, {})
            killer = Killer(killed.runner, more, drawn)
            try:
                await killer.start()
                await steady.runner.start()
                soaking = Soak(killed, killer, steady, drawn, wanted)
                await soaking.run()
                return soaking.found()
            finally:
                for called in (killed, steady):
                    called.runner.close()
                    await called.runner.client.aclose()


def main() -> int:
    import uvloop

    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long calls are made (10)")
    parser.add_argument(
        "--rate", type=float, default=4.0, help="calls that begin per second, on each of two runners (4)"
    )
    parser.add_argument("--calls", type=int, default=20_000, help="calls that are made, at most (20000)")
    parser.add_argument("--at-once", type=int, default=100, help="calls at the same time on each runner, at most (100)")
    parser.add_argument("--every", type=float, default=8.0, help="seconds between two kills, about (8)")
    parser.add_argument("--seed", default="soak", help="what chance is a function of")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="offhook-soak-") as folder:
        try:
            found = anyio.run(
                soak, Path(folder), wanted, backend="asyncio", backend_options={"loop_factory": uvloop.new_event_loop}
            )
        except KeyboardInterrupt:
            say("interrupted")
            return 130
    print(json.dumps(found, indent=2))
    return 0 if found["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
