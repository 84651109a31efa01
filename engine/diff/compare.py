"""What has changed in a flow, the most noticeable first."""

from collections.abc import Iterator, Mapping
from typing import get_args

from engine.compile.paths import Place, edges, is_own
from engine.diagram.captions import says
from engine.diff.change import Change, Kind
from engine.diff.content import done, flat
from engine.diff.joined import joined
from engine.diff.matching import matched
from engine.diff.steps import compare_step, differing
from engine.diff.ways import Reached, endings, reached
from engine.model.graph import Declared, FlowGraph, Step

RECORDING = ("record", "tap", "stream", "transcribe", "live_transcribe")
"""Verbs that keep the caller's voice, or pass it on."""


def compare(old: FlowGraph, new: FlowGraph) -> tuple[Change, ...]:
    """Nothing for what only looks different: comments, order, layout, notes, names of choices."""
    names = matched(old, new)
    was, is_ = reached(old), reached(new)
    changes = [*_flow(old, new, names), *_steps(old, new, names, was, is_), *_reach(old, new, names, was, is_)]
    changes = [*joined(changes)]
    changes += [*_endings(old, new, was, is_), *_recordings(old, new, names, is_)]
    order = {kind: number for number, kind in enumerate(get_args(Kind))}
    return tuple(sorted(changes, key=lambda one: (order[one.kind], one.line, one.step, one.what)))


def _flow(old: FlowGraph, new: FlowGraph, names: Mapping[str, str]) -> Iterator[Change]:
    if names.get(old.start) != new.start:
        yield Change(kind="start", before=str(names.get(old.start, old.start)), after=new.start)
    before, after = _events(old), _events(new)
    for event in dict.fromkeys((*after, *before)):
        was, is_ = before.get(event), after.get(event)
        if (names.get(was, was) if was else None) != is_:
            yield Change(kind="event", what=(event,), before=names.get(was, was) if was else None, after=is_)
    yield from differing("setting", _limits(old), _limits(new))
    yield from differing("declared", _declared(old), _declared(new))


def _events(graph: FlowGraph) -> dict[str, str]:
    limit = {"limit": graph.limits.next} if graph.limits.next is not None else {}
    return {**graph.handlers, **limit}


def _limits(graph: FlowGraph) -> Mapping[str, str]:
    limits = graph.limits
    return flat({"limits": {"call_ms": limits.call_ms, "steps": limits.steps, "visits": limits.visits}})


def _declared(graph: FlowGraph) -> Mapping[str, str]:
    found = {name.removesuffix("_"): value for name, value in flat({"outbound": graph.outbound}).items()}
    for space, names in (("inputs", graph.inputs), ("uses", graph.uses), ("vars", graph.vars)):
        found |= {f"{space}.{name}": _declaration(one) for name, one in names.items()}
    for name, fields in graph.signals.items():
        found[f"signals.{name}"] = (
            ", ".join(f"{field}: {type_}" for field, type_ in sorted(fields.items())) or "no fields"
        )
    return found


def _declaration(one: Declared) -> str:
    kinds = {"calendar": one.calendar, "number": one.number, "url": one.url}
    kind = (
        f"handle of {one.handle}" if one.handle else next((name for name, is_one in kinds.items() if is_one), one.type)
    )
    kind = f"{one.secrecy} {kind}" if one.secrecy else kind
    default = "" if one.default is None else f", {one.default!r} unless set"
    return f"{kind}, required" if one.required else f"{kind}{default}"


def _steps(old: FlowGraph, new: FlowGraph, names: Mapping[str, str], was: Reached, is_: Reached) -> Iterator[Change]:
    for name, now in names.items():
        yield from compare_step((old, old.steps[name], was), (new, new.steps[now], is_), names)
    for name, step in old.steps.items():
        if name not in names:
            yield Change(kind="step_removed", step=name, what=(step.verb,), before=says(step), way=_to(was, name))
    kept = set(names.values())
    for name, step in new.steps.items():
        if name not in kept:
            way = _to(is_, name)
            yield Change(kind="step_added", step=name, what=(step.verb,), after=says(step), way=way, line=step.at.line)


def _reach(old: FlowGraph, new: FlowGraph, names: Mapping[str, str], was: Reached, is_: Reached) -> Iterator[Change]:
    for name, now in names.items():
        line = new.steps[now].at.line
        if name in was and now not in is_:
            yield Change(kind="unreached", step=now, way=_to(was, name), line=line)
        if name not in was and now in is_:
            yield Change(kind="reached", step=now, way=_to(is_, now), line=line)


def _to(found: Reached, name: str) -> tuple[str, ...]:
    return (*found[name], name) if name in found else ()


def _endings(old: FlowGraph, new: FlowGraph, was: Reached, is_: Reached) -> Iterator[Change]:
    before = {_ending(step): step for step in reversed(endings(old, was))}
    after = {_ending(step): step for step in reversed(endings(new, is_))}
    for ending, step in before.items():
        if ending not in after:
            yield Change(kind="ending_lost", step=step.name, before=ending, way=_to(was, step.name))
    for ending, step in after.items():
        if ending not in before:
            way = _to(is_, step.name)
            yield Change(kind="ending_added", step=step.name, after=ending, way=way, line=step.at.line)


def _ending(step: Step) -> str:
    return f"{step.verb} {says(step)}".strip()


def _recordings(old: FlowGraph, new: FlowGraph, names: Mapping[str, str], is_: Reached) -> Iterator[Change]:
    known = {(names.get(source, source), what, names.get(to, to)) for source, what, to in _into_recordings(old)}
    seen: set[tuple[str, str]] = set()
    for source, what, to in _into_recordings(new):
        if (source, what, to) not in known and source in is_ and (source, to) not in seen:
            seen.add((source, to))
            way = (*is_[source], f"{source} ({what})", to)
            yield Change(kind="recording", step=to, what=(what,), before=source, way=way, line=new.steps[to].at.line)


def _into_recordings(graph: FlowGraph) -> Iterator[tuple[str, str, str]]:
    """From which step, by what, to which one that records."""
    for step in graph.steps.values():
        for edge in edges(graph, Place(step.name)):
            target = graph.steps.get(edge.target.step)
            if target is not None and target.verb in RECORDING and is_own(step, edge):
                yield from ((step.name, what, target.name) for what in done(step, edge))
