"""calling.detect: who or what is on the line, as the call's `detected` or `signs` say.

machine  HUMAN, MACHINE or UNKNOWN; a machine's greeting is NOT_READY until it is over, then READY
fax      CED (a fax that was called) or CNG (one that calls)
digit    a key, as it is pressed

Every report is `detect: {type, params: {event, beep?}}`; `finished` is the last.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange.caller import Act, Presses, Sign
from engine.exchange.command import (
    CONTROL,
    CONTROL_ID,
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
    stopping,
)
from engine.exchange.effects import HttpAnswer
from engine.exchange.live import Detection
from engine.exchange.options import FRAME_MS
from engine.exchange.params import Field, Spec
from engine.exchange.state import Call
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_operation

_MACHINE: Spec = {
    "initial_timeout": SECONDS,
    "end_silence_timeout": SECONDS,
    "machine_ready_timeout": SECONDS,
    "machine_voice_threshold": SECONDS,
    "machine_words_threshold": Field(type="integer", minimum=0, maximum=MAX_INT),
    "detect_interruptions": FLAG,
    "detect_message_end": FLAG,
}
_FAX: Spec = {"tone": Field(type="string", enum=("CNG", "CED", "cng", "ced"))}
_DIGIT: Spec = {"digits": Field(type="string", form="keys")}
DETECT: Spec = {
    "control_id": CONTROL_ID,
    "detect": Field(
        type="object",
        required=True,
        variants={
            name: {"params": Field(type="object", fields=fields)}
            for name, fields in (("machine", _MACHINE), ("fax", _FAX), ("digit", _DIGIT))
        },
    ),
    "timeout": SECONDS,
    "status_url": STATUS_URL,
}
ALL_KEYS = "0123456789*#ABCD"
WORD_MS = 400
"""A short "hello", after which a person falls silent."""


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    answer = in_use(turn, call_id, Detection, params["control_id"])
    if answer is not None:
        return answer
    call = turn.calls[call_id]
    what = params["detect"]["type"]
    settings = params["detect"].get("params", {})
    timeout_ms = milliseconds(params.get("timeout", 30))
    turn.put_operation(
        call_id,
        Detection(
            control_id=params["control_id"],
            status_url=params.get("status_url", ""),
            what=what,
            began_ms=turn.now_ms,
            ends_ms=turn.now_ms + max(FRAME_MS, timeout_ms),
            signs=_signs(turn, call, what, settings),
            digits=settings.get("digits", "").upper() or ALL_KEYS if what == "digit" else "",
            until=_until(what, settings) if turn.options.detect_ends == "outcome" else (),
        ),
    )
    return accepted(turn, call_id)


def tick(turn: Turn, call_id: str, detection: Detection) -> None:
    """The next sign is noticed, or the time is up."""
    sign = min(detection.signs, key=lambda each: each.after_ms, default=None)
    if sign is None or detection.began_ms + sign.after_ms > turn.now_ms:
        stop(turn, call_id, detection)
        return
    left = replace(detection, signs=tuple(each for each in detection.signs if each is not sign))
    turn.put_operation(call_id, left)
    _notice(turn, call_id, left, sign)


def act(turn: Turn, call_id: str, detection: Detection, did: Act) -> None:
    if isinstance(did, Presses):
        for key in did.digits:
            live = turn.live(call_id, detection)
            if isinstance(live, Detection) and key in live.digits:
                _notice(turn, call_id, live, Sign(after_ms=0, event=key))


def stop(turn: Turn, call_id: str, detection: Detection) -> None:
    turn.drop_operation(call_id, detection)
    _report(turn, call_id, detection, {"event": "finished"})


def hang_up(turn: Turn, call_id: str, detection: Detection) -> None:
    turn.drop_operation(call_id, detection)
    if turn.options.report_on_hangup:
        _report(turn, call_id, detection, {"event": "finished"})


def _notice(turn: Turn, call_id: str, detection: Detection, sign: Sign) -> None:
    beep = {} if sign.beep is None else {"beep": sign.beep}
    _report(turn, call_id, detection, {"event": sign.event, **beep})
    if sign.event in detection.until:
        stop(turn, call_id, detection)


def _report(turn: Turn, call_id: str, detection: Detection, params: dict[str, Any]) -> None:
    fields = {"detect": {"type": detection.what, "params": params}}
    report_operation(turn, call_id, detection, mark=params["event"], fields=fields)


def _until(what: str, settings: Params) -> tuple[str, ...]:
    """The events that decide it. A machine is waited for until it is ready, unless that is not wanted."""
    if what == "digit":
        return tuple(ALL_KEYS)
    if what == "fax":
        return ("CED", "CNG")
    waits = settings.get("detect_message_end", True)
    return ("HUMAN", "UNKNOWN", "READY") if waits else ("HUMAN", "UNKNOWN", "MACHINE")


def _signs(turn: Turn, call: Call, what: str, settings: Params) -> tuple[Sign, ...]:
    if what == "digit":
        return ()
    if call.signs:
        known = ("CED", "CNG") if what == "fax" else ("HUMAN", "MACHINE", "UNKNOWN", "READY", "NOT_READY")
        return tuple(sign for sign in call.signs if sign.event in known)
    return _fax(turn, call, settings) if what == "fax" else _machine(turn, call, settings)


def _fax(turn: Turn, call: Call, settings: Params) -> tuple[Sign, ...]:
    """Only the tone that is asked for is noticed; a fax that we called answers with CED."""
    sends = "CED" if call.direction == "outbound" else "CNG"
    unasked = sends if turn.options.fax_tone == "either" else "CED"
    wanted = settings.get("tone", unasked).upper()
    return (Sign(after_ms=1_000, event=sends),) if call.detected == "fax" and wanted == sends else ()


def _machine(turn: Turn, call: Call, settings: Params) -> tuple[Sign, ...]:
    """A person says a word and falls silent; a machine talks on, which takes a while to be noticed."""
    match call.detected:
        case "human":
            silence_ms = milliseconds(settings.get("end_silence_timeout", 1.0))
            return (Sign(after_ms=WORD_MS + silence_ms, event="HUMAN"),)
        case "machine":
            noticed_ms = milliseconds(settings.get("machine_voice_threshold", 1.25))
            ready_ms = max(noticed_ms, _greeting_ms(turn, call))
            signs = (Sign(after_ms=noticed_ms, event="MACHINE"),)
            if not settings.get("detect_message_end", True):
                return signs
            return (
                *signs,
                Sign(after_ms=noticed_ms, event="NOT_READY"),
                Sign(after_ms=ready_ms, event="READY", beep=True),
            )
        case _:
            return (Sign(after_ms=milliseconds(settings.get("initial_timeout", 4.5)), event="UNKNOWN"),)


def _greeting_ms(turn: Turn, call: Call) -> int:
    """What is left of the machine's greeting, which began when it answered."""
    answered_ms = turn.now_ms if call.answered_ms is None else call.answered_ms
    return max(0, answered_ms + turn.options.greeting_ms - turn.now_ms)


COMMANDS = (
    Command(name="calling.detect", spec=DETECT, run=start),
    Command(name="calling.detect.stop", spec=CONTROL, run=stopping(Detection, stop)),
)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=hang_up, make_way=stop)
