"""The type of an expression that is made of names, literals, the usual operators and our own functions: as CEL tells it, and
CEL need not be asked before a value is wanted.

Its first answer for a flow takes it a third of a millisecond, more than all else that is done with an expression. What is not
understood here is not wrong: CEL decides.
"""

import re
from collections.abc import Mapping
from typing import NoReturn

from msgspec import Struct

from engine.expr.calls import ZONED
from engine.expr.words import CEL_WORDS

_SCALARS = frozenset({"string", "int", "double", "bool", "timestamp"})
_ORDERED = _SCALARS - {"bool"}
_SUMS = {"+": ("int", "double", "string"), "-": ("int", "double")}
_OF_TEXTS = ("contains", "endsWith", "matches", "startsWith")
"""Methods that a text has, which take a text and say yes or no."""
_GATHERED = ("list", "map", "headers")
_FUNCTIONS: Mapping[str, tuple[str, frozenset[tuple[str, ...]]]] = {
    "spell": ("string", frozenset({("string",)})),
    "money": ("string", frozenset({("double", "string"), ("int", "string")})),
    "open": ("bool", frozenset({("string", "timestamp")})),
    "next_open": ("timestamp", frozenset({("string", "timestamp")})),
    "date": ("string", frozenset({("string",), ("string", "string"), ("timestamp", "string")})),
    "time": ("string", frozenset({("string",), ("string", "string"), ("timestamp", "string")})),
    "when": ("string", frozenset({("timestamp", "string")})),
    "parse_date": ("timestamp", frozenset({("string",), ("string", "string")})),
    "size": ("int", frozenset((one,) for one in ("string", *_GATHERED))),
    "string": ("string", frozenset({("string",), ("int",), ("double",), ("bool",)})),
    "double": ("double", frozenset({("string",), ("int",), ("double",)})),
}
"""What each gives, and the types that it takes."""
_AT_A_TIME = ("date", "time", "when")
"""Those that take a time alone where the flow has one calendar, which is then the zone's."""

_TOKEN = re.compile(
    r"""[ \t\r\n]* (?:
      (?P<name> [A-Za-z_][A-Za-z0-9_]* (?:\.[A-Za-z_][A-Za-z0-9_]*)* )
    | (?P<double> \d{1,9}\.\d{1,9} ) | (?P<int> \d{1,9} )
    | (?P<string> '[ !#-&(-\[\]-~]*' | "[ !#-&(-\[\]-~]*" )
    | (?P<field> \.[A-Za-z_][A-Za-z0-9_]* )
    | (?P<sign> [=!<>]= | && | \|\| | [()\[\]!<>+?:,-] )
    | (?P<end> \Z ) )""",
    re.VERBOSE | re.ASCII,
)
_MOST_SIGNS = 28
"""CEL reads 31 of them within, or in a row behind, one another, and no more."""


class Typed(Struct, frozen=True):
    """`names` are those that the text which is evaluated reads, sorted."""

    type: str
    names: tuple[str, ...]


class _NotUnderstoodError(Exception):
    pass


def typed(source: str, declared: Mapping[str, str], calendar: str = "") -> Typed | None:
    """None where CEL is to be asked. `calendar` is the flow's one, or empty. The arguments of `or`, and calendars and zones, have
    been found right (`arguments.py`)."""
    try:
        return _Reader(source, declared, calendar).whole()
    except _NotUnderstoodError:
        return None


