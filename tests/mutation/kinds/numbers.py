"""Seconds and milliseconds, and other numbers that are not what they seem."""

import re
from collections.abc import Iterator

from engine.compile.located import Scalar, walk
from tests.mutation.document import Document
from tests.mutation.mutant import Mutation, kind, mutation

_SECONDS = (
    "initial_timeout",
    "digit_timeout",
    "end_silence_timeout",
    "speech_timeout",
    "silence",
    "max_length",
    "max_duration",
)
_DURATION = re.compile(r"(\d+)(ms|s|m|h)")


@kind("Milliseconds stand where seconds are meant (`initial_timeout: 6000`).", notices="silence for an hour and more")
def milliseconds_for_seconds(of: Document) -> Iterator[Mutation | None]:
    for step, name, node in _params(of):
        number = round(float(node.text) * 1000)
        yield mutation(f"{step}.{name}", f"{number}, not {node.text}", of.put(node, str(number)))


@kind("Seconds are thousandths of what they should be (`initial_timeout: 0.006`).", notices="no time to answer at all")
def seconds_for_milliseconds(of: Document) -> Iterator[Mutation | None]:
    for step, name, node in _params(of):
        if isinstance(node.value, int) and node.value > 0 and name not in ("max_length", "max_duration"):
            number = f"{node.value / 1000:g}"
            yield mutation(f"{step}.{name}", f"{number}, not {node.text}", of.put(node, number))


@kind("There is no time to answer (`initial_timeout: 0`).", notices="the question is over before one can answer")
def no_time_to_answer(of: Document) -> Iterator[Mutation | None]:
    for step, name, node in _params(of):
        if name == "initial_timeout":
            yield mutation(f"{step}.{name}", f"0, not {node.text}", of.put(node, "0"))


@kind("A duration has the unit `ms` in place of `s`.", notices="a service or a person has no time to answer")
def unit_too_small(of: Document) -> Iterator[Mutation | None]:
    for where, node, number, unit in _durations(of):
        if unit == "s":
            yield mutation(where, f"{number}ms, not {node.text}", of.put(node, f"{number}ms"))


@kind("A duration has a unit that is too large (`5m` in place of `5s`).", notices="minutes of silence")
def unit_too_large(of: Document) -> Iterator[Mutation | None]:
    larger = {"ms": "s", "s": "m", "m": "h"}
    for where, node, number, unit in _durations(of):
        if unit in larger:
            yield mutation(where, f"{number}{larger[unit]}, not {node.text}", of.put(node, number + larger[unit]))


@kind("A duration has no unit.", notices="nothing: the flow is refused")
def unit_dropped(of: Document) -> Iterator[Mutation | None]:
    for where, node, number, _ in _durations(of):
        yield mutation(where, f"{number}, not {node.text}", of.put(node, number))


@kind("A volume is far too high.", notices="nothing: the flow is refused")
def volume_too_high(of: Document) -> Iterator[Mutation | None]:
    for path, node in walk(of.root):
        if path[-1] == "volume" and not isinstance(node.value, str):
            yield mutation(".".join(map(str, path)), "100", of.put(node, "100"))


def _params(of: Document) -> Iterator[tuple[str, str, Scalar]]:
    for step in of.steps:
        for path, node in walk(step.value):
            name = next((str(one) for one in reversed(path) if isinstance(one, str)), "")
            plain = isinstance(node.value, int | float) and not isinstance(node.value, bool)
            if name in _SECONDS and plain and "returns" not in path and "json" not in path:
                yield step.name, name, node


def _durations(of: Document) -> Iterator[tuple[str, Scalar, str, str]]:
    for path, node in walk(of.root):
        found = _DURATION.fullmatch(node.text)
        if found and node.plain and not _is_said(path):
            yield ".".join(map(str, path)), node, found[1], found[2]


def _is_said(path: tuple[str | int, ...]) -> bool:
    return bool({"play", "prompt", "note", "description"} & set(path))
