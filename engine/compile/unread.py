"""Steps that have no verb, or two: what is said of them, and whether the steps exist that they lead to."""

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.report import Report, closest
from engine.compile.scope import Scope
from engine.model.verbs import VERB

_THE_VERBS = f"Verbs: {', '.join(name for name in VERB if '.' not in name)}; and orders about them such as play.stop."
_COMMON = ("next", "background", "until", "deadline", "visits", "note", "tags")

_ELSEWHERE = {
    **dict.fromkeys(("say", "speak", "tts", "message", "announce", "prompt"), "play"),
    **dict.fromkeys(("menu", "gather", "input", "question"), "ask"),
    **dict.fromkeys(("http", "request", "webhook", "rest"), "fetch"),
    **dict.fromkeys(("if", "switch", "choice", "condition", "when"), "branch"),
    **dict.fromkeys(("sleep", "pause", "delay"), "wait"),
    **dict.fromkeys(("forward", "bridge", "call"), "connect"),
    **dict.fromkeys(("voicemail", "recording"), "record"),
    **dict.fromkeys(("assign", "var", "variables"), "set"),
}
"""What other languages call it."""
_ENDING = ("hangup", "hang_up", "stop", "exit", "disconnect_call")
_NEXT = ("goto", "go_to", "then", "jump", "target", "on", "transitions")


def report_step(report: Report, key: Scalar, node: Mapping, verbs: list[Scalar]) -> None:
    """`verbs` are those that it has: none, or several."""
    if verbs:
        report.node_error(
            "SYN012",
            "two-verbs",
            verbs[1],
            f"`{key.text}` has two verbs: `{verbs[0].text}` and `{verbs[1].text}`.",
            help="Make it two steps.",
            path=f"steps.{key.text}",
        )
        return
    if key.text in _COMMON:
        problem = f"`{key.text}` stands among the steps."
        report.node_error(
            "SYN003",
            "unknown-key",
            key,
            problem,
            help="Indent it below the step that it is of.",
            path=f"steps.{key.text}",
        )
        return
    unknown = next((name for name, _ in node.entries if name.text not in _COMMON), None)
    if unknown is None and report.leaves_out(node):
        return
    report.node_error(
        "SYN003",
        "unknown-key",
        unknown or key,
        f"`{unknown.text}` is no verb." if unknown else f"The step `{key.text}` has no verb.",
        help=_advice(unknown.text.removeprefix("calling.")) if unknown else _THE_VERBS,
        path=f"steps.{key.text}",
    )
    for name in (one for one, _ in node.entries if one is not unknown and one.text in _NEXT):
        problem = f"A step has no `{name.text}`."
        report.node_error("SYN003", "unknown-key", name, problem, help="Did you mean `next`?", path=f"steps.{key.text}")


def _advice(unknown: str) -> str:
    if unknown.lower() in _ENDING:
        return "Write `end: hangup`."
    near = _ELSEWHERE.get(unknown.lower()) or closest(unknown, VERB)
    return f"Did you mean `{near}`?" if near else _THE_VERBS


def check_targets(scope: Scope, steps: tuple[tuple[Scalar, Node], ...]) -> None:
    """Where the steps lead that have no verb, or two."""
    for key, node in steps:
        follows = node.get("next") if isinstance(node, Mapping) and key.text not in scope.steps else None
        path = ("steps", key.text, "next")
        if isinstance(follows, Mapping):
            for outcome, target in follows.entries:
                scope.step_name(target, (*path, outcome.text))
        elif follows is not None:
            scope.step_name(follows, path)
