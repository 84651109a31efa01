"""One target for a while: how many inputs, how long the slowest took, and how much memory is more afterwards."""

import gc
import os
import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.bench.machine import resident_bytes

Input = TypeVar("Input")
SLOWEST_S = 10.0
"""What takes longer is taken for a hang. (A flow file of many mistakes takes a tenth of a second.)"""
_AT_ONCE = 500


class Count(Struct, kw_only=True):
    """`grown_mb`: memory after the last input against that after the first `_AT_ONCE`, which fill all caches."""

    inputs: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    grown_mb: float = 0.0


def fuzz(example: st.SearchStrategy[Input], take: Callable[[Input], None], *, seconds: float, first: int = 0) -> Count:
    """Raises what `take` raises, with the smallest input that does it."""
    count = Count()
    began = time.monotonic()
    warm = 0
    round_ = first
    while time.monotonic() - began < seconds:
        _round(example, take, count, round_)
        round_ += 1
        gc.collect()
        warm = warm or resident_bytes(os.getpid())
    count.seconds = round(time.monotonic() - began, 1)
    count.grown_mb = round((resident_bytes(os.getpid()) - warm) / 1e6, 1)
    return count


def _round(example: st.SearchStrategy[Input], take: Callable[[Input], None], count: Count, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=_AT_ONCE,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(example)
    def one(data: Input) -> None:
        began = time.perf_counter()
        take(data)
        took_s = time.perf_counter() - began
        count.inputs += 1
        count.slowest_ms = max(count.slowest_ms, round(took_s * 1000, 1))
        assert took_s < SLOWEST_S, f"{took_s:.1f} s"

    one()