class _Reader:
    """By recursive descent, one method for each level of CEL's grammar."""

    def __init__(self, source: str, declared: Mapping[str, str], calendar: str) -> None:
        self._names: set[str] = set()
        self._source = source
        self._declared = declared
        self._calendar = calendar
        self._at = 0
        self._signs = 0
        self._kind, self._text = "", ""
        self._go_on()

    def whole(self) -> Typed:
        kind = self._choice()
        if self._kind != "end" or kind in _GATHERED:  # CEL says of what
            raise _NotUnderstoodError
        return Typed(kind, tuple(sorted(self._names)))

    def _choice(self) -> str:
        found = self._either()
        if self._takes("?"):
            one = self._either()
            self._wants(":")
            found = _same(one, self._choice()) if found == "bool" else _nothing()
        return found

    def _either(self) -> str:
        found = self._both()
        while self._takes("||"):
            found = _truth(found, self._both())
        return found

    def _both(self) -> str:
        found = self._compared()
        while self._takes("&&"):
            found = _truth(found, self._compared())
        return found

    def _compared(self) -> str:
        found = self._sum()
        while self._text in ("==", "!=", "<", "<=", ">", ">=") and self._kind == "sign":
            among = _SCALARS if self._text in ("==", "!=") else _ORDERED
            self._go_on()
            found = "bool" if _same(found, self._sum()) in among else _nothing()
        return found

    def _sum(self) -> str:
        found = self._negated()
        while self._text in _SUMS and self._kind == "sign":
            among = _SUMS[self._text]
            self._go_on()
            found = found if _same(found, self._negated()) in among else _nothing()
        return found

    def _negated(self) -> str:
        if self._takes("!"):
            return _truth(self._negated(), "bool")
        return self._part()

    def _part(self) -> str:
        kind, text = self._kind, self._text
        if self._takes("("):
            found = self._choice()
            self._wants(")")
            return found
        self._go_on()
        if kind == "name":
            return self._named(text)
        return kind if kind in _SCALARS else _nothing()

    def _named(self, name: str) -> str:
        if name in ("true", "false"):
            return "bool"
        if not CEL_WORDS.isdisjoint(name.split(".")):
            raise _NotUnderstoodError
        if self._takes("("):
            return self._called(name)
        kind = self._declared.get(name, "")
        self._names.add(name)
        if kind == "list" and self._takes("["):
            return self._item()
        return kind if kind in (*_SCALARS, *_GATHERED) else _nothing()

    def _item(self) -> str:
        """Of a list, and what is in there: nothing is known of either."""
        if self._choice() != "int":
            raise _NotUnderstoodError
        self._wants("]")
        while self._kind == "field":
            if self._text[1:] in CEL_WORDS:
                raise _NotUnderstoodError
            self._go_on()
        return "dyn"

    def _called(self, name: str) -> str:
        given = [self._choice()]
        while self._takes(","):
            given.append(self._choice())
        self._wants(")")
        if name == "or" and len(given) == 2:
            return _same(*given)
        if name in _FUNCTIONS:
            return self._function(name, tuple(given))
        subject, _, method = name.rpartition(".")
        self._names.add(subject)
        is_text = self._declared.get(subject) == "string"
        return "bool" if is_text and method in _OF_TEXTS and given == ["string"] else _nothing()

    def _function(self, name: str, given: tuple[str, ...]) -> str:
        gives, takes = _FUNCTIONS[name]
        if not any(_fits(given, one) for one in takes) and not self._is_at_a_time(name, given):
            raise _NotUnderstoodError
        self._completed(name, given)
        return gives

    def _is_at_a_time(self, name: str, given: tuple[str, ...]) -> bool:
        return name in _AT_A_TIME and bool(self._calendar) and _fits(given, ("timestamp",))

    def _completed(self, name: str, given: tuple[str, ...]) -> None:
        """With what is put into the text that is evaluated (`calls.evaluated`)."""
        if name not in ZONED:
            return
        added = {"now"} if name == "when" else set[str]()
        added |= {self._calendar} if self._calendar and len(given) == 1 else set()
        if not added <= self._declared.keys():
            raise _NotUnderstoodError
        self._names |= added

    def _takes(self, sign: str) -> bool:
        if self._text != sign or self._kind != "sign":
            return False
        self._go_on()
        return True

    def _wants(self, sign: str) -> None:
        if not self._takes(sign):
            raise _NotUnderstoodError

    def _go_on(self) -> None:
        found = _TOKEN.match(self._source, self._at)
        if found is None or found.lastgroup is None:
            raise _NotUnderstoodError
        self._kind, self._at = found.lastgroup, found.end()
        self._text = found[self._kind]
        self._signs += self._kind == "sign"
        if self._signs > _MOST_SIGNS:
            raise _NotUnderstoodError


def _same(one: str, other: str) -> str:
    return one if one == other and one in _SCALARS else _nothing()


def _truth(one: str, other: str) -> str:
    return "bool" if one == other == "bool" else _nothing()


def _fits(given: tuple[str, ...], taken: tuple[str, ...]) -> bool:
    """Whatever nothing is known of may be what is taken."""
    return len(given) == len(taken) and all(one in (other, "dyn") for one, other in zip(given, taken, strict=True))


def _nothing() -> NoReturn:
    raise _NotUnderstoodError
