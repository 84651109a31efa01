"""calling.collect: what may be asked for, and the orders about a live collect.

`initial_timeout` runs only when `start_input_timers` was true or once that command was sent: a
plain collect never times out. `terminators` are none unless given. How the caller's input becomes
results is in `collect_input.py`.
"""

from typing import Any

from msgspec.structs import replace

from engine.exchange.answers import malformed
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
    order,
    stopping,
)
from engine.exchange.effects import HttpAnswer
from engine.exchange.families.collect_input import act, arm, report, tick
from engine.exchange.live import Collect
from engine.exchange.options import ExchangeOptions
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn
from engine.exchange.webhooks import fails

_DIGITS: Spec = {
    "max": Field(type="integer", required=True, minimum=1, maximum=MAX_INT),
    "terminators": Field(type="string", form="keys"),
    "digit_timeout": SECONDS,
}
_SPEECH: Spec = {
    "end_silence_timeout": SECONDS,
    "speech_timeout": SECONDS,
    "language": Field(type="string"),
    "hints": Field(type="array", items=Field(type="string")),
    "model": Field(type="string"),
    "engine": Field(type="string", enum=("Google", "Google.V2", "Deepgram")),
}
COLLECT: Spec = {
    "control_id": CONTROL_ID,
    "initial_timeout": SECONDS,
    "digits": Field(type="object", fields=_DIGITS),
    "speech": Field(type="object", fields=_SPEECH),
    "continuous": FLAG,
    "partial_results": FLAG,
    "send_start_of_input": FLAG,
    "start_input_timers": FLAG,
    "status_url": STATUS_URL,
}


def start(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    if "digits" not in params and "speech" not in params:
        return malformed("params", "A collect needs digits, speech or both.")
    answer = in_use(turn, call_id, Collect, params["control_id"])
    if answer is not None:
        return answer
    collect = arm(_read(params, turn.options), turn.now_ms)
    if fails(turn, call_id, "collect"):
        report(
            turn, call_id, collect, "error", {"state": "error"} if collect.continuous else {"result": {"type": "error"}}
        )
        return accepted(turn, call_id)
    turn.put_operation(call_id, collect)
    if collect.continuous:
        report(turn, call_id, collect, "collecting", {"state": "collecting"})
    return accepted(turn, call_id)


def start_input_timers(turn: Turn, call_id: str, collect: Collect, params: Params) -> None:
    """Sent again, or after the first input, it changes nothing."""
    if not collect.timers_started:
        turn.put_operation(call_id, arm(replace(collect, timers_started=True), turn.now_ms))


def stop(turn: Turn, call_id: str, collect: Collect) -> None:
    turn.drop_operation(call_id, collect)
    if collect.continuous:
        report(turn, call_id, collect, "finished", {"state": "finished"})
    else:
        word = turn.options.stopped_collect
        final = {"final": True} if collect.partial_results else {}
        report(turn, call_id, collect, word, {"result": {"type": word}, **final})


def hang_up(turn: Turn, call_id: str, collect: Collect) -> None:
    turn.drop_operation(call_id, collect)
    if turn.options.report_on_hangup:
        report(turn, call_id, collect, "finished", {"result": {"type": "finished"}})


def _read(params: Params, options: ExchangeOptions) -> Collect:
    digits: dict[str, Any] = params.get("digits", {})
    speech: dict[str, Any] = params.get("speech", {})
    silence_ms: int | None = _ms(speech, "end_silence_timeout", options.speech_end_silence_ms)
    if silence_ms == 0 and options.zero_end_silence == "never":
        silence_ms = None
    return Collect(
        control_id=params["control_id"],
        status_url=params.get("status_url", ""),
        max_digits=int(digits.get("max", 0)),
        terminators=digits.get("terminators", ""),
        digit_timeout_ms=_ms(digits, "digit_timeout", options.digit_timeout_ms),
        speech="speech" in params,
        end_silence_ms=silence_ms,
        speech_timeout_ms=_ms(speech, "speech_timeout", options.speech_timeout_ms),
        initial_timeout_ms=_ms(params, "initial_timeout", options.initial_timeout_ms),
        continuous=params.get("continuous", False),
        partial_results=params.get("partial_results", False),
        send_start_of_input=params.get("send_start_of_input", False),
        timers_started=params.get("start_input_timers", False),
    )


def _ms(params: Params, name: str, default_ms: int) -> int:
    return milliseconds(params[name]) if name in params else default_ms


COMMANDS = (
    Command(name="calling.collect", spec=COLLECT, run=start),
    Command(name="calling.collect.stop", spec=CONTROL, run=stopping(Collect, stop)),
    Command(
        name="calling.collect.start_input_timers",
        spec=CONTROL,
        run=order(Collect, start_input_timers),
    ),
)
FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=hang_up, make_way=stop)
