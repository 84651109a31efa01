"""The two flows that the bench runs, and the environment that a runner finds them in."""

from pathlib import Path

import msgspec

LOOP = """\
flow: loop
language: 1
description: Says something, counts, and says it again, for as long as the call lasts.
vars: {times: 1}
limits: {call: 10h, steps: 100000000, visits: 100000000}
start: tell
steps:
  tell:
    play: "You have heard this ${{ vars.times }} times."
    next: count
  count:
    set: {times: vars.times + 1}
    next: tell
"""
WAIT = """\
flow: wait
language: 1
description: Waits for the end of an hour of silence.
limits: {call: 10h}
start: quiet
steps:
  quiet:
    play: [{silence: 3600}]
    next: bye
  bye:
    end: hangup
"""
FLOWS = {"loop": LOOP, "wait": WAIT}
NUMBERS = {"loop": "+15550101", "wait": "+15550102"}


def write(folder: Path, *, space: str, port: int) -> Path:
    """Write flows and environment into the folder; gives the environment's file."""
    for name, text in FLOWS.items():
        (folder / f"{name}.flow.yaml").write_text(text)
    path = folder / "environments" / "bench.env.yaml"
    path.parent.mkdir()
    environment = {
        "environment": "bench",
        "space": space,
        "public_url": f"http://127.0.0.1:{port}",
        "listen": f"127.0.0.1:{port}",
        "journal": str(folder / "bench.journal"),
        "flows": str(folder),
        "routes": {number: name for name, number in NUMBERS.items()},
        "drain": "0s",
        # What is measured is how fast it is, not when it turns calls away.
        "capacity": {"lag": "1h"},
    }
    # JSON is YAML.
    path.write_bytes(msgspec.json.encode(environment))
    return path
