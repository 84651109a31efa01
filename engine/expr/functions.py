"""The functions of the language, as CEL's own: closed over the flow's language, calendars and zones.

They are declared twice, because an author may leave out what `calls.py` puts in: `written` is what
expressions are checked against, `evaluated` what is run.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from cel_expr_python import cel
from msgspec import Struct

from engine.expr.moments import local_date, local_time, moment
from engine.expr.opening import is_open, next_open
from engine.expr.speech import language_of
from engine.expr.zones import zone_of
from engine.model.calendars import Calendar

_TEXT, _TIME = cel.Type.STRING, cel.Type.TIMESTAMP
KINDS = {
    "string": _TEXT,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "timestamp": _TIME,
}
NAMES = ("date", "money", "next_open", "open", "or", "parse_date", "spell", "time", "when")


class Setting(Struct, frozen=True, kw_only=True):
    """What the functions of a flow know: `calendar_names` are the uses that are calendars (`uses.hours`);
    `calendars` and `zones` are those of its bundle, by name."""

    language: str = "en-US"
    calendar_names: tuple[str, ...] = ()
    calendars: Mapping[str, Calendar] = {}
    zones: Mapping[str, bytes] = {}

    @property
    def calendar(self) -> str:
        """The use whose zone holds where none is given: the flow's one calendar, or empty."""
        return self.calendar_names[0] if len(self.calendar_names) == 1 else ""

    def zone(self, name: str) -> tzinfo:
        """The zone of that name, or of the calendar of that name."""
        calendar = self.calendars.get(name)
        zone = calendar.zone if calendar else name
        if zone not in self.zones:
            raise ValueError(f"there is no calendar or time zone {name}")
        return zone_of(zone, self.zones[zone])

    def find(self, name: str) -> Calendar:
        if name not in self.calendars:
            raise ValueError(f"there is no calendar {name}")
        return self.calendars[name]


def written(setting: Setting) -> list[cel.FunctionDecl]:
    """As an author calls them. Only the others are ever run."""
    alone = bool(setting.calendar)
    return [
        *_plain(setting),
        _declare("date", [_one(_TEXT), _two(_TEXT), _two(_TIME), *([_one(_TIME)] if alone else [])]),
        _declare("time", [_one(_TEXT), _two(_TEXT), _two(_TIME), *([_one(_TIME)] if alone else [])]),
        _declare("when", [_two(_TIME), *([_one(_TIME)] if alone else [])]),
        _declare("parse_date", [_one(_TEXT), _two(_TEXT)], _TIME),
        cel.FunctionDecl("or", [_overload(f"or_{kind}", one, [one, one], _never) for kind, one in KINDS.items()]),
    ]


def evaluated(setting: Setting) -> list[cel.FunctionDecl]:
    say = language_of(setting.language)

    def date_of(at: datetime, zone: str) -> str:
        return say.full_date(at.astimezone(setting.zone(zone)).date())

    def time_of(at: datetime, zone: str) -> str:
        return say.clock(at.astimezone(setting.zone(zone)).time())

    def when(at: datetime, zone: str, now: datetime) -> str:
        return say.when(at, now, setting.zone(zone))

    def date_in(text: str, zone: str = "") -> str:
        return say.full_date(local_date(text))

    def moment_in(text: str, zone: str) -> datetime:
        return moment(text, setting.zone(zone))

    def time_in(text: str, zone: str = "") -> str:
        return say.clock(local_time(text))

    return [
        *_plain(setting),
        _run("date", _TEXT, ((_TEXT,), date_in), ((_TEXT, _TEXT), date_in), ((_TIME, _TEXT), date_of)),
        _run("time", _TEXT, ((_TEXT,), time_in), ((_TEXT, _TEXT), time_in), ((_TIME, _TEXT), time_of)),
        _run("when", _TEXT, ((_TIME, _TEXT, _TIME), when)),
        _run("parse_date", _TIME, ((_TEXT,), moment), ((_TEXT, _TEXT), moment_in)),
    ]


def _plain(setting: Setting) -> list[cel.FunctionDecl]:
    """Those that are run as they are written."""
    say = language_of(setting.language)

    def opened(name: str, at: datetime) -> bool:
        calendar = setting.find(name)
        return is_open(calendar, setting.zone(name), at)

    def opens(name: str, at: datetime) -> datetime:
        calendar = setting.find(name)
        return next_open(calendar, setting.zone(name), at)

    return [
        _run("spell", _TEXT, ((_TEXT,), ", ".join)),
        _run("money", _TEXT, ((cel.Type.DOUBLE, _TEXT), say.money), ((cel.Type.INT, _TEXT), say.money)),
        _run("open", cel.Type.BOOL, ((_TEXT, _TIME), opened)),
        _run("next_open", _TIME, ((_TEXT, _TIME), opens)),
    ]


def _run(name: str, gives: cel.Type, *ways: tuple[tuple[cel.Type, ...], Callable[..., Any]]) -> cel.FunctionDecl:
    return cel.FunctionDecl(name, [_overload(_id(name, takes), gives, list(takes), way) for takes, way in ways])


def _declare(name: str, ways: list[tuple[cel.Type, ...]], gives: cel.Type = _TEXT) -> cel.FunctionDecl:
    return _run(name, gives, *[(takes, _never) for takes in ways])


def _one(first: cel.Type) -> tuple[cel.Type, ...]:
    return (first,)


def _two(first: cel.Type) -> tuple[cel.Type, ...]:
    return (first, _TEXT)


def _id(name: str, takes: tuple[cel.Type, ...]) -> str:
    return "_".join([name, *(one.name().lower() for one in takes)])


def _overload(id: str, gives: cel.Type, takes: list[cel.Type], way: Callable[..., Any]) -> cel.Overload:
    return cel.Overload(id, return_type=gives, parameters=takes, impl=way)


def _never(*given: Any) -> Any:
    raise ValueError("this function is not run as it is written")
