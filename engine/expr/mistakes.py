"""CEL's complaints in an author's words: where the mistake is, what it is, what to write instead."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from engine.expr.mistake import Mistake
from engine.expr.syntax import syntax_mistake
from engine.expr.wording import a_value, types_in


class Known(NamedTuple):
    """What an expression may use."""

    names: Iterable[str]
    functions: Iterable[str]


_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_NOISE = re.compile(r"\s*\(in container ''\)|\s*\[[A-Z][A-Z_]+\]|\s*expecting \{.*")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)'")
_SELECT = re.compile(r"expression of type '([^']*)' cannot be the operand of a select operation")
_RESERVED = re.compile(r"reserved identifier: (\w+)")
_LITERAL = re.compile(r"invalid (int|uint|double) literal")
_IDENTIFIER_BEFORE = re.compile(r"([A-Za-z_]\w*)\s*\Z")
_OPERATORS = {
    "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=",
    "_>_": ">", "_>=_": ">=", "_&&_": "&&", "_||_": "||", "!_": "!", "-_": "-", "@in": "in", "_[_]": "[", "_?_:_": "?",
}  # fmt: skip
_LIMITS = (
    ("recursion", "The expression is nested too deeply, or has too many parts in a row.", "Split it with `set`."),
    ("codepoint limit", "The expression is too long.", "Split it with `set`."),
)


def explain(source: str, report: str, known: Known) -> list[Mistake]:
    """All that CEL found wrong; of syntax the first only, because the rest follows from it."""
    for sign, message, advice in _LIMITS:
        if sign in report:
            return [Mistake(kind="syntax", offset=0, length=len(source), message=message, help=advice)]
    found = list(_mistakes(source, report, known))
    syntax = [one for one in found if one.kind == "syntax"]
    if found:
        return syntax[:1] or found
    text = _NOISE.sub("", report.split("\n", 1)[0]).removeprefix("INVALID_ARGUMENT: ")
    return [Mistake(kind="syntax", offset=0, length=len(source), message=f"This is no expression: {text}.")]


def _mistakes(source: str, report: str, known: Known) -> Iterator[Mistake]:
    lines = source.split("\n")
    for match in _ERROR.finditer(report):
        line, column = int(match[1]), int(match[2])
        offset = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
        offset = max(0, min(offset, len(source) - 1))
        yield _mistake(source, offset, _NOISE.sub("", match[3]).strip(), known)


def _mistake(source: str, offset: int, text: str, known: Known) -> Mistake:
    for pattern, say in _SAY:
        if match := pattern.search(text):
            return say(source, offset, match, known)
    offset, length, message, advice = syntax_mistake(source, offset, text)
    return Mistake(kind="syntax", offset=offset, length=length, message=message, help=advice)


def _undeclared(source: str, offset: int, match: re.Match[str], known: Known) -> Mistake:
    name = match[1]
    place, length = _place_of(name, source, offset)
    if source[place + length :].lstrip().startswith("("):
        return _unknown_function(place, name, known)
    return Mistake(
        kind="name",
        offset=place,
        length=length,
        message=f"There is no `{_short(name)}` here.",
        help=_near_name(name, list(known.names)),
        name=name,
    )


def _place_of(name: str, source: str, offset: int) -> tuple[int, int]:
    """CEL marks the last dot of a name; the name begins before it, maybe with blanks around its dots."""
    start = source.rfind(name, 0, offset + len(name))
    if start >= 0:
        return start, len(name)
    spaced = re.compile(r"\s*\.\s*".join(map(re.escape, name.split("."))))
    last = [match for match in spaced.finditer(source) if match.start() <= offset][-1:]
    return (last[0].start(), len(last[0].group())) if last else (offset, 1)


def _unknown_function(place: int, name: str, known: Known) -> Mistake:
    functions = sorted({*known.functions, *FUNCTIONS})
    if name in functions:
        return Mistake(
            kind="type",
            offset=place,
            length=len(name),
            message=f"`{name}` is not called like that.",
            help=_call(name),
        )
    near = difflib.get_close_matches(name, functions, n=1, cutoff=0.6) if len(name) < 100 else []
    return Mistake(
        kind="name",
        offset=place,
        length=len(name),
        message=f"There is no function `{_short(name)}`.",
        help=f"Did you mean `{near[0]}`?" if near else "Functions: " + ", ".join(functions) + ".",
    )


def _near_name(name: str, names: list[str]) -> str:
    if name in _WORDS:
        return f"In an expression it is `{_WORDS[name]}`."
    same = [one for one in names if one.rpartition(".")[2] == name]
    if same:
        return f"Did you mean `{same[0]}`?"
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6) if len(name) < 200 else []
    if near and not any(one.startswith(f"{name}.") for one in names):
        return f"Did you mean `{near[0]}`?"
    space = name.partition(".")[0]
    below = sorted(one for one in names if one.startswith((f"{name}.", f"{space}.")))
    below = [one for one in below if one.startswith(f"{name}.")] or below
    if below:
        return f"There is {', '.join(f'`{one}`' for one in below[:12])}{' and more' if len(below) > 12 else ''}."
    if space in ("inputs", "uses", "vars"):
        return f"The flow declares nothing under `{space}`."
    text = f" A text stands in quotes: '{name}'." if "." not in name else ""
    return f"Names begin with call, inputs, vars, uses, steps, run or now.{text}"


_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false", "True": "true", "False": "false", "null": "null"}


def _overload(source: str, offset: int, match: re.Match[str], known: Known) -> Mistake:
    types = types_in(match[2])
    operator = _OPERATORS.get(match[1])
    if operator is None:
        return _wrong_arguments(source, offset, match[1], types)
    message, advice = _operands(operator, types)
    return Mistake(kind="type", offset=offset, length=len(operator), message=message, help=advice)


def _operands(operator: str, types: list[str]) -> tuple[str, str]:
    values = [a_value(one) for one in types]
    numbers = {*types} <= {"int", "uint", "double"}
    if operator == "?":
        if types[0] not in ("bool", "dyn"):
            return f"Before `?` stands a condition, not {values[0]}.", "Write a comparison, such as x == 1."
        return f"Both ways of `? :` give the same type, not {values[1]} and {values[2]}.", ""
    if operator in ("&&", "||"):
        bad = next((value for one, value in zip(types, values, strict=True) if one not in ("bool", "dyn")), "")
        return f"`{operator}` stands between two conditions, and one side is {bad}.", "Write a comparison: x > 0."
    if operator == "!":
        return f"`!` takes a condition, not {values[0]}.", "Write a comparison, such as x == 0."
    if operator == "[" and types[0].startswith("list"):
        return f"In a list, `[ ]` holds an int, not {values[1]}.", ""
    if operator == "[":
        return f"`[ ]` takes an entry out of a list or a map, not out of {values[0]}.", _of_text(types[0])
    if operator == "in":
        return f"{_capital(values[0])} cannot be in {_contents(types[1])}.", _same_type(types, False)
    if len(types) == 1:
        return f"`{operator}` does not take {values[0]}.", ""
    if types[0] == types[1]:
        return f"`{operator}` does not take two values of this type: {values[0]}.", ""
    if "null_type" in types:
        return f"`{operator}` compares with null, and nothing here is ever null.", ""
    return f"`{operator}` does not take {values[0]} and {values[1]}.", _same_type(types, numbers)


def _same_type(types: list[str], numbers: bool) -> str:
    if numbers:
        return "Make both the same: a double is written 1.0, and double(x) makes one of an int."
    if {*types} <= {"int", "uint", "double", "string", "list(string)", "list(int)", "list(double)"}:
        return "Make both the same: string(x) makes a text of a number, int(x) a number of a text."
    if "google.protobuf.Timestamp" in types:
        return "A time is written timestamp('2026-01-31T09:00:00Z'), and a span of time duration('90s')."
    return ""


def _of_text(cel_type: str) -> str:
    return "For the beginning of a text there is startsWith('...')." if cel_type == "string" else ""


def _contents(cel_type: str) -> str:
    inner = types_in(cel_type[cel_type.find("(") :]) if "(" in cel_type else []
    return f"{a_value(cel_type)} of {' and '.join(inner)}" if inner else a_value(cel_type)


def _wrong_arguments(source: str, offset: int, name: str, types: list[str]) -> Mistake:
    before = _IDENTIFIER_BEFORE.search(source[: offset + 1].rstrip("(")) if source[offset : offset + 1] == "(" else None
    start = before.start(1) if before else offset
    listed = " and ".join(a_value(one) for one in types)
    message, advice = f"`{name}` does not take {listed}.", _call(name)
    if name in ("date", "time") and types == ["google.protobuf.Timestamp"]:
        message, advice = f"`{name}` of a time needs a time zone.", f"Write {name}(now, 'Europe/Berlin')."
    length = len(before[1]) if before else 1
    return Mistake(kind="type", offset=start, length=length, message=message, help=advice)


def _call(name: str) -> str:
    return f"It is called like this: {FUNCTIONS[name]}." if name in FUNCTIONS else ""


def _select(source: str, offset: int, match: re.Match[str], known: Known) -> Mistake:
    field = re.match(r"\s*\.\s*(\w*)", source[offset:])
    length = field.end() if field else 1
    return Mistake(
        kind="type",
        offset=offset,
        length=length,
        message=f"{_capital(a_value(match[1]))} has no field `{field[1] if field else ''}`.",
        help="A function is called with brackets: size(x), x.startsWith('+')." if match[1] == "string" else "",
    )


def _reserved(source: str, offset: int, match: re.Match[str], known: Known) -> Mistake:
    spaces = sorted({one.partition(".")[0] for one in known.names})
    near = difflib.get_close_matches(match[1], spaces, n=1, cutoff=0.6)
    return Mistake(
        kind="syntax",
        offset=offset,
        length=len(match[1]),
        message=f"`{match[1]}` is a word that CEL keeps for itself.",
        help=f"Did you mean `{near[0]}`?" if near else "",
    )


def _literal(source: str, offset: int, match: re.Match[str], known: Known) -> Mistake:
    number = re.match(r"[\w.]*", source[offset:])
    return Mistake(
        kind="syntax",
        offset=offset,
        length=max(1, number.end() if number else 1),
        message="The number is too large.",
        help="An int goes up to 9223372036854775807; a telephone number is a text: '+15550100'.",
    )


_SAY: tuple[tuple[re.Pattern[str], Callable[[str, int, re.Match[str], Known], Mistake]], ...] = (
    (_UNDECLARED, _undeclared),
    (_OVERLOAD, _overload),
    (_SELECT, _select),
    (_RESERVED, _reserved),
    (_LITERAL, _literal),
)
FUNCTIONS = {
    "all": "list.all(x, condition)",
    "bool": "bool('true')",
    "date": "date(time, uses.hours), date(time, 'Europe/Berlin'), date('2026-01-31')",
    "contains": "text.contains('part')",
    "double": "double(1), double('1.5')",
    "duration": "duration('90s')",
    "endsWith": "text.endsWith('part')",
    "exists": "list.exists(x, condition)",
    "exists_one": "list.exists_one(x, condition)",
    "filter": "list.filter(x, condition)",
    "getDayOfWeek": "time.getDayOfWeek(), 0 is Sunday",
    "getHours": "time.getHours()",
    "has": "has(call.headers.name)",
    "int": "int('12'), int(1.5)",
    "money": "money(12.5, 'USD')",
    "next_open": "next_open(uses.hours, now)",
    "open": "open(uses.hours, now)",
    "or": "or(steps.menu.digits, 'none'), with a name and a value of its type",
    "parse_date": "parse_date('2026-01-31'), parse_date('2026-01-31T09:00', 'Europe/Berlin')",
    "map": "list.map(x, expression)",
    "matches": "text.matches('^[0-9]+$')",
    "size": "size(text), size(list), size(map)",
    "spell": "spell('4711')",
    "startsWith": "text.startsWith('part')",
    "string": "string(12), string(true)",
    "time": "time(now, uses.hours), time(now, 'Europe/Berlin'), time('09:30')",
    "timestamp": "timestamp('2026-01-31T09:00:00Z')",
    "when": "when(time, uses.hours), when(time, 'Europe/Berlin')",
}
"""How each function is called, CEL's own and ours."""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
