"""Opening hours against the clock on the wall as zoneinfo shows it, in zones that change it in odd ways."""

# ruff: noqa: DTZ001  (what is shown on a wall has no zone)

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expr.opening import is_open, next_open
from engine.expr.zones import zone_of
from engine.model.calendars import DAY_S, Calendar, Hours
from engine.project import zones

NAMES = (
    "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "Asia/Kathmandu",
    "Africa/Casablanca", "America/St_Johns", "UTC",
)  # fmt: skip
ZONES = {name: zone_of(name, zones.load(name) or b"") for name in NAMES}
QUARTER_S = 900


@st.composite
def days(draw: st.DrawFn) -> tuple[Hours, ...]:
    """Up to two times of a day in order, the last one maybe over midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 96 + 24), max_size=4)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Hours(a * QUARTER_S, b * QUARTER_S) for a, b in pairs if a * QUARTER_S < DAY_S)


CALENDARS = st.builds(
    Calendar,
    name=st.just("c"),
    zone=st.just("unused"),
    week=st.tuples(*[days()] * 7),
    dates=st.dictionaries(st.dates(date(2011, 1, 1), date(2030, 1, 1)).map(str), days(), max_size=3),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)),
    # around changes of the clock
    st.sampled_from([(2026, 3, 8, 7), (2026, 11, 1, 6), (2026, 3, 29, 1), (2026, 10, 25, 1), (2011, 12, 30, 10), (2026, 4, 5, 4)])
    .flatmap(lambda at: st.timedeltas(timedelta(hours=-40), timedelta(hours=40)).map(lambda by: datetime(*at) + by)),
).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))  # fmt: skip


def shown_open(calendar: Calendar, zone: str, at: datetime) -> bool:
    """The definition, in other words: some hours hold the local time, written as minutes of a day."""
    wall = at.astimezone(ZONES[zone]).replace(tzinfo=None)
    for back in (0, 1):
        midnight = datetime.combine(wall.date() - timedelta(days=back), datetime.min.time())
        for one in calendar.on(midnight.date()):
            if midnight + timedelta(seconds=one.start_s) <= wall < midnight + timedelta(seconds=one.end_s):
                return True
    return False


@given(calendar=CALENDARS, zone=st.sampled_from(NAMES), at=MOMENTS)
def test_open_is_what_the_wall_clock_says(calendar: Calendar, zone: str, at: datetime) -> None:
    assert is_open(calendar, ZONES[zone], at) == shown_open(calendar, zone, at)


@settings(max_examples=300)
@given(calendar=CALENDARS, zone=st.sampled_from(NAMES), at=MOMENTS)
def test_next_open_is_open_and_nothing_before_it_is(calendar: Calendar, zone: str, at: datetime) -> None:
    if not any(calendar.week):
        return
    opens = next_open(calendar, ZONES[zone], at)
    assert opens >= at
    assert shown_open(calendar, zone, opens)
    # Everything happens on quarters of an hour of the wall clock, and zones differ by quarters.
    step = timedelta(minutes=15)
    before = opens - timedelta(seconds=1)
    for _ in range(min(200, int((opens - at) / step) + 1)):
        if before < at:
            break
        assert not shown_open(calendar, zone, before), before
        before -= step


def test_next_open_of_a_calendar_that_never_opens_fails_soon() -> None:
    calendar = Calendar(name="never", zone="UTC", week=((),) * 7)
    with pytest.raises(ValueError, match="never"):
        next_open(calendar, ZONES["UTC"], datetime(2026, 1, 1, tzinfo=UTC))
