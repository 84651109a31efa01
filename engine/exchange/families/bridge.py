"""`connect` of SWML: somebody is rung, talks for a while, and hangs up; then the SWML goes on.

Round after round is rung; the first who answers is talked to. What a number does is what was set for it
(`CalleeSet`), unless somebody decides otherwise while it rings. When the caller hangs up, or other SWML
takes the call over, it is over without a word.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from engine.exchange import line, script
from engine.exchange.caller import Act, Decides
from engine.exchange.command import Family
from engine.exchange.decisions import Verdict
from engine.exchange.inputs import CalleeSet, Outcome
from engine.exchange.live_swml import Bridge, Ring
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_operation

VERDICTS: Mapping[Outcome, str] = {
    "answers": "talks",
    "busy": "busy",
    "no_answer": "no_answer",
    "declines": "declined",
    "not_found": "failed",
}
SNAKE: Mapping[str, str] = {"failed": "error"}
CAMEL: Mapping[str, str] = {"no_answer": "noAnswer", "declined": "decline", "failed": "error"}


def begin(turn: Turn, call_id: str, bridge: Bridge) -> None:
    """The first round rings."""
    _report(turn, call_id, bridge, "connecting")
    _ring(turn, call_id, bridge)


def tick(turn: Turn, call_id: str, bridge: Bridge) -> None:
    """The talk is over; or it has rung for as long as was decided."""
    if bridge.talk:
        stop(turn, call_id, bridge)
    elif bridge.verdict.word == "talks":
        _talk(turn, call_id, bridge)
    elif bridge.at + 1 < len(bridge.rounds):
        turn.progress(call_id, "not_connected", detail=bridge.verdict.word)
        _ring(turn, call_id, replace(bridge, at=bridge.at + 1, decided=False))
    else:
        _fail(turn, call_id, bridge)


def act(turn: Turn, call_id: str, bridge: Bridge, did: Act) -> None:
    if not isinstance(did, Decides):
        return
    if did.about == "bridge" and not bridge.talk:
        after_ms = did.verdict.after_ms or 0
        if did.verdict.word == "no_answer" and did.verdict.after_ms is None:
            after_ms = max(ring.timeout_ms for ring in bridge.rounds[bridge.at])
        decided = replace(bridge, verdict=did.verdict, decided=True, until_ms=turn.now_ms + after_ms)
        turn.put_operation(call_id, decided)
    elif did.about == "peer" and bridge.talk:
        stop(turn, call_id, bridge)


def stop(turn: Turn, call_id: str, bridge: Bridge) -> None:
    """Whoever was talked to is gone, and the SWML goes on."""
    _drop(turn, call_id, bridge)
    script.go_on(turn, call_id, *bridge.then, *bridge.result)


def make_way(turn: Turn, call_id: str, bridge: Bridge) -> None:
    _drop(turn, call_id, bridge)


def _drop(turn: Turn, call_id: str, bridge: Bridge) -> None:
    turn.drop_operation(call_id, bridge)
    if bridge.talk:
        turn.progress(call_id, "disconnected", detail=bridge.to)
        _report(turn, call_id, bridge, "disconnected")


def _ring(turn: Turn, call_id: str, bridge: Bridge) -> None:
    """Ring a round; of several, the first who answers counts, and if nobody does, the last who fails."""
    rings = bridge.rounds[bridge.at]
    fates = [_fate(turn, ring) for ring in rings]
    answering = [fate for fate in fates if fate[1].word == "talks"]
    until_ms, verdict, to = min(answering, key=_when) if answering else max(fates, key=_when)
    if not answering:
        to = ", ".join(ring.to for ring in rings)
    ringing = replace(bridge, to=to, verdict=verdict, until_ms=turn.now_ms + until_ms)
    turn.put_operation(call_id, ringing)
    turn.progress(call_id, "connecting", detail=", ".join(ring.to for ring in rings))
    turn.prompt_caller(call_id)


def _when(fate: tuple[int, Verdict, str]) -> int:
    return fate[0]


def _fate(turn: Turn, ring: Ring) -> tuple[int, Verdict, str]:
    """After how long what becomes of ringing somebody."""
    callee = turn.callees.get(ring.to) or CalleeSet(at_ms=0, number=ring.to)
    word = VERDICTS[callee.outcome]
    after_ms = turn.options.bridge_after_ms if callee.after_ms is None else callee.after_ms
    if word == "no_answer" or after_ms >= ring.timeout_ms:
        return ring.timeout_ms, Verdict(word="no_answer"), ring.to
    return after_ms, Verdict(word=word, talk_ms=callee.talk_ms), ring.to


def _talk(turn: Turn, call_id: str, bridge: Bridge) -> None:
    line.answer(turn, call_id)
    asked_ms = bridge.verdict.talk_ms
    lasts_ms = min(bridge.most_ms, turn.options.talk_ms if asked_ms is None else asked_ms)
    talking = replace(bridge, talk=True, until_ms=turn.now_ms + lasts_ms)
    turn.put_operation(call_id, talking)
    script.set_vars(turn, call_id, connect_result="connected", return_value="connected", connect_failed_reason=None)
    turn.progress(call_id, "connected", detail=bridge.to)
    _report(turn, call_id, talking, "connected", peer={"device": {"params": {"to_number": bridge.to}}})
    turn.prompt_caller(call_id)


def _fail(turn: Turn, call_id: str, bridge: Bridge) -> None:
    word = bridge.verdict.word
    reason = (SNAKE if turn.options.failed_reasons == "snake" else CAMEL).get(word, word)
    turn.drop_operation(call_id, bridge)
    script.set_vars(turn, call_id, connect_result="failed", return_value="failed", connect_failed_reason=reason)
    turn.progress(call_id, "not_connected", detail=word)
    _report(turn, call_id, bridge, "failed", failed_reason=reason)
    script.go_on(turn, call_id, *bridge.result)


def _report(turn: Turn, call_id: str, bridge: Bridge, state: str, **fields: object) -> None:
    report_operation(turn, call_id, bridge, mark=state, fields={"connect_state": state, **fields})


FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=make_way, make_way=make_way)
