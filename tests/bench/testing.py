"""What tests of flows cost: the cases of the project's own flows, on one core."""

import gc
import statistics
import time
from pathlib import Path
from unittest.mock import patch

from engine.project import testing
from engine.project.testing import Tested, spare_the_collector

FLOWS = Path(__file__).resolve().parents[2] / "flows"
CASES = 1_000


def run_all(at_least: int = CASES) -> list[Tested]:
    """File after file, again and again, until so many cases are done; each time read and compiled anew."""
    files = sorted(FLOWS.glob("*.test.yaml"))
    found: list[Tested] = []
    while sum(len(one.results) for one in found) < at_least:
        found.append(testing.run(files[len(found) % len(files)]))
    return found


def measure() -> dict[str, float]:
    """CPU time: the median of one case, in ms, and of 1,000 cases with all that their files take, in seconds."""
    usual = gc.get_threshold()
    spare_the_collector()
    with patch("engine.project.testing.time.perf_counter", time.process_time):
        began = time.process_time()
        found = run_all()
        took_s = time.process_time() - began
    gc.unfreeze()
    gc.set_threshold(*usual)
    assert all(one.passed for one in found)
    cases = [result.seconds for one in found for result in one.results]
    return {
        "case_ms_median": round(statistics.median(cases) * 1_000, 2),
        "cases_1000_s": round(took_s * CASES / len(cases), 2),
    }
