"""Verbs that are an API command: the params as they stand, short forms written out."""

from collections.abc import Callable

from engine.compile.handles import handle_at
from engine.compile.located import Mapping, Scalar
from engine.compile.scope import Scope, StepNode
from engine.compile.steps.play_items import played
from engine.expr import TextTemplate
from engine.model.graph import ApiValue, Tree

Build = Callable[[Scope, StepNode], Tree]


def operation(scope: Scope, step: StepNode) -> ApiValue | None:
    params = _PARAMS.get(step.verb.name, _plain)(scope, step)
    return ApiValue(params, constant=not contains_template(params))


def order(scope: Scope, step: StepNode) -> ApiValue | None:
    """An order about a handle (`play.stop: prompt`), or about the call (`update`)."""
    if not step.verb.of:
        return operation(scope, step)
    value, path = step.value, step.path
    if isinstance(value, Scalar):
        handle = handle_at(scope, value, path, of=step.verb.of)
        return ApiValue({}, constant=True, handle=handle) if handle else None
    handle = (
        handle_at(scope, value.get("handle"), (*path, "handle"), of=step.verb.of)
        if isinstance(value, Mapping)
        else None
    )
    tree = _plain(scope, step)
    params = {key: one for key, one in tree.items() if key != "handle"} if isinstance(tree, dict) else {}
    return ApiValue(params, constant=not contains_template(params), handle=handle) if handle else None


def _plain(scope: Scope, step: StepNode) -> Tree:
    return scope.tree(step.value, step.path)


def _play(scope: Scope, step: StepNode) -> Tree:
    return played(scope, step.value, step.path)


def _record(scope: Scope, step: StepNode) -> Tree:
    return {"record": {"audio": _plain(scope, step)}}


def _detect(scope: Scope, step: StepNode) -> Tree:
    """`{type: machine, timeout: 20, ...}`: what is neither is a param of the type."""
    tree = _plain(scope, step)
    if not isinstance(tree, dict):  # which has been said
        return {}
    params = {key: value for key, value in tree.items() if key not in ("type", "timeout")}
    outer = {"timeout": tree["timeout"]} if "timeout" in tree else {}
    return {"detect": {"type": tree.get("type"), "params": params}, **outer}


def _literal(scope: Scope, step: StepNode) -> Tree:
    """The stop of what SWML has started: its control_id as it stands."""
    tree = _plain(scope, step)
    return tree if isinstance(tree, dict) else {"control_id": tree}


_PARAMS: dict[str, Build] = {
    "play": _play,
    "record": _record,
    "detect": _detect,
    "ai.stop": _literal,
    "send_fax.stop": _literal,
    "receive_fax.stop": _literal,
}


def contains_template(tree: Tree) -> bool:
    if isinstance(tree, dict):
        return any(contains_template(value) for value in tree.values())
    if isinstance(tree, list):
        return any(contains_template(value) for value in tree)
    return isinstance(tree, TextTemplate)
