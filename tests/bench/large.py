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
    cores = machine.cores()
    machine.pin(cores[0] if cores else None)
    core = cores[-1] if cores else None
    async with asyncio.timeout(LONGEST_S), AsyncExitStack() as stack:
        alone = await subjects.runner(core, _made(folder, "alone"))
        stack.push_async_callback(alone.close)
        few = await _cpu_us_per_round(alone)
        await alone.close()
        folder = _made(folder, "waiting")
        waiting = await subjects.runner(core, folder)
        stack.push_async_callback(waiting.close)
        await waiting.start(FIRST_RUNS, "wait")
        warm = await waiting.load.remark(FIRST_RUNS)
        before = machine.resident_bytes(waiting.pid)
        say(f"starting {runs:,} runs that wait")
        seconds = await waiting.start(runs, "wait")
        memory = (machine.resident_bytes(waiting.pid) - before) / runs
        many = await _cpu_us_per_round(waiting)
        cold = await waiting.load.remark(min(REMARKS, runs))
        say("killing the runner, and starting it again")
        began_s = time.perf_counter()
        await subjects.again(waiting, core, folder)
        recovered_s = time.perf_counter() - began_s
        after = await waiting.load.remark(min(REMARKS, runs))
        looked_up_s = await _until_looked_up(waiting, runs, began_s)
        return {
            "waiting_runs": runs,
            "bytes_per_waiting_run": round(memory),
            "starts_per_s": round(runs / seconds),
            "cpu_us_per_round_beside_few": round(few),
            "cpu_us_per_round_beside_all": round(many),
            "cost_ratio": round(many / few, 2),
            "cpu_us_per_event": {
                "in_memory": _cpu_us_per_event(warm),
                "at_rest": _cpu_us_per_event(cold),
                "after_restart": _cpu_us_per_event(after),
            },
            "recovered_s": round(recovered_s, 1),
            "looked_up_s": round(looked_up_s, 1),
            "resident_mb_after_recovery": round(machine.resident_bytes(waiting.pid) / 1e6),
            **machine.description(),
            "mistakes": waiting.load.mistakes,
        }


async def _cpu_us_per_round(subject: Subject) -> float:
    await subject.start(TALKING, "loop")
    found = [await subject.load.saturate(WINDOW_S) for _ in range(WINDOWS)]
    # The least, which is what the others on the machine have disturbed the least.
    return min(window.cpu_s / window.rounds * 1e6 for window in found if window.rounds)


def _cpu_us_per_event(window: Window) -> int:
    return round(window.cpu_s / max(1, window.rounds) * 1e6)


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
