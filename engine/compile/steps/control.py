"""branch, set, wait: nothing is sent."""

from engine.compile import durations
from engine.compile.handles import handle_at
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, dotted
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode
from engine.model.graph import BranchValue, Expression, SetValue, WaitValue
from engine.model.ids import StepName


def branch(scope: Scope, step: StepNode) -> BranchValue | None:
    if not isinstance(step.value, Sequence):
        return None
    cases: list[tuple[Expression, StepName]] = []
    otherwise: StepName | None = None
    for index, item in enumerate(step.value.items):
        if not isinstance(item, Mapping):
            continue
        path = (*step.path, index)
        if (target := item.get("else")) is not None:
            otherwise = scope.step_name(target, (*path, "else"))
            continue
        condition = scope.expression(item.get("if"), (*path, "if"), wants="bool")
        goes = scope.step_name(item.get("next"), (*path, "next"))
        if condition is not None and goes is not None:
            cases.append((condition, goes))
    _check_else(scope, step, step.value.items)
    return BranchValue(tuple(cases), otherwise) if otherwise else None


def _check_else(scope: Scope, step: StepNode, items: tuple[Node, ...]) -> None:
    entries = [item for item in items if isinstance(item, Mapping)]
    wrong = next((item for item in entries[:-1] if item.get("else") is not None), None)
    if wrong is not None:
        message, advice = "`else` is the last entry: what follows is never looked at.", "Move it to the end."
        scope.report.node_error("FLW009", "else-last", wrong, message, help=advice, path=dotted(step.path))
    elif entries and all(item.get("if") is not None for item in entries):
        message = f"`{step.name}` does not say where to go when no condition holds."
        advice = "Add a last entry: - else: step"
        scope.report.node_error("FLW009", "else-last", entries[-1], message, help=advice, path=dotted(step.path))


def assign(scope: Scope, step: StepNode) -> SetValue | None:
    if not isinstance(step.value, Mapping):
        return None
    assignments: dict[str, Expression] = {}
    for key, node in step.value.entries:
        path = (*step.path, key.text)
        kind = scope.environment.declared.get(f"vars.{key.text}")
        if kind is None and scope.is_broken(f"vars.{key.text}"):
            scope.doubt(path)
            continue
        if kind is None:
            scope.report.node_error(
                "VAR001",
                "unknown-name",
                key,
                f"There is no variable `{key.text}`.",
                help=nearest(key.text, _variables(scope)) or "Declare it under `vars`.",
                path=dotted(path),
            )
            continue
        compiled = scope.expression(node, path, wants=kind)
        if compiled is not None:
            assignments[key.text] = compiled
    return SetValue(assignments)


def _variables(scope: Scope) -> list[str]:
    return [name[5:] for name in scope.environment.declared if name.startswith("vars.")]


def wait(scope: Scope, step: StepNode) -> WaitValue | None:
    value, path = step.value, step.path
    if isinstance(value, Scalar):
        duration = durations.parse(value.text)
        if duration is not None:
            return WaitValue(duration_ms=duration)
        handle = handle_at(scope, value, path)
        return WaitValue(handles=(handle,)) if handle else None
    if not isinstance(value, Mapping):
        return None
    timeout_ms = durations.of(value.get("timeout"))
    if (signal := value.get("signal")) is not None:
        name = _signal(scope, signal, (*path, "signal"))
        return WaitValue(signal=name, timeout_ms=timeout_ms) if name else None
    if (one := value.get("handle")) is not None:
        handle = handle_at(scope, one, (*path, "handle"))
        return WaitValue(handles=(handle,), timeout_ms=timeout_ms) if handle else None
    many = "all" if value.get("all") is not None else "any"
    handles = handles_of(scope, value.get(many), (*path, many))
    return WaitValue(handles=handles, many=True, all=many == "all", timeout_ms=timeout_ms) if handles else None


def _signal(scope: Scope, node: Node, path: Path) -> str:
    if not isinstance(node, Scalar) or node.text in scope.signals:
        return node.text if isinstance(node, Scalar) else ""
    problem, advice = f"There is no signal `{node.text}`.", nearest(node.text, scope.signals)
    advice = advice or "Declare it under `signals`."
    scope.report.node_error("VAR001", "unknown-name", node, problem, help=advice, path=dotted(path))
    return ""


def handles_of(scope: Scope, node: Node | None, path: Path) -> tuple[StepName, ...]:
    if not isinstance(node, Sequence):
        return ()
    found = [handle_at(scope, item, (*path, index)) for index, item in enumerate(node.items)]
    return tuple(name for name in found if name is not None)
