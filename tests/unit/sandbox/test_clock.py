"""The sandbox's time."""

import pytest

from engine.sandbox.clock import Clock


def test_clock_runs_as_many_times_faster_as_it_is_told() -> None:
    now_s = [100.0]
    clock = Clock(speed=4, monotonic=lambda: now_s[0])
    began_ms = clock.now_ms()
    now_s[0] += 0.5
    assert clock.now_ms() == began_ms + 2_000
    assert clock.seconds_until(began_ms + 6_000) == 1.0
    assert clock.seconds_until(began_ms) == 0


def test_clock_does_not_stand_still() -> None:
    with pytest.raises(ValueError, match="speed"):
        Clock(speed=0)
