"""What a language says, and what all of them have in common."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from msgspec import Struct


class Coins(NamedTuple):
    """A currency's words: one and several of it, one and several of its hundredths (empty where it has none)."""

    one: str
    many: str
    cent: str = ""
    cents: str = ""


class Language(Struct, frozen=True, kw_only=True):
    """The functions take what they say; `on` says a day that is further away, `at` joins a day and a time."""

    coins: Mapping[str, Coins]
    and_: str
    minus: str
    full_date: Callable[[date], str]
    clock: Callable[[time], str]
    near: Mapping[int, str]
    weekday: Callable[[date], str]
    on: Callable[[date], str]
    at: Callable[[str, str], str]
    singular_zero: bool = False

    def money(self, amount: float | int, currency: str) -> str:
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError(f"{currency!r} is no currency; one is written like USD")
        coins = self.coins.get(currency)
        places = "1" if coins and not coins.cent else "0.01"
        exact = Decimal(str(amount)).quantize(Decimal(places), ROUND_HALF_UP)
        if coins is None:
            return f"{exact} {currency}"
        said = self._money(abs(exact), coins)
        return f"{self.minus} {said}" if exact < 0 else said

    def _money(self, amount: Decimal, coins: Coins) -> str:
        whole, cents = int(amount), int(amount * 100 % 100)
        said = [f"{whole} {coins.one if self._is_one(whole) else coins.many}"] if whole or not cents else []
        said += [f"{cents} {coins.cent if self._is_one(cents) else coins.cents}"] if cents else []
        return f" {self.and_} ".join(said)

    def _is_one(self, count: int) -> bool:
        return count == 1 or (count == 0 and self.singular_zero)

    def when(self, at: datetime, now: datetime, zone: tzinfo) -> str:
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        day, days = local.date(), (local.date() - today).days
        if days in self.near:
            said = self.near[days]
        elif 1 < days < 7:
            said = self.weekday(day)
        elif day.year == today.year or 0 < days < 180:
            said = self.on(day)
        else:
            said = self.full_date(day)
        return self.at(said, self.clock(local.time()))
