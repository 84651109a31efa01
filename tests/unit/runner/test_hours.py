"""`outbound.hours`: when a flow calls, and what is said when it does not."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from engine.project.flows import FlowFile, gather
from engine.runner.clock import Clock
from engine.runner.library import Library, library_of
from tests.unit.runner.inside import inside

pytestmark = pytest.mark.anyio
FLOW = """
flow: reminder
language: 1
uses: {calling: calendar}
outbound: {from: "+15550100", hours: calling}
start: bye
steps:
  bye: {end: hangup}
"""
CALENDAR = """
calendar: mornings
zone: America/New_York
hours: {monday: "09:00-12:00", tuesday: "09:00-12:00"}
holidays: {"2026-11-24": a day off}
"""
NEVER = CALENDAR.replace('hours: {monday: "09:00-12:00", tuesday: "09:00-12:00"}', "hours: {monday: closed}")
BEARER = {"Authorization": "Bearer secret"}


def flows(calendar: str = CALENDAR) -> Library:
    files = {"calendars/mornings.calendar.yaml": calendar.encode()}
    uses = {"calling": "mornings"}
    found = library_of([FlowFile("reminder", gather("reminder", FLOW.encode(), files.get, uses))], uses)
    assert not found.problems, found.problems
    return found


async def asked(at: datetime, *, calendar: str = CALENDAR, keys: tuple[str, ...] = ("k",)) -> tuple[Any, int]:
    """The answers, and how many dials have reached the platform."""
    now = at
    async with inside(flows=flows(calendar), clock=Clock(lambda: now.timestamp())) as runner:
        answers: list[httpx.Response] = []
        for key in keys:
            body = {"flow": "reminder", "to": "+15550177"}
            headers = {**BEARER, "Idempotency-Key": key}
            answers.append(await runner.client.post("/runs", json=body, headers=headers))
            # The second request comes after the hours.
            now = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
        return (answers if len(answers) > 1 else answers[0]), len(runner.journal.runs())


async def test_request_within_the_hours_is_dialled() -> None:
    answer, runs = await asked(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert (answer.status_code, runs) == (202, 1)


@pytest.mark.parametrize(
    ("at", "opens", "wait_s"),
    [
        (datetime(2026, 11, 23, 13, 59, 30, tzinfo=UTC), "2026-11-23 at 09:00", 30),
        (datetime(2026, 11, 23, 13, 59, 59, 500_000, tzinfo=UTC), "2026-11-23 at 09:00", 1),
        # At noon they are over, the next day is a holiday, and on other days nobody is called.
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "2026-11-30 at 09:00", (6 * 24 + 21) * 3600),
    ],
)
async def test_request_outside_the_hours_is_refused_with_the_time_at_which_they_begin(
    at: datetime, opens: str, wait_s: int
) -> None:
    answer, runs = await asked(at)
    assert (answer.status_code, runs) == (409, 0)
    assert answer.headers["retry-after"] == str(wait_s)
    said = "Flow reminder calls nobody now: it is outside the hours of mornings. "
    assert answer.json() == {"error": f"{said}They begin on {opens} (America/New_York)."}


async def test_hours_that_never_come_are_refused_for_good() -> None:
    answer, _ = await asked(datetime(2026, 11, 23, 14, 0, tzinfo=UTC), calendar=NEVER)
    assert (answer.status_code, "retry-after" in answer.headers) == (409, False)
    assert "They do not begin in the next two years." in answer.json()["error"]


async def test_run_that_was_asked_for_within_the_hours_is_there_outside_of_them() -> None:
    (first, again, other), runs = await asked(datetime(2026, 11, 23, 14, 0, tzinfo=UTC), keys=("k", "k", "other"))
    assert (first.status_code, again.status_code, other.status_code, runs) == (202, 202, 409, 1)
    assert again.headers["idempotent-replayed"] == "true"
