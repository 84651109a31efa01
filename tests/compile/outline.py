"""A compiled flow as a text that can be reviewed: what each step does and where it goes."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.compile.ways_back import WayBack
from engine.expr import Checked, TextTemplate
from engine.model.graph import BranchValue, Declared, FlowGraph, SetValue, Step, Value


def outline(graph: FlowGraph) -> str:
    """The flow, and below it those that it calls."""
    return "\n\n".join(_flow(one) for one in (graph, *graph.subflows.values()))


def _flow(graph: FlowGraph) -> str:
    lines = [
        f"{graph.flow} starts at {graph.start}",
        f"limits {shown(graph.limits)}",
        f"outbound {shown(graph.outbound)}",
    ]
    lines += [f"handler {event} -> {step}" for event, step in graph.handlers.items()]
    for space, declared in (("inputs", graph.inputs), ("uses", graph.uses), ("vars", graph.vars)):
        lines += [f"{space}.{name}: {_declared(one)}" for name, one in declared.items()]
    lines += [f"signal {name}: {shown(carried)}" for name, carried in graph.signals.items()]
    lines += [f"finally {shown(graph.finally_)}"] if graph.finally_ else []
    return "\n".join([*lines, *("\n".join(["", *_step(step)]) for step in graph.steps.values())]) + "\n"


def _declared(one: Declared) -> str:
    kind = f"handle of {one.handle}" if one.handle else one.type
    return f"{kind}{' required' if one.required else f' = {one.default!r}'}"


def _step(step: Step) -> Iterator[str]:
    yield f"{step.name}: {step.verb} (line {step.at.line})"
    yield from (f"  {line}" for line in _value(step.value))
    common = {
        "background": step.background,
        "until": step.until,
        "deadline_ms": step.deadline_ms,
        "visits": step.visits,
    }
    yield from (
        f"  {name}: {shown(value)}" for name, value in {**common, "note": step.note, "tags": step.tags}.items() if value
    )
    yield from (f"  {outcome} -> {goes}" for outcome, goes in step.next.named.items())
    if step.next.otherwise:
        yield f"  * -> {step.next.otherwise}"


def _value(value: Value) -> Iterator[str]:
    match value:
        case BranchValue(cases=cases, otherwise=otherwise):
            yield from (
                f"if {' '.join(case.source.split())} reads {', '.join(case.names)} -> {goes}" for case, goes in cases
            )
            yield f"else -> {otherwise}"
        case SetValue(assignments=assignments):
            yield from (f"{name} = {expression.source}" for name, expression in assignments.items())
        case _:
            yield from (
                f"{name}: {shown(getattr(value, name))}" for name in value.__struct_fields__ if getattr(value, name)
            )


def shown(tree: Any) -> str:
    if isinstance(tree, TextTemplate):
        ways = (one.source for one in tree.expressions if isinstance(one, WayBack))
        return f"<text of {', '.join((*tree.names, *ways))}>"
    if isinstance(tree, Checked):
        return f"<{tree.source}>"
    if isinstance(tree, Mapping):
        return "{" + ", ".join(f"{key}: {shown(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list | tuple):
        return "[" + ", ".join(map(shown, tree)) + "]"
    if hasattr(tree, "__struct_fields__"):
        return shown({name: getattr(tree, name) for name in tree.__struct_fields__})
    return repr(tree)
