"""Which results of steps a run has to keep, and which operations that are over: those that a step which may still come
asks for.

A backward analysis: what is asked for later than a step is what the step itself asks for, and what is later than those that
it leads to, but for its own result, which it replaces when it ends. A handler, the landing step and `finally` may come at
any time, and `next: resume` leads to any step. So what they ask for always is.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from engine.model.graph import RESUME, ApiValue, BranchValue, FlowGraph, Kept, Later, Step, SubflowValue, WaitValue
from engine.model.ids import StepName

_NO_RESULT = ("branch", "set")
"""Verbs whose steps leave the older result of theirs in place when they go well."""


def kept(graph: FlowGraph, reads: Iterable[tuple[StepName, str]]) -> Kept:
    """`reads`: the steps of the graph, and the dotted names that their expressions read."""
    fields: dict[StepName, set[str]] = {}
    asked: list[tuple[StepName, StepName]] = []
    for reader, name in reads:
        space, _, rest = name.partition(".")
        if space == "steps":
            step, _, field = rest.partition(".")
            fields.setdefault(StepName(step), set()).add(field.partition(".")[0])
            asked.append((reader, StepName(step)))
    ways = _Ways(graph)
    return Kept(
        fields={step: frozenset(names) for step, names in fields.items()},
        results=ways.later(asked, replaced=True),
        handles=ways.later(chain.from_iterable(map(_handles, graph.steps.values())), replaced=False),
    )


def _handles(step: Step) -> Iterator[tuple[StepName, StepName]]:
    """The steps whose operations the step has to do with."""
    value = step.value
    names: Iterable[StepName] = ()
    if isinstance(value, ApiValue) and value.handle is not None:
        names = (value.handle,)
    elif isinstance(value, WaitValue):
        names = value.handles
    elif isinstance(value, SubflowValue):
        names = value.handles.values()
    yield from ((step.name, name) for name in names)
    if step.until is not None:
        yield step.name, step.until.handle


class _Ways:
    """Where each step may lead. `order` has every step behind those, but for loops, so that a few rounds suffice."""

    def __init__(self, graph: FlowGraph) -> None:
        self.graph = graph
        self.anywhere = [*graph.handlers.values(), *graph.finally_, *([graph.limits.next] if graph.limits.next else [])]
        self.on = {step.name: tuple(_ways_on(step)) for step in graph.steps.values()}
        self.order = _last_first(self.anywhere, self.on, graph.start)

    def later(self, asked: Iterable[tuple[StepName, StepName]], *, replaced: bool) -> Later:
        """`asked`: who asks for whom. `replaced`: a step that ends replaces what was there of it."""
        own: dict[StepName, int] = {}
        bits: dict[StepName, int] = {}
        for one, other in asked:
            own[one] = own.get(one, 0) | bits.setdefault(other, 1 << len(bits))
        return Later(bits, self._solved(own, bits if replaced else {}) if bits else {})

    def _solved(self, own: dict[StepName, int], replaced: dict[StepName, int]) -> dict[StepName, int]:
        found = {name: own.get(name, 0) for name in self.order}
        changed = True
        while changed:
            changed = False
            always, everything = _union(found, self.anywhere), _union(found, self.order)
            for name in self.order:
                step = self.graph.steps[name]
                after = everything if RESUME in self.on[name] else _union(found, self.on[name])
                gone = 0 if step.background or step.verb in _NO_RESULT else replaced.get(name, 0)
                now = own.get(name, 0) | always | after & ~gone | _instead(step, found)
                changed = changed or now != found[name]
                found[name] = now
        return found


def _union(found: dict[StepName, int], steps: Iterable[StepName]) -> int:
    all_of_them = 0
    for one in steps:
        all_of_them |= found.get(one, 0)
    return all_of_them


def _instead(step: Step, found: dict[StepName, int]) -> int:
    """What is read where the step is not entered: it replaces nothing then."""
    return found.get(step.visits.next, 0) if step.visits is not None and step.visits.next is not None else 0


def _ways_on(step: Step) -> Iterator[StepName]:
    yield from step.next.named.values()
    if step.next.otherwise is not None:
        yield step.next.otherwise
    if isinstance(step.value, BranchValue):
        yield from (target for _, target in step.value.cases)
        yield step.value.otherwise
    if step.visits is not None and step.visits.next is not None:
        yield step.visits.next


def _last_first(
    others: list[StepName], ways: dict[StepName, tuple[StepName, ...]], start: StepName
) -> tuple[StepName, ...]:
    """Every step behind those that it leads to, but for loops: then a few rounds suffice."""
    left: dict[StepName, None] = {}
    seen: set[StepName] = set()
    for first in (start, *others, *ways):
        walk = [(first, iter(ways[first]))] if first not in seen else []
        seen.add(first)
        while walk:
            name, onward = walk[-1]
            following = next((one for one in onward if one not in seen and one in ways), None)
            if following is None:
                left[name] = None
                walk.pop()
            else:
                seen.add(following)
                walk.append((following, iter(ways[following])))
    return tuple(left)
