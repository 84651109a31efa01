"""Calendars."""

import re
from collections.abc import Iterator

from engine.compile.located import Scalar
from tests.mutation.document import Document
from tests.mutation.independent.making import made_of
from tests.mutation.mutant import Mutation, mutation

_CALENDAR = ".calendar.yaml"


@made_of(_CALENDAR)
def zone_of_the_server(of: Document) -> Iterator[Mutation | None]:
    zone = of.at("zone")
    if isinstance(zone, Scalar):
        yield mutation("zone", "UTC", of.put(zone, "UTC"))


@made_of(_CALENDAR)
def day_forgotten(of: Document) -> Iterator[Mutation | None]:
    hours = of.section("hours")
    for key, _ in hours.entries:
        yield mutation(key.text, "not there", of.drop(hours, key.text))


@made_of(_CALENDAR)
def last_years_holidays(of: Document) -> Iterator[Mutation | None]:
    dates = [key for name in ("holidays", "exceptions") for key, _ in of.section(name).entries]
    dated = [key for key in dates if re.match(r"\d{4}-", key.text)]
    if dated:
        edits = [of.put(key, f'"{int(key.text[:4]) - 1}{key.text[4:]}"') for key in dated]
        yield mutation("holidays", "of the year before", *edits)


@made_of(_CALENDAR)
def afternoon_as_morning(of: Document) -> Iterator[Mutation | None]:
    for key, value in of.section("hours").entries:
        for found in re.finditer(r"-(1[3-9]|2[0-3]):", of.text[value.start : value.end]):
            start = value.start + found.start(1)
            hour = f"{int(found[1]) - 12:02}"
            yield mutation(key.text, f"until {hour}", of.put_text(start, start + 2, hour))
