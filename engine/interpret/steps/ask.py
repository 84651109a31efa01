"""ask: a prompt and a collect as one, with barge-in, reprompts and timers.

An attempt is a collect without timers and a playback. What happens to the two is this table:

    the playback   the collect     an event makes it so            then
    plays          waits           first sign of input             stop the playback (barge_in)
    plays          over            the result came                 stop the playback and judge (barge_in),
                                                                   or judge when the playback is over
    over           waits           the playback ended or was lost  start the collect's timers, once
    over           over            either, in either order         judge

A secret is asked for when nobody listens (`interpret/silencing.py`): until then neither is sent.

Judging (`interpret/judging.py`) only needs both facts, so the order in which the webhooks came does
not matter. What an attempt's collect or playback reports after its end never comes here: `admit` calls it late.
"""

from typing import Any

from msgspec.structs import replace

from engine.interpret import operations, position, silencing
from engine.interpret.judging import judge
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.events import AnswerKind
from engine.model.graph import AskValue, ExpressionFailed, Step, Tree
from engine.model.ids import ControlId
from engine.model.state import Asking, Operation, Silencing


class AskStep(Behaviour):
    def enter(self, turn: Turn, step: Step) -> None:
        value = _value(step)
        if value.secrecy != "secret":
            _begin(turn, value, _FIRST, value.prompt)
            return
        _rendered(turn, value, value.prompt)
        turn.doing = silencing.silence(turn, value)
        _begin_if_silent(turn, value)

    def on_timer(self, turn: Turn, step: Step) -> None:
        """What should have silenced something was not answered."""
        for seq in turn.doing.orders.values() if isinstance(turn.doing, Silencing) else ():
            ordered(turn, seq, "unknown")

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        doing = turn.doing
        if isinstance(doing, Silencing):
            turn.doing = silencing.reported(doing, op)
            _begin_if_silent(turn, _value(step))
            return
        if not isinstance(doing, Asking) or op.control_id not in (doing.collect, doing.play):
            return
        value = _value(step)
        collect = turn.operations[doing.collect]
        play = turn.operations.get(doing.play) if doing.play else None
        failed = _failed(collect) or (play is not None and _failed(play))
        if failed:
            _give_up(turn, failed)
        elif play is None or play.phase == "over":
            _prompt_is_over(turn, value, doing, collect)
        elif value.barge_in and (collect.input or collect.phase == "over"):
            operations.stop(turn, play)
            if collect.phase == "over":
                _judge(turn, value, doing, collect)


_FIRST = Asking(attempt=1, collect=ControlId(""))
_NOT_SILENCED: dict[AnswerKind, str] = {"rejected": "rejected", "unavailable": "error", "unknown": "lost"}


def ordered(turn: Turn, seq: int, kind: AnswerKind) -> None:
    """An order is answered, which may be one of those that a secret waits for."""
    doing = turn.doing
    control = _about(doing, seq) if isinstance(doing, Silencing) else None
    if not isinstance(doing, Silencing) or control is None:
        return
    left = silencing.answered(turn, doing, control, kind)
    if left is None:
        words = f"nothing was asked: what listens could not be silenced ({control})"
        position.finish(turn, _NOT_SILENCED[kind], {"code": "not-silenced", "message": words})
    else:
        turn.doing = left
        _begin_if_silent(turn, _value(turn.step))


def _about(doing: Silencing, seq: int) -> ControlId | None:
    return next((control for control, sent in doing.orders.items() if sent == seq), None)


def _begin_if_silent(turn: Turn, value: AskValue) -> None:
    doing = turn.doing
    if not isinstance(doing, Silencing) or doing.orders:
        return
    turn.timers.pop("step", None)
    try:
        _begin(turn, value, replace(_FIRST, silenced=doing.silenced), value.prompt)
    except ExpressionFailed as error:
        position.fail(turn, error)


def _value(step: Step) -> AskValue:
    assert isinstance(step.value, AskValue)
    return step.value


def _begin(turn: Turn, value: AskValue, doing: Asking, prompt: Tree) -> None:
    """Sends the collect first: input during the first words of the prompt counts. Nothing is sent
    when a text has no value (`ExpressionFailed`)."""
    collect_params, play_params = _rendered(turn, value, prompt)
    collect = operations.start(turn, "collect", collect_params, attempt=doing.attempt)
    play = None
    if play_params["play"]:
        play = operations.start(turn, "play", play_params, attempt=doing.attempt).control_id
    turn.doing = replace(doing, collect=collect.control_id, play=play)


def _rendered(turn: Turn, value: AskValue, prompt: Tree) -> tuple[dict[str, Any], dict[str, Any]]:
    """The params of the collect and of the playback, which may have nothing to play."""
    items = turn.render(prompt)
    collect_params = turn.render(value.collect)
    play_params = {**turn.render(value.play), "play": items}
    return collect_params if items else {**collect_params, "start_input_timers": True}, play_params


def _failed(op: Operation) -> Operation | None:
    return op if op.phase == "over" and op.outcome in ("error", "rejected", "lost") else None


def _give_up(turn: Turn, failed: Operation) -> None:
    operations.stop_foreground(turn)
    position.finish(turn, failed.outcome, failed.fields)


def _prompt_is_over(turn: Turn, value: AskValue, doing: Asking, collect: Operation) -> None:
    if collect.phase == "over":
        _judge(turn, value, doing, collect)
    elif not collect.armed:
        operations.arm(turn, collect)


def _judge(turn: Turn, value: AskValue, doing: Asking, collect: Operation) -> None:
    try:
        outcome = judge(turn, value, collect.outcome, collect.fields)
        if outcome in ("no_input", "no_match") and doing.attempt < value.attempts:
            again = _counted(doing, outcome)
            operations.drop_finished(turn)
            _begin(turn, value, again, reprompt(value, again, outcome))
            return
    except ExpressionFailed as error:
        position.fail(turn, error)
        return
    chosen = outcome if any(outcome == choice.name for choice in value.choices) else ""
    position.finish(turn, outcome, {**collect.fields, "choice": chosen})


def _counted(doing: Asking, outcome: str) -> Asking:
    if outcome == "no_input":
        return replace(doing, attempt=doing.attempt + 1, no_input=doing.no_input + 1)
    return replace(doing, attempt=doing.attempt + 1, no_match=doing.no_match + 1)


def reprompt(value: AskValue, doing: Asking, outcome: str) -> Tree:
    """The ladder's text for this failure (its last one from then on), and the prompt again."""
    ladder = value.no_input if outcome == "no_input" else value.no_match
    count = doing.no_input if outcome == "no_input" else doing.no_match
    text = ladder[min(count, len(ladder)) - 1] if ladder else []
    return [*text, *value.prompt] if value.replay else text
