"""What a person, a service and the network can do at a step of a call: each as a change of a scenario."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.caller import Decides, HangsUp, Hears, Line, Marks, Presses, Says, Silent
from engine.exchange.decisions import WORDS, About, Verdict
from engine.exchange.fault_text import FALLIBLE
from engine.exchange.faults import Fault
from engine.model.graph import ApiValue, AskValue, ExcursionValue, FetchValue, FlowGraph, Step, WaitValue
from engine.simulate.scenario import Replies, Reply, Scenario

# The first text is a date as well, for flows that say it as one.
_VALUES: dict[str, tuple[Any, ...]] = {
    "string": ("2026-11-30", "", "sample"),
    "int": (1, 0, 2, 7),
    "double": (12.5, 0.0, -3.0),
    "bool": (True, False),
}
_NUMBERS = ("1234567890", "2125550142", "0000000000", "12", "5", "20261130", "9", "1980")
_OFTEN = 24
"""More often than a step may be visited by default."""


class Visit(Struct, frozen=True):
    """A step that a call has come to, what was heard there first, and the script until then."""

    name: str
    flow: str
    step: Step
    heard: str
    script: tuple[Line, ...]


class Move(Struct, frozen=True):
    """`leaf`: kept in any case, but nothing is tried after it."""

    label: str
    scenario: Scenario
    leaf: bool = False


def moves(visit: Visit, scenario: Scenario, graph: FlowGraph, words: tuple[str, ...]) -> Iterator[Move]:
    """All that can be different at this step. `words` are texts that the flow compares something with."""
    value = visit.step.value
    if isinstance(value, FetchValue):
        yield from _replies(visit, scenario, value, words)
        return
    yield from _acts(visit, scenario, value, words)
    if visit.heard:
        yield _leaf(visit, scenario, "hangs up", Silent(ms=700), HangsUp())
        for name in scenario.signals:
            yield _after(visit, scenario, f"signal {name}", Silent(ms=900), Marks(name=name))


def faults(sent: list[tuple[str, str, int]], scenario: Scenario) -> Iterator[Move]:
    """A refusal, a lost answer and a failure of each command, the first time that its step sends it."""
    for step, command, nth in sent:
        family = command.removeprefix("calling.")
        for do in ("422", "execute_hang"):
            fault = Fault(kind=command, do=do, nth=nth)
            yield Move(f"{step} {command} {do}", replace(scenario, faults=(fault,)), leaf=True)
        if family in FALLIBLE:
            yield Move(
                f"{step} {family} fails", replace(scenario, faults=(Fault(kind=family, do="fail", nth=nth),)), True
            )


def _acts(visit: Visit, scenario: Scenario, value: object, words: tuple[str, ...]) -> Iterator[Move]:
    match value:
        case AskValue():
            yield from _answers(visit, scenario, value, words)
        case ExcursionValue():
            for about, verdicts in WORDS.items():
                for word in verdicts:
                    yield _decided(visit, scenario, about, word)
        case WaitValue():
            yield from _keys(visit, scenario, words)
        case ApiValue() if visit.step.verb in ("play", "collect", "detect"):
            yield from _keys(visit, scenario, ())
        case ApiValue() if visit.step.verb == "record":
            said = Says(text="This is what I wanted to say.", duration_ms=4_000)
            yield _after(visit, scenario, "says something", Silent(ms=1_500), said)
            yield _after(
                visit, scenario, "presses pound", Silent(ms=1_500), said, Silent(ms=2_000), Presses(digits="#")
            )
            yield _leaf(visit, scenario, "says something, is gone", Silent(ms=1_500), said, Silent(ms=6_000), HangsUp())


def _answers(visit: Visit, scenario: Scenario, value: AskValue, words: tuple[str, ...]) -> Iterator[Move]:
    for choice in value.choices:
        for key in choice.keys:
            yield _after(visit, scenario, f"presses {key}", Presses(digits=key))
        for phrase in choice.phrases:
            yield _after(visit, scenario, f"says {phrase}", Says(text=phrase))
    for one in _stubborn(value):
        yield _leaf(visit, scenario, f"keeps at {one.digits}", *(one, Hears(text=visit.heard[:60])) * _OFTEN)
    taken = {key for choice in value.choices for key in choice.keys}
    wrong = next((key for key in "9876543*" if key not in taken), "9")
    again = (Presses(digits=wrong), Silent(ms=9_000)) * value.attempts
    yield _after(visit, scenario, "wrong keys", *again)
    yield _leaf(visit, scenario, "one wrong key", Presses(digits=wrong), Silent(ms=9_000))
    mumbled = (Says(text="mumble mumble"), Silent(ms=9_000)) * value.attempts
    yield _after(visit, scenario, "mumbles", *mumbled)
    yield _leaf(visit, scenario, "is patient", *_first_key(value), to_the_end=True)
    if not value.choices:
        yield from _keys(visit, scenario, words, value)


def _stubborn(value: AskValue) -> Iterator[Presses]:
    """What somebody may go on to press: until the flow's limits say that it is enough."""
    keys = [key for choice in value.choices for key in choice.keys[:1]]
    if not value.choices:
        keys = [one[: _longest(value)] for one in _NUMBERS if _fits(value, one[: _longest(value)])][:1]
    return (Presses(digits=key) for key in keys if key)


