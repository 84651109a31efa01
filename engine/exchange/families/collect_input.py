"""How a caller's keys and words become the results of a collect.

The first input of either kind stops the initial timer. Keys win over words that are being said.
A result ends the collect, or begins it anew when it is continuous.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange.caller import Act, HangsUp, Presses, Says
from engine.exchange.live import Collect
from engine.exchange.options import FRAME_MS, speech_ms
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_operation


def arm(collect: Collect, now_ms: int) -> Collect:
    """Run the initial timer, if it is to run and nothing has come yet."""
    if not collect.timers_started or collect.started:
        return collect
    return replace(collect, initial_due_ms=_after(now_ms, collect.initial_timeout_ms))


def act(turn: Turn, call_id: str, collect: Collect, did: Act) -> None:
    match did:
        case Presses(digits=digits):
            _keys(turn, call_id, collect, digits)
        case Says():
            _words(turn, call_id, collect, did)
        case HangsUp():
            pass


def tick(turn: Turn, call_id: str, collect: Collect) -> None:
    """One of its timers has run out."""
    now_ms = turn.now_ms
    if _due(collect.initial_due_ms, now_ms):
        _result(turn, call_id, collect, "no_input")
    elif _due(collect.digit_due_ms, now_ms):
        _digits_done(turn, call_id, collect, "")
    elif _due(collect.result_due_ms, now_ms) or _due(collect.speech_due_ms, now_ms):
        _speech_done(turn, call_id, collect)
    else:
        _fell_silent(turn, call_id, collect)


def report(turn: Turn, call_id: str, collect: Collect, mark: str, fields: dict[str, Any]) -> None:
    report_operation(turn, call_id, collect, mark=mark, fields=fields)


def _due(due_ms: int | None, now_ms: int) -> bool:
    return due_ms is not None and due_ms <= now_ms


def _after(now_ms: int, duration_ms: int) -> int:
    """A timer's end; never at once, so a continuous collect cannot stand still in time."""
    return now_ms + max(FRAME_MS, duration_ms)


def _keys(turn: Turn, call_id: str, collect: Collect, digits: str) -> None:
    """Each key for itself: one may end the collect, and the rest is lost (or the next result's)."""
    for key in digits:
        live = turn.live(call_id, collect)
        if not isinstance(live, Collect) or not live.max_digits:
            return
        _key(turn, call_id, live, key)


def _key(turn: Turn, call_id: str, collect: Collect, key: str) -> None:
    collect = _begun(turn, call_id, collect, raises=turn.options.press_raises_start)
    collect = _without_speech(collect)
    if key in collect.terminators:
        _digits_done(turn, call_id, collect, key)
        return
    collect = replace(
        collect,
        digits=collect.digits + key,
        digit_due_ms=_after(turn.now_ms, collect.digit_timeout_ms),
    )
    turn.put_operation(call_id, collect)
    if len(collect.digits) >= collect.max_digits:
        _digits_done(turn, call_id, collect, "")
    else:
        _partial(turn, call_id, collect, "digit", {"digits": collect.digits, "terminator": ""})


def _words(turn: Turn, call_id: str, collect: Collect, said: Says) -> None:
    if not collect.speech or collect.digits:
        return
    collect = _begun(turn, call_id, collect, raises=True)
    talk_ms = said.duration_ms or speech_ms(said.text, turn.options)
    timeout_ms = _after(turn.now_ms, collect.speech_timeout_ms)
    collect = replace(
        collect,
        text=f"{collect.text or ''} {said.text}".strip(),
        confidence=said.confidence,
        talk_ends_ms=turn.now_ms + talk_ms,
        result_due_ms=None,
        speech_due_ms=collect.speech_due_ms or timeout_ms,
    )
    turn.put_operation(call_id, collect)


def _fell_silent(turn: Turn, call_id: str, collect: Collect) -> None:
    silence_ms = collect.end_silence_ms
    result_due_ms = None if silence_ms is None else turn.now_ms + silence_ms
    collect = replace(collect, talk_ends_ms=None, result_due_ms=result_due_ms)
    turn.put_operation(call_id, collect)
    if collect.text:
        _partial(turn, call_id, collect, "speech", _spoken(turn, collect))


def _begun(turn: Turn, call_id: str, collect: Collect, *, raises: bool) -> Collect:
    """The first sign of input stops the initial timer and, where it was asked for, is told."""
    if collect.started:
        return collect
    collect = replace(collect, started=True, initial_due_ms=None)
    turn.put_operation(call_id, collect)
    if collect.send_start_of_input and raises:
        fields = {"result": {"type": "start_of_input"}, **_state(collect)}
        report(turn, call_id, collect, "start_of_input", fields)
    return collect


def _without_speech(collect: Collect) -> Collect:
    return replace(collect, text=None, talk_ends_ms=None, result_due_ms=None, speech_due_ms=None)


def _digits_done(turn: Turn, call_id: str, collect: Collect, terminator: str) -> None:
    params = {"digits": collect.digits, "terminator": terminator}
    _result(turn, call_id, collect, "digit", params)


def _speech_done(turn: Turn, call_id: str, collect: Collect) -> None:
    if collect.text:
        _result(turn, call_id, collect, "speech", _spoken(turn, collect))
    else:
        _result(turn, call_id, collect, "no_match")


def _spoken(turn: Turn, collect: Collect) -> dict[str, Any]:
    whole = 100 if turn.options.confidence == "fraction" else 1
    return {"text": collect.text, "confidence": collect.confidence / whole}


def _state(collect: Collect) -> dict[str, Any]:
    return {"state": "collecting"} if collect.continuous else {}


def _partial(turn: Turn, call_id: str, collect: Collect, kind: str, params: dict[str, Any]) -> None:
    if collect.partial_results:
        result = {"type": kind, "params": params}
        fields = {"result": result, "final": False, **_state(collect)}
        report(turn, call_id, collect, "partial", fields)


def _result(turn: Turn, call_id: str, collect: Collect, kind: str, params: dict[str, Any] | None = None) -> None:
    result = {"type": kind} if params is None else {"type": kind, "params": params}
    final = {"final": True} if collect.partial_results else {}
    if collect.continuous:
        fresh = replace(
            _without_speech(collect),
            started=False,
            digits="",
            confidence=0.0,
            initial_due_ms=None,
            digit_due_ms=None,
        )
        turn.put_operation(call_id, arm(fresh, turn.now_ms))
    else:
        turn.drop_operation(call_id, collect)
    report(turn, call_id, collect, kind, {"result": result, **final, **_state(collect)})
