"""English, with the day before the month (`23 November`) and, in the United States and Canada, after it."""

from datetime import date, time

from msgspec.structs import replace

from engine.expr.speech.base import Coins, Language

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_COINS = {
    "USD": Coins("dollar", "dollars", "cent", "cents"),
    "CAD": Coins("dollar", "dollars", "cent", "cents"),
    "AUD": Coins("dollar", "dollars", "cent", "cents"),
    "MXN": Coins("peso", "pesos", "centavo", "centavos"),
    "EUR": Coins("euro", "euros", "cent", "cents"),
    "GBP": Coins("pound", "pounds", "penny", "pence"),
    "CHF": Coins("franc", "francs", "centime", "centimes"),
    "JPY": Coins("yen", "yen"),
}


def _clock(at: time) -> str:
    if at.minute == 0 and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    hour = at.hour % 12 or 12
    said = f"{hour}:{at.minute:02}" if at.minute else str(hour)
    return f"{said} {_part(at.hour)}"


def _part(hour: int) -> str:
    if hour < 12:
        return "in the morning"
    return "in the afternoon" if hour < 18 else "in the evening" if hour < 21 else "at night"


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}"


def _us_day(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}"


ENGLISH = Language(
    coins=_COINS,
    and_="and",
    minus="minus",
    full_date=lambda day: f"{_day(day)} {day.year}",
    clock=_clock,
    near={-1: "yesterday", 0: "today", 1: "tomorrow"},
    weekday=lambda day: f"on {_DAYS[day.weekday()]}",
    on=lambda day: f"on {_day(day)}",
    at=lambda day, clock: f"{day} at {clock}",
)
ENGLISH_US = replace(ENGLISH, full_date=lambda day: f"{_us_day(day)}, {day.year}", on=lambda day: f"on {_us_day(day)}")
