"""Measures and prints one JSON object: `python -m tests.bench [PART...]`. Progress goes to stderr.

Everything that is compared is measured in turn, several short times, in one run: what a busy
neighbour takes away, it takes from all. Exit status 1 when a round was lost or a command was wrong.
"""

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Collection
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bench import compiling, exploring, linting, machine, pieces, pure, states, subjects, testing
from tests.bench.load import Window
from tests.bench.machine import median
from tests.bench.subjects import Subject

CALLS = 512
"""Calls at the same time where rounds are counted."""
MIRRORED_CALLS = 2048
REPEATS = 5
WINDOW_S = 1.5
RATE = 500
"""Rounds per second where reactions are timed."""
RATE_S = 3.0
RATE_REPEATS = 3
WAITING_RUNS = 20_000
FIRST_RUNS = 500
"""Started before memory is looked at, so that it is not the first connection that is measured."""
LONGEST_S = 175
PARTS = ("lint", "rounds", "alone", "waiting")
"""What is measured by itself: `python -m tests.bench rounds`."""


class Bench:
    """Subjects are closed by the stack; the first core is the load's, the last one the subjects'."""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self._description = machine.description()
        cores = machine.cores()
        machine.pin(cores[0] if cores else None)
        self._core = cores[-1] if cores else None
        self._stack = stack
        self._folder = folder
        self._subjects: list[Subject] = []

    async def run(self, parts: Collection[str]) -> dict[str, Any]:
        began, busy_s, own_s = time.perf_counter(), machine.busy_seconds(), machine.own_seconds()
        found: dict[str, Any] = {}
        if "rounds" in parts:
            found |= await self._rounds()
        if "alone" in parts:
            found |= _alone()
        if "waiting" in parts:
            found |= await self._waiting()
        others_s = machine.busy_seconds() - busy_s - (machine.own_seconds() - own_s)
        return {
            **found,
            "others_busy": round(max(0.0, others_s / (time.perf_counter() - began)), 2),
            "file_system": machine.file_system(self._folder),
            **self._description,
            "mistakes": self._mistakes(),
        }

    async def _rounds(self) -> dict[str, Any]:
        say("starting runner, floor and SDK application")
        runner = await self._up(subjects.runner(self._core, self._made("rounds")))
        floor = await self._up(subjects.application("floor_app", self._core))
        sdk = await self._up(subjects.application("sdk_app", self._core)) if find_spec("signalwire") else None
        compared = [subject for subject in (runner, floor, sdk) if subject is not None]
        for subject in compared:
            await subject.start(CALLS, "loop")
        for n in range(REPEATS):
            for subject in compared:
                subject.windows.append(await subject.load.saturate(WINDOW_S))
            rates = ", ".join(f"{subject.name} {subject.windows[-1].rate:,.0f}" for subject in compared)
            say(f"rounds per second, {n + 1} of {REPEATS}: {rates}")
        reactions = await self._reactions(runner, compared[1:])
        for subject in compared:
            await subject.close()
        journalled = subjects.events(self._folder / "rounds" / "bench.journal")
        if journalled != 2 * (CALLS + runner.load.rounds):
            runner.load.mistakes["events in the journal"] = journalled
        limit = await self._limit()
        return {
            "rounds_vs_sdk_app": ratio(runner, sdk) if sdk else None,
            "rounds_vs_floor": ratio(runner, floor),
            "rounds_per_s": round(runner.rate),
            "floor_rounds_per_s": round(floor.rate),
            "sdk_app_rounds_per_s": round(sdk.rate) if sdk else None,
            "rounds_per_s_of_each_window": {s.name: [round(w.rate) for w in s.windows] for s in compared},
            "own_cpu_us_per_round": round(runner.cpu_us - floor.cpu_us),
            "own_cpu_vs_floor": round(
                median([_own(*pair) for pair in zip(runner.windows, floor.windows, strict=True)]), 2
            ),
            "cpu_us_per_round": {subject.name: round(subject.cpu_us) for subject in compared},
            **reactions,
            "load_busy": max(round(subject.load_busy, 2) for subject in compared),
            "load_limit_rounds_per_s": round(limit),
            "load_limit_vs_fastest": round(limit / max(subject.rate for subject in compared), 1),
            "journal_events_per_round": round((journalled - 2 * CALLS) / max(1, runner.load.rounds), 3),
            "transport": floor.note,
        }

    async def _reactions(self, runner: Subject, others: list[Subject]) -> dict[str, Any]:
        synced: list[float] = []
        for n in range(RATE_REPEATS):
            for subject in (runner, *others):
                synced += machine.sync_ms(self._folder)
                subject.reactions.append(await subject.load.steady(RATE, RATE_S))
            say(f"reactions at {RATE} rounds per second, {n + 1} of {RATE_REPEATS}")
        return {
            "reaction_ms": runner.reaction_ms,
            "reaction_ms_of_others": {subject.name: subject.reaction_ms for subject in others},
            "reaction_rounds_per_s": round(median([found.rate for found in runner.reactions])),
            "reaction_cpu_us_per_round": {subject.name: round(subject.steady_cpu_us) for subject in (runner, *others)},
            "fsync_ms_median": round(median(synced), 3),
            "reaction_p99_goal_ms": round(3 * median(synced) + 2, 2),
        }

    async def _limit(self) -> float:
        """Rounds per second of which the load side is capable."""
        mirror = await self._up(subjects.application("mirror", self._core))
        await mirror.start(MIRRORED_CALLS, "loop")
        for _ in range(2):
            mirror.windows.append(await mirror.load.saturate(WINDOW_S))
        await mirror.close()
        say(f"the load side's own limit: {mirror.rate:,.0f} rounds per second")
        return mirror.rate

    async def _waiting(self) -> dict[str, Any]:
        runner = await self._up(subjects.runner(self._core, self._made("waiting")))
        await runner.start(FIRST_RUNS, "wait")
        before = machine.resident_bytes(runner.pid)
        seconds = await runner.start(WAITING_RUNS, "wait")
        grown = machine.resident_bytes(runner.pid) - before
        await runner.close()
        say(f"{WAITING_RUNS:,} waiting runs")
        return {
            "bytes_per_waiting_run": round(grown / WAITING_RUNS),
            "waiting_runs": WAITING_RUNS,
            "starts_per_s": round(WAITING_RUNS / seconds),
        }

    async def _up(self, starting: Awaitable[Subject]) -> Subject:
        subject = await starting
        self._stack.push_async_callback(subject.close)
        self._subjects.append(subject)
        return subject

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder

    def _mistakes(self) -> dict[str, int]:
        return {f"{s.name}: {what}": times for s in self._subjects for what, times in s.load.mistakes.items()}


