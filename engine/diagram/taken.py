"""Which ways the tests have not taken: `coverage` of what `offhook test --format json` prints."""

from collections.abc import Mapping
from shlex import quote

import msgspec
from msgspec import Struct

from engine.model.errors import ConfigurationError

Untaken = Mapping[str, frozenset[tuple[str, str]]]
"""By flow: steps with outcomes; of a `branch` the step that it goes to stands for the outcome."""


class _Way(Struct, frozen=True):
    step: str
    outcome: str


class _Flow(Struct, frozen=True):
    flow: str
    missing: tuple[_Way, ...]


class _Report(Struct, frozen=True):
    coverage: tuple[_Flow, ...]


def untaken(file: str, data: bytes) -> Untaken:
    """By flow; a flow that no test goes through is not there. `ConfigurationError` for anything else than such a report."""
    try:
        report = msgspec.json.decode(data, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file} is no report of `offhook test`: {error}.",
            help=f"Write one: offhook test --format json > {quote(file)}",
        ) from None
    return {one.flow: frozenset((way.step, way.outcome) for way in one.missing) for one in report.coverage}
