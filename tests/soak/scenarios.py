"""The calls that are made: who rings whom, what the caller does, and how it ends when all goes well."""

from typing import Any, NamedTuple

Script = tuple[dict[str, Any], ...]


class Scenario(NamedTuple):
    """`number` is rung; where it is empty the flow makes the call. `last` is how the last prompt begins."""

    flow: str
    number: str
    script: Script
    last: str


SCENARIOS = (
    Scenario(
        "switchboard",
        "+15550100",
        (
            {"hears": "press 1"},
            {"silent_ms": 400},
            {"presses": "2"},
            {"hears": "beep"},
            {"silent_ms": 300},
            {"says": "Please call me back."},
            {"presses": "#"},
        ),
        "Thank you. We listen",
    ),
    # Secret values, so that its journal is sealed; fetches; and steps after the hang-up.
    Scenario(
        "account_line",
        "+15550103",
        (
            {"hears": "four digit PIN"},
            {"presses": "12#"},
            {"hears": "has four digits"},
            {"presses": "1234"},
            {"hears": "For your balance"},
            {"presses": "1"},
            {"hears": "You can use"},
            {"hears": "For your balance"},
            {"presses": "9"},
        ),
        "Thank you for calling Harbor",
    ),
    # A dial, which is never sent twice, and a detector.
    Scenario("reminder", "", ({"hears": "To confirm"}, {"presses": "1"}), "Thank you, Kim."),
)
INPUTS = {"name": "Kim", "date": "Tuesday", "time": "half past nine"}
ROUTES = {one.number: one.flow for one in SCENARIOS if one.number}
REPLIES: dict[str, Any] = {
    "sessions": {"session": "s1", "name": "Kim"},
    "balance": {"balance": 12.5, "available": 10},
}
"""What the company's services answer, by the last part of the path; to anything else, an empty object."""
