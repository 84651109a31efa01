"""Which ways the tests have not taken, and which steps they have not entered: `coverage` of what `offhook test --format
json` prints."""

from collections.abc import Mapping
from shlex import quote

import msgspec
from msgspec import Struct

from engine.model.errors import ConfigurationError


class Untaken(Struct, frozen=True):
    """Of one flow. `ways` are steps with outcomes; of a `branch` the step that it goes to stands for the outcome.
    `transitions` are steps (or `on hangup`, `on limit`, `visits of menu`) with the step to which they lead, `steps`
    those never entered."""

    ways: frozenset[tuple[str, str]] = frozenset()
    steps: frozenset[str] = frozenset()
    transitions: frozenset[tuple[str, str]] = frozenset()


class _Way(Struct, frozen=True):
    step: str
    outcome: str


class _Point(Struct, frozen=True):
    step: str
    to: str = ""


class _Part(Struct, frozen=True):
    missing: tuple[_Point, ...] = ()


class _Flow(Struct, frozen=True):
    flow: str
    missing: tuple[_Way, ...]
    steps: _Part = _Part()
    transitions: _Part = _Part()


class _Report(Struct, frozen=True):
    coverage: tuple[_Flow, ...]


def untaken(file: str, data: bytes) -> Mapping[str, Untaken]:
    """By flow; a flow that no test goes through is not there. `ConfigurationError` for anything else than such a report."""
    try:
        report = msgspec.json.decode(data, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file} is no report of `offhook test`: {error}.",
            help=f"Write one: offhook test --format json > {quote(file)}",
        ) from None
    return {one.flow: _of(one) for one in report.coverage}


def _of(flow: _Flow) -> Untaken:
    return Untaken(
        ways=frozenset((way.step, way.outcome) for way in flow.missing),
        steps=frozenset(one.step for one in flow.steps.missing),
        transitions=frozenset((one.step, one.to) for one in flow.transitions.missing),
    )
