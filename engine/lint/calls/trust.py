"""Values that come from the caller: what is entered, who calls, and what the SIP headers say. A value that an `accept`, a
list of choices or a `branch` has looked at is trusted."""

from collections.abc import Iterator

from engine.compile.paths import Facts
from engine.lint.calls.becoming import becoming
from engine.lint.calls.called import once
from engine.lint.calls.facts import NONE, Bits, Effect
from engine.model.graph import (
    ApiValue,
    AskValue,
    BranchValue,
    Expression,
    FlowGraph,
    ReturnValue,
    SetValue,
    Step,
    SubflowValue,
    WaitValue,
)
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

_FIELDS = ("value", "digits", "text")
_OWN = ("outcome", "code", "message")


class Trust:
    """The bits of the caller's values: `call.from`, `call.headers`, `steps.<step>`, `vars.<name>`."""

    def __init__(self, graph: FlowGraph, bits: Bits) -> None:
        self._graph, self._bits = graph, bits
        self.first: Facts = bits.add("unchecked", "call.from") | bits.add("unchecked", "call.headers")
        for step in graph.steps.values():
            if _takes(graph, step):
                bits.add("unchecked", f"steps.{step.name}")
            if isinstance(step.value, SubflowValue) and hands_on(graph.subflows[step.value.flow]):
                bits.add("unchecked", f"steps.{step.name}")
            if isinstance(step.value, SetValue):
                for name in step.value.assignments:
                    bits.add("unchecked", f"vars.{name}")

    def bit(self, name: str) -> Facts:
        return self._bits.of("unchecked", source(self._graph, name))

    def of(self, step: Step, outcome: str) -> Effect:
        value = step.value
        if isinstance(value, SetValue) and outcome == "done":
            return NONE.also(*(self._assigned(name, right) for name, right in value.assignments.items()))
        bit = self._bits.of("unchecked", f"steps.{step.name}")
        if isinstance(value, SubflowValue):
            return Effect(added=bit) if outcome not in FAILURES else NONE
        if outcome not in ("digits", "speech", "done"):
            return NONE
        return Effect(bit) if isinstance(value, AskValue) and _accepts(value, outcome) else Effect(added=bit)

    def asked(self, step: Step) -> Effect:
        """A branch has looked at the names in its conditions."""
        cases = step.value.cases if isinstance(step.value, BranchValue) else ()
        return Effect(sum({self.bit(name) for condition, _ in cases for name in condition.names}))

    def _assigned(self, name: str, right: Expression) -> Effect:
        bit = self._bits.of("unchecked", f"vars.{name}")
        sources = sum({self.bit(one) for one in becoming(right.source)})
        return Effect(bit & ~sources, when=((sources, bit),) if sources else ())


def source(graph: FlowGraph, name: str) -> str:
    """The one of the caller's values that a name of an expression reads, or nothing."""
    space, _, rest = name.partition(".")
    own, _, field = rest.partition(".")
    if space == "steps":
        called = own in graph.steps and graph.steps[StepName(own)].verb == "subflow" and field not in _OWN
        return f"steps.{own}" if called or field in _FIELDS else ""
    return f"{space}.{own}" if space in ("call", "vars") else ""


@once
def hands_on(flow: FlowGraph) -> bool:
    """Does it return what a caller has entered, and nobody has looked at?"""
    from engine.lint.calls.state import Calls

    ends = [
        step for step in flow.steps.values() if isinstance(step.value, ReturnValue) and any(names(step.value.given))
    ]
    if not ends or not any(_takes(flow, step) for step in flow.steps.values()):
        return False
    calls = Calls(flow)
    return any(
        calls.may("unchecked", source(flow, one), step.name)
        for step in ends
        for text in _expressions(step.value)
        for one in becoming(text)
    )


def _expressions(value: object) -> Iterator[str]:
    trees = value.given.values() if isinstance(value, ReturnValue) else ()
    for tree in trees:
        parts = getattr(tree, "parts", (tree,))
        yield from (part.source for part in parts if hasattr(part, "source"))


def names(tree: object) -> Iterator[str]:
    """What the templates in a tree read."""
    if isinstance(tree, dict):
        for one in tree.values():
            yield from names(one)
    elif isinstance(tree, list):
        for one in tree:
            yield from names(one)
    else:
        yield from getattr(tree, "names", ())


def _takes(graph: FlowGraph, step: Step) -> bool:
    value = step.value
    if isinstance(value, WaitValue):
        return not value.many and any(graph.steps[one].verb == "collect" for one in value.handles if one in graph.steps)
    return (isinstance(value, AskValue) and not value.choices) or (
        step.verb == "collect" and isinstance(value, ApiValue)
    )


def _accepts(value: AskValue, outcome: str) -> bool:
    accept = value.accept
    if accept is None:
        return False
    return bool(accept.condition or (accept.digits if outcome == "digits" else accept.speech))
