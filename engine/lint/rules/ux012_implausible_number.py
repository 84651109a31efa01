"""A time or a number that no caller, no service and no call needs.

## What it does
Reports times that are far from what people and networks take: seconds that were meant as milliseconds and the other way round
(`initial_timeout: 6000`, `timeout: 4ms`), somebody who is rung for less than one ring or for more than five minutes, an `ask` that
may be tried ten times, a talk that is cut off after a minute (minutes that were meant as seconds), limits of a call that bound
nothing or leave no time for one.

## Why
`initial_timeout: 6000` is an hour and forty minutes of silence. Nothing is wrong with it for the platform, and in a test
nobody waits that long; the first caller does.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    initial_timeout: 6000
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    initial_timeout: 6
  next: bye
bye:
  end: hangup
```

## Limits
The bounds are wide, so that what is merely unusual is not reported. 0 is left alone, as it turns many of these off. Templates
are not known. The unsafe fix writes seconds where milliseconds were meant, or the other way about.

## Source
The units are the calling API's (seconds, but milliseconds for `live_transcribe`, `live_translate` and `ai_sidecar`) and [the language's](../language.md#durations). A ring and its pause take six seconds in
North America, five in most of Europe.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from engine.compile import durations
from engine.compile.located import Path, Scalar, walk
from engine.lint.finding import Edit, Fix
from engine.lint.recordings import is_of_the_call
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="UX012", name="implausible-number", severity="warning", fixability="unsafe")


class Bounds(Struct, frozen=True):
    """What is plausible, in seconds (or a plain number, without `unit`), and who would need it. `unit` is what a number
    without one is taken for; one that is too small is `too_small` times what was meant."""

    least: float
    most: float
    who: str
    unit: str = "s"
    too_small: float = 1 / 1000


_MINUTE, _HOUR = 60, 3600
_SCALE = {"ms": 1000}
_INSTANT = 0.02
"""Nothing that is timed is shorter."""
_ANSWER = Bounds(0.5, 10 * _MINUTE, "a caller")
_RING = Bounds(5, 5 * _MINUTE, "a telephone that rings")
_TALK = Bounds(90, 24 * _HOUR, "a talk", too_small=1 / 60)
_MESSAGE = Bounds(2, 6 * _HOUR, "a message")
_REQUEST = Bounds(0.05, _MINUTE, "a service that a caller waits for")
_UNHEARD = Bounds(0.05, _HOUR, "a service")
_PAUSE = Bounds(_INSTANT, 30, "a service that a caller waits for")

_PARAMS: Mapping[str, Mapping[str, Bounds]] = {
    "ask": {
        "initial_timeout": _ANSWER,
        "digit_timeout": Bounds(0.5, 2 * _MINUTE, "a caller"),
        "end_silence_timeout": Bounds(0.1, _MINUTE, "a caller"),
        "speech_timeout": Bounds(1, 10 * _MINUTE, "a caller"),
        "attempts": Bounds(1, 9, "a caller", unit=""),
        "silence": Bounds(_INSTANT, _MINUTE, "a pause"),
    },
    "play": {"silence": Bounds(_INSTANT, _MINUTE, "a pause")},
    "record": {
        "initial_timeout": _ANSWER,
        "end_silence_timeout": Bounds(0.2, 10 * _MINUTE, "a caller"),
        "max_length": _MESSAGE,
    },
    "detect": {
        "initial_timeout": Bounds(0.2, 2 * _MINUTE, "an answer"),
        "end_silence_timeout": Bounds(0.1, _MINUTE, "an answer"),
        "timeout": Bounds(0.5, 10 * _MINUTE, "an answer"),
    },
    "connect": {"timeout": _RING, "max_duration": _TALK, "confirm_timeout": Bounds(1, 5 * _MINUTE, "an agent")},
    "dial": {"timeout": _RING},
    "fetch": {"timeout": _REQUEST, "backoff": _PAUSE, "after": _PAUSE},
    "wait": {"wait": Bounds(_INSTANT, _HOUR, "a wait"), "timeout": Bounds(_INSTANT, 12 * _HOUR, "a wait")},
    "excursion": {},
}
_LIVE = {
    "speech_timeout": Bounds(1, 10 * _MINUTE, "a caller", unit="ms"),
    "vad_silence_ms": Bounds(0.05, _MINUTE, "a caller", unit="ms"),
}
_SIDECAR = {**_LIVE, "speech_timeout": Bounds(0.1, _MINUTE, "a caller", unit="ms")}
_PARAMS = {
    **_PARAMS,
    "collect": _PARAMS["ask"],
    "live_transcribe": _LIVE,
    "live_translate": _LIVE,
    "ai_sidecar": _SIDECAR,
}
_WHOLE_CALL = {name: Bounds(2, 24 * _HOUR, "a recording of the call") for name in _PARAMS["record"]}
_OF_STEPS = {"deadline": Bounds(_INSTANT, 8 * _HOUR, "a step")}
_LIMITS = {
    "call": Bounds(30, 8 * _HOUR, "a call"),
    "steps": Bounds(2, 10_000, "a call", unit=""),
    "visits": Bounds(1, 500, "a step", unit=""),
}
_ELSEWHERE = ("json", "returns", "with", "headers")
"""What stands below is the author's own, not a param."""


