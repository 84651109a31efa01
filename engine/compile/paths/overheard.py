"""SEC002: a secret is entered where something may listen that cannot be silenced, with a way that leads there.

One bit for each step that begins to listen: a tap, a stream, a live transcription or translation, a sidecar, a
collect or a detection of digits in the background, SWML that begins one of these or a recording. It is over when it is
stopped, or waited for. What a flow that is called leaves behind counts for the step that calls it, by the outcome that it
comes back with, and so do the secrets that it asks for.
"""

from collections.abc import Mapping
from typing import Literal

from engine.compile.located import Mapping as Entries
from engine.compile.located import dotted
from engine.compile.paths import left_by_swml
from engine.compile.paths.decisions import Decisions
from engine.compile.paths.edges import Edge, Place
from engine.compile.paths.solve import Facts, Paths, solve
from engine.compile.paths.witness import steps_of, witness
from engine.compile.scope import Scope
from engine.model.graph import (
    ApiValue,
    AskValue,
    ExcursionValue,
    FlowGraph,
    ReturnValue,
    Step,
    SubflowValue,
    WaitValue,
)
from engine.model.ids import StepName

_Ear = Literal["recording", "other"]
"""How a step listens. A recording may be wanted (`record_while_secret`); the engine's own are silenced."""

_COPIES = ("tap", "stream", "ai_sidecar")
_LIVE = ("live_transcribe", "live_translate")
_NOT_BEGUN = ("rejected", "error", "expression")
_ADVICE = {
    "tap": "tap.stop: {0}",
    "stream": "stream.stop: {0}",
    "collect": "collect.stop: {0}",
    "detect": "detect.stop: {0}",
    "live_transcribe": "live_transcribe: {{action: stop}}",
    "live_translate": "live_translate: {{action: stop}}",
    "ai_sidecar": "ai_sidecar.stop: {{}}",
}


def report_overheard(scope: Scope, paths: Paths) -> None:
    """Each step that takes a secret once, with the first that may listen."""
    graph = paths.graph
    called = _Called(graph.subflows)
    asking = [step for step in graph.steps.values() if called.asks(step, "other")] if graph.sealed else []
    listening = _Listening(graph, called) if asking else None
    if listening is None or not listening.bits:
        return
    decisions = Decisions(graph, len(listening.bits))

    def transfer(edge: Edge, facts: Facts) -> Facts | None:
        left = decisions.transfer(edge, facts)
        return None if left is None else listening.transfer(edge, left)

    solved = solve(paths, decisions.first, transfer)
    for step in asking:
        place = Place(step.name)
        for (listener, ear), bit in listening.bits.items():
            if solved.at(place) & bit and called.asks(step, ear):
                way = witness(solved, place, bit, known=decisions.known)
                if way is not None:
                    _report(scope, step, graph.steps[listener], steps_of(graph, way, place))
                    break


class _Listening:
    """`bits` by the step that begins to listen, and how."""

    def __init__(self, graph: FlowGraph, called: "_Called") -> None:
        self._graph, self._called = graph, called
        ears = ((step.name, ear) for step in graph.steps.values() for ear in sorted(_listens(step, called)))
        self.bits: dict[tuple[StepName, _Ear], Facts] = {one: 1 << index for index, one in enumerate(ears)}
        self._steps = {name for name, _ in self.bits}
        self._begins: dict[tuple[StepName, str], Facts] = {}

    def transfer(self, edge: Edge, facts: Facts) -> Facts | None:
        step = self._graph.steps.get(edge.source.step)
        if step is None or edge.kind in ("visits", "case"):
            return facts
        if step.name in self._steps:
            return facts if edge.outcome in _NOT_BEGUN else facts | self._begun(step, edge)
        return facts & ~self._over(step) if edge.kind == "outcome" and edge.outcome not in _NOT_BEGUN else facts

    def _begun(self, step: Step, edge: Edge) -> Facts:
        """A flow that is interrupted may be anywhere."""
        key = (step.name, edge.outcome if edge.kind == "outcome" else "")
        if key not in self._begins:
            self._begins[key] = sum(self.bits[step.name, one] for one in _listens(step, self._called, key[1]))
        return self._begins[key]

    def _on(self, *verbs: str) -> Facts:
        return sum(bit for (name, _), bit in self.bits.items() if self._graph.steps[name].verb in verbs)

    def _of(self, name: StepName) -> Facts:
        return self.bits.get((name, "other"), 0)

    def _over(self, step: Step) -> Facts:
        """What no longer listens when the step has ended well."""
        value = step.value
        if isinstance(value, WaitValue) and len(value.handles) == 1 and not value.timeout_ms:
            return self._of(value.handles[0])
        if isinstance(value, ExcursionValue):
            return self._over_by_swml(step)
        if not isinstance(value, ApiValue):
            return 0
        if value.handle is not None and step.verb.endswith(".stop"):
            return self._of(value.handle)
        verb = step.verb if step.verb in _LIVE else step.verb.removesuffix(".stop")
        stops = (step.verb == "ai_sidecar.stop") or (verb in _LIVE and value.params.get("action") == "stop")
        return self._on(verb) if stops else 0

    def _over_by_swml(self, step: Step) -> Facts:
        stopped, steps = left_by_swml.stopped(step), self._graph.steps
        over = {name for name in self._steps if (left := left_by_swml.left(steps[name])) and left <= stopped}
        return sum(bit for (name, _), bit in self.bits.items() if name in over)


