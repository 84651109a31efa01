"""One attack on a runner, and what came of it."""

import time

from msgspec import Struct

from tests.attacks.attacks import ATTACKS, Statuses
from tests.attacks.site import Calls, Site


class Done(Struct, frozen=True, kw_only=True):
    """`statuses`: what was answered how often (0: cut off); `logged`: the runner's log says it; `grown_mb`: how much more
    memory the runner has afterwards."""

    size: int
    seconds: float
    statuses: Statuses
    logged: bool
    calls: Calls
    grown_mb: float


async def run(at: Site, name: str, *, small: bool) -> Done:
    attack, few, many, said = ATTACKS[name]
    size = few if small else many
    statuses: Statuses = {}

    async def carried_out() -> None:
        statuses.update(await attack(at, size))

    before_mb, began = at.rss_mb, time.perf_counter()
    calls = await at.during(carried_out)
    seconds = time.perf_counter() - began
    log = at.runner.log
    assert "Traceback" not in log, log[-4000:]
    return Done(
        size=size,
        seconds=round(seconds, 1),
        statuses=dict(sorted(statuses.items())),
        logged=said in log,
        calls=calls,
        grown_mb=round(at.rss_mb - before_mb, 1),
    )


async def warmed(at: Site) -> Calls:
    """The first calls, so that what every runner needs is there; how they went without an attack."""

    async def nothing() -> None:
        """No attack."""

    return await at.during(nothing, at_least=50)
