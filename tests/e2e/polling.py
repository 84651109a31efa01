"""Waiting for something that nobody reports."""

from collections.abc import Awaitable, Callable

import anyio


async def until(ready: Callable[[], Awaitable[bool] | bool], *, longest_s: float = 10) -> None:
    """Looks every 10 ms, for so long at the most."""
    with anyio.fail_after(longest_s):
        while True:
            found = ready()
            if found if isinstance(found, bool) else await found:
                return
            await anyio.sleep(0.01)
