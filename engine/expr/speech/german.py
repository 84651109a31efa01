"""German."""

from datetime import date, time

from engine.expr.speech.base import Coins, Language

_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_COINS = {
    "USD": Coins("Dollar", "Dollar", "Cent", "Cent"),
    "CAD": Coins("Dollar", "Dollar", "Cent", "Cent"),
    "AUD": Coins("Dollar", "Dollar", "Cent", "Cent"),
    "MXN": Coins("Peso", "Peso", "Centavo", "Centavo"),
    "EUR": Coins("Euro", "Euro", "Cent", "Cent"),
    "GBP": Coins("Pfund", "Pfund", "Penny", "Pence"),
    "CHF": Coins("Franken", "Franken", "Rappen", "Rappen"),
    "JPY": Coins("Yen", "Yen"),
}


def _clock(at: time) -> str:
    return f"{at.hour} Uhr {at.minute}" if at.minute else f"{at.hour} Uhr"


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]}, {day.day}. {_MONTHS[day.month - 1]}"


GERMAN = Language(
    coins=_COINS,
    and_="und",
    minus="minus",
    full_date=lambda day: f"{_day(day)} {day.year}",
    clock=_clock,
    near={-1: "gestern", 0: "heute", 1: "morgen"},
    weekday=lambda day: f"am {_DAYS[day.weekday()]}",
    on=lambda day: f"am {_day(day)}",
    at=lambda day, clock: f"{day} um {clock}",
)
