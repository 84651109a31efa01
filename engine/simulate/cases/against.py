"""A case held against its flow: the steps, outcomes, variables, signals and fetches that it names must be there."""

from collections.abc import Iterator
from collections.abc import Mapping as Map
from typing import Any

from engine.compile import durations
from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.compile.report import nearest
from engine.exchange.table import COMMANDS
from engine.expr import cel_type_of
from engine.model.graph import FetchValue, FlowGraph, ReturnValue, Step
from engine.simulate.cases import possible, replies
from engine.simulate.cases.case import Case
from engine.simulate.cases.fitting import ANY
from engine.simulate.cases.given import as_json


def check(case: Case, graph: FlowGraph) -> None:
    """Reports what the case names and the flow has not."""
    steps = dict(all_steps(graph))
    _Check(case, graph, steps).all()


def all_steps(graph: FlowGraph) -> Iterator[tuple[str, tuple[FlowGraph, Step]]]:
    """Every step that a run may enter, by the name that paths give it: `pin/lookup` is one of a subflow."""
    yield from ((name, (graph, step)) for name, step in graph.steps.items())
    for flow, inner in graph.subflows.items():
        yield from ((f"{flow}/{name}", (inner, step)) for name, step in inner.steps.items())


class _Check:
    def __init__(self, case: Case, graph: FlowGraph, steps: Map[str, tuple[FlowGraph, Step]]) -> None:
        self.case = case
        self.graph = graph
        self.steps = steps

    def all(self) -> None:
        for node in self.case.items("expect", "path"):
            if isinstance(node, Scalar) and node.text != ANY:
                self._step(node, last=False)
        for key, node in self.case.entries("expect", "outcomes"):
            self._outcome(key, node)
        for key, node in self.case.entries("expect", "vars"):
            self._variable(key, node)
        self._returns(self.case.find("expect", "returns"))
        for node in self.case.items("expect", "commands"):
            self._command(node)
        for node in self.case.items("expect", "fetches"):
            self._fetch(node if isinstance(node, Scalar) else node.entries[0][0])  # type: ignore[union-attr]
        for key, node in self.case.entries("fetch"):
            self._replies(key, node)
        for node in self.case.items("caller"):
            self._signal(node)
        for key, node in self.case.entries("limits", "visits"):
            self._visits(key, node)
        self._call_time(self.case.find("limits", "call"))

    def _missing(self, node: Node, message: str, advice: str) -> None:
        self.case.wrong("TST003", "not-in-flow", node, message, advice)

    def _step(self, node: Scalar, *, last: bool = True) -> Step | None:
        found = self.steps.get(node.text)
        if found is None or (not last and "finally." in node.text):
            named = [name for name in self.steps if last or "finally." not in name]
            self._missing(node, f"The flow has no step `{node.text}`.", nearest(node.text, named))
            return None
        return found[1]

    def _visits(self, key: Scalar, node: Node) -> None:
        step = self._step(key, last=False)
        if step is not None and isinstance(node, Scalar) and isinstance(node.value, int):
            most = step.visits.max if step.visits is not None else self.steps[key.text][0].limits.visits
            if node.value > most:
                self._later(node, str(most))

    def _call_time(self, node: Node | None) -> None:
        most = self.graph.limits.call_ms
        if isinstance(node, Scalar) and durations.of(node) > most:
            self._later(node, durations.written(most))

    def _later(self, node: Scalar, most: str) -> None:
        message = f"`{node.text}` is no sooner: the flow's limit is {most}."
        advice = "A case only brings a limit nearer. Give less here, or raise `limits` in the flow."
        self.case.wrong("TST007", "bad-value", node, message, advice)

    def _outcome(self, key: Scalar, node: Node) -> None:
        step = self._step(key)
        if step is None or not isinstance(node, Scalar):
            return
        inner = self.steps[key.text][0]
        known = possible.outcomes(inner, step)
        if node.text not in known and not (step.verb == "fetch" and node.text.startswith("http_")):
            self._missing(node, f"`{key.text}` never ends with `{node.text}`.", nearest(node.text, known))

    def _variable(self, key: Scalar, node: Node) -> None:
        one = self.graph.vars.get(key.text)
        if one is None:
            self._missing(key, f"The flow has no variable `{key.text}`.", nearest(key.text, self.graph.vars))
        elif isinstance(node, Scalar) and node.value is not None and one.type != "string":
            kind = cel_type_of(node.value)
            if kind != one.type and (kind, one.type) != ("int", "double"):
                message = f"`{key.text}` is of type {one.type}, so it is never `{node.text}`."
                self.case.wrong("TST007", "bad-value", node, message)

    def _returns(self, node: Node | None) -> None:
        """Of the flow's own `return` steps."""
        name = node.get("outcome") if isinstance(node, Mapping) else node
        if not isinstance(name, Scalar):
            return
        every = [step.value for step in self.graph.steps.values() if isinstance(step.value, ReturnValue)]
        meant = [one for one in every if one.outcome == name.text]
        if not meant:
            advice = nearest(name.text, {one.outcome for one in every}) or "It has no `return`."
            self._missing(name, f"The flow never returns `{name.text}`.", advice)
            return
        fields = {field for one in meant for field in one.given}
        for key, _ in self.case.entries("expect", "returns", "with"):
            if key.text not in fields:
                message = f"`{name.text}` hands back no `{key.text}`."
                self._missing(key, message, nearest(key.text, fields) or "It hands back nothing.")

    def _command(self, node: Node) -> None:
        name = node if isinstance(node, Scalar) else node.entries[0][0] if isinstance(node, Mapping) else None
        if isinstance(name, Scalar) and name.text not in COMMANDS:
            meant = f"calling.{name.text}"
            advice = f"Write {meant}." if meant in COMMANDS else nearest(name.text, COMMANDS)
            self._missing(name, f"The API has no command `{name.text}`.", advice)

    def _fetch(self, key: Scalar) -> FetchValue | None:
        """A step that fetches, or a URL; any other name is reported."""
        if key.text.startswith(("http://", "https://")):
            return None
        found = self.steps.get(key.text)
        value = found[1].value if found is not None else None
        if not isinstance(value, FetchValue):
            fetching = [name for name, (_, step) in self.steps.items() if isinstance(step.value, FetchValue)]
            what = "is no `fetch`" if found is not None else "is no step of the flow"
            advice = nearest(key.text, fetching) or "The flow fetches nothing."
            self._missing(key, f"`{key.text}` {what}.", advice)
            return None
        return value

    def _replies(self, key: Scalar, node: Node) -> None:
        value = self._fetch(key)
        for one in node.items if isinstance(node, Sequence) else (node,):
            for found in replies.misfits(key.text, value.returns, one) if value is not None else ():
                self.case.wrong("TST004", "bad-reply", found.node, found.message, found.help, found.severity)

    def _signal(self, node: Node) -> None:
        name = node.get("signal") if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or not isinstance(name, Scalar):
            return
        declared = self.graph.signals.get(name.text)
        if declared is None:
            advice = nearest(name.text, self.graph.signals) or "It declares none."
            self._missing(name, f"The flow declares no signal `{name.text}`.", advice)
            return
        given = node.get("with")
        values: dict[str, Any] = as_json(given) if given is not None else {}
        for field in sorted({*declared, *values}):
            if field not in values or field not in declared or not _fits(values[field], declared[field]):
                wants = ", ".join(f"{one}: {kind}" for one, kind in declared.items()) or "nothing"
                message = f"`{field}` is not what the signal `{name.text}` carries."
                self.case.wrong("TST007", "bad-value", given or name, message, f"It carries {wants}.")
                return


def _fits(value: Any, wanted: str) -> bool:
    return value is not None and (cel_type_of(value) == wanted or (cel_type_of(value), wanted) == ("int", "double"))
