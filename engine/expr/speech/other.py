"""Languages without words of their own: what is written the same everywhere, which voices read in their own way."""

from engine.expr.speech.base import Language

OTHER = Language(
    coins={},
    and_="",
    minus="-",
    full_date=lambda day: day.isoformat(),
    clock=lambda at: f"{at:%H:%M}",
    near={},
    weekday=lambda day: day.isoformat(),
    on=lambda day: day.isoformat(),
    at=lambda day, clock: f"{day} {clock}",
)
