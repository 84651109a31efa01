"""Is a calendar open, and when will it be? The clock on the wall decides, also on days when it is changed.

Hours that the clock skips do not happen, those that it shows twice happen twice: at every moment it
is open exactly when the local time lies within the hours of the local date (or in those of the day
before that go over midnight).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from engine.model.calendars import DAY_S, Calendar

MAX_DAYS = 2 * 366
"""How far ahead an opening is looked for."""
_DAY = timedelta(days=1)
_SLACK = timedelta(hours=3)


def is_open(calendar: Calendar, zone: tzinfo, at: datetime) -> bool:
    wall = at.astimezone(zone)
    day, second = wall.date(), wall.hour * 3600 + wall.minute * 60 + wall.second
    return any(one.start_s <= second < one.end_s for one in calendar.on(day)) or any(
        one.start_s <= second + DAY_S < one.end_s for one in calendar.on(day - _DAY)
    )


def next_open(calendar: Calendar, zone: tzinfo, at: datetime) -> datetime:
    """The first moment from `at` on at which it is open, `at` itself included. `ValueError` when there is none."""
    if is_open(calendar, zone, at):
        return at
    first = at.astimezone(zone).date() - _DAY
    for days in range(MAX_DAYS + 2):
        day = first + timedelta(days=days)
        # A day's last openings and the next one's first may change places when the clock is changed.
        found = [*_openings(calendar, zone, day)]
        if any(one >= at for one in found):
            return min(one for one in [*found, *_openings(calendar, zone, day + _DAY)] if one >= at)
    raise ValueError(f"the calendar {calendar.name} does not open in the next two years")


def _openings(calendar: Calendar, zone: tzinfo, day: date) -> Iterator[datetime]:
    """The moments at which it may begin to be open because of this day's hours, and is."""
    hours = calendar.on(day)
    if not hours and not calendar.on(day - _DAY):
        return
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    candidates = [
        (midnight + timedelta(seconds=one.start_s)).replace(fold=fold).astimezone(UTC)
        for one in hours
        for fold in (0, 1)
    ]
    candidates += _change(zone, midnight.astimezone(UTC) - _SLACK, (midnight + _DAY).astimezone(UTC) + _SLACK)
    yield from (one for one in candidates if is_open(calendar, zone, one))


def _change(zone: tzinfo, low: datetime, high: datetime) -> list[datetime]:
    """The second at which the clock is changed between the two moments, if it is."""

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(zone).utcoffset()

    if offset(low) == offset(high):
        return []
    before = offset(low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if offset(middle) == before:
            low = middle
        else:
            high = middle
    return [high]
