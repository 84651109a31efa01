"""redirect, transfer and end: the call leaves, or is over."""

from engine.compile import swml
from engine.compile.located import Mapping, Scalar
from engine.compile.scope import Scope, StepNode
from engine.model.graph import LeaveValue

_END_REASONS = {"noAnswer": "no_answer"}


def end(scope: Scope, step: StepNode) -> LeaveValue | None:
    if not isinstance(step.value, Scalar):
        return None
    reason = step.value.text
    params = {} if reason == "done" else {"reason": reason}
    return LeaveValue(params, _END_REASONS.get(reason, reason))


def redirect(scope: Scope, step: StepNode) -> LeaveValue | None:
    if not isinstance(step.value, Mapping):
        return None
    if step.value.get("swml") is not None:
        document = swml.of(scope, step, step.value)
        return LeaveValue({"swml": document}, "redirected") if document else None
    return LeaveValue(scope.tree(step.value, step.path), "redirected")


def transfer(scope: Scope, step: StepNode) -> LeaveValue | None:
    return LeaveValue(scope.tree(step.value, step.path), "redirected")
