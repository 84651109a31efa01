"""One attack on a runner, and what came of it."""

import json
import re
import signal
import time
from collections import Counter

from msgspec import Struct

from tests.attacks.attacks import ATTACKS, HELD_OPEN, Statuses
from tests.attacks.site import Calls, Site

_LINE = re.compile(r"(.*?), from ([0-9.]+(?: through [0-9.]+)?)(?:; (\d+) times more|: |$)")


_END_S = 120.0
"""How soon it ends is not what is tried here, and others may want the machine."""


class Done(Struct, frozen=True, kw_only=True):
    """`statuses`: what was answered how often (0: cut off); `grown_mb`: how much more memory the runner has afterwards."""

    size: int
    seconds: float
    statuses: Statuses
    calls: Calls
    grown_mb: float


async def run(at: Site, name: str, *, small: bool) -> Done:
    tried = ATTACKS[name]
    size = tried.few if small else tried.many
    statuses: Statuses = {}

    async def carried_out() -> None:
        statuses.update(await tried.attack(at, tried.by, size))

    before_mb, began = at.rss_mb, time.perf_counter()
    calls = await at.during(carried_out)
    seconds = time.perf_counter() - began
    log = at.runner.log
    assert "Traceback" not in log, log[-4000:]
    return Done(
        size=size,
        seconds=round(seconds, 1),
        statuses=dict(sorted(statuses.items())),
        calls=calls,
        grown_mb=round(at.rss_mb - before_mb, 1),
    )


async def warmed(at: Site) -> Calls:
    """The first calls, so that what every runner needs is there; how they went without an attack."""

    async def nothing() -> None:
        """No attack."""

    return await at.during(nothing, at_least=50)


class Logged(Struct, frozen=True):
    """What the log says of one attack: `refused` by kind, in so many `lines`."""

    refused: dict[str, int]
    lines: int

    def says(self, name: str) -> bool:
        """Every kind of it, and nothing else; where connections are held open for long, that."""
        kinds, said = set(ATTACKS[name].kinds), set(self.refused)
        return said <= kinds | HELD_OPEN and (kinds <= said or bool(said & HELD_OPEN))


async def logged(at: Site) -> dict[str, Logged]:
    """By attack, once the runner was told to stop: then it says what it has left to say."""
    at.runner.tell(signal.SIGTERM)
    at.runner.tell(signal.SIGTERM)
    await at.runner.ended(_END_S)
    refused: dict[str, Counter[str]] = {}
    lines: Counter[str] = Counter()
    for line in at.runner.log.splitlines():
        if found := _LINE.match(json.loads(line)["message"]):
            what, source, more = found.groups()
            refused.setdefault(source, Counter())[what] += int(more or 1)
            lines[source] += 1
    by = {name: str(tried.by) for name, tried in ATTACKS.items()}
    return {name: Logged(dict(refused.get(who, {})), lines[who]) for name, who in by.items()}
