"""A graph as a drawing: the ways of `compile.paths`, one arrow from a step to another, and what leads to steps from
anywhere as boxes of their own."""

from collections.abc import Iterable, Iterator, Mapping

from engine.compile import durations
from engine.compile.paths import Edge, Place, edges, is_own
from engine.diagram.captions import one_line, says
from engine.diagram.drawing import Arrow, Box, Drawing, Label
from engine.diagram.families import family
from engine.diagram.taken import Untaken
from engine.model.graph import RESUME, AskValue, BranchValue, FlowGraph, ReturnValue, Step, SubflowValue
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

START, LIMIT, FINALLY = "@start", "@limit", "@finally"
_FAILED = (*FAILURES, "expression")
_MANY = 2
"""More outcomes than that, which `otherwise` covers, are not listed."""


def draw(
    graph: FlowGraph, *, file: str, handlers: bool = True, untaken: Mapping[str, Untaken] | None = None
) -> Drawing:
    """Every step and every way of the flow; without `handlers`, what is reached from its start alone."""
    known = (untaken or {}).get(graph.flow)
    missing = known or Untaken()
    events = list(_events(graph)) if handlers else list(_events(graph))[:1]
    arrows = [_out_of_event(box, to, missing) for box, to in events]
    arrows += [arrow for step in graph.steps.values() for arrow in _out_of(graph, step, missing)]
    boxes = [*(box for box, _ in events), *(_step(step, missing) for step in graph.steps.values())]
    if any(arrow.target == RESUME for arrow in arrows):
        boxes.append(Box(id=RESUME, family="event", title="resume", says="back to what was interrupted"))
    if not handlers:
        reached = _reached(arrows)
        boxes = [box for box in boxes if box.id in reached]
        arrows = [arrow for arrow in arrows if arrow.source in reached]
    return Drawing(
        flow=graph.flow,
        file=file,
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        notes=tuple(_notes(graph)),
        tested=known is not None,
    )


def _events(graph: FlowGraph) -> Iterator[tuple[Box, StepName]]:
    """What leads to a step by itself, the beginning first."""
    yield Box(id=START, family="event", title=_beginning(graph)), graph.start
    for target in dict.fromkeys(graph.handlers.values()):
        names = [event for event, step in graph.handlers.items() if step == target]
        title = ", ".join(map(_event, names))
        box = Box(id=f"@{names[0]}", family="event", title=title, says="from any step", handles=", ".join(names))
        yield box, target
    if graph.limits.next is not None:
        yield Box(id=LIMIT, family="event", title="a limit", says=_limits(graph)), graph.limits.next
    for first in graph.finally_[:1]:
        yield Box(id=FINALLY, family="event", title="finally", says="whatever ended it"), first


def _out_of_event(box: Box, to: StepName, missing: Untaken) -> Arrow:
    way = "on limit" if box.id == LIMIT else f"on {box.handles}"
    labels = (Label(text="", outcomes=(way,), untaken=(way,)),) if (way, to) in missing.transitions else ()
    return Arrow(source=box.id, target=to, labels=labels, failure=box.id != START)


def _beginning(graph: FlowGraph) -> str:
    if graph.outbound is not None:
        return "our call is answered"
    returns = any(isinstance(step.value, ReturnValue) for step in graph.steps.values())
    return "the flow is called" if returns else "a call comes in"


def _event(name: str) -> str:
    return name.replace("signal.", "signal ").replace("hangup", "hang-up")


def _limits(graph: FlowGraph) -> str:
    limits = graph.limits
    return f"{durations.written(limits.call_ms)}, {limits.steps} steps, {limits.visits} visits of one"


def _notes(graph: FlowGraph) -> Iterator[str]:
    if graph.outbound is not None and graph.outbound.hours:
        yield f"calls in the hours of {graph.outbound.hours}"
    if graph.limits.next is None:
        yield f"at most {_limits(graph)}"


