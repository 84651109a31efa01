"""The runner's time, when the machine's is set."""

import logging

import pytest

from engine.runner.clock import Clock, passing
from engine.runner.timekeeping import Timekeeping

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


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return lines


def test_clock_that_is_set_is_told_and_again_when_it_is_right(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "offhook.runner")
    at = Machine()
    timekeeping = Timekeeping(at.clock)
    for set_by, said in (
        (0, ""),
        (-3_600, "this machine's clock is 1:00:00 behind the runner's"),
        (-3_600, ""),
        (0, "this machine's clock and the runner's agree again"),
        (1_800, "this machine's clock is 0:30:00 ahead of the runner's"),
    ):
        at.after(5)
        at.set_by = set_by
        timekeeping.look()
        lines = told(caplog)
        assert [line[: len(said)] for line in lines] == ([said] if said else []), set_by


def test_clock_that_is_believed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    at = Machine()
    timekeeping = Timekeeping(at.clock)
    at.set_by = 40 * 86_400
    at.after(1)
    timekeeping.look()
    timekeeping.look()
    (line,) = told(caplog)
    assert line.startswith("this machine's clock was set forth by 40 days"), line


def test_clock_that_is_behind_the_journal_is_told(caplog: pytest.LogCaptureFixture) -> None:
    at = Machine()
    at.clock.not_before(int((BEGAN_S + 86_400) * 1000))
    Timekeeping(at.clock).look()
    (line,) = told(caplog)
    assert line.startswith("this machine's clock is 1 day, 0:00:00 behind the runner's")
