"""`prompt` of SWML: sounds, then a wait for keys or words, which stop the sounds.

Its sounds are a `Playback` that begins with it; while one of SWML's is heard, the time for a first key
does not run.
"""

from msgspec.structs import replace

from engine.exchange import script
from engine.exchange.caller import Act, Presses, Says
from engine.exchange.command import Family
from engine.exchange.families import play
from engine.exchange.live import Item, Playback
from engine.exchange.live_swml import Prompt
from engine.exchange.options import speech_ms
from engine.exchange.turn import Turn


def begin(turn: Turn, call_id: str, prompt: Prompt, items: tuple[Item, ...]) -> None:
    lasts_ms = sum(item.duration_ms for item in items)
    waits_ms = turn.now_ms + lasts_ms + prompt.initial_timeout_ms
    turn.put_operation(call_id, replace(prompt, input_ms=waits_ms))
    if items:
        play.play(turn, call_id, Playback(items=items, then_waits=True))


def tick(turn: Turn, call_id: str, prompt: Prompt) -> None:
    _over(turn, call_id, prompt)


def act(turn: Turn, call_id: str, prompt: Prompt, did: Act) -> None:
    match did:
        case Presses(digits=digits) if prompt.max_digits:
            _silence(turn, call_id)
            _press(turn, call_id, prompt, digits)
        case Says(text=text) if prompt.speech and text:
            _silence(turn, call_id)
            lasts_ms = did.duration_ms or speech_ms(text, turn.options)
            said_ms = turn.now_ms + lasts_ms + prompt.end_silence_ms
            spoken = replace(prompt, text=text, confidence=did.confidence, said_ms=said_ms, input_ms=None)
            turn.put_operation(call_id, spoken)
        case _:
            pass


def make_way(turn: Turn, call_id: str, prompt: Prompt) -> None:
    turn.drop_operation(call_id, prompt)


def _press(turn: Turn, call_id: str, prompt: Prompt, digits: str) -> None:
    for key in digits:
        if key in prompt.terminators:
            _over(turn, call_id, prompt, terminator=key)
            return
        prompt = replace(prompt, digits=prompt.digits + key, input_ms=turn.now_ms + prompt.digit_timeout_ms)
        if len(prompt.digits) == prompt.max_digits:
            _over(turn, call_id, prompt)
            return
    turn.put_operation(call_id, prompt)


def _silence(turn: Turn, call_id: str) -> None:
    for operation in turn.calls[call_id].operations:
        if isinstance(operation, Playback) and operation.then_waits:
            play.stop(turn, call_id, operation)


def _over(turn: Turn, call_id: str, prompt: Prompt, *, terminator: str | None = None) -> None:
    """What there is by now is the result."""
    _silence(turn, call_id)
    turn.drop_operation(call_id, prompt)
    value = prompt.digits or prompt.text
    words = {"prompt_result": "no_input"}
    if value:
        words = {"prompt_result": "match_digits" if prompt.digits else "match_speech", "prompt_value": value}
    sure = prompt.confidence if prompt.text and not prompt.digits else None
    cleared = {"prompt_value": None, "prompt_digit_terminator": terminator, "prompt_speech_confidence": sure}
    script.set_vars(turn, call_id, **{**cleared, **words})
    script.go_on(turn, call_id)


FAMILY = Family(tick=tick, act=act, stop=tick, hang_up=make_way, make_way=make_way)
