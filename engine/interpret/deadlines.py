"""How long a command may take at the most, from its params: every wait is bounded.

0 means: as long as the call (a loop for ever, a recording without max_length); the call's own
limit bounds that. The engine adds `SLACK_MS` for the webhook's way.
"""

from typing import Any

from engine.model.limits import AUDIO_MS, TTS_MS_PER_CHARACTER

_ASSUMED_INITIAL_S = 10.0
_ASSUMED_DIGIT_S = 5.0
_ASSUMED_SPEECH_S = 60.0
_ASSUMED_DIGITS = 32
_ASSUMED_DETECT_S = 30.0
_ASSUMED_REFER_S = 60.0
_MOST_MS = 86_400_000
"""A day: longer than any call. An expression can give any number, also none (`0.0 / 0.0`)."""


def longest_ms(verb: str, params: dict[str, Any]) -> int:
    return min(_LONGEST[verb](params), _MOST_MS)


def _play(params: dict[str, Any]) -> int:
    loop = params.get("loop", 1)
    total = 0
    for item in params["play"]:
        longest_ms = _item(item)
        if not longest_ms:
            return 0
        total += longest_ms
    return int(loop * total)


def _item(item: dict[str, Any]) -> int:
    params = item["params"]
    if item["type"] == "tts":
        return 1_000 + len(params["text"]) * TTS_MS_PER_CHARACTER
    if item["type"] == "silence":
        return max(1, _ms(params["duration"]))
    if item["type"] == "ringtone":
        return _ms(params.get("duration", 0))
    return AUDIO_MS


def _collect(params: dict[str, Any]) -> int:
    if params.get("continuous"):
        return 0
    total = _ms(params.get("initial_timeout", _ASSUMED_INITIAL_S))
    digits = params.get("digits")
    if digits is not None:
        total += _ms(digits.get("digit_timeout", _ASSUMED_DIGIT_S)) * min(digits["max"], _ASSUMED_DIGITS)
    speech = params.get("speech")
    if speech is not None:
        total += _ms(speech.get("speech_timeout", _ASSUMED_SPEECH_S))
        total += _ms(speech.get("end_silence_timeout", 1.0))
    return total


def _record(params: dict[str, Any]) -> int:
    audio = params["record"]["audio"]
    if not audio.get("max_length"):
        return 0
    return _ms(audio["max_length"]) + _ms(audio.get("initial_timeout", 4.0))


def _detect(params: dict[str, Any]) -> int:
    return max(1, _ms(params.get("timeout", _ASSUMED_DETECT_S)))


def _refer(params: dict[str, Any]) -> int:
    return _ms(_ASSUMED_REFER_S)


def _until_stopped(params: dict[str, Any]) -> int:
    return 0


def _ms(seconds: float) -> int:
    return int(max(seconds, 0) * 1000) if seconds * 1000 < _MOST_MS else _MOST_MS


_LONGEST = {
    "play": _play,
    "collect": _collect,
    "record": _record,
    "detect": _detect,
    "refer": _refer,
    "tap": _until_stopped,
    "stream": _until_stopped,
    "transcribe": _until_stopped,
}
