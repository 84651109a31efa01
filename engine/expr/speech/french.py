"""French."""

from datetime import date, time

from engine.expr.speech.base import Coins, Language

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_COINS = {
    "USD": Coins("dollar", "dollars", "cent", "cents"),
    "CAD": Coins("dollar", "dollars", "cent", "cents"),
    "AUD": Coins("dollar", "dollars", "cent", "cents"),
    "MXN": Coins("peso", "pesos", "centavo", "centavos"),
    "EUR": Coins("euro", "euros", "centime", "centimes"),
    "GBP": Coins("livre", "livres", "penny", "pence"),
    "CHF": Coins("franc", "francs", "centime", "centimes"),
    "JPY": Coins("yen", "yens"),
}


def _clock(at: time) -> str:
    if at.hour in (0, 12):
        said = "midi" if at.hour else "minuit"
    else:
        said = f"{at.hour} heure{'s' if at.hour > 1 else ''}"
    return f"{said} {at.minute}" if at.minute else said


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]}"


FRENCH = Language(
    coins=_COINS,
    and_="et",
    minus="moins",
    full_date=lambda day: f"{_day(day)} {day.year}",
    clock=_clock,
    near={-1: "hier", 0: "aujourd'hui", 1: "demain"},
    weekday=lambda day: _DAYS[day.weekday()],
    on=lambda day: f"le {_day(day)}",
    at=lambda day, clock: f"{day} à {clock}",
    singular_zero=True,
)
