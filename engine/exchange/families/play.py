"""calling.play: items in order, `playing` when the first begins, `finished` when it is over.

Paused, it stands still and gives way to others; `playing` comes again when it goes on, which is when no other is heard.

Durations are estimates (see `ExchangeOptions`). A stopped playback is `finished` too. What happens
to a play during a play is the option `overlap`.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange import script
from engine.exchange.answers import invalid
from engine.exchange.caller import Act
from engine.exchange.command import (
    CONTROL,
    CONTROL_ID,
    DIRECTION,
    MAX_INT,
    STATUS_URL,
    Command,
    Family,
    Params,
    accepted,
    in_use,
    milliseconds,
    order,
    redundant,
    stopping,
)
from engine.exchange.effects import Heard, HttpAnswer
from engine.exchange.families.record import sounded
from engine.exchange.live import Item, Playback
from engine.exchange.options import FRAME_MS, ExchangeOptions, speech_ms
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn
from engine.exchange.webhooks import fails, report_operation

_TEXT = Field(type="string", required=True, least=1)
_SECONDS = Field(type="number", above=0)
_VOLUME = Field(type="number", minimum=-40, maximum=40)
_GENDER = Field(type="string", enum=("male", "female"))
_RINGTONE_NAMES = (
    "at au be bg bong br ca ch cl cn cy cz de dk dz ee eg es fi fr gr hu il in it jp ko lt mx my "
    "nl no nz ph pk pl pt ro rs ru sa se sg th tr tw uk us ve za"
)


def _item(**fields: Field) -> Spec:
    return {"params": Field(type="object", required=True, fields=fields)}


_ITEMS: dict[str, Spec] = {
    "tts": _item(text=_TEXT, language=Field(type="string"), gender=_GENDER, voice=Field(type="string")),
    "audio": _item(url=Field(type="string", required=True, form="url")),
    "silence": _item(duration=Field(type="number", required=True, above=0)),
    "ringtone": _item(
        name=Field(type="string", required=True, enum=tuple(_RINGTONE_NAMES.split())),
        duration=_SECONDS,
    ),
}
PLAY: Spec = {
    "control_id": CONTROL_ID,
    "play": Field(type="array", required=True, least=1, items=Field(type="object", variants=_ITEMS)),
    "volume": _VOLUME,
    "direction": DIRECTION,
    "loop": Field(type="integer", minimum=0, maximum=MAX_INT),
    "language": Field(type="string"),
    "voice": Field(type="string"),
    "gender": _GENDER,
    "status_url": STATUS_URL,
}

VOLUME: Spec = {"control_id": CONTROL_ID, "volume": Field(type="number", required=True, minimum=-40, maximum=40)}


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    answer = in_use(turn, call_id, Playback, params["control_id"])
    if answer is not None:
        return answer
    if turn.options.overlap == "refuse" and _playbacks(turn, call_id):
        return invalid("playback_in_progress", "params.play", "Another playback is under way.")
    loop = params.get("loop", 1)
    items = tuple(_read(item, turn.options) for item in params["play"])
    play(
        turn,
        call_id,
        Playback(
            control_id=params["control_id"],
            status_url=params.get("status_url", ""),
            items=items,
            loops=None if loop == 0 else int(loop) - 1,
            volume_db=float(params.get("volume", 0)),
        ),
    )
    return accepted(turn, call_id)


def play(turn: Turn, call_id: str, playback: Playback) -> None:
    """Begin a playback, or let it wait for those before it. SWML's have no control_id."""
    waits = any(not one.paused for one in _playbacks(turn, call_id))
    turn.put_operation(call_id, playback)
    if turn.options.overlap != "queue" or not waits:
        _begin(turn, call_id, playback)


def audio_ms(url: str, options: ExchangeOptions) -> int:
    return options.audio_lengths_ms.get(url, options.audio_ms)


def tick(turn: Turn, call_id: str, playback: Playback) -> None:
    """An item is over: the next one, the next round, or the end."""
    following = (playback.item or 0) + 1
    if following < len(playback.items):
        _hear(turn, call_id, playback, following)
    elif playback.loops is None:
        _hear(turn, call_id, playback, 0)
    elif playback.loops > 0:
        _hear(turn, call_id, replace(playback, loops=playback.loops - 1), 0)
    else:
        _over(turn, call_id, playback)


def stop(turn: Turn, call_id: str, playback: Playback) -> None:
    if playback.item is not None:
        turn.progress(call_id, "cut_off", control_id=playback.control_id)
    _over(turn, call_id, playback)


def pause(turn: Turn, call_id: str, playback: Playback, params: Params) -> HttpAnswer | None:
    """The item stands still; what remains of it is kept, and the next one's turn has come. One that waits for its turn waits on."""
    if playback.paused:
        return redundant(turn, call_id, "It is paused already.")
    left_ms = playback.left_ms if playback.item_ends_ms is None else playback.item_ends_ms - turn.now_ms
    paused = replace(playback, paused=True, resumes=False, item_ends_ms=None, left_ms=left_ms)
    turn.put_operation(call_id, paused)
    _report(turn, call_id, paused, "paused")
    _begin_next(turn, call_id)
    return None


