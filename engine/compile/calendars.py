"""A calendar file: bytes -> located nodes -> schema -> a `Calendar`, with every mistake of the file reported."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.check import check
from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Scalar, entries
from engine.compile.plain import plain
from engine.compile.report import Report
from engine.expr import zone_of
from engine.model.bundle import CALENDAR_SUFFIX
from engine.model.calendars import DAY_S, DAYS, Calendar, Hours
from engine.model.diagnostics import Diagnostic

SUFFIX = CALENDAR_SUFFIX
FOLDER = "calendars"
_ONE = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)( next day)?")
_LEAP_YEAR = "2024-"


class CompiledCalendar(Struct, frozen=True):
    """`calendar` is None when a diagnostic is an error."""

    calendar: Calendar | None
    diagnostics: tuple[Diagnostic, ...]


def path_of(name: str) -> str:
    """Where the calendar stands below the flows folder."""
    return f"{FOLDER}/{name}{SUFFIX}"


def compile_calendar(
    name: str, data: bytes, zones: Mapping[str, bytes], *, file: str | None = None
) -> CompiledCalendar:
    """`zones` are the zones that there are, at least the one that the calendar names (`zone_named`)."""
    root, report = yaml_reader.read(file or path_of(name), data)
    calendar = None
    if isinstance(root, Entries):
        check(report, root, plain(report, root), "calendar.schema.json")
        calendar = _Reading(report, root, name, zones).calendar()
    elif root is not None:
        report.node_error("SYN009", "not-a-calendar", root, "A calendar is a mapping.", help=report.kind.begins)
    found = tuple(sorted(report.diagnostics, key=Diagnostic.sort_key))
    return CompiledCalendar(None if report.has_errors else calendar, found)


def zone_named(data: bytes) -> str:
    """The zone that a calendar file names, or nothing."""
    root, _ = yaml_reader.read("", data)
    zone = root.get("zone") if isinstance(root, Entries) else None
    return zone.text if isinstance(zone, Scalar) else ""


class _Reading:
    """One file. What has not the right shape has been reported, and is passed over."""

    def __init__(self, report: Report, root: Entries, name: str, zones: Mapping[str, bytes]) -> None:
        self.report = report
        self.root = root
        self.name = name
        self.zones = zones

    def calendar(self) -> Calendar:
        self._check_name()
        zone = self._zone()
        week = tuple(self._hours(("hours", day)) for day in DAYS)
        self._check_week(week)
        return Calendar(name=self.name, zone=zone, week=week, dates=self._dates())

    def _error(self, code: str, name: str, node: Node, message: str, help: str, *path: str) -> None:
        self.report.node_error(code, name, node, message, help=help, path=".".join(path))

    def _check_name(self) -> None:
        node = self.root.get("calendar")
        if isinstance(node, Scalar) and node.value is not None and node.text != self.name:
            message = f"The calendar is called `{node.text}` in here, but its file says `{self.name}`."
            advice = f"Write `calendar: {self.name}`, or rename the file to {node.text}{SUFFIX}."
            self._error("SYN008", "bad-name", node, message, advice, "calendar")

    def _zone(self) -> str:
        node = self.root.get("zone")
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return ""
        data = self.zones.get(node.text)
        if data is None or not _is_zone(node.text, data):
            advice = "They are named like Europe/Berlin and America/New_York."
            self._error("CAL003", "unknown-zone", node, f"There is no time zone `{node.text[:60]}`.", advice, "zone")
        return node.text

    def _hours(self, path: tuple[str, str]) -> tuple[Hours, ...]:
        section = self.root.get(path[0])
        node = section.get(path[1]) if isinstance(section, Entries) else None
        if not isinstance(node, Scalar) or node.text == "closed":
            return ()
        found = [(match[0], _hours(match)) for match in _ONE.finditer(node.text)]
        for said, one in found:
            if not one.start_s < one.end_s <= one.start_s + DAY_S:
                self._bad_hours(node, f"`{said}` {_wrong(one)}.", _advice(said, one), path)
        for (earlier, one), (later, other) in pairwise(found):
            if other.start_s < one.end_s:
                what = "overlaps with" if one.start_s < other.end_s else "stands after"
                self._bad_hours(node, f"`{later}` {what} `{earlier}`.", "Times stand in their order.", path)
        return tuple(one for _, one in found)

    def _bad_hours(self, node: Scalar, message: str, advice: str, path: tuple[str, str]) -> None:
        self._error("CAL001", "bad-hours", node, message, advice, *path)

    def _check_week(self, week: tuple[tuple[Hours, ...], ...]) -> None:
        """Hours that go over midnight must not reach those of the next day."""
        hours = self.root.get("hours")
        for index, name in enumerate(DAYS):
            before, day = week[index - 1], week[index]
            node = hours.get(name) if isinstance(hours, Entries) else None
            if node is not None and before and day and before[-1].end_s - DAY_S > day[0].start_s:
                message = f"The hours of {name} overlap with those that begin on {DAYS[index - 1]}."
                self._error("CAL001", "bad-hours", node, message, "Let one begin when the other ends.", "hours", name)

    def _dates(self) -> dict[str, tuple[Hours, ...]]:
        found: dict[str, tuple[Hours, ...]] = {}
        for section in ("exceptions", "holidays"):
            for key, _ in entries(self.root, section):
                if key.text in found:
                    message = f"`{key.text}` stands under `exceptions` too."
                    self._error("CAL004", "duplicate-date", key, message, "Remove one of them.", section, key.text)
                elif self._is_date(key, section):
                    found[key.text] = self._hours((section, key.text)) if section == "exceptions" else ()
        return found

    def _is_date(self, key: Scalar, section: str) -> bool:
        if not re.fullmatch(r"(\d{4}-)?\d\d-\d\d", key.text):
            return False
        try:
            date.fromisoformat(key.text if len(key.text) > 5 else _LEAP_YEAR + key.text)
        except ValueError:
            message = f"There is no such date as `{key.text}`."
            self._error("CAL002", "impossible-date", key, message, "Year, month, day: 2026-12-24.", section, key.text)
            return False
        return True


def _is_zone(name: str, data: bytes) -> bool:
    try:
        zone_of(name, data)
    except ValueError:
        return False
    return True


def _hours(match: re.Match[str]) -> Hours:
    start, end = ((int(match[at]) * 60 + int(match[at + 1])) * 60 for at in (1, 3))
    return Hours(start, end + DAY_S if match[5] else end)


def _wrong(one: Hours) -> str:
    if one.start_s == one.end_s:
        return "is no time at all"
    return "ends before it begins" if one.end_s < one.start_s else "is longer than a day"


def _advice(said: str, one: Hours) -> str:
    if one.start_s == one.end_s:
        return "A whole day is 00:00-24:00."
    if one.end_s < one.start_s:
        return f"If it goes over midnight, write `{said} next day`."
    return "The hours of one day end within 24 hours."


def compile_all(files: Mapping[str, bytes], zones: Mapping[str, bytes]) -> Iterator[CompiledCalendar]:
    """The calendars among the files of a bundle."""
    for path, data in sorted(files.items()):
        if path.startswith(f"{FOLDER}/") and path.endswith(SUFFIX):
            yield compile_calendar(path.removeprefix(f"{FOLDER}/").removesuffix(SUFFIX), data, zones)
