"""fetch: a request, how often it is tried, what is kept of the reply, and what is heard meanwhile."""

from engine.compile import durations, returns
from engine.compile.located import Mapping, Node, Scalar, Sequence, dotted
from engine.compile.scope import Scope, StepNode, value_of
from engine.compile.steps.play_items import played
from engine.expr import names_in
from engine.model.graph import FetchValue, Filler, Retry, Tree

_TIMEOUT_MS = 5_000


def fetch(scope: Scope, step: StepNode) -> FetchValue | None:
    value, path = step.value, step.path
    if not isinstance(value, Mapping):
        return None
    declared, json, body = value.get("returns"), _tree(scope, step, "json"), _tree(scope, step, "body")
    _check_body(scope, step, value)
    return FetchValue(
        method=value_of(value.get("method"), "GET"),
        url=_tree(scope, step, "url"),
        headers=_tree(scope, step, "headers") or {},
        json=json,
        body=body,
        timeout_ms=durations.of(value.get("timeout")) or _TIMEOUT_MS,
        retry=_retry(value.get("retry")),
        returns=returns.tree(scope, declared, (*path, "returns")) if declared is not None else None,
        filler=_filler(scope, step, value),
        confidential=_is_confidential(scope, json, body),
    )


def _tree(scope: Scope, step: StepNode, key: str) -> Tree:
    node = step.value.get(key) if isinstance(step.value, Mapping) else None
    return scope.tree(node, (*step.path, key)) if node is not None else None


def _is_confidential(scope: Scope, *trees: Tree) -> bool:
    """Is something secret or private in what is sent along?"""
    return any(not scope.secrecy.keys().isdisjoint(names_in(tree)) for tree in trees)


def _check_body(scope: Scope, step: StepNode, value: Mapping) -> None:
    """One body, and none where the method has none."""
    body = value.key("body") or value.key("json")
    if value.get("body") is not None and value.get("json") is not None:
        problem, advice = "A request has one body: `json` or `body`.", "Remove one of them."
    elif body is not None and value_of(value.get("method"), "GET") == "GET" and not scope.report.misreads(value):
        problem, advice = f"A GET has no `{body.text}`.", "Write `method: POST`, or put it into the URL."
    else:
        return
    if body is not None:
        scope.report.node_error("SYN013", "misplaced-key", body, problem, help=advice, path=dotted(step.path))


def _retry(node: Node | None) -> Retry:
    if not isinstance(node, Mapping):
        return Retry()
    statuses = node.get("statuses")
    listed = statuses.items if isinstance(statuses, Sequence) else ()
    given = tuple(one.value for one in listed if isinstance(one, Scalar) and isinstance(one.value, int))
    return Retry(
        times=value_of(node.get("times"), 0),
        backoff_ms=durations.of(node.get("backoff")) or Retry().backoff_ms,
        statuses=given or Retry().statuses,
    )


def _filler(scope: Scope, step: StepNode, value: Mapping) -> Filler | None:
    node, key = value.get("filler"), value.key("filler")
    if key is not None and step.place:
        problem, advice = "`filler` has no use in `finally`: nobody hears it.", "Remove it."
        scope.report.node_error("SYN013", "misplaced-key", key, problem, help=advice, path=dotted(step.path))
    play = node.get("play") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or play is None:
        return None
    params = played(scope, play, (*step.path, "filler", "play"))
    return Filler(after_ms=durations.of(node.get("after")), play=params)
