"""The functions of expressions, in the languages that have words of their own and in one that has none."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.expr import Checked, Environment, Setting, read_at
from engine.model.calendars import Calendar, Hours
from engine.model.graph import ExpressionFailed
from engine.project import zones

DAY = (Hours(9 * 3600, 17 * 3600),)
CALENDAR = Calendar(name="desk", zone="America/New_York", week=(DAY, DAY, DAY, DAY, DAY, (), ()))
ZONES = {name: zones.load(name) or b"" for name in ("America/New_York", "Europe/Berlin")}
DECLARED = {
    "uses.hours": "string", "now": "timestamp", "steps.a.digits": "string", "steps.a.confidence": "double",
    "vars.n": "int", "vars.text": "string", "vars.amount": "double",
}  # fmt: skip
SATURDAY = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
VALUES: dict[str, Any] = {"uses.hours": "desk", "now": SATURDAY, "vars.n": 3, "vars.text": "x", "vars.amount": 1e300}


def setting(language: str = "en-US") -> Setting:
    return Setting(language=language, calendar_names=("uses.hours",), calendars={"desk": CALENDAR}, zones=ZONES)


def value(source: str, language: str = "en-US", **more: Any) -> Any:
    found = Environment(DECLARED, None, setting(language)).compile(source)
    assert isinstance(found, Checked), found
    return found.evaluate({**VALUES, **more}.__getitem__)


@pytest.mark.parametrize(
    ("language", "source", "said"),
    [
        ("en-US", "money(12.5, 'USD')", "12 dollars and 50 cents"),
        ("en-US", "money(1.01, 'USD')", "1 dollar and 1 cent"),
        ("en-US", "money(0.0, 'USD')", "0 dollars"),
        ("en-US", "money(0.005, 'EUR')", "1 cent"),
        ("en-US", "money(-3, 'GBP')", "minus 3 pounds"),
        ("en-US", "money(1999.5, 'JPY')", "2000 yen"),
        ("en-US", "money(3, 'ABC')", "3.00 ABC"),
        ("de", "money(12.5, 'EUR')", "12 Euro und 50 Cent"),
        ("es", "money(1.5, 'USD')", "1 dólar y 50 centavos"),
        ("fr-FR", "money(0, 'EUR')", "0 euro"),
        ("fr-FR", "money(2.5, 'EUR')", "2 euros et 50 centimes"),
        ("pt-BR", "money(-2.5, 'USD')", "-2.50 USD"),
        ("en-US", "spell('47')", "4, 7"),
        ("en-US", "date('2026-01-31')", "Saturday, January 31, 2026"),
        ("en-GB", "date('20260131')", "Saturday, 31 January 2026"),
        ("de-AT", "date('2026-01-31T23:00')", "Samstag, 31. Januar 2026"),
        ("es", "date('2026-01-31')", "sábado 31 de enero de 2026"),
        ("fr", "date('2026-02-01')", "dimanche 1er février 2026"),
        ("pt", "date('2026-02-01')", "2026-02-01"),
        ("en-US", "date(now)", "Saturday, November 21, 2026"),
        ("en-US", "date(timestamp('2026-11-21T04:00:00Z'))", "Friday, November 20, 2026"),
        ("en-US", "date(timestamp('2026-11-21T04:00:00Z'), 'Europe/Berlin')", "Saturday, November 21, 2026"),
        ("en-US", "time(now)", "10 in the morning"),
        ("en-US", "time(now, 'Europe/Berlin')", "4 in the afternoon"),
        ("en-US", "time('00:00')", "midnight"),
        ("en-US", "time('12:00')", "noon"),
        ("en-US", "time('12:05')", "12:05 in the afternoon"),
        ("en-US", "time('2026-01-31T19:00')", "7 in the evening"),
        ("en-US", "time('21:30')", "9:30 at night"),
        ("de", "time('09:05')", "9 Uhr 5"),
        ("es", "time('13:00')", "la 1 de la tarde"),
        ("es", "time('00:30')", "las 12:30 de la noche"),
        ("fr", "time('01:15')", "1 heure 15"),
        ("fr", "time('12:00')", "midi"),
        ("pt", "time('09:05')", "09:05"),
        ("en-US", "when(now)", "today at 10 in the morning"),
        ("en-US", "when(now + duration('24h'))", "tomorrow at 10 in the morning"),
        ("en-US", "when(now - duration('24h'), uses.hours)", "yesterday at 10 in the morning"),
        ("en-US", "when(next_open(uses.hours, now))", "on Monday at 9 in the morning"),
        ("en-US", "when(now + duration('168h'))", "on Saturday, November 28 at 10 in the morning"),
        ("en-US", "when(timestamp('2028-01-03T15:00:00Z'))", "Monday, January 3, 2028 at 10 in the morning"),
        ("de", "when(next_open(uses.hours, now))", "am Montag um 9 Uhr"),
        ("es", "when(next_open(uses.hours, now))", "el lunes a las 9 de la mañana"),
        ("fr", "when(next_open(uses.hours, now))", "lundi à 9 heures"),
        ("pt", "when(now)", "2026-11-21 10:00"),
        ("en-US", "parse_date('2026-07-01')", "2026-07-01T04:00:00Z"),
        ("en-US", "parse_date('2026-07-01T09:00', 'Europe/Berlin')", "2026-07-01T07:00:00Z"),
        ("en-US", "parse_date('2026-07-01T09:00:00-03:00')", "2026-07-01T12:00:00Z"),
    ],
)  # fmt: skip
def test_function_says(language: str, source: str, said: str) -> None:
    assert value(source, language) == said


@pytest.mark.parametrize(
    ("source", "unset", "given"),
    [
        ("or(steps.a.digits, 'none')", "none", "12"),
        ("or(steps.a.digits, 'a, )') + '!'", "a, )!", "12!"),
        ("or( steps.a.digits , or(steps.a.digits, vars.text))", "x", "12"),
        ("or(steps.a.confidence, 0.5) > 0.4", True, False),
        ("size(or(steps.a.digits, '')) + vars.n", 3, 5),
        ("vars.text + 'or(steps.a.digits)' // or(", "xor(steps.a.digits)", "xor(steps.a.digits)"),
    ],
)
def test_or_takes_the_name_or_the_default(source: str, unset: Any, given: Any) -> None:
    assert value(source) == unset
    more: dict[str, Any] = {"steps.a.digits": "12", "steps.a.confidence": 0.1}
    assert value(source, **more) == given


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("or(steps.a.digits, 'x') + steps.a.digits", "steps.a.digits is not set"),
        ("or(vars.n, int(vars.text)) + int('y')", "convert"),
        ("money(vars.amount * 1e300, 'USD')", ""),
        ("money(1.0, 'usd')", "'usd' is no currency"),
        ("date('soon')", "soon"),
        ("time('25:00')", "hour"),
        ("parse_date('')", ""),
        ("open(uses.hours, timestamp('0001-01-01T00:00:00Z'))", ""),
        ("next_open(uses.hours, timestamp('9999-12-31T23:59:59Z'))", ""),
    ],
)
def test_function_without_a_value_fails(source: str, said: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        value(source)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("source", "marked", "message"),
    [
        ("open('desk', now)", "'desk'", "`open` takes a calendar, and this is none."),
        ("next_open(vars.text, now)", "vars.text", "`next_open` takes a calendar, and this is none."),
        ("when(now, 'Europe/Berln')", "'Europe/Berln'", "There is no time zone `Europe/Berln`."),
        ("time(now, vars.text)", "vars.text", "A time zone is written as a text, or is that of a calendar."),
        ("or('a', 'b')", "'a'", "`or` takes a name that may be unset, and this is none."),
        ("or(vars.n, 'b')", "or", "`or` does not take an int and a text."),
        ("when(vars.n)", "when", "`when` does not take an int."),
        ("or(vars.m, 1)", "vars.m", "There is no `vars.m` here."),
        ("has(vars.n)", "vars.n", "`has` looks for a field of a map, and this is a name."),
    ],
)
def test_wrong_argument_is_marked(source: str, marked: str, message: str) -> None:
    found = Environment(DECLARED, None, setting()).compile(source)
    assert isinstance(found, list)
    assert [(source[one.offset : one.offset + one.length], one.message) for one in found] == [(marked, message)]


def test_time_without_zone_or_calendar_is_a_mistake() -> None:
    found = Environment(DECLARED).compile("time(now)")
    assert isinstance(found, list)
    assert "'Europe/Berlin'" in found[0].help


def test_evaluation_reads_what_was_left_out() -> None:
    found = Environment(DECLARED, ["when(x)"], setting()).compile("when(parse_date('2026-07-01'))")
    assert isinstance(found, Checked)
    assert found.names == ("now", "uses.hours")
    assert found.source == "when(parse_date('2026-07-01'))"


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("1 + steps.a.digits", (4, 14)),
        ("steps . a.digits", (0, 16)),
        ("or(steps.a.digits, 'x')", None),
        ("or(steps.a.digits, 'x') + steps.a.digits", (26, 14)),
        ("'steps.a.digits' + steps.a.digits", (19, 14)),
        ("steps.a.digits_more", None),
    ],
)
def test_name_is_read_where_nothing_stands_in_for_it(source: str, place: tuple[int, int] | None) -> None:
    assert read_at(source, "steps.a.digits") == place
