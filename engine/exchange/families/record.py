"""calling.record: `recording`, then `finished` with the recording, or `no_input`.

The defaults suit a voicemail: four seconds without a word are no_input, half a second of silence
or `#` ends it. A recording ends with the call, and then reports too.
"""

from typing import Any, Literal

from msgspec.structs import replace

from engine.exchange.caller import Act, HangsUp, Presses, Says
from engine.exchange.command import (
    CONTROL,
    CONTROL_ID,
    DIRECTION,
    FLAG,
    MAX_INT,
    SECONDS,
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
from engine.exchange.live import Recording
from engine.exchange.options import FRAME_MS, speech_ms
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn
from engine.exchange.webhooks import fails, report_operation

BEEP_MS = 400
BYTES_PER_MS = 4
"""Of a 32 kbit/s file; only to give `size` a plausible value."""

_AUDIO: Spec = {
    "beep": FLAG,
    "stereo": FLAG,
    "format": Field(type="string", enum=("mp3", "wav", "mp4")),
    "direction": DIRECTION,
    "initial_timeout": SECONDS,
    "end_silence_timeout": SECONDS,
    "max_length": Field(type="integer", minimum=0, maximum=MAX_INT),
    "terminators": Field(type="string", form="keys"),
    "input_sensitivity": Field(type="number", minimum=0, maximum=100),
}
RECORD: Spec = {
    "control_id": CONTROL_ID,
    "record": Field(
        type="object",
        required=True,
        fields={"audio": Field(type="object", required=True, fields=_AUDIO)},
    ),
    "status_url": STATUS_URL,
}

PAUSE: Spec = {"control_id": CONTROL_ID, "behavior": Field(type="string", enum=("skip", "silence"))}


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    answer = in_use(turn, call_id, Recording, params["control_id"])
    if answer is not None:
        return answer
    recording = _read(turn, params)
    if fails(turn, call_id, "record"):
        _report(turn, call_id, recording, "error", {})
        return accepted(turn, call_id)
    turn.put_operation(call_id, recording)
    _report(turn, call_id, recording, "recording", {})
    turn.progress(call_id, "recording", control_id=recording.control_id)
    if params["record"]["audio"].get("beep", False):
        _beep(turn, call_id, recording)
    return accepted(turn, call_id)


def sounded(turn: Turn, call_id: str, who: Literal["speak", "listen"], lasts_ms: int) -> None:
    """There is sound on the line (`speak` the person's, `listen` what the person hears) from now on.

    `lasts_ms` 0: nobody knows for how long.
    """
    for operation in turn.calls[call_id].operations:
        if not isinstance(operation, Recording) or operation.paused_ms is not None:
            continue
        if operation.direction in (who, "both"):
            silent_ms = _silent_ms(operation, turn.now_ms, lasts_ms)
            heard = replace(operation, no_input_ms=None, silent_ms=silent_ms)
            turn.put_operation(call_id, heard)


def tick(turn: Turn, call_id: str, recording: Recording) -> None:
    if recording.no_input_ms is not None and recording.no_input_ms <= turn.now_ms:
        turn.drop_operation(call_id, recording)
        _report(turn, call_id, recording, "no_input", {})
    else:
        stop(turn, call_id, recording)


def act(turn: Turn, call_id: str, recording: Recording, did: Act) -> None:
    match did:
        case Presses(digits=digits):
            if recording.paused_ms is None and any(key in recording.terminators for key in digits):
                stop(turn, call_id, recording)
        case Says(text=text, duration_ms=duration_ms):
            sounded(turn, call_id, "speak", duration_ms or speech_ms(text, turn.options))
        case HangsUp():
            pass


def stop(turn: Turn, call_id: str, recording: Recording) -> None:
    """It is over, however: the recording is there, and `finished` says where."""
    turn.drop_operation(call_id, recording)
    result = _result(turn, recording)
    top = result if turn.options.webhook_shape == "envelope" else {}
    _report(turn, call_id, recording, "finished", {**top, "record": result})
    turn.progress(call_id, "recorded", detail=str(result["url"]), control_id=recording.control_id)


def pause(turn: Turn, call_id: str, recording: Recording, params: Params) -> HttpAnswer | None:
    """`skip` cuts the pause out of the recording, `silence` keeps its length."""
    if recording.paused_ms is not None:
        return redundant(turn, call_id, "It is paused already.")
    paused = replace(recording, paused_ms=turn.now_ms, pause_kept=params.get("behavior") == "silence")
    turn.put_operation(call_id, paused)
    _report(turn, call_id, paused, "paused", {})
    return None


def resume(turn: Turn, call_id: str, recording: Recording, params: Params) -> HttpAnswer | None:
    """All of its times go on where they stood."""
    if recording.paused_ms is None:
        return redundant(turn, call_id, "It is not paused.")
    going = _resumed(recording, turn.now_ms)
    turn.put_operation(call_id, going)
    _report(turn, call_id, going, "recording", {})
    return None


def _resumed(recording: Recording, now_ms: int) -> Recording:
    if recording.paused_ms is None:
        return recording
    lasted_ms = now_ms - recording.paused_ms
    skipped_ms = 0 if recording.pause_kept else lasted_ms
    return replace(
        recording,
        paused_ms=None,
        skipped_ms=recording.skipped_ms + skipped_ms,
        no_input_ms=_later(recording.no_input_ms, lasted_ms),
        silent_ms=_later(recording.silent_ms, lasted_ms),
        full_ms=_later(recording.full_ms, skipped_ms),
    )


def _later(at_ms: int | None, by_ms: int) -> int | None:
    return None if at_ms is None else at_ms + by_ms


def _read(turn: Turn, params: Params) -> Recording:
    audio = params["record"]["audio"]
    initial_ms = milliseconds(audio.get("initial_timeout", 4.0))
    length_ms = milliseconds(audio.get("max_length", 0))
    silence_ms: int | None = milliseconds(audio.get("end_silence_timeout", 0.5))
    if silence_ms == 0 and turn.options.zero_end_silence == "never":
        silence_ms = None
    return Recording(
        control_id=params["control_id"],
        status_url=params.get("status_url", ""),
        began_ms=turn.now_ms,
        direction=audio.get("direction", "speak"),
        format=audio.get("format", "mp3"),
        terminators=audio.get("terminators", "#"),
        silence_ms=silence_ms,
        no_input_ms=turn.now_ms + max(FRAME_MS, initial_ms) if initial_ms else None,
        full_ms=turn.now_ms + length_ms if length_ms else None,
    )


def _silent_ms(recording: Recording, now_ms: int, lasts_ms: int) -> int | None:
    """When the silence after this sound will have lasted long enough to end the recording."""
    if recording.silence_ms is None or not lasts_ms:
        return None
    return max(recording.silent_ms or 0, now_ms + lasts_ms + recording.silence_ms)


def _beep(turn: Turn, call_id: str, recording: Recording) -> None:
    turn.emit(
        Heard(
            call_id=call_id,
            at_ms=turn.now_ms,
            sound="beep",
            text="beep",
            duration_ms=BEEP_MS,
            control_id=recording.control_id,
        )
    )


def _result(turn: Turn, recording: Recording) -> dict[str, Any]:
    recording = _resumed(recording, turn.now_ms)
    lasted_ms = turn.now_ms - recording.began_ms - recording.skipped_ms
    name = f"{recording.control_id}.{recording.format}"
    return {
        "url": f"{turn.options.recordings_url}/{name}",
        "duration": lasted_ms / 1_000,
        "size": lasted_ms * BYTES_PER_MS,
        "format": recording.format,
    }


def _report(turn: Turn, call_id: str, recording: Recording, state: str, fields: dict[str, Any]) -> None:
    later_ms = turn.options.recording_ready_ms if state == "finished" else 0
    report_operation(
        turn,
        call_id,
        recording,
        mark=state,
        fields={"state": state, **fields},
        later_ms=later_ms,
    )


COMMANDS = (
    Command(name="calling.record", spec=RECORD, run=start),
    Command(name="calling.record.pause", spec=PAUSE, run=order(Recording, pause)),
    Command(name="calling.record.resume", spec=CONTROL, run=order(Recording, resume)),
    Command(name="calling.record.stop", spec=CONTROL, run=stopping(Recording, stop)),
)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=stop, make_way=None)