def _step(step: Step, missing: Untaken) -> Box:
    return Box(
        id=step.name,
        family=family(step.verb),
        title=step.name,
        verb=step.verb,
        says=says(step),
        marks=tuple(_marks(step)),
        line=step.at.line,
        calls=step.value.flow if isinstance(step.value, SubflowValue) else "",
        untested=step.name in missing.steps,
    )


def _marks(step: Step) -> Iterator[str]:
    if isinstance(step.value, AskValue) and step.value.secrecy:
        yield f"{step.value.secrecy} input"
    if step.background:
        yield "in the background"
    if step.until is not None:
        yield f"until {step.until.handle} hears something"
    if step.visits is not None:
        yield f"at most {step.visits.max} {'visit' if step.visits.max == 1 else 'visits'}"


def _out_of(graph: FlowGraph, step: Step, missing: Untaken) -> Iterator[Arrow]:
    targets: dict[str, dict[tuple[str, str, int], Edge]] = {}
    for edge in edges(graph, Place(step.name)):
        if is_own(step, edge):
            targets.setdefault(edge.target.step, {})[(edge.kind, edge.outcome, edge.case)] = edge
    for target, found in targets.items():
        ways = list(found.values())
        yield Arrow(
            source=step.name,
            target=target,
            labels=tuple(_labels(step, ways, alone=len(targets) == 1, missing=missing)),
            failure=all(edge.kind == "visits" or edge.outcome in _FAILED for edge in ways),
        )


def _labels(step: Step, found: list[Edge], *, alone: bool, missing: Untaken) -> Iterator[Label]:
    def label(text: str, edges: Iterable[Edge]) -> Label:
        outcomes = tuple(edge.outcome for edge in edges)
        lacking = tuple(edge.outcome for edge in edges if _is_missing(step, edge, missing))
        return Label(text=text, outcomes=outcomes, untaken=lacking)

    named = [edge for edge in found if not _is_covered(step, edge)]
    covered = [edge for edge in found if _is_covered(step, edge)]
    plain = alone and all(edge.kind == "outcome" for edge in found) and not step.next.named
    if plain or (len(found) == 1 and found[0].kind == "end"):
        yield label("", found)
        return
    yield from (label(_said(step, edge), [edge]) for edge in named)
    if len(covered) > _MANY:
        yield label("otherwise", covered)
    else:
        yield from (label(_said(step, edge), [edge]) for edge in covered)


def _is_covered(step: Step, edge: Edge) -> bool:
    """By `otherwise`, that is."""
    return edge.kind == "outcome" and step.next.named.get(edge.outcome) != edge.target.step


def _is_missing(step: Step, edge: Edge, missing: Untaken) -> bool:
    target = edge.target.step
    if edge.kind == "visits":
        return (f"visits of {step.name}", target) in missing.transitions
    is_case = isinstance(step.value, BranchValue) and edge.kind == "case"
    return (step.name, target if is_case else edge.outcome) in missing.ways


def _said(step: Step, edge: Edge) -> str:
    if edge.kind == "visits":
        return f"after {step.visits.max if step.visits else 0} visits"
    if edge.kind == "case":
        value = step.value
        return (
            edge.outcome if edge.case < 0 or not isinstance(value, BranchValue) else one_line(value.cases[edge.case][0])
        )
    keys = _keys(step, edge.outcome)
    return f"{keys} {edge.outcome}" if keys else edge.outcome


def _keys(step: Step, outcome: str) -> str:
    """The keys of a choice: `1`, `0 or #`."""
    choices = step.value.choices if isinstance(step.value, AskValue) else ()
    return next((" or ".join(one.keys) for one in choices if one.name == outcome), "")


def _reached(arrows: list[Arrow]) -> set[str]:
    reached, ahead = {START}, [START]
    for source in ahead:
        fresh = [arrow.target for arrow in arrows if arrow.source == source and arrow.target not in reached]
        reached.update(fresh)
        ahead += dict.fromkeys(fresh)
    return reached
