"""References to what a step has begun in the background: `until: listen`, `wait: listen`, `record.stop: tape`."""

from collections.abc import Iterator

from engine.compile.located import Node, Path, Scalar, dotted
from engine.compile.scope import Scope
from engine.compile.wording import either
from engine.model.ids import StepName

_WITHOUT_HANDLE = {
    "denoise": "denoise.stop: {}",
    "ai_sidecar": "ai_sidecar.stop: {}",
    "live_transcribe": "live_transcribe: {action: stop}",
    "live_translate": "live_translate: {action: stop}",
}
"""What goes on and cannot be waited for, with what ends it."""


def handle_at(scope: Scope, node: Node | None, path: Path, *, of: str = "") -> StepName | None:
    """A reference to a step in the background, whose verb is `of` if given."""
    if isinstance(node, Scalar) and node.text in scope.handles:
        return _given(scope, node, path, of)
    name = scope.step(node, path, among=[*_names(scope, of)])
    if name is None or node is None:
        scope.doubt(path)
        return None
    step = scope.steps.get(name)
    if step is None:  # its mistake has been reported
        scope.doubt(path)
        return None
    if step.verb.shape != "operation" or step.verb.ending:
        verb, advice = step.verb.name, _choice(scope, of)
        problem = f"`{name}` is no handle: `{verb}` begins nothing that goes on."
        if verb in _WITHOUT_HANDLE:
            problem = f"`{name}` is no handle: a call has one `{verb}`, and nothing tells when it ends."
            advice = f"It is over with `{_WITHOUT_HANDLE[verb]}`, or with the call."
        _refuse(scope, node, path, problem, advice)
        return None
    if of and step.verb.name != of:
        _refuse(scope, node, path, f"`{name}` is a {step.verb.name}, and a {of} is wanted here.", _choice(scope, of))
        return None
    if not step.background:
        problem = f"`{name}` is no handle: its step does not run in the background."
        _refuse(scope, node, path, problem, "Give it `background: true`.")
        return None
    return name


def _given(scope: Scope, node: Scalar, path: Path, of: str) -> StepName | None:
    verb = scope.handles[node.text]
    if of in ("", verb):
        return StepName(node.text)
    _refuse(scope, node, path, f"`{node.text}` is a {verb}, and a {of} is wanted here.", _choice(scope, of))
    return None


def _refuse(scope: Scope, node: Node, path: Path, message: str, help: str) -> None:
    scope.report.node_error("API008", "bad-handle", node, message, help=help, path=dotted(path))


def _names(scope: Scope, of: str) -> Iterator[str]:
    yield from (name for name, step in scope.steps.items() if of in ("", step.verb.name) and step.background)
    yield from (name for name, verb in scope.handles.items() if of in ("", verb))


def _choice(scope: Scope, of: str) -> str:
    found = [*_names(scope, of)]
    if found:
        return f"There is {either([f'`{name}`' for name in found[:8]])}."
    return f"No step starts a {of} in the background." if of else "No step runs in the background."
