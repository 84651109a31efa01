"""branch, set, wait: nothing is sent."""

from engine.compile import durations
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode, dotted
from engine.model.graph import BranchValue, Expression, SetValue, WaitValue
from engine.model.ids import StepName


def branch(scope: Scope, step: StepNode) -> BranchValue | None:
    assert isinstance(step.value, Sequence)
    cases: list[tuple[Expression, StepName]] = []
    otherwise: StepName | None = None
    last = len(step.value.items) - 1
    for index, item in enumerate(step.value.items):
        if not isinstance(item, Mapping):
            continue
        path = (*step.path, index)
        if (target := item.get("else")) is not None:
            otherwise = scope.step_name(target, (*path, "else"))
            if index != last:
                _misplaced(scope, target, path, "`else` must be the last entry.")
            continue
        if index == last:
            _misplaced(scope, item, path, "The last entry must be `else: step`.")
        condition = item.get("if")
        compiled = scope.expression(condition, (*path, "if"), wants="bool") if condition else None
        goes = scope.step_name(item.get("next"), (*path, "next"))
        if compiled is not None and goes is not None:
            cases.append((compiled, goes))
    return BranchValue(tuple(cases), otherwise) if otherwise else None


def _misplaced(scope: Scope, node: Node, path: Path, message: str) -> None:
    scope.report.node_error("FLW009", "else-last", node, message, path=dotted(path))


def assign(scope: Scope, step: StepNode) -> SetValue | None:
    assert isinstance(step.value, Mapping)
    assignments: dict[str, Expression] = {}
    for key, node in step.value.entries:
        path = (*step.path, key.text)
        kind = scope.environment.declared.get(f"vars.{key.text}")
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
        handle = scope.handle(value, path)
        return WaitValue(handles=(handle,)) if handle else None
    assert isinstance(value, Mapping)
    timeout_ms = scope.duration(value.get("timeout"))
    if (one := value.get("handle")) is not None:
        handle = scope.handle(one, (*path, "handle"))
        return WaitValue(handles=(handle,), timeout_ms=timeout_ms) if handle else None
    many = "all" if value.get("all") is not None else "any"
    handles = handles_of(scope, value.get(many), (*path, many))
    return WaitValue(handles=handles, many=True, all=many == "all", timeout_ms=timeout_ms) if handles else None


def handles_of(scope: Scope, node: Node | None, path: Path) -> tuple[StepName, ...]:
    if not isinstance(node, Sequence):
        return ()
    found = [scope.handle(item, (*path, index)) for index, item in enumerate(node.items)]
    return tuple(name for name in found if name is not None)
