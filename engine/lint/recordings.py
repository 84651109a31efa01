"""What a recording is meant for: a message, which ends by itself, or the call, which goes on."""

from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.compile.scope import StepNode
from engine.lint.subject import Subject, node_at, text_at


def is_of_the_call(subject: Subject, step: StepNode) -> bool:
    """In the background, and not waited for until it ends by itself. Nobody knows what a broken step waits for or stops."""
    if not step.background or subject.has_broken_steps:
        return False
    waited = any(step.name in _handles(one.value) for one in subject.steps("wait"))
    stopped = any(step.name in _handles(one.value) for one in subject.steps("record.stop"))
    return stopped or not waited


def _handles(value: Node) -> set[str]:
    if isinstance(value, Scalar):
        return {value.text}
    lists = [found for name in ("any", "all") if isinstance(found := node_at(value, name), Sequence)]
    named = {item.text for one in lists for item in one.items if isinstance(item, Scalar)}
    return named | {text_at(value, "handle")} if isinstance(value, Mapping) else named
