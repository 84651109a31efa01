"""Which step leads to which, from the compiled graph: who is reached, from where, and what goes round."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from engine.model.graph import RESUME, BranchValue, FlowGraph, Step
from engine.model.ids import StepName
from engine.model.verbs import VERB


class Way(Struct, frozen=True):
    """`by` is the outcome, `otherwise`, a condition's text, `else`, or `visits` for the way out of a limit of its own."""

    by: str
    to: StepName


Ways = Mapping[StepName, tuple[Way, ...]]
Reached = Mapping[StepName, tuple[StepName, Way] | None]
"""Steps, each with the step and way that led to it first; None where it began."""


def ways(graph: FlowGraph) -> Ways:
    """Every way out of every step, but for the way back to an interrupted one, which may be any."""
    return {step.name: tuple(_out_of(step)) for step in graph.steps.values()}


def _out_of(step: Step) -> Iterator[Way]:
    return (way for way in _all_out_of(step) if way.to != RESUME)


def _all_out_of(step: Step) -> Iterator[Way]:
    for outcome, target in step.next.named.items():
        yield Way(outcome, target)
    if step.next.otherwise is not None:
        yield Way("otherwise", step.next.otherwise)
    if isinstance(step.value, BranchValue):
        for condition, target in step.value.cases:
            yield Way(condition.source, target)
        yield Way("else", step.value.otherwise)
    if step.visits is not None and step.visits.next is not None:
        yield Way("visits", step.visits.next)


def entries(graph: FlowGraph) -> dict[StepName, str]:
    """Where a run may begin or be sent to from anywhere, with why."""
    found = {graph.start: "start"}
    if graph.limits.next is not None:
        found.setdefault(graph.limits.next, "a limit is reached")
    for event, step in graph.handlers.items():
        found.setdefault(step, f"handler of {event}")
    for step in graph.finally_:
        found.setdefault(step, "finally")
    return found


def reached(found: Ways, begin: Iterable[StepName]) -> Reached:
    """Everything that is reached from some steps, each with the step and way that led to it first; shortest ways first."""
    seen: dict[StepName, tuple[StepName, Way] | None] = dict.fromkeys(begin)
    ahead = list(seen)
    for name in ahead:
        for way in found.get(name, ()):
            if way.to not in seen:
                seen[way.to] = (name, way)
                ahead.append(way.to)
    return seen


def leading_to(found: Ways, targets: Iterable[StepName]) -> set[StepName]:
    """The steps from which one of the targets is reached, and these themselves."""
    before: dict[StepName, list[StepName]] = defaultdict(list)
    for name, out in found.items():
        for way in out:
            before[way.to].append(name)
    ahead = list(targets)
    seen = set(ahead)
    for name in ahead:
        fresh = {one for one in before[name] if one not in seen}
        seen |= fresh
        ahead += sorted(fresh)
    return seen


def origin(seen: Reached, step: StepName) -> StepName:
    """Where the way to a step began."""
    while (came := seen.get(step)) is not None:
        step = came[0]
    return step


def is_ending(step: Step) -> bool:
    """Does it end the run, or give it back to the step that was interrupted?"""
    return VERB[step.verb].ending or goes_back(step)


def goes_back(step: Step) -> bool:
    """To the step that was interrupted, by `next: resume`."""
    return any(way.to == RESUME for way in _all_out_of(step))


def rounds(found: Ways) -> list[tuple[StepName, ...]]:
    """The steps that lead back to themselves, in groups that all lead to each other (Tarjan's components),
    in the order of the file."""
    order = {name: at for at, name in enumerate(found)}
    groups = _components(found)
    loops = (one for one in groups if len(one) > 1 or any(way.to == one[0] for way in found[one[0]]))
    ordered = (tuple(sorted(one, key=order.__getitem__)) for one in loops)
    return sorted(ordered, key=lambda one: order[one[0]])


def _components(found: Ways) -> list[list[StepName]]:
    """Without recursion: a flow may have thousands of steps in a row."""
    index: dict[StepName, int] = {}
    low: dict[StepName, int] = {}
    stack: list[StepName] = []
    on_stack: set[StepName] = set()
    groups: list[list[StepName]] = []
    for root in found:
        if root in index:
            continue
        work = [(root, iter(found[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            name, ahead = work[-1]
            entered = False
            for way in ahead:
                if way.to not in found:
                    continue
                if way.to not in index:
                    index[way.to] = low[way.to] = len(index)
                    stack.append(way.to)
                    on_stack.add(way.to)
                    work.append((way.to, iter(found[way.to])))
                    entered = True
                    break
                if way.to in on_stack:
                    low[name] = min(low[name], index[way.to])
            if entered:
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == index[name]:
                cut = stack.index(name)
                groups.append(stack[cut:])
                on_stack.difference_update(stack[cut:])
                del stack[cut:]
    return groups


def only(found: Ways, keep: Callable[[StepName, Way], bool]) -> Ways:
    return {name: tuple(way for way in out if keep(name, way)) for name, out in found.items()}
