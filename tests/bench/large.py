"""A hundred thousand runs that wait: their memory, what an event costs beside them, and how soon a new process has them.

`python -m tests.bench.large [RUNS]` (`make bench-large`): minutes, and prints one JSON object.
"""

import asyncio
import json
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.bench import machine, subjects
from tests.bench.load import Window
from tests.bench.machine import median
from tests.bench.subjects import Subject

RUNS = 100_000
FIRST_RUNS = 500
"""Started before memory is looked at."""
TALKING = 64
"""Calls that go round and round beside those that wait."""
WINDOWS = 5
WINDOW_S = 1.5
REMARKS = 5_000
LONGEST_S = 900


async def measure(folder: Path, runs: int) -> dict[str, Any]:
    cores, description = machine.cores(), machine.description()
    machine.pin(cores[0] if cores else None)
    core = cores[-1] if cores else None
    began, busy_s, own_s = time.perf_counter(), machine.busy_seconds(), machine.own_seconds()
    async with asyncio.timeout(LONGEST_S), AsyncExitStack() as stack:
        alone = await subjects.runner(core, _made(folder, "alone"))
        stack.push_async_callback(alone.close)
        folder = _made(folder, "waiting")
        waiting = await subjects.runner(core, folder)
        stack.push_async_callback(waiting.close)
        await waiting.start(FIRST_RUNS, "wait")
        warm = await waiting.load.remark(FIRST_RUNS)
        before = machine.resident_bytes(waiting.pid)
        say(f"starting {runs:,} runs that wait")
        seconds = await waiting.start(runs, "wait")
        memory = (machine.resident_bytes(waiting.pid) - before) / runs
        say("rounds beside them")
        await _talk(alone, waiting)
        cold = await waiting.load.remark(min(REMARKS, runs))
        say("killing the runner, and starting it again")
        await alone.close()
        killed_s = time.perf_counter()
        await subjects.again(waiting, core, folder)
        recovered_s = time.perf_counter() - killed_s
        after = await waiting.load.remark(min(REMARKS, runs))
        # Of the calls that talked nothing is heard from here on, so the runner is right to give them up after a while.
        mistakes = {**alone.load.mistakes, **waiting.load.mistakes}
        looked_up_s = await _until_looked_up(waiting, runs, killed_s)
        found = {
            "waiting_runs": runs,
            "bytes_per_waiting_run": round(memory),
            "starts_per_s": round(runs / seconds),
            "cost_ratio": round(
                median([_cpu_us(b) / _cpu_us(a) for a, b in zip(alone.windows, waiting.windows, strict=True)]), 2
            ),
            "cpu_us_per_round": {"alone": round(alone.cpu_us), "beside_all": round(waiting.cpu_us)},
            "cpu_us_per_event": {
                "in_memory": round(_cpu_us(warm)),
                "at_rest": round(_cpu_us(cold)),
                "after_restart": round(_cpu_us(after)),
            },
            "recovered_s": round(recovered_s, 1),
            "looked_up_s": round(looked_up_s, 1),
            "resident_mb_after_recovery": round(machine.resident_bytes(waiting.pid) / 1e6),
            "mistakes": mistakes,
        }
    others_s = machine.busy_seconds() - busy_s - (machine.own_seconds() - own_s)
    return {**found, "others_busy": round(max(0.0, others_s / (time.perf_counter() - began)), 2), **description}


async def _talk(*compared: Subject) -> None:
    """In turn, so that a neighbour's load takes from both alike."""
    for subject in compared:
        await subject.start(TALKING, "loop")
    for _ in range(WINDOWS):
        for subject in compared:
            subject.windows.append(await subject.load.saturate(WINDOW_S))


_TICK_S = 0.01


def _cpu_us(window: Window) -> float:
    """CPU time of the runner for each round, or each event. The kernel counts in ticks, and may not have counted one."""
    return max(window.cpu_s, _TICK_S) / max(1, window.rounds) * 1e6


def _made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


async def _until_looked_up(subject: Subject, runs: int, began_s: float) -> float:
    """Every call that waits is looked up by itself, with its events."""
    while subject.load.looked_up < 2 * runs:  # noqa: ASYNC110 - nobody is in a hurry
        await asyncio.sleep(0.5)
    return time.perf_counter() - began_s


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def main() -> int:
    import uvloop

    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory(prefix="offhook-bench-") as folder:
        found = uvloop.run(measure(Path(folder), runs))
    print(json.dumps(found, indent=2))
    return 1 if found["mistakes"] else 0


if __name__ == "__main__":
    sys.exit(main())
