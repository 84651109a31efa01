import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calling.pace import Rates, Window, dials, posts

GAPS = st.lists(st.integers(0, 30), max_size=80)
WINDOWS = st.builds(Window, st.integers(1, 6), st.integers(0, 40))


def sent(window: Window, gaps: list[int]) -> tuple[list[int], list[int]]:
    """When each wanted to go, and when it went; the next one comes a gap after that."""
    now_ms, wanted, times = 0, [], []
    for gap in gaps:
        now_ms += gap
        wanted.append(now_ms)
        now_ms = window.when(now_ms)
        window.take(now_ms)
        times.append(now_ms)
    return wanted, times


@given(st.integers(1, 6), st.integers(1, 40), GAPS)
def test_no_period_has_more_than_the_limit(limit: int, period_ms: int, gaps: list[int]) -> None:
    _, times = sent(Window(limit, period_ms), gaps)
    for index, time in enumerate(times):
        assert sum(time - period_ms < other <= time for other in times[: index + 1]) <= limit


@given(st.integers(1, 6), st.integers(1, 40), GAPS)
def test_nobody_waits_without_need(limit: int, period_ms: int, gaps: list[int]) -> None:
    wanted, times = sent(Window(limit, period_ms), gaps)
    for index, (asked, went) in enumerate(zip(wanted, times, strict=True)):
        if went > asked:
            assert sum(went - 1 - period_ms < other <= went - 1 for other in times[:index]) == limit


@given(WINDOWS, GAPS, st.integers(0, 30))
def test_those_ahead_are_counted_as_if_they_had_gone(window: Window, gaps: list[int], ahead: int) -> None:
    _, times = sent(window, gaps)
    now_ms = times[-1] if times else 0
    foretold = window.when(now_ms, ahead)
    for _ in range(ahead):
        now_ms = window.when(now_ms)
        window.take(now_ms)
    assert window.when(now_ms) == foretold


@given(WINDOWS, GAPS, st.integers(0, 30))
def test_free_says_what_when_says(window: Window, gaps: list[int], later_ms: int) -> None:
    _, times = sent(window, gaps)
    now_ms = (times[-1] if times else 0) + later_ms
    assert window.free(now_ms) == (window.when(now_ms) <= now_ms)


@given(st.integers(1, 6), st.integers(0, 40), GAPS, st.integers(0, 10**9))
def test_a_clock_that_is_set_back_costs_one_period(limit: int, period_ms: int, gaps: list[int], back_ms: int) -> None:
    window = Window(limit, period_ms)
    _, times = sent(window, gaps)
    now_ms = max(0, (times[-1] if times else 0) - back_ms)
    assert window.when(now_ms) <= now_ms + period_ms


@given(st.integers(0, 3_000), st.integers(0, 200))
def test_the_platforms_rate_is_reached_and_not_exceeded(start: int, spread: int) -> None:
    window = posts(Rates(posts=1_380, period_ms=1_000))
    now_ms, times = start, []
    for index in range(3_000):
        now_ms = window.when(now_ms + (index % 200 < spread))
        window.take(now_ms)
        times.append(now_ms)
    assert all(late - early >= 1_000 for early, late in zip(times, times[1_380:], strict=False))


@pytest.mark.parametrize(("per_s", "gap_ms"), [(1.0, 1_000), (0.5, 2_000), (10, 100), (3, 333), (5_000, 0)])
def test_dials_go_one_at_a_time(per_s: float, gap_ms: int) -> None:
    window = dials(Rates(dials_per_s=per_s))
    window.take(7)
    assert window.when(7) == 7 + gap_ms


@pytest.mark.parametrize(("limit", "period_ms"), [(0, 1), (-1, 1), (1, -1)])
def test_a_rate_that_lets_nothing_through_is_refused(limit: int, period_ms: int) -> None:
    with pytest.raises(ValueError, match="lets nothing through"):
        Window(limit, period_ms)