def resume(turn: Turn, call_id: str, playback: Playback, params: Params) -> HttpAnswer | None:
    """It goes on where it stood, when it is its turn."""
    if not playback.paused:
        return redundant(turn, call_id, "It is not paused.")
    begun = playback.item is not None
    turn.put_operation(call_id, replace(playback, paused=False, resumes=begun))
    if begun and turn.options.overlap != "queue":
        _go_on(turn, call_id, playback)
    else:
        _begin_next(turn, call_id)
    return None


def _go_on(turn: Turn, call_id: str, playback: Playback) -> None:
    ends_ms = turn.now_ms + playback.left_ms if playback.left_ms else None
    playing = replace(playback, paused=False, resumes=False, item_ends_ms=ends_ms, left_ms=0)
    turn.put_operation(call_id, playing)
    _report(turn, call_id, playing, "playing")


def volume(turn: Turn, call_id: str, playback: Playback, params: Params) -> None:
    turn.put_operation(call_id, replace(playback, volume_db=float(params["volume"])))


def act(turn: Turn, call_id: str, playback: Playback, did: Act) -> None:
    """A playback takes no notice of the caller; barge-in is the API client's business."""


def hang_up(turn: Turn, call_id: str, playback: Playback) -> None:
    turn.drop_operation(call_id, playback)
    if turn.options.report_on_hangup:
        _report(turn, call_id, playback, "finished")


def _read(item: dict[str, Any], options: ExchangeOptions) -> Item:
    params = item["params"]
    match item["type"]:
        case "tts":
            return Item("speech", params["text"], speech_ms(params["text"], options))
        case "audio":
            return Item("audio", params["url"], max(FRAME_MS, audio_ms(params["url"], options)))
        case "silence":
            return Item("silence", "", max(FRAME_MS, milliseconds(params["duration"])))
        case _:
            seconds = params.get("duration")
            lasts_ms = 0 if seconds is None else max(FRAME_MS, milliseconds(seconds))
            return Item("ringtone", params["name"], lasts_ms)


def _playbacks(turn: Turn, call_id: str) -> list[Playback]:
    operations = turn.calls[call_id].operations
    return [operation for operation in operations if isinstance(operation, Playback)]


def _begin(turn: Turn, call_id: str, playback: Playback) -> None:
    if playback.control_id and fails(turn, call_id, "play"):
        _over(turn, call_id, playback, "error")
        return
    _report(turn, call_id, playback, "playing")
    _hear(turn, call_id, playback, 0)


def _hear(turn: Turn, call_id: str, playback: Playback, index: int) -> None:
    item = playback.items[index]
    ends_ms = turn.now_ms + item.duration_ms if item.duration_ms else None
    turn.put_operation(call_id, replace(playback, item=index, item_ends_ms=ends_ms))
    if item.sound != "silence":
        sounded(turn, call_id, "listen", item.duration_ms)
    turn.emit(
        Heard(
            call_id=call_id,
            at_ms=turn.now_ms,
            sound=item.sound,
            text=item.text,
            duration_ms=item.duration_ms,
            control_id=playback.control_id,
        )
    )


def _over(turn: Turn, call_id: str, playback: Playback, state: str = "finished") -> None:
    turn.drop_operation(call_id, playback)
    _report(turn, call_id, playback, state)
    if not playback.control_id and not playback.then_waits:
        script.go_on(turn, call_id)
    _begin_next(turn, call_id)


def _begin_next(turn: Turn, call_id: str) -> None:
    """The first in the queue that is not paused, when it is its turn."""
    waiting = [one for one in _playbacks(turn, call_id) if not one.paused]
    if not waiting or _has_voice(turn, call_id):
        return
    if waiting[0].resumes:
        _go_on(turn, call_id, waiting[0])
    else:
        _begin(turn, call_id, waiting[0])


def _has_voice(turn: Turn, call_id: str) -> bool:
    """Is one heard now?"""
    return any(one.item is not None and not one.paused and not one.resumes for one in _playbacks(turn, call_id))


def _report(turn: Turn, call_id: str, playback: Playback, state: str) -> None:
    report_operation(turn, call_id, playback, mark=state, fields={"state": state})


COMMANDS = (
    Command(name="calling.play", spec=PLAY, run=start),
    Command(name="calling.play.pause", spec=CONTROL, run=order(Playback, pause)),
    Command(name="calling.play.resume", spec=CONTROL, run=order(Playback, resume)),
    Command(name="calling.play.volume", spec=VOLUME, run=order(Playback, volume)),
    Command(name="calling.play.stop", spec=CONTROL, run=stopping(Playback, stop)),
)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=hang_up, make_way=stop)
