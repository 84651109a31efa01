"""As much SWML as parks a call and brings it back: answer, play, sleep, transfer, hangup.

At any other verb the call has left for SWML that is not interpreted here: it stays answered, the
document is kept (`Call.document`), and API commands work on as the API's rules allow.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.exchange import life, operations
from engine.exchange.command import milliseconds
from engine.exchange.effects import FetchSwml
from engine.exchange.families import play, services
from engine.exchange.forms import FORMS
from engine.exchange.inputs import SwmlAnswered
from engine.exchange.live import Item, Playback
from engine.exchange.options import FRAME_MS, ExchangeOptions, speech_ms
from engine.exchange.state import Call, EndReason, Step
from engine.exchange.turn import Turn


def fetch(turn: Turn, call_id: str, url: str, *, method: str = "POST", params: Mapping[str, Any] | None = None) -> None:
    """Ask `url` what to do with the call, telling it `params`. An earlier question that is still open is forgotten."""
    turn.drawn += 1
    call = turn.change(call_id, fetch=turn.drawn, url=url)
    turn.emit(
        FetchSwml(
            call_id=call_id,
            at_ms=turn.now_ms,
            fetch=turn.drawn,
            url=url,
            method=method,
            body=_question(call, params or {}, turn.options),
        )
    )


def follow(
    turn: Turn, call_id: str, url: str, *, method: str = "POST", params: Mapping[str, Any] | None = None
) -> None:
    """The call goes on with the SWML of a URL, where this model may ask for it; else it leaves for there."""
    if turn.options.follow == "all" or _is_loopback(url):
        fetch(turn, call_id, url, method=method, params=params)
    else:
        leave(turn, call_id, f"the SWML of {url}", keep_document=True)


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def answered(turn: Turn, given: SwmlAnswered) -> None:
    call = turn.calls.get(given.call_id)
    if call is None or call.fetch != given.fetch:
        return
    turn.change(call.call_id, fetch=None)
    if given.document is not None:
        take_over(turn, call.call_id, given.document)
        return
    turn.log(call.call_id, "swml.failed", failure=given.failure)
    if call.fallback_url:
        turn.change(call.call_id, fallback_url="")
        fetch(turn, call.call_id, call.fallback_url)
    else:
        life.end(turn, call.call_id, "error")


def take_over(turn: Turn, call_id: str, document: dict[str, Any]) -> None:
    """Run a document from its beginning; it stops the playbacks and collects of the API."""
    operations.make_way(turn, call_id)
    sections = document.get("sections")
    main = sections.get("main") if isinstance(sections, dict) else None
    if not isinstance(main, list):
        turn.log(call_id, "swml.failed", failure="no section main")
        life.end(turn, call_id, "error")
        return
    steps = tuple(step for step in turn.calls[call_id].steps if step.what != "script")
    turn.change(call_id, document=document, script=tuple(main), left=False, away="", steps=steps)
    proceed(turn, call_id)


def leave(turn: Turn, call_id: str, why: str, *, keep_document: bool = False) -> None:
    """The call goes elsewhere and does not come back to its SWML."""
    operations.make_way(turn, call_id)
    steps = tuple(step for step in turn.calls[call_id].steps if step.what != "script")
    document = turn.calls[call_id].document if keep_document else None
    turn.change(call_id, left=True, away="transfer", document=document, script=(), steps=steps)
    turn.progress(call_id, "left", detail=why)


def come_back(turn: Turn, call_id: str) -> None:
    """What the call was away for is over: its SWML goes on with the next method."""
    turn.change(call_id, left=False, away="")
    proceed(turn, call_id)


def proceed(turn: Turn, call_id: str) -> None:
    """Run the script until it waits, leaves or is over; its end is the call's end."""
    while life.is_live(turn, call_id):
        script = turn.calls[call_id].script
        if not script:
            life.end(turn, call_id, "hangup")
            return
        verb, value = _method(script[0])
        turn.change(call_id, script=script[1:])
        if _run(turn, call_id, verb, value):
            return


def _run(turn: Turn, call_id: str, verb: str, value: Any) -> bool:
    """Do one method; True when the script stops here for now."""
    match verb:
        case "answer":
            _answer(turn, call_id, value)
            return False
        case "play":
            life.answer(turn, call_id)
            items = tuple(_item(url, turn.options) for url in _urls(value))
            if items:
                play.play(turn, call_id, Playback(control_id="", items=items))
            return bool(items)
        case "transfer":
            _transfer(turn, call_id, value)
            return True
        case "sleep":
            return _sleep(turn, call_id, value)
        case "hangup":
            reason = value.get("reason") if isinstance(value, dict) else None
            life.end(turn, call_id, _REASONS.get(str(reason), "hangup"))
            return True
        case _:
            life.answer(turn, call_id)
            turn.change(call_id, left=True, away=verb)
            turn.progress(call_id, "left", detail=verb)
            if verb in ("ai", "send_fax", "receive_fax"):
                services.begin_swml(turn, call_id, verb, value)
            return True


def _answer(turn: Turn, call_id: str, value: Any) -> None:
    """The line is open, for `max_duration` seconds at most where it says so."""
    life.answer(turn, call_id)
    seconds = value.get("max_duration") if isinstance(value, dict) else None
    if isinstance(seconds, int) and seconds > 0 and life.is_live(turn, call_id):
        steps = turn.calls[call_id].steps
        turn.change(call_id, steps=(*steps, Step(turn.now_ms + milliseconds(seconds), "max_duration")))


def _transfer(turn: Turn, call_id: str, value: Any) -> None:
    """To SWML of a URL, which is told the `params`; any other place is one that the call leaves for."""
    dest = value.get("dest") if isinstance(value, dict) else value
    if isinstance(dest, str) and FORMS["url"].fits(dest):
        params = value.get("params") if isinstance(value, dict) else None
        follow(turn, call_id, dest, params=params if isinstance(params, dict) else {})
    else:
        leave(turn, call_id, f"transfer to {dest}")


_REASONS: dict[str, EndReason] = {"busy": "busy", "decline": "decline"}


def _sleep(turn: Turn, call_id: str, value: Any) -> bool:
    """Milliseconds; `duration: -1` never ends: the call is parked."""
    duration = value.get("duration") if isinstance(value, dict) else value
    if isinstance(duration, int) and duration >= 0:
        steps = turn.calls[call_id].steps
        turn.change(call_id, steps=(*steps, Step(turn.now_ms + duration, "script")))
    return True


def _method(line: Any) -> tuple[str, Any]:
    """`answer`, or `{answer: {...}}`."""
    if isinstance(line, dict) and line:
        verb = next(iter(line))
        return str(verb), line[verb]
    return str(line), None


def _urls(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    urls = value.get("urls", [value["url"]] if "url" in value else [])
    return [str(url) for url in urls]


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
    except ValueError:
        return 1_000


def _question(call: Call, params: Mapping[str, Any], options: ExchangeOptions) -> dict[str, Any]:
    """The body of a SWML request."""
    return {
        "call": {
            "call_id": call.call_id,
            "node_id": call.node_id,
            "segment_id": call.segment_id,
            "call_state": call.state,
            "direction": call.direction,
            "type": call.type,
            "from": call.from_,
            "to": call.to,
            "from_number": call.from_,
            "to_number": call.to,
            "headers": [],
            "project_id": options.project_id,
            "space_id": options.space_id,
        },
        "vars": {},
        "envs": {},
        "params": dict(params),
    }
