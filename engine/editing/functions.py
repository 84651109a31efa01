"""The functions of expressions, as completion and hovers speak of them."""

from collections.abc import Mapping

from engine.editing.known import Name

_ROWS = (
    ("or", "or(name, default)", "The value of a name, or the default where it is unset. Both have the same type."),
    ("open", "open(uses.hours, time): bool", "Is the calendar open at that time?"),
    (
        "next_open",
        "next_open(uses.hours, time): timestamp",
        "The first moment from that time on at which the calendar is open: the time itself when it is open then.",
    ),
    ("when", "when(time): string", "A time as one says it today: `tomorrow at noon`. A zone or calendar may follow."),
    ("date", "date(time): string", "A date as one says it, of a time or a text. A zone or calendar may follow."),
    ("time", "time(time): string", "A time of day as one says it, of a time or a text. A zone or calendar may follow."),
    ("parse_date", "parse_date(text): timestamp", "The moment that a text such as `2026-11-23T09:30` names."),
    ("money", "money(amount, 'USD'): string", "An amount as one says it: `12 dollars and 50 cents`."),
    ("spell", "spell(text): string", "The characters one by one, so that a number is read digit by digit."),
    ("size", "size(value): int", "How many characters, entries or keys there are."),
    ("int", "int(value): int", "A text or a number as a whole number. Has no value for a text that is none."),
    ("double", "double(value): double", "A text or a number as a number with a fraction."),
    ("string", "string(value): string", "A value as a text."),
)
FUNCTIONS: Mapping[str, Name] = {name: Name(name, form, about) for name, form, about in _ROWS}
"""Those of the language, and those of CEL that flows need most."""
