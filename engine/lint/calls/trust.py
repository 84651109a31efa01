"""Values that come from the caller: what is entered, who calls, and what the SIP headers say. A value that an `accept`, a
list of choices or a `branch` has looked at is trusted."""

from collections.abc import Iterator

from engine.compile.paths import Facts
from engine.lint.calls.facts import NONE, Bits, Effect
from engine.model.graph import ApiValue, AskValue, BranchValue, Expression, FlowGraph, SetValue, Step, WaitValue

_FIELDS = ("value", "digits", "text")


class Trust:
    """The bits of the caller's values: `call.from`, `call.headers`, `steps.<step>`, `vars.<name>`."""

    def __init__(self, graph: FlowGraph, bits: Bits) -> None:
        self._graph, self._bits = graph, bits
        self.first: Facts = bits.add("unchecked", "call.from") | bits.add("unchecked", "call.headers")
        for step in graph.steps.values():
            if _takes(graph, step):
                bits.add("unchecked", f"steps.{step.name}")
            if isinstance(step.value, SetValue):
                for name in step.value.assignments:
                    bits.add("unchecked", f"vars.{name}")

    def bit(self, name: str) -> Facts:
        return self._bits.of("unchecked", source(name))

    def of(self, step: Step, outcome: str) -> Effect:
        value = step.value
        if isinstance(value, SetValue) and outcome == "done":
            return NONE.also(*(self._assigned(name, right) for name, right in value.assignments.items()))
        if outcome not in ("digits", "speech", "done"):
            return NONE
        bit = self._bits.of("unchecked", f"steps.{step.name}")
        return Effect(bit) if isinstance(value, AskValue) and _accepts(value, outcome) else Effect(added=bit)

    def asked(self, step: Step) -> Effect:
        """A branch has looked at the names in its conditions."""
        cases = step.value.cases if isinstance(step.value, BranchValue) else ()
        return Effect(sum({self.bit(name) for condition, _ in cases for name in condition.names}))

    def _assigned(self, name: str, right: Expression) -> Effect:
        bit = self._bits.of("unchecked", f"vars.{name}")
        sources = sum({self.bit(one) for one in right.names if right.source.strip() == one})
        return Effect(bit & ~sources, when=((sources, bit),) if sources else ())


def source(name: str) -> str:
    """The one of the caller's values that a name of an expression reads, or nothing."""
    space, _, rest = name.partition(".")
    own, _, field = rest.partition(".")
    if space == "steps":
        return f"steps.{own}" if field in _FIELDS else ""
    return f"{space}.{own}" if space in ("call", "vars") else ""


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
