"""ask: what is said, what is collected, and what the answers mean."""

from typing import Any

from engine.compile import choices, patterns, secrecy
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, dotted
from engine.compile.scope import Scope, StepNode, value_of
from engine.compile.steps.play_items import items, with_voice
from engine.model.graph import Accept, AskValue, Expression, Tree

_PLAY_KEYS = ("language", "voice", "gender", "volume")


def ask(scope: Scope, step: StepNode) -> AskValue | None:
    value, path = step.value, step.path
    if not isinstance(value, Mapping):
        return None
    _check_answers(scope, step, value)
    offered = choices.offered(scope, step)
    choices.check(scope, step, offered)
    secrecy.check_words(scope.report, value, path)
    timers = value_of(value.get("timers"), "after_prompt")
    prompt = value.get("prompt")
    return AskValue(
        prompt=items(scope, prompt, (*path, "prompt")) if prompt is not None else [],
        collect=_collect(scope, step, value, timers),
        play=_play(scope, step, value),
        choices=choices.compiled(offered),
        accept=_accept(scope, step, value.get("accept")),
        barge_in=value_of(value.get("barge_in"), True),
        timers=timers,
        attempts=value_of(value.get("attempts"), 3),
        no_input=_ladder(scope, step, value, "no_input"),
        no_match=_ladder(scope, step, value, "no_match"),
        replay=value_of(value.get("replay"), True),
        min_confidence=_number(value.get("min_confidence")),
        secrecy=secrecy.declared(value),
        record_while_secret=value_of(value.get("record_while_secret"), False),
    )


def _number(node: Node | None) -> float:
    """0 where there is none; what is no number has been reported."""
    value = value_of(node, 0)
    return float(value) if isinstance(value, int | float) else 0.0


def _collect(scope: Scope, step: StepNode, value: Mapping, timers: str) -> dict[str, Tree]:
    params = {
        key: scope.tree(node, (*step.path, key))
        for key in ("initial_timeout", "digits", "speech")
        if (node := value.get(key)) is not None
    }
    several = isinstance(params.get("digits"), dict) and params["digits"].get("max", 1) != 1
    return {
        **params,
        "start_input_timers": timers == "now",
        "send_start_of_input": True,
        "partial_results": "speech" in params or several,
    }


def _play(scope: Scope, step: StepNode, value: Mapping) -> dict[str, Any]:
    own = {key: scope.tree(node, (*step.path, key)) for key in _PLAY_KEYS if (node := value.get(key)) is not None}
    return with_voice(scope.voice, own)


def _check_answers(scope: Scope, step: StepNode, value: Mapping) -> None:
    """`accept` is about answers that are not chosen from a list, and about kinds of input that are taken."""
    accept = value.key("accept")
    if accept is None:
        return
    if value.get("choices") is not None:
        problem = "`accept` has no meaning beside `choices`: the choices are what is accepted."
        _misplaced(scope, step, accept, problem, "Remove one of them.")
    node = value.get("accept")
    if any(scope.report.misreads(key) for key, _ in value.entries):
        return  # it may be one of those that follow
    if isinstance(node, Scalar) and value.get("digits") is None:
        problem = "`accept` is a regular expression for digits, and no `digits` are taken."
        _misplaced(scope, step, accept, problem, f"Write {{speech: {node.text}}} for what is said.")
    for kind in ("digits", "speech"):
        key = node.key(kind) if isinstance(node, Mapping) else None
        if key is not None and value.get(kind) is None:
            problem = f"`{kind}` is about what this step does not take."
            _misplaced(scope, step, key, problem, f"Remove it, or take `{kind}`.")


def _misplaced(scope: Scope, step: StepNode, key: Scalar, problem: str, advice: str) -> None:
    scope.report.node_error("SYN013", "misplaced-key", key, problem, help=advice, path=dotted(step.path))


def _accept(scope: Scope, step: StepNode, node: Node | None) -> Accept | None:
    path = (*step.path, "accept")
    if node is None:
        return None
    if not isinstance(node, Mapping):
        return Accept(digits=_pattern(scope, node, path))
    return Accept(
        digits=_pattern(scope, node.get("digits"), (*path, "digits")),
        speech=_pattern(scope, node.get("speech"), (*path, "speech")),
        condition=_condition(scope, step, node.get("if"), (*path, "if")),
    )


def _condition(scope: Scope, step: StepNode, node: Node | None, path: Path) -> Expression | None:
    if node is None:
        return None
    names = scope.hidden_answers if secrecy.declared(step.value) else scope.answers
    return scope.expression(node, path, wants="bool", names=names)


def _pattern(scope: Scope, node: Node | None, path: Path) -> str:
    """A regular expression; a bad one is reported where it stands."""
    if not isinstance(node, Scalar):
        return ""
    found = patterns.mistake(node.text)
    if found is not None:
        offset, length, message, advice = found
        scope.report.text_error("VAR005", "bad-pattern", node, offset, length, message, help=advice, path=dotted(path))
    return node.text


def _ladder(scope: Scope, step: StepNode, value: Mapping, name: str) -> tuple[Tree, ...]:
    reprompt = value.get("reprompt")
    ladder = reprompt.get(name) if isinstance(reprompt, Mapping) else None
    if not isinstance(ladder, Sequence):
        return ()
    path = (*step.path, "reprompt", name)
    return tuple(items(scope, item, (*path, index)) for index, item in enumerate(ladder.items))
