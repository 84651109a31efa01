"""Calendar files: what they mean, and what is wrong with them, at its place."""

import pytest

from engine.compile import CompiledCalendar, compile_bundle, compile_calendar
from engine.model.bundle import Bundle
from engine.model.calendars import Calendar, Hours
from engine.project import zones

HEAD = "calendar: desk\nzone: Europe/Berlin\n"
ZONES = {"Europe/Berlin": zones.load("Europe/Berlin") or b""}
HOUR_S = 3600


def compiled(text: str) -> CompiledCalendar:
    return compile_calendar("desk", text.encode(), ZONES)


def test_calendar_as_a_value() -> None:
    found = compiled(
        HEAD + "hours:\n  monday: 08:00-12:00, 14:00-18:30\n  friday: 22:00-06:00 next day\n  sunday: 00:00-24:00\n"
        "holidays: {2026-11-26: Thanksgiving, 12-25: Christmas, 02-29: Leap day}\n"
        "exceptions: {2027-12-25: 09:00-10:00, 2026-12-31: closed}\n"
    )
    assert not found.diagnostics
    assert found.calendar == Calendar(
        name="desk",
        zone="Europe/Berlin",
        week=(
            (Hours(8 * HOUR_S, 12 * HOUR_S), Hours(14 * HOUR_S, 18 * HOUR_S + 1800)),
            *[(), (), ()],
            (Hours(22 * HOUR_S, 30 * HOUR_S),),
            (),
            (Hours(0, 24 * HOUR_S),),
        ),
        dates={
            "2027-12-25": (Hours(9 * HOUR_S, 10 * HOUR_S),),
            "2026-12-31": (),
            "2026-11-26": (),
            "12-25": (),
            "02-29": (),
        },
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("hours: {monday: '18:00-08:00'}", 3, "CAL001 `18:00-08:00` ends before it begins."),
        ("hours: {monday: '08:00-08:00'}", 3, "CAL001 `08:00-08:00` is no time at all."),
        ("hours: {monday: '08:00-09:00 next day'}", 3, "CAL001 `08:00-09:00 next day` is longer than a day."),
        ("hours: {monday: '08:00-12:00, 11:00-13:00'}", 3, "CAL001 `11:00-13:00` overlaps with `08:00-12:00`."),
        ("hours: {monday: '14:00-18:00, 08:00-12:00'}", 3, "CAL001 `08:00-12:00` stands after `14:00-18:00`."),
        (
            "hours:\n  sunday: '22:00-06:00 next day'\n  monday: 05:00-09:00",
            5,
            "CAL001 The hours of monday overlap with those that begin on sunday.",
        ),
        ("hours: {monday: closed}\nholidays: {2026-02-30: No day}", 4, "CAL002 There is no such date as `2026-02-30`."),
        (
            "hours: {monday: closed}\nexceptions: {2026-13-01: closed}",
            4,
            "CAL002 There is no such date as `2026-13-01`.",
        ),
        (
            "hours: {monday: closed}\nholidays: {2026-12-24: A}\nexceptions: {2026-12-24: closed}",
            4,
            "CAL004 `2026-12-24` stands under `exceptions` too.",
        ),
        ("hours: {monday: closed}\nholidays:\n  12-25: A\n  12-25: B", 6, "SYN002"),
        ("hours: {monday: closed}\nholidays: {christmas: A}", 4, "SYN008 `christmas` is no date."),
        ("hours: {monday: closed}\nexceptions: {12-25: closed}", 4, "SYN008 `12-25` is no date of one year."),
        ("hours: {monday: closed}\nzome: UTC", 4, "SYN003"),
        ("hours: {monday: 8-18}", 3, "SYN005"),
        ("hours: {mon: closed}", 3, "SYN003"),
        ("hours: [", 3, "SYN001"),
    ],
)
def test_mistake_is_reported_at_its_place(text: str, line: int, said: str) -> None:
    found = compiled(HEAD + text + "\n")
    assert found.calendar is None
    first, *others = found.diagnostics
    assert not others
    assert first.span.line == line
    assert f"{first.code} {first.message}".startswith(said)
    assert first.help


@pytest.mark.parametrize("zone", ["Europe/Berln", "EST5", "1"])
def test_unknown_zone_is_reported(zone: str) -> None:
    found = compiled(f"calendar: desk\nzone: {zone}\nhours: {{monday: closed}}\n")
    assert [(one.code, one.span.line) for one in found.diagnostics] == [("CAL003" if zone != "1" else "SYN005", 2)]


@pytest.mark.parametrize("data", [b"", b"- a", b"x", b"\xff", b"calendar: 5\nzone: {}\nhours: 3\nholidays: []"])
def test_anything_else_is_reported_too(data: bytes) -> None:
    found = compile_calendar("desk", data, ZONES)
    assert found.calendar is None
    assert found.diagnostics


def test_name_is_the_files() -> None:
    (found,) = compile_calendar("other", (HEAD + "hours: {monday: closed}").encode(), ZONES).diagnostics
    assert (found.code, found.help) == (
        "SYN008",
        "Write `calendar: other`, or rename the file to desk.calendar.yaml.",
    )


def test_flow_with_a_broken_calendar_has_no_graph() -> None:
    flow = b"flow: f\nlanguage: 1\nuses: {hours: calendar}\nstart: bye\nsteps: {bye: {end: hangup}}\n"
    found = compile_bundle(Bundle("f", {"f.flow.yaml": flow, "calendars/desk.calendar.yaml": b"calendar: desk\n"}))
    assert found.graph is None
    assert {one.file for one in found.diagnostics} == {"calendars/desk.calendar.yaml"}