def _fits(value: AskValue, number: str) -> bool:
    pattern = value.accept.digits if value.accept is not None else ""
    return not pattern or re.search(pattern, number) is not None


def _first_key(value: AskValue) -> tuple[Line, ...]:
    key = next((key for choice in value.choices for key in choice.keys), "1")
    return (Silent(ms=500), Presses(digits=key))


def _keys(visit: Visit, scenario: Scenario, words: tuple[str, ...], value: AskValue | None = None) -> Iterator[Move]:
    """Numbers that a good answer might be, with and without pound."""
    longest = _longest(value)
    numbers = (*(one for one in words if one.isdigit()), *_NUMBERS)
    cut = dict.fromkeys(number[:longest] for number in numbers if longest > 0)
    for number in [one for one in cut if value is None or _fits(value, one)][:6]:
        yield _after(visit, scenario, f"enters {number}", Presses(digits=number), Silent(ms=100))
        yield _after(visit, scenario, f"enters {number}#", Presses(digits=f"{number}#"))
    yield _after(visit, scenario, "enters pound", Presses(digits="#"))
    yield _leaf(visit, scenario, "enters one digit", Presses(digits="4"), Silent(ms=9_000))
    yield _after(visit, scenario, "speaks", Says(text="the first of May"))


def _longest(value: AskValue | None) -> int:
    collect = value.collect if value is not None else None
    digits = collect.get("digits") if isinstance(collect, dict) else None
    found = digits.get("max") if isinstance(digits, dict) else None
    return found if isinstance(found, int) else 10 if digits is not None else 1


def _replies(visit: Visit, scenario: Scenario, value: FetchValue, words: tuple[str, ...]) -> Iterator[Move]:
    bodies = list(_bodies(value.returns, words))
    named = [one for one in visit.step.next.named if one.startswith("http_")]
    statuses = {int(one[5:]) if one[5:].isdigit() else 418 if one == "http_4xx" else 501 for one in named}
    replies = [(f"body {index}", Reply(body=body)) for index, body in enumerate(bodies[:14])]
    replies += [(f"status {status}", Reply(status=status, text="")) for status in sorted(statuses | {418, 501, 503})]
    replies += [
        ("no JSON", Reply(text="<html>")),
        ("nobody", Reply(kind="unreachable")),
        ("silence", Reply(kind="timeout")),
    ]
    replies += [("late", Reply(body=bodies[0], after_ms=value.timeout_ms - 100))]
    for label, reply in replies:
        given = {**scenario.replies, visit.name: Replies(each=(reply,), again=True)}
        yield Move(f"{visit.name} {label}", replace(scenario, replies=given, script=visit.script), leaf=label == "late")


def _bodies(returns: Any, words: tuple[str, ...]) -> Iterator[Any]:
    """Bodies that fit: one with every field at its first value, then one for each other value of each field."""
    first = sample(returns)
    yield first
    for path, kind in _leaves(returns):
        more = words if kind == "string" else tuple(int(one) for one in words if one.isdigit()) if kind == "int" else ()
        for value in (*more, *_VALUES[kind][1:]):
            yield _with(first, path, value)


def sample(returns: Any) -> Any:
    if isinstance(returns, str):
        return _VALUES[returns.rstrip("?")][0]
    if isinstance(returns, dict):
        return {name: sample(one) for name, one in returns.items()}
    return [sample(one) for one in returns] if isinstance(returns, list) else {}


def _leaves(returns: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(returns, str):
        yield path, returns.rstrip("?")
    elif isinstance(returns, dict):
        for name, one in returns.items():
            yield from _leaves(one, (*path, name))


def _with(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    return {**body, path[0]: _with(body[path[0]], path[1:], value)} if path else value


def _decided(visit: Visit, scenario: Scenario, about: About, word: str) -> Move:
    verdict = Verdict(word=word)
    return Move(f"{about} {word}", replace(scenario, script=(*visit.script, Decides(about=about, verdict=verdict))))


def _after(visit: Visit, scenario: Scenario, label: str, *lines: Line, to_the_end: bool = False) -> Move:
    heard = (Hears(text=visit.heard[:60], to_the_end=to_the_end),) if visit.heard else ()
    return Move(f"{visit.name} {label}", replace(scenario, script=(*visit.script, *heard, *lines)))


def _leaf(visit: Visit, scenario: Scenario, label: str, *lines: Line, to_the_end: bool = False) -> Move:
    return replace(_after(visit, scenario, label, *lines, to_the_end=to_the_end), leaf=True)
