"""A change in a sentence, for people. Names and values stand in backticks; what is said is left to the formats."""

from typing import assert_never

from engine.diff.change import Change

ENTERED = {
    "no_input": "A caller who enters nothing in {step}",
    "no_match": "A caller whose answer does not fit in {step}",
    "digits": "A caller who presses keys in {step}",
    "speech": "A caller who says something in {step}",
    "visits": "A caller who comes to {step} too often",
    "else": "In {step}, where no condition holds, a call",
}
"""What leads on, where it has a sentence of its own."""
_SHOWN = 3
"""So many steps are named of those that have changed alike."""
_EVENTS = {
    "hangup": "After a hang-up",
    "limit": "At a limit",
    "error": "After an error",
    "lost": "When a step is lost",
    "rejected": "When a step is rejected",
}


def sentence(one: Change) -> str:
    step, before, after = quoted(one.step), quoted(one.before), quoted(one.after)
    match one.kind:
        case "goes":
            return f"{who(one)} now reaches {after} instead of {before}."
        case "way_added":
            return f"New: {_lower(who(one))} reaches {after}."
        case "way_lost":
            return f"Gone: {_lower(who(one))} reached {before}."
        case "event":
            return _event(one)
        case "start":
            return f"A call begins at {after} instead of {before}."
        case "reached":
            return f"There is a way to {step} now."
        case "unreached":
            return f"No way leads to {step} any more."
        case "ending_added":
            return f"A call can end with {after} now."
        case "ending_lost":
            return f"No call ends with {before} any more."
        case "recording":
            return f"A caller can be recorded on a new way: from {before} ({', '.join(one.what)}) to {step}."
        case "said":
            return f"{step} says something else ({', '.join(one.what)})." if one.before and one.after else _spoken(one)
        case "condition":
            return f"{step} goes to {quoted(one.what[0])} if {after}, and did if {before}."
        case "order":
            return f"{step} looks at its conditions in another order: {after} instead of {before}."
        case "verb":
            return f"{step} is a {after} instead of a {before}."
        case "setting" | "declared":
            return _setting(one)
        case "step_added":
            return f"Step {step} is new: {_shown(one.what[0], one.after)}."
        case "step_removed":
            return f"Step {step} is gone: {_shown(one.what[0], one.before)}."
        case "step_renamed":
            return f"Step {before} is called {after} now."
    assert_never(one.kind)


def who(one: Change) -> str:
    """Whom a way is for: `A caller who presses 2 in menu`."""
    step, first = quoted(one.step), one.what[0]
    pressed = [what.removeprefix("press ") for what in one.what if what.startswith("press ")]
    spoken = [f"“{what.removeprefix('say ')}”" for what in one.what if what.startswith("say ")]
    if pressed or spoken:
        does = [*([f"presses {_or(pressed)}"] if pressed else []), *([f"says {_or(spoken)}"] if spoken else [])]
        return f"A caller who {' or '.join(does)} in {step}"
    if first.startswith("if "):
        return f"In {step}, if {quoted(first.removeprefix('if '))}, a call"
    if first in ENTERED:
        return ENTERED[first].format(step=step)
    return f"After {_or([quoted(what) for what in one.what])} in {step}, a call"


def _event(one: Change) -> str:
    event = one.what[0]
    when = _EVENTS.get(event, f"On {quoted(event)}")
    if one.before is None:
        return f"{when}, a call goes to {quoted(one.after)}; there was no handler."
    if one.after is None:
        return f"{when}, a call no longer goes to {quoted(one.before)}; there is no handler."
    return f"{when}, a call goes to {quoted(one.after)} instead of {quoted(one.before)}."


def _spoken(one: Change) -> str:
    how = "is new" if one.before is None else "is gone" if one.after is None else "has changed"
    return f"{quoted(one.step)}: {', '.join(one.what)} {how}."


def _setting(one: Change) -> str:
    name = quoted(", ".join(one.what))
    where = f"{quoted(one.step)}: {name}" if one.step else f"{_several(one.steps)}: {name}" if one.steps else name
    if one.before is None:
        return f"{where} is {quoted(one.after)}; it was not set."
    if one.after is None:
        return f"{where} is not set any more; it was {quoted(one.before)}."
    return f"{where} is {quoted(one.after)} instead of {quoted(one.before)}."


def _several(steps: tuple[str, ...]) -> str:
    """`The voice of 15 steps (a, b, c and 12 more)`."""
    first, rest = ", ".join(map(quoted, steps[:_SHOWN])), len(steps) - _SHOWN
    return f"The voice of {len(steps)} steps ({first}{f' and {rest} more' if rest > 0 else ''})"


def _shown(verb: str, says: str | None) -> str:
    return f"{verb} {says}".strip().rstrip(".") if says else verb


def quoted(text: str | None) -> str:
    """In backticks, in one line, and not too long."""
    line = " ".join((text or "").split()).replace("`", "'")
    return f"`{line if len(line) <= 120 else f'{line[:119]}…'}`"


def _or(parts: list[str]) -> str:
    return " or ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