def check(subject: Subject) -> Iterator[Found]:
    for key, node in subject.section("limits").entries:
        yield from _judged(subject, ("limits", key.text), node, _LIMITS.get(key.text))
    yield from _judged(subject, ("outbound", "timeout"), subject.section("outbound").get("timeout"), _RING)
    last = subject.root.get("finally")
    for path, scalar in walk(last) if last is not None else ():
        if path and path[-1] in ("timeout", "backoff") and not any(one in path for one in _ELSEWHERE):
            yield from _judged(subject, ("finally", *path), scalar, _UNHEARD)
    for step in subject.steps():
        yield from _judged(subject, (*step.path, "deadline"), step.node.get("deadline"), _OF_STEPS["deadline"])
        bounds = _PARAMS.get(step.verb.name)
        if bounds is None:
            continue
        if step.verb.name == "record" and step.background and subject.has_broken_steps:
            continue  # nobody knows whether it is one of the call
        if step.verb.name == "record" and is_of_the_call(subject, step):
            bounds = _WHOLE_CALL
        for path, scalar in walk(step.value):
            name = _named(path) or step.verb.name
            if name in bounds and not any(one in path for one in _ELSEWHERE):
                yield from _judged(subject, (*step.path, *path), scalar, bounds[name])


def _named(path: Path) -> str:
    """The last name on it: items of lists have none. A silence of the API's has its length under `params`."""
    names = [one for one in path if isinstance(one, str)]
    return next(reversed(names), "")


def _judged(subject: Subject, path: Path, node: object, bounds: Bounds | None) -> Iterator[Found]:
    number = _number(node, bounds.unit) if isinstance(node, Scalar) and bounds is not None else None
    if bounds is None or number is None or number == 0 or bounds.least <= number <= bounds.most:
        return
    assert isinstance(node, Scalar)
    words = "less" if number < bounds.least else "more"
    yield subject.found(
        node,
        f"`{_named(path)}: {node.text}` is {_told(number, bounds.unit)}, {words} than {bounds.who} ever needs.",
        help=_advice(node, number, bounds),
        path=path,
        fix=_fix(node, _meant(node, number, bounds)),
    )


def _number(node: Scalar, unit: str) -> float | None:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value / _SCALE.get(unit, 1)
    found = durations.parse(node.text) if unit else None
    return None if found is None else found / 1000


def _told(number: float, unit: str) -> str:
    if not unit:
        return "once" if number == 1 else f"{number:g} times"
    if number < 1:
        return f"{number * 1000:g} ms"
    for length, name in ((_HOUR, "hours"), (_MINUTE, "minutes")):
        if number >= 2 * length:
            return f"{number / length:.0f} {name}"
    return "1 second" if number == 1 else f"{number:g} seconds"


def _advice(node: Scalar, number: float, bounds: Bounds) -> str:
    if not bounds.unit:
        return f"Give {bounds.most:g} or less."
    if durations.parse(node.text) is not None:
        return "Look at the unit: `ms`, `s`, `m` or `h`."
    meant = _meant(node, number, bounds)
    unit = "milliseconds" if bounds.unit == "ms" else "seconds"
    return f"This is in {unit}: `{meant}`." if meant else f"This is in {unit}."


def _meant(node: Scalar, number: float, bounds: Bounds) -> str:
    """A number of seconds that was milliseconds, or the other way about, or minutes; nothing where that is not likely."""
    meant = number / 1000 if number > bounds.most else number / bounds.too_small
    is_likely = bounds.unit and durations.parse(node.text) is None and bounds.least <= meant <= bounds.most
    return f"{meant * _SCALE.get(bounds.unit, 1):.12g}" if is_likely else ""


def _fix(node: Scalar, meant: str) -> Fix | None:
    if not meant or not node.plain:
        return None
    return Fix(title=f"Write `{meant}`", safety="unsafe", edits=(Edit(node.start, node.end, meant),))
