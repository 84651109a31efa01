"""`make explore`: every flow of flows/ (those of lib/ within them), with one fault on each way, and the table of it in docs/exploring.md.

    python -m tests.exploring [SECONDS] [FLOW...]

SECONDS of computing at most for each flow (300). Without flows all are explored, and the table is written. The exit status is 1 where
something does not hold."""

import sys
import time
from pathlib import Path

from engine.project import exploring
from engine.project.testing import spare_the_collector
from engine.simulate.explore import Bounds, Covered, Progress

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "exploring.md"
MOST = 2_000_000
BEGIN, END = "<!-- table: make explore -->\n", "<!-- end of the table -->\n"
HEAD = "| flow | without faults | scenes | situations | transitions | steps | outcomes | s | cut off |\n"
LINE = "|---|--:|--:|--:|--:|--:|--:|--:|---|\n"
USUAL_SHARE = 2 / 3
"""So much of the time is for calls without faults, if they take so long."""


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    wanted = sys.argv[2:]
    paths = [path for path in sorted((ROOT / "flows").glob("*.flow.yaml")) if not wanted or _name(path) in wanted]
    rows, broken = [], False
    spare_the_collector()
    for path in paths:
        row, passed = explored(path, seconds)
        print(row, end="", flush=True)
        rows.append(row)
        broken = broken or not passed
    if not wanted:
        write(rows)
    return int(broken)


def explored(path: Path, seconds: float) -> tuple[str, bool]:
    began = time.process_time()

    def goes_on(so_far: Progress) -> bool:
        return time.process_time() - began < seconds * (USUAL_SHARE if so_far.usual else 1)

    found = exploring.run(path, faults=1, slow=1, bounds=Bounds(states=MOST), goes_on=goes_on)
    assert found.explored is not None, found.diagnostics
    for shown in found.shown:
        print(f"{_name(path)}: {shown.law}: {shown.why}\n{shown.case}", file=sys.stderr)
    return _row(_name(path), found.explored.covered, time.process_time() - began), found.passed


def _row(name: str, covered: Covered, lasted_s: float) -> str:
    steps = f"{covered.steps} of {covered.all_steps}"
    ways = f"{covered.ways} of {covered.ways + len(covered.untaken)}"
    counts = f"{covered.usual:,} | {covered.scenes:,} | {covered.states:,} | {covered.transitions:,}"
    return f"| `{name}` | {counts} | {steps} | {ways} | {lasted_s:.0f} | {_cut(covered)} |\n"


def _cut(covered: Covered) -> str:
    left = {
        "without faults": covered.usual_cut,
        "scenes": covered.scenes_cut,
        "situations": covered.cut - covered.scenes_cut,
    }
    return "; ".join(f"{count:,} {of}" for of, count in left.items() if count) or "nothing"


def _name(path: Path) -> str:
    return path.name.removesuffix(".flow.yaml")


def write(rows: list[str]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + HEAD + LINE + "".join(rows) + END + after, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
