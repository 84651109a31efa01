"""Calendars."""

from tests.mutation.independent.listed.defect import Defect

FILES = (
    Defect(
        "zone_of_the_server",
        "A calendar is in UTC.",
        "The team's machines are.",
        "closed in the afternoon, open at night",
    ),
    Defect(
        "day_forgotten",
        "A working day is not in the calendar.",
        "A line was lost in a merge.",
        "closed on that day",
    ),
    Defect(
        "last_years_holidays",
        "The dates of holidays are last year's.",
        "Nobody was told to change them.",
        "open on Thanksgiving",
    ),
    Defect(
        "afternoon_as_morning",
        "A closing time is written as on a clock face.",
        "`05:00` for five in the afternoon.",
        "nothing is open",
    ),
)
