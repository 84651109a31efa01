"""ask: what is said, what is collected, and what the answers mean."""

from typing import Any

from engine.compile import patterns
from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.compile.scope import Scope, StepNode, dotted, texts, value_of
from engine.compile.steps.play_items import items, with_voice
from engine.model.graph import AskValue, Choice, Tree

_PLAY_KEYS = ("language", "voice", "gender", "volume")


def ask(scope: Scope, step: StepNode) -> AskValue | None:
    value, path = step.value, step.path
    if not isinstance(value, Mapping):
        return None
    _check_choices(scope, step, value)
    timers = value_of(value.get("timers"), "after_prompt")
    prompt = value.get("prompt")
    return AskValue(
        prompt=items(scope, prompt, (*path, "prompt")) if prompt is not None else [],
        collect=_collect(scope, step, value, timers),
        play=_play(scope, step, value),
        choices=_choices(value.get("choices")),
        accept=_accept(scope, step, value.get("accept")),
        barge_in=value_of(value.get("barge_in"), True),
        timers=timers,
        attempts=value_of(value.get("attempts"), 3),
        no_input=_ladder(scope, step, value, "no_input"),
        no_match=_ladder(scope, step, value, "no_match"),
        replay=value_of(value.get("replay"), True),
    )


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


def _check_choices(scope: Scope, step: StepNode, value: Mapping) -> None:
    """Choices by key are pressed, and say themselves what is accepted."""
    choices, accept = value.key("choices"), value.key("accept")
    if choices is not None and accept is not None:
        scope.report.node_error(
            "SYN013",
            "misplaced-key",
            accept,
            "`accept` has no meaning beside `choices`: the choices are what is accepted.",
            help="Remove one of them.",
            path=dotted(step.path),
        )
    if choices is not None and value.get("digits") is None:
        scope.report.node_error(
            "API001",
            "nothing-to-do",
            choices,
            "The choices have keys, but no `digits` are collected.",
            help="Add `digits: {max: 1}`.",
            path=dotted(step.path),
        )


def _choices(node: Node | None) -> tuple[Choice, ...]:
    if not isinstance(node, Mapping):
        return ()
    return tuple(
        Choice(key.text, texts(choice.get("keys"))) for key, choice in node.entries if isinstance(choice, Mapping)
    )


def _accept(scope: Scope, step: StepNode, node: Node | None) -> str:
    """A regular expression on the digits; a bad one is reported where it stands."""
    if not isinstance(node, Scalar):
        return ""
    found = patterns.mistake(node.text)
    if found is not None:
        offset, length, message, advice = found
        path = dotted((*step.path, "accept"))
        scope.report.text_error("VAR005", "bad-pattern", node, offset, length, message, help=advice, path=path)
    return node.text


def _ladder(scope: Scope, step: StepNode, value: Mapping, name: str) -> tuple[Tree, ...]:
    reprompt = value.get("reprompt")
    ladder = reprompt.get(name) if isinstance(reprompt, Mapping) else None
    if not isinstance(ladder, Sequence):
        return ()
    path = (*step.path, "reprompt", name)
    return tuple(items(scope, item, (*path, index)) for index, item in enumerate(ladder.items))
