"""Every attack at full size. Prints JSON; with `--write` the table goes into docs/reliability.md.

    python -m tests.attacks [--small] [--write] [NAME...]

About three minutes. It wants 12,000 open files (ulimit -n) and Linux.
"""

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path

import anyio
import msgspec

from tests.attacks.attacks import ATTACKS
from tests.attacks.run import Done, Logged, logged, run, warmed
from tests.attacks.site import Calls, site
from tests.figures import put

_FILES = 12_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*", default=list(ATTACKS))
    given = parser.parse_args()
    if not given.small:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _FILES)), hard))
    calm, found, said = anyio.run(_all, given.names, given.small)
    print(
        json.dumps(
            msgspec.to_builtins({"without": calm._asdict(), "attacks": found, "log": said}, str_keys=True), indent=1
        )
    )
    if given.write:
        put("attacks", _table(calm, found, said))
    undisturbed = all(one.calls.begun == one.calls.right for one in found.values())
    return 0 if undisturbed and all(said[name].says(name) for name in found) else 1


async def _all(names: list[str], small: bool) -> tuple[Calls, dict[str, Done], dict[str, Logged]]:
    with tempfile.TemporaryDirectory() as folder:
        async with site(Path(folder)) as at:
            calm = await warmed(at)
            found = {}
            for name in names:
                print(f"==> {name}", file=sys.stderr)
                found[name] = await run(at, name, small=small)
            return calm, found, {name: one for name, one in (await logged(at)).items() if name in found}


def _table(calm: Calls, found: dict[str, Done], said: dict[str, Logged]) -> str:
    rows = [
        "| attack | answered | in the log | calls meanwhile, and right | a call's first answer, median and longest | memory |",
        "|---|---|---|---|---|---|",
        f"| (none) | | | {calm.begun}, {calm.right} | {calm.median_ms:.0f} ms, {calm.longest_ms:.0f} ms | |",
        *(_row(name, one, said[name]) for name, one in found.items()),
    ]
    return "\n".join(rows)


def _row(name: str, one: Done, said: Logged) -> str:
    logged = f"{sum(said.refused.values()):,} in {said.lines} lines"
    answered = ", ".join(f"{_said(status)} {count:,}" for status, count in one.statuses.items())
    times = f"{one.calls.median_ms:.0f} ms, {one.calls.longest_ms:.0f} ms"
    return (
        f"| {name} | {answered} | {logged} | {one.calls.begun}, {one.calls.right} | {times} | {one.grown_mb:+.0f} MB |"
    )


def _said(status: int) -> str:
    return {0: "closed", 1: "left open"}.get(status, str(status))


if __name__ == "__main__":
    sys.exit(main())