class _Called:
    """What the flows that are called do, each looked at once, however many ways lead to it."""

    def __init__(self, flows: Mapping[str, FlowGraph]) -> None:
        self._flows = flows
        self._asking: dict[tuple[str, _Ear], bool] = {}
        self._leaving: dict[str, Mapping[str, frozenset[_Ear]]] = {}

    def asks(self, step: Step, ear: _Ear) -> bool:
        """Is a secret entered in the step that must not be heard in this way?"""
        value = step.value
        if not isinstance(value, SubflowValue):
            allowed = isinstance(value, AskValue) and value.record_while_secret and ear == "recording"
            return isinstance(value, AskValue) and value.secrecy == "secret" and not allowed
        key = (value.flow, ear)
        if key not in self._asking:
            self._asking[key] = any(self.asks(one, ear) for one in self._flows[value.flow].steps.values())
        return self._asking[key]

    def left_by(self, flow: str) -> Mapping[str, frozenset[_Ear]]:
        """How something that the flow began may still listen when it returns, by the outcome."""
        if flow not in self._leaving:
            self._leaving[flow] = self._at_returns(self._flows[flow])
        return self._leaving[flow]

    def _at_returns(self, flow: FlowGraph) -> Mapping[str, frozenset[_Ear]]:
        listening = _Listening(flow, self)
        found: dict[str, frozenset[_Ear]] = {}
        if not listening.bits:
            return found
        solved = solve(Paths(flow), 0, listening.transfer)
        for place, facts in solved.before.items():
            value = flow.steps[place.step].value if place.step in flow.steps else None
            if isinstance(value, ReturnValue):
                left = {ear for (_, ear), bit in listening.bits.items() if facts & bit and witness(solved, place, bit)}
                found[value.outcome] = found.get(value.outcome, frozenset()) | left
        return found


def _listens(step: Step, called: _Called, outcome: str = "") -> frozenset[_Ear]:
    """After the outcome; after some for none, or for one that its flow does not return."""
    value = step.value
    if isinstance(value, SubflowValue):
        left = called.left_by(value.flow)
        return left[outcome] if outcome in left else frozenset[_Ear]().union(*left.values())
    if isinstance(value, ExcursionValue):
        methods = left_by_swml.left(step)
        return frozenset({"recording" if methods == {left_by_swml.RECORDS} else "other"} if methods else ())
    return frozenset({"other"} if isinstance(value, ApiValue) and _is_ear(step, value) else ())


def _is_ear(step: Step, value: ApiValue) -> bool:
    if step.verb in _LIVE:
        action = value.params.get("action")
        return isinstance(action, dict) and "start" in action
    digits = step.verb == "detect" and value.params.get("detect", {}).get("type") == "digit"
    return step.verb in _COPIES or (step.background and (step.verb == "collect" or digits))


def _report(scope: Scope, step: Step, listener: Step, way: tuple[str, ...]) -> None:
    node = scope.steps[step.name]
    value = node.value
    key = (value.key("secret") or value.get("flow")) if isinstance(value, Entries) else None
    if isinstance(listener.value, SubflowValue):
        advice = f"Stop it there, before it returns: the flow `{listener.value.flow}` leaves it behind."
    elif isinstance(listener.value, ExcursionValue):
        advice = left_by_swml.advice(left_by_swml.left(listener))
    else:
        stop = _ADVICE[listener.verb].format(listener.name)
        advice = f"Stop it before, with `{stop}`, and begin it again afterwards."
    scope.report.node_error(
        "SEC002",
        "overheard-secret",
        key or node.key,
        f"A secret is entered here while `{listener.name}` may still listen.",
        help=advice,
        path=dotted(node.path),
        witness=way,
    )
