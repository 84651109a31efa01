"""Seconds, milliseconds, minutes; decibels and percent."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document
from tests.mutation.independent.making import made
from tests.mutation.independent.places import entries
from tests.mutation.mutant import Mutation, mutation

_IN_SECONDS = (
    "initial_timeout",
    "end_silence_timeout",
    "digit_timeout",
    "max_length",
    "max_duration",
    "confirm_timeout",
    "timeout",
    "duration",
    "silence",
)
_NUMBER = re.compile(r"\d+(\.\d+)?")


@made
def seconds_as_milliseconds(of: Document) -> Iterator[Mutation | None]:
    for where, value in _seconds(of):
        yield mutation(where, "in milliseconds", of.put(value, f"{float(value.text) * 1000:.0f}"))


@made
def seconds_as_minutes(of: Document) -> Iterator[Mutation | None]:
    for where, value in _seconds(of):
        if float(value.text) >= 60:
            yield mutation(where, "in minutes", of.put(value, f"{float(value.text) // 60:.0f}"))


@made
def minutes_for_seconds(of: Document) -> Iterator[Mutation | None]:
    return _of_another_unit(of, "s", "m")


@made
def seconds_for_minutes(of: Document) -> Iterator[Mutation | None]:
    return _of_another_unit(of, "m", "s")


@made
def volume_as_percent(of: Document) -> Iterator[Mutation | None]:
    for _, key, value in entries(of.root):
        if key.text == "volume":
            yield mutation(key.text, "80", of.put(value, "80"))
        if key.text == "voice" and isinstance(value, Mapping) and value.get("volume") is None:
            yield mutation(key.text, "volume: 80", of.add(value, "volume: 80"))


def _seconds(of: Document) -> Iterator[tuple[str, Scalar]]:
    for where, value in _scalars(of):
        if where.split(".")[-1] in _IN_SECONDS and _NUMBER.fullmatch(value.text):
            yield where, value


def _of_another_unit(of: Document, unit: str, other: str) -> Iterator[Mutation | None]:
    for where, value in _scalars(of):
        if re.fullmatch(rf"\d+{unit}", value.text):
            changed = value.text.removesuffix(unit) + other
            yield mutation(where, f"{changed} for {value.text}", of.put(value, changed))


def _scalars(of: Document) -> Iterator[tuple[str, Scalar]]:
    for section, node in of.root.entries:
        parts = node.entries if section.text == "steps" and isinstance(node, Mapping) else ((section, node),)
        for name, part in parts:
            for _, key, value in entries(part):
                if isinstance(value, Scalar):
                    yield f"{name.text}.{key.text}", value
