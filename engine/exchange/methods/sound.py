"""play, and the sounds that other methods name."""

from typing import Any

from engine.exchange import line
from engine.exchange.command import milliseconds
from engine.exchange.families import play
from engine.exchange.live import Item, Playback
from engine.exchange.methods.method import Method, fields
from engine.exchange.options import FRAME_MS, ExchangeOptions, speech_ms
from engine.exchange.turn import Turn


def items(urls: Any, options: ExchangeOptions) -> tuple[Item, ...]:
    """One sound or a list of them."""
    each = urls if isinstance(urls, list) else [] if urls is None else [urls]
    return tuple(_item(str(url), options) for url in each)


def _play(turn: Turn, call_id: str, value: Any) -> bool:
    line.answer(turn, call_id)
    sounds = items(fields(value).get("urls", fields(value).get("url")), turn.options)
    if sounds:
        play.play(turn, call_id, Playback(control_id="", items=sounds))
    return bool(sounds)


def _item(url: str, options: ExchangeOptions) -> Item:
    """`say:...`, `silence:seconds`, `ring:[seconds:]country`, or the URL of an audio file."""
    kind, _, rest = url.partition(":")
    match kind:
        case "say":
            return Item("speech", rest.strip(), speech_ms(rest, options))
        case "silence":
            return Item("silence", "", max(FRAME_MS, _seconds_ms(rest)))
        case "ring":
            seconds, _, country = rest.rpartition(":")
            return Item("ringtone", country.strip(), _seconds_ms(seconds) if seconds else 5_000)
        case _:
            return Item("audio", url, max(FRAME_MS, play.audio_ms(url, options)))


def _seconds_ms(text: str) -> int:
    try:
        return milliseconds(float(text))
    except (ValueError, OverflowError):
        return 1_000


METHODS = {"play": Method(_play)}
