"""Spanish."""

from datetime import date, time

from engine.expr.speech.base import Coins, Language

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_COINS = {
    "USD": Coins("dólar", "dólares", "centavo", "centavos"),
    "CAD": Coins("dólar", "dólares", "centavo", "centavos"),
    "AUD": Coins("dólar", "dólares", "centavo", "centavos"),
    "MXN": Coins("peso", "pesos", "centavo", "centavos"),
    "EUR": Coins("euro", "euros", "céntimo", "céntimos"),
    "GBP": Coins("libra", "libras", "penique", "peniques"),
    "CHF": Coins("franco", "francos", "céntimo", "céntimos"),
    "JPY": Coins("yen", "yenes"),
}


def _clock(at: time) -> str:
    hour = at.hour % 12 or 12
    article = "la" if hour == 1 else "las"
    said = f"{hour}:{at.minute:02}" if at.minute else str(hour)
    return f"{article} {said} {_part(at.hour)}"


def _part(hour: int) -> str:
    if hour < 6:
        return "de la madrugada" if hour else "de la noche"
    if hour < 12:
        return "de la mañana"
    return "de la tarde" if hour < 20 else "de la noche"


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]}"


SPANISH = Language(
    coins=_COINS,
    and_="y",
    minus="menos",
    full_date=lambda day: f"{_day(day)} de {day.year}",
    clock=_clock,
    near={-1: "ayer", 0: "hoy", 1: "mañana"},
    weekday=lambda day: f"el {_DAYS[day.weekday()]}",
    on=lambda day: f"el {_day(day)}",
    at=lambda day, clock: f"{day} a {clock}",
)
