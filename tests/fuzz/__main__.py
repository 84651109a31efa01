"""Each target for a while. Prints JSON; with `--write` its table goes into docs/reliability.md.

    python -m tests.fuzz [--seconds N] [--write] [TARGET...]

60 seconds each unless told. What fails is told with its smallest input: put that into tests/fuzz/corpus/<target>/.
"""

import argparse
import json
import logging
import sys
import time

import msgspec
from hypothesis import strategies as st

from tests.figures import put
from tests.fuzz.corpus import seeds, spoilt
from tests.fuzz.pipelines import pipelines
from tests.fuzz.run import Count, fuzz
from tests.fuzz.server import serving
from tests.fuzz.targets import targets


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    known, first = targets(), int(time.time())
    counts: dict[str, Count] = {}
    for name in given.names or (*known, "requests", "pipelines"):
        print(f"==> {name}", file=sys.stderr)
        if name == "requests":
            with serving() as server:
                example = spoilt(seeds(name), "http") | st.binary(max_size=200)
                counts[name] = fuzz(example, server.take, seconds=given.seconds, first=first)
        elif name == "pipelines":
            with serving() as server:
                counts[name] = fuzz(pipelines(), server.take_pipeline, seconds=given.seconds, first=first)
        else:
            counts[name] = fuzz(known[name].example, known[name].take, seconds=given.seconds, first=first)
    total = sum(one.inputs for one in counts.values())
    print(json.dumps({"inputs": total, "first_seed": first, "targets": msgspec.to_builtins(counts)}, indent=1))
    if given.write:
        put("fuzzing", _table(counts))
    return 0


def _table(counts: dict[str, Count]) -> str:
    rows = [
        f"| {name} | {one.inputs:,} | {one.inputs / one.seconds:,.0f} | {one.slowest_ms:,.0f} ms | {one.grown_mb:+.1f} MB |"
        for name, one in counts.items()
    ]
    return "\n".join(["| target | inputs | a second | slowest | memory |", "|---|---|---|---|---|", *rows])


if __name__ == "__main__":
    sys.exit(main())
