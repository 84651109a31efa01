"""Dates and times in texts: ISO 8601, as `2026-11-23`, `20261123`, `2026-11-23T09:30`, with an offset or without."""

from datetime import UTC, date, datetime, time, tzinfo


def moment(text: str, zone: tzinfo = UTC) -> datetime:
    """A text without an offset is local time in the zone; one without a time is its midnight."""
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def local_date(text: str) -> date:
    """The date as it is written."""
    return datetime.fromisoformat(text.strip()).date()


def local_time(text: str) -> time:
    """The time as it is written, with a date before it or not."""
    text = text.strip()
    return time.fromisoformat(text) if ":" in text[:6] else datetime.fromisoformat(text).time()
