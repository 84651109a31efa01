"""A step: its verb's value, where it goes next, and the keys that are common to all steps."""

from engine.compile import durations
from engine.compile.handles import handle_at
from engine.compile.located import Mapping, Node, Scalar, Sequence, dotted
from engine.compile.outcomes import is_broken_call, next_of, ordinary
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode, texts, value_of
from engine.compile.steps import BUILDERS
from engine.model.graph import UNKNOWN, Next, Step, Until, Visits
from engine.model.ids import StepName
from engine.model.limits import DEFAULT_VISITS
from engine.model.verbs import FAILURES, VERB


def step_of(scope: Scope, node: StepNode) -> Step | None:
    """The compiled step; None when something in it is wrong. All of it is looked at in any case."""
    value = BUILDERS[node.verb.name](scope, node)
    outcomes = ordinary(scope, node)
    follows = next_of(scope, node, outcomes)
    until, visits = _until(scope, node), _visits(scope, node)
    _misplaced(scope, node, outcomes)
    if value is None:
        return None
    return Step(
        name=node.name,
        verb=node.verb.name,
        value=value,
        next=follows,
        outcomes=outcomes,
        at=scope.report.source.span(node.key.start, node.key.end),
        background=node.background,
        until=until,
        deadline_ms=durations.of(node.node.get("deadline")),
        visits=visits,
        note=value_of(node.node.get("note"), ""),
        tags=texts(node.node.get("tags")),
    )


def last_step_of(scope: Scope, node: StepNode) -> Step | None:
    """A step of `finally`: whatever its outcome, the next one follows."""
    value = BUILDERS[node.verb.name](scope, node)
    if value is None:
        return None
    at = scope.report.source.span(node.key.start, node.key.end)
    return Step(name=node.name, verb=node.verb.name, value=value, next=Next(), at=at)


def _misplaced(scope: Scope, node: StepNode, outcomes: tuple[str, ...]) -> None:
    """Common keys that this verb has no use for."""
    verb = node.verb.name
    if node.verb.shape != "operation":
        for key in ("background", "until", "deadline"):
            home = key == "deadline" and verb == "excursion"
            advice = "It stands in its value: excursion: {..., deadline: 10m}." if home else "Remove it."
            _refuse(scope, node, key, f"`{key}` has no meaning for `{verb}`.", advice)
    elif node.verb.ending:
        for key in ("background", "until"):
            _refuse(scope, node, key, f"`{key}` has no meaning for `{verb}`: it ends the run.", "Remove it.")
    elif node.verb.background == "always":
        _always_in_background(scope, node)
    elif node.background:
        problem = "A step in the background is not waited for, so nothing can stop it."
        _refuse(scope, node, "until", problem, "Remove `until`, or `background`.")
    elif verb == "collect":
        _never_taken(scope, node)
    follows = node.node.get("next")
    if node.verb.outcomes or outcomes or is_broken_call(node, scope.called):
        return
    why = _WHY_NO_NEXT.get(verb, "ends the run")
    useless = node.node.key("next") if isinstance(follows, Scalar) else None
    if isinstance(follows, Mapping):
        useless = follows.key("otherwise")
    if useless is not None:
        scope.report.node_error(
            "SYN013",
            "misplaced-key",
            useless,
            f"`{useless.text}` is never taken: `{verb}` {why}.",
            help="Remove it; `next` may only say here where failures go: next: {error: step}.",
            path=dotted(("steps", node.name)),
        )


_WHY_NO_NEXT = {
    "branch": "goes on by itself",
    "return": "ends the flow",
    "subflow": "calls a flow that never returns",
}
"""Of a verb without ordinary outcomes."""


def _always_in_background(scope: Scope, node: StepNode) -> None:
    """`background: true` says what holds anyway; `false` asks for what cannot be."""
    verb, advice = node.verb.name, f"Remove it; its end is waited for by `wait: {node.name}`."
    if value_of(node.node.get("background"), None) is False:
        problem = f"A {verb} is always in the background: it goes on until it is stopped."
        _refuse(scope, node, "background", problem, advice)
    problem = f"A {verb} is not waited for, so nothing can interrupt it."
    _refuse(scope, node, "until", problem, f"Remove it; `{verb}.stop: {node.name}` stops it.")


def _never_taken(scope: Scope, node: StepNode) -> None:
    """A collect that goes on gives its results to a `wait`, which is another step."""
    params = node.value if isinstance(node.value, Mapping) else None
    key = params.key("continuous") if params and value_of(params.get("continuous"), None) is True else None
    if key is not None:
        scope.report.node_error(
            "SYN013",
            "misplaced-key",
            key,
            "A collect with `continuous` goes on until it is stopped, so this step would never end.",
            help=f"Add `background: true`, and take each result with `wait: {node.name}`.",
            path=dotted(node.path),
        )


def _refuse(scope: Scope, node: StepNode, key: str, message: str, advice: str) -> None:
    found = node.node.key(key)
    if found is not None:
        path = dotted(("steps", node.name))
        scope.report.node_error("SYN013", "misplaced-key", found, message, help=advice, path=path)


def _until(scope: Scope, node: StepNode) -> Until | None:
    until, path = node.node.get("until"), ("steps", node.name, "until")
    if isinstance(until, Scalar):
        handle = handle_at(scope, until, path, of="collect")
        return Until(handle) if handle else None
    if isinstance(until, Mapping) and until.entries:
        key, outcomes = until.entries[0]
        handle = handle_at(scope, key, path, of="collect")
        return Until(handle, _until_outcomes(scope, outcomes, path)) if handle else None
    return None


def _until_outcomes(scope: Scope, node: Node, path: tuple[str, ...]) -> tuple[str, ...]:
    possible = (*VERB["collect"].outcomes, *FAILURES)
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar) and item.text not in possible:
            scope.report.node_error(
                "FLW013",
                "unknown-outcome",
                item,
                f"A collect never ends with `{item.text}`.",
                help=nearest(item.text, possible),
                path=dotted(path),
            )
    return texts(node)


def _visits(scope: Scope, node: StepNode) -> Visits | None:
    visits = node.node.get("visits")
    if not isinstance(visits, Mapping):
        return None
    target = visits.get("next")
    goes: StepName | None = None
    if target is not None:
        path = ("steps", node.name, "visits", "next")
        goes = scope.step_name(target, path)
        if goes == node.name:
            message = f"`{node.name}` may not be entered any more by then, so `visits.next` cannot lead to it."
            advice = "Name the step that is entered in its place, or leave `next` out for the flow's landing step."
            scope.report.node_error("FLW027", "visits-to-itself", target, message, help=advice, path=dotted(path))
            goes = UNKNOWN
    return Visits(value_of(visits.get("max"), DEFAULT_VISITS), goes)
