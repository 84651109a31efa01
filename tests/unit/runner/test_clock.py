"""The runner's time, when the machine's is set."""

import pytest

from engine.runner.clock import Clock, passing

BEGAN_S = 1_800_000_000.0


class Machine:
    """Its `wall` is what passes, and what it was set to."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.set_by = 0.0
        self.clock = Clock(lambda: BEGAN_S + self.passed + self.set_by, lambda: self.passed)

    def after(self, seconds: float) -> float:
        """Seconds since the beginning, by the runner's clock, looked at every second."""
        for _ in range(int(seconds)):
            self.passed += 1
            self.clock.now_ms()
        return self.clock.now_ms() / 1000 - BEGAN_S


def test_time_passes_as_on_the_wall() -> None:
    assert Machine().after(3_600) == pytest.approx(3_600)


@pytest.mark.parametrize("by", [3_600, -3_600, 60, -60])
def test_wall_that_is_set_is_come_near_to_and_nothing_jumps(by: float) -> None:
    at = Machine()
    at.set_by = by
    before = at.clock.now_ms()
    assert at.clock.now_ms() == before
    assert at.after(10) == pytest.approx(10, abs=1.01), "a wait of ten seconds takes nine to eleven"
    assert at.after(12 * abs(by)) == pytest.approx(at.passed + by, abs=1)


def test_wall_that_was_wrong_from_the_beginning_is_believed_when_it_is_set_right() -> None:
    at = Machine()
    at.set_by = 50 * 365 * 86_400
    assert at.after(1) == pytest.approx(at.set_by + 1)


def test_process_before_this_one_was_later() -> None:
    at = Machine()
    at.clock.not_before(int((BEGAN_S + 100) * 1000))
    assert at.clock.now_ms() == (BEGAN_S + 100) * 1000
    at.clock.not_before(0)
    assert at.after(10) == pytest.approx(109, abs=0.1)


def test_clock_of_a_test_passes_as_its_wall_says_and_never_runs_backwards() -> None:
    now_s = 5.0
    clock = Clock(lambda: now_s)
    now_s = 7.0
    assert clock.now_ms() == 7_000
    now_s = 6.0
    assert clock.now_ms() == 7_000
    now_s = 1e9
    assert clock.now_ms() == 10**12


def test_what_passes_does_pass() -> None:
    assert passing() <= passing()
    assert Clock().now_ms() > 1_700_000_000_000
