"""What CEL's types cannot say of the arguments of our functions: a name, a calendar, a zone."""

import re
from collections.abc import Iterator, Mapping

from engine.expr.calls import IS_SET, OF_CALENDARS, ZONED, Argument, Call
from engine.expr.functions import KINDS, Setting
from engine.expr.mistake import Mistake

_LITERAL = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"|-?[0-9]+(\.[0-9]+)?|true|false")


def mistakes_of_calls(calls: list[Call], declared: Mapping[str, str], setting: Setting) -> list[Mistake]:
    """All that is wrong with the arguments of these calls, but for their number and types."""
    return [found for call in calls if call.arguments for found in _of_call(call, declared, setting)]


def means_the_same(source: str, calls: list[Call], declared: Mapping[str, str]) -> bool:
    """Does CEL accept the text that is evaluated only if it would accept what was written? `c ? a : b`, which
    `or(a, b)` becomes, takes and gives more than `or` does, unless one knows what a and b are."""
    return IS_SET not in source and all(_is_plain(call, declared) for call in calls if call.function == "or")


def _is_plain(call: Call, declared: Mapping[str, str]) -> bool:
    if len(call.arguments) != 2:
        return False
    name, default = call.arguments
    known = _LITERAL.fullmatch(default.text) is not None or declared.get(default.name) in KINDS
    return known and declared.get(name.name) in KINDS


def _of_call(call: Call, declared: Mapping[str, str], setting: Setting) -> Iterator[Mistake]:
    first = call.arguments[0]
    if call.function == "or":
        if first.name not in declared:
            from engine.expr.mistakes import FUNCTIONS

            yield _mistake(first, "`or` takes a name that may be unset, and this is none.", FUNCTIONS["or"])
    elif call.function == "has":
        if first.name in declared:
            advice = "For one that may be unset there is `or`, such as `or(steps.key.digits, '') != ''`."
            yield _mistake(first, "`has` looks for a field of a map, and this is a name.", advice)
    elif call.function in OF_CALENDARS:
        if first.name not in setting.calendar_names:
            message = f"`{call.function}` takes a calendar, and this is none."
            yield _mistake(first, message, _there_is(setting) or "Declare one under `uses`, such as hours: calendar.")
    elif call.function in ZONED and len(call.arguments) > 1:
        yield from _of_zone(call.arguments[1], setting)


def _of_zone(zone: Argument, setting: Setting) -> Iterator[Mistake]:
    if zone.name in setting.calendar_names:
        return
    if zone.literal is None:
        message = "A time zone is written as a text, or is that of a calendar."
        yield _mistake(zone, message, _there_is(setting) or "Such as 'Europe/Berlin'.")
    elif zone.literal not in setting.zones:
        message = f"There is no time zone `{zone.literal[:60]}`."
        yield _mistake(zone, message, "They are named like Europe/Berlin and America/New_York.", "zone")


def _there_is(setting: Setting) -> str:
    return f"There is {', '.join(f'`{name}`' for name in setting.calendar_names)}." if setting.calendar_names else ""


def _mistake(argument: Argument, message: str, help: str, kind: str = "type") -> Mistake:
    return Mistake(kind=kind, offset=argument.start, length=len(argument.text), message=message, help=help)
