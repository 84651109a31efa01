"""The whole matrix. Prints JSON; with `--write` its table goes into docs/reliability.md.

    python -m tests.faults [--seeds N] [--times N] [--write]

Every case of the tests of every flow, `--seeds` times under each fault that virtual time can have (default 3), and
`--times` calls of every flow under each that wants real connections (default 10). About five minutes. The exit status
is 1 where a call ended in a way that nothing explains.
"""

import argparse
import json
import logging
import sys
import time
from collections.abc import Iterator

import anyio
import msgspec

from tests.faults import live, matrix
from tests.faults.subjects import subjects
from tests.figures import put

AnyRow = matrix.Row | live.LiveRow


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    rows = dict(_virtual(given.seeds))
    if given.times:
        rows |= anyio.run(_live, given.times)
    flows = len({one.flow for one in subjects()})
    print(
        json.dumps(
            {"flows": flows, "seconds": round(time.monotonic() - began, 1), "faults": msgspec.to_builtins(rows)},
            indent=1,
        )
    )
    if given.write:
        put("faults", _table(rows))
    return 1 if any(one.others for one in rows.values()) else 0


def _virtual(seeds: int) -> Iterator[tuple[str, AnyRow]]:
    for fault in matrix.FAULTS:
        print(f"==> {fault}", file=sys.stderr)
        yield fault, matrix.row(fault, subjects(), seeds)


async def _live(times: int) -> dict[str, AnyRow]:
    rows: dict[str, AnyRow] = {}
    usual: live.Usual | None = None
    for fault in live.FAULTS:
        print(f"==> {fault}", file=sys.stderr)
        rows[fault], found = await live.row(fault, times, usual)
        usual = usual or found
    return rows


def _table(rows: dict[str, AnyRow]) -> str:
    head = [
        "| fault | calls | end as without it | end with a failure that has a name | otherwise |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_row(name, one) for name, one in rows.items())])


def _row(name: str, one: AnyRow) -> str:
    same, failed = (f"{100 * count / one.calls:.1f} %" for count in (one.same, one.failed))
    return f"| {name} | {one.calls:,} | {same} | {failed} | {len(one.others)} |"


if __name__ == "__main__":
    sys.exit(main())