def ratio(one: Subject, other: Subject) -> float:
    """Rounds per second of one for each of the other; windows that followed each other are compared."""
    return round(median([a.rate / b.rate for a, b in zip(one.windows, other.windows, strict=True) if b.rounds]), 2)


def _own(runner: Window, floor: Window) -> float:
    """What the runner adds to a round's CPU time, for each microsecond of the floor's."""
    return (runner.cpu_s / runner.rounds) / (floor.cpu_s / floor.rounds) - 1


def _alone() -> dict[str, Any]:
    say("the interpreter alone")
    found = {**pure.measure(), **pieces.measure(), **states.measure()}
    say("the compiler alone")
    found |= compiling.measure()
    say("exploring 30 steps")
    found |= exploring.measure()
    say("1,000 cases of tests")
    return found | testing.measure()


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


async def measure(parts: Collection[str]) -> dict[str, Any]:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory(prefix="offhook-bench-") as folder:
        async with asyncio.timeout(LONGEST_S), AsyncExitStack() as stack:
            return await Bench(stack, Path(folder)).run(parts)


def main() -> int:
    import uvloop

    parts = sys.argv[1:] or PARTS
    if unknown := set(parts) - set(PARTS):
        say(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    try:
        # Before this process is pinned to a core, which those that it starts would inherit.
        linted = linting.measure(say) if "lint" in parts else {}
        found = uvloop.run(measure(parts)) | linted
    except TimeoutError:
        say(f"not done within {LONGEST_S} s, or something did not answer")
        return 1
    except (subjects.Unstartable, OSError) as error:
        say(str(error))
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("interrupted")
        return 130
    print(json.dumps(found, indent=2))
    return 1 if found["mistakes"] else 0


if __name__ == "__main__":
    sys.exit(main())
