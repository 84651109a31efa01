"""Opening hours as a value: a time zone, the hours of a week, and the dates that differ.

A calendar speaks of the clock on the wall of its zone. Hours belong to the day on which they begin;
those that go over midnight end after 24:00 of that day.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_S = 86_400


class Hours(Struct, frozen=True):
    """From `start_s` up to and without `end_s`: seconds on the wall clock since the day's midnight."""

    start_s: int
    end_s: int


class Calendar(Struct, frozen=True, kw_only=True):
    """`week` begins on Monday. Keys of `dates` are `2026-12-24`, or `12-25` for every year; the former win."""

    name: str
    zone: str
    week: tuple[tuple[Hours, ...], ...]
    dates: Mapping[str, tuple[Hours, ...]] = {}

    def on(self, day: date) -> tuple[Hours, ...]:
        written = day.isoformat()
        return self.dates.get(written, self.dates.get(written[5:], self.week[day.weekday()]))
