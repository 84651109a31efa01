"""Seconds, milliseconds, minutes; decibels and percent."""

from tests.mutation.independent.listed.defect import Defect

UNITS = (
    Defect(
        "seconds_as_milliseconds",
        "A parameter in seconds is given in milliseconds.",
        "Other systems have milliseconds.",
        "nothing ends any more",
    ),
    Defect(
        "seconds_as_minutes",
        "A parameter in seconds is given in minutes.",
        "The design paper says `3 minutes`.",
        "the recording or the talk is cut off",
    ),
    Defect(
        "minutes_for_seconds",
        "A duration has `m` in place of `s`.",
        "A slip of the finger.",
        "silence for minutes",
    ),
    Defect(
        "seconds_for_minutes",
        "A duration has `s` in place of `m`.",
        "A slip of the finger.",
        "the caller is fetched away in the middle",
    ),
    Defect(
        "volume_as_percent",
        "A volume is given in percent, not in decibels.",
        "Other systems have percent.",
        "as loud as can be",
    ),
)
