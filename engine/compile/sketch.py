"""What is sound of a flow with mistakes, for those who look at ways: its broken steps are there, and lead nowhere.

A step is broken when something in it is wrong, when it uses a name whose own declaration is, or an operation that such
a step begins. Nobody knows what it does once it is mended. So a way that leads through no broken step is a way of
the mended flow too, and what holds on *every* way can only be said where none of them comes to one.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from itertools import takewhile
from typing import TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Scalar, entries
from engine.compile.scope import Scope, StepNode
from engine.model.diagnostics import NOWHERE, Diagnostic, Span
from engine.model.graph import (
    RESUME,
    UNKNOWN,
    ApiValue,
    FlowGraph,
    LeaveValue,
    Next,
    Outbound,
    Step,
    SubflowValue,
    WaitValue,
)
from engine.model.ids import StepName

_HARMLESS = ("flow", "language", "start", "description", "inputs", "uses", "vars", "signals")
"""Sections whose mistakes show in the steps that have to do with them, or in none."""
_DANGLING = "FLW001"
"""A target that is no step: the step is sound, and this way of it leads nobody knows where."""
_TWICE = "SYN002"
"""A key that stands twice: one of the two is not read, and may be a step."""


class Sketch(Struct, frozen=True, kw_only=True):
    """`broken` are the steps of which nobody knows what they do. `sure`: nothing is wrong around the steps, such as in
    `handlers`. A way to `model.graph.UNKNOWN` leads nobody knows where."""

    graph: FlowGraph
    broken: frozenset[StepName]
    sure: bool


def sketched(scope: Scope, root: Entries, graph: FlowGraph, steps: Mapping[str, Step | None]) -> Sketch:
    """`graph` has the flow's header; `steps` are those that have a verb, None where they could not be compiled."""
    written: _Written = _written(root)
    written |= {StepName(name): None for name in (*steps, *scope.step_names) if name not in written}
    found = _Mistakes(scope, root)
    sound = {name: one for name in written if (one := steps.get(name)) is not None}
    broken = _with_what_they_begin(sound, {*written.keys() - sound.keys(), *found.steps, *scope.doubtful})
    shown = {name: _hidden(found, name, node) if name in broken else sound[name] for name, node in written.items()}
    return Sketch(
        graph=replace(
            graph,
            steps={**shown, UNKNOWN: _step(UNKNOWN, NOWHERE, Next())},
            finally_=tuple(takewhile(lambda name: name not in broken, graph.finally_)),
            outbound=graph.outbound or (Outbound() if root.key("outbound") else None),
        ),
        broken=frozenset({*broken, UNKNOWN}),
        sure=found.sure,
    )


_Written = dict[StepName, tuple[Scalar, Node] | None]
"""Steps by their names where they are written; None: in `finally`, or where the file could not be read."""


def _written(root: Entries) -> _Written:
    return {StepName(key.text): (key, node) for key, node in entries(root, "steps")}


def _with_what_they_begin(steps: Mapping[StepName, Step], broken: set[StepName]) -> set[StepName]:
    """What is to be said of an operation is not known where the step that begins it is not."""
    return broken | {name for name, step in steps.items() if not broken.isdisjoint(_handles(step))}


def _handles(step: Step) -> Iterator[StepName]:
    if step.until is not None:
        yield step.until.handle
    match step.value:
        case ApiValue(handle=handle) if handle is not None:
            yield handle
        case WaitValue(handles=handles):
            yield from handles
        case SubflowValue(handles=given):
            yield from given.values()


def _hidden(found: "_Mistakes", name: StepName, written: tuple[Scalar, Node] | None) -> Step:
    """A broken step: its ways are known where the mistakes are in its value alone. In `paths` nothing comes of them."""
    if written is None:
        return _step(name, NOWHERE, Next())
    key, node = written
    named: dict[str, StepName] = {}
    for number, (outcome, target) in enumerate(_targets(node, found.scope.step_names)):
        named[f"{outcome} {number}" if outcome in named else outcome] = target
    at = found.scope.report.source.span(key.start, key.end)
    return _step(name, at, Next(named, None if name in found.leading else UNKNOWN))


def _step(name: StepName, at: Span, follows: Next) -> Step:
    return Step(name=name, verb="end", value=LeaveValue(params={}, reason="done"), next=follows, at=at)


def _targets(node: Node | None, known: Set[str], of: str = "next") -> Iterator[tuple[str, StepName]]:
    """The targets in a step, wherever they stand, and the names of what leads there."""
    for key, value in entries(node):
        if key.text not in ("next", "else"):
            yield from _targets(value, known, key.text)
        elif isinstance(value, Entries):
            yield from ((one.text, StepName(to.text)) for one, to in value.entries if _is_target(to, known))
        elif _is_target(value, known):
            yield of, StepName(value.text)


def _is_target(node: Node, known: Set[str]) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and (node.text in known or node.text == RESUME)


class _Mistakes:
    """Where they are. `steps`: in which steps; `leading`: those of which it is known all the same where they lead."""

    def __init__(self, scope: Scope, root: Entries) -> None:
        self.scope = scope
        self.sure = not scope.report.lost_names
        self.steps: set[StepName] = set()
        self.leading = {name for name, node in scope.steps.items() if _says_where(node)}
        steps = root.get("steps")
        self._sections = _Places(scope, root)
        self._steps = _Places(scope, steps if isinstance(steps, Entries) else root)
        for one in scope.report.diagnostics:
            if one.code == _DANGLING:
                self.leading.discard(StepName(self._steps.at(one)))
            elif one.severity == "error":
                self._take(one)

    def _take(self, one: Diagnostic) -> None:
        section = self._sections.at(one)
        if section != "steps":
            self.sure &= section in _HARMLESS
            return
        name = StepName(self._steps.at(one))
        self.steps.add(name)
        node = self.scope.steps.get(name)
        if node is None or not _inside(self.scope, node.value, one):
            self.leading.discard(name)
        if one.code == _TWICE or name == "next":  # which is that of a step and not indented
            self.sure = False


def _says_where(step: StepNode) -> bool:
    """By its `next`, and not by conditions that may be what is wrong."""
    return step.verb.name != "branch" and (step.verb.ending or step.node.get("next") is not None)


class _Places:
    """Of a mapping: whose entry stands at a place."""

    def __init__(self, scope: Scope, mapping: Entries) -> None:
        spans = [(scope.report.source.span(key.start, key.end), key.text) for key, _ in mapping.entries]
        self._starts = [(span.line, span.column) for span, _ in spans]
        self._names = [name for _, name in spans]

    def at(self, one: Diagnostic) -> str:
        """Nothing before the first."""
        found = bisect_right(self._starts, (one.span.line, one.span.column))
        return self._names[found - 1] if found else ""


def _inside(scope: Scope, node: Node, one: Diagnostic) -> bool:
    span = scope.report.source.span(node.start, node.end)
    return (span.line, span.column) <= (one.span.line, one.span.column) < (span.end_line, span.end_column)
