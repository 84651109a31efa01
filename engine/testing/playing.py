"""Calls through flows for tests in Python: a case as keywords, and the outcome of its call."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.model.diagnostics import Diagnostic
from engine.model.errors import ConfigurationError
from engine.model.graph import FlowGraph
from engine.project import bound, flows
from engine.simulate.cases import against, given, golden, reading
from engine.simulate.cases.ready import Ready
from engine.simulate.outcome import Outcome

_NOTHING = {"laws": ["sound"]}
"""What a case must at least expect, and any case is held against: that of a call for which nothing else is given."""


class PlayFlow:
    """`play_flow` of a test. Paths of flows are from `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, flow: str | Path, caller: Sequence[Mapping[str, Any]] = (), **more: Any) -> Outcome:
        """One call. `caller` are its lines, `more` the other keys of a case, `from_` for `from`; None is as if it were not given.

        `ConfigurationError` for a flow that does not compile and a call that cannot be; `AssertionError` for what is not as
        `expect` has it, and what fails a case whatever it expects, such as lines that were never come to."""
        path = self._root / flow
        if not path.is_file():
            raise ConfigurationError(f"There is no flow file {path}.", help="Paths are from pytest's rootdir.")
        given = {"caller": list(caller) or None, **{_key(name): value for name, value in more.items()}}
        case: dict[str, Any] = {"expect": _NOTHING, **{key: value for key, value in given.items() if value is not None}}
        if "transcript" in case["expect"]:
            raise ConfigurationError("A transcript is kept in a test file.", help="Compare the outcome's `transcript`.")
        return _played(path, case)


def _key(name: str) -> str:
    return "from" if name == "from_" else name


def _played(path: Path, case: dict[str, Any]) -> Outcome:
    name = flows.name(path)
    text = json.dumps({"tests": name, "cases": {"call": case}}, indent=1)
    tests = reading.read(f"the call of {path.name}", name, text.encode())
    _no_mistake(tests.diagnostics)
    if len(tests.cases) != 1:
        raise ConfigurationError(
            "This call cannot be played: `at` has several moments.", help="Play one call for each."
        )
    (one,) = tests.cases
    calendars = _calendars(path, one.plain_uses)
    graph = bound.compiled(path, calendars)
    against.check(one, graph)
    said = given.read(one, graph, calendars)
    _no_mistake(tests.diagnostics)
    ready = Ready(case=one, graph=graph, given=said)
    outcome = ready.play()
    if failures := ready.failures(outcome):
        wrong = [f"{one.message} {one.help}".rstrip() for one in failures]
        call = golden.with_marks(outcome.transcript, {one.mark for one in failures})
        raise AssertionError("\n".join([*wrong, "", *call]))
    return outcome


def _calendars(path: Path, uses: Mapping[str, Any]) -> dict[str, str]:
    """As in a test file: what the call says, else the calendar of the use's name, else the first one."""
    graph: FlowGraph = bound.compiled(path, {})
    there = flows.calendars(flows.folder_of(path))
    wanted = [name for name, one in graph.uses.items() if one.calendar]
    return {name: str(uses.get(name, name if name in there else next(iter(there), ""))) for name in wanted}


def _no_mistake(found: Sequence[Diagnostic]) -> None:
    wrong = next((one for one in found if one.severity == "error"), None)
    if wrong is not None:
        raise ConfigurationError(f"This call cannot be played: {wrong.message}", help=wrong.help)
