"""The attacks, small. At full size: `python -m tests.attacks`."""

import sys
from pathlib import Path

import pytest

from tests.attacks.attacks import ATTACKS
from tests.attacks.run import run, warmed
from tests.attacks.site import site

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.asyncio_only,
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform != "linux", reason="other addresses of this machine, and /proc"),
]
REFUSED = {
    "a stolen status_url": {403: 5, 404: 5},
    "a forged signature": {403: 10},
    "an old webhook, played again": {403: 30, 200: 20, 410: 10},
    "a body of 1 GB": {413: 4, 404: 2},
    "10,000 idle ones through the proxy": {1: 300},
}


async def test_attacks_are_refused_and_logged_and_no_call_is_disturbed(tmp_path: Path) -> None:
    async with site(tmp_path) as at:
        await warmed(at)
        done = {name: await run(at, name, small=True) for name in ATTACKS}
    for name, one in done.items():
        assert one.logged, name
        assert one.calls.begun == one.calls.right >= 10, name
        assert one.grown_mb < 30, name
    guessed = done.pop("30,000 guessed tokens").statuses
    assert guessed[429] > guessed[404] + guessed[401] > 0
    assert set(guessed) == {401, 404, 429}
    for name in ("10,000 idle connections", "10,000 heads that do not end"):
        # Of 600, 500 stay; that one has been closed may not be known here yet.
        assert 500 <= done.pop(name).statuses[1] < 550
    assert {name: one.statuses for name, one in done.items()} == REFUSED
