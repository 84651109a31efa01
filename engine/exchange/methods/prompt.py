"""prompt."""

from collections.abc import Mapping
from typing import Any

from engine.exchange import line
from engine.exchange.families import prompt
from engine.exchange.live_swml import Prompt
from engine.exchange.methods.method import Method, fields, seconds_ms
from engine.exchange.methods.sound import items
from engine.exchange.turn import Turn

_SPEECH = frozenset(("speech_timeout", "speech_end_timeout", "speech_language", "speech_hints"))
_DIGITS = frozenset(("max_digits", "terminators", "digit_timeout", "initial_timeout"))


def _prompt(turn: Turn, call_id: str, value: Any) -> bool:
    """With any field of speech, words are wanted, and keys only with a field of theirs as well."""
    asked = fields(value)
    line.answer(turn, call_id)
    speech = bool(_SPEECH & set(asked))
    keys = not speech or bool(_DIGITS & set(asked))
    prompt.begin(
        turn,
        call_id,
        Prompt(
            max_digits=_max_digits(asked) if keys else 0,
            terminators=str(asked.get("terminators") or ""),
            digit_timeout_ms=seconds_ms(asked.get("digit_timeout"), 5),
            initial_timeout_ms=seconds_ms(asked.get("initial_timeout"), 5),
            end_silence_ms=seconds_ms(asked.get("speech_end_timeout"), turn.options.speech_end_silence_ms / 1_000),
            speech=speech,
        ),
        items(asked.get("play"), turn.options),
    )
    return True


def _max_digits(asked: Mapping[str, Any]) -> int:
    most = asked.get("max_digits", 1)
    return most if isinstance(most, int) and most > 0 else 1


METHODS = {"prompt": Method(_prompt)}
