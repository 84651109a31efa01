"""How calls come about: somebody rings a number, or the API dials one."""

from engine.exchange import fetching, life, line, swml
from engine.exchange.caller import Caller
from engine.exchange.command import Params, milliseconds
from engine.exchange.inputs import CalleeSet, CallPlaced
from engine.exchange.state import Call, Step
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_call

STATES = ("created", "ringing", "answered", "ended")


def place(turn: Turn, given: CallPlaced) -> None:
    """An inbound call: its number's SWML is asked what to do with it."""
    url = given.swml_url or turn.options.numbers.get(given.to, "")
    reports = turn.options.inbound_call_state
    call = Call(
        call_id=given.call_id or turn.draw_id(),
        node_id=given.node_id or turn.draw_id(),
        segment_id=given.segment_id or turn.draw_id(),
        to=given.to,
        from_=given.from_,
        direction="inbound",
        created_ms=turn.now_ms,
        status_url=(given.status_url or turn.options.inbound_status_url) if reports else "",
        status_events=STATES if reports else (),
        caller=Caller(script=given.script) if given.script else None,
        detected=given.detected,
        signs=given.signs,
        faults=given.faults,
    )
    if call.call_id in turn.calls:
        return
    _appear(turn, call)
    if url:
        fetching.fetch(turn, call.call_id, url)
    else:
        life.end(turn, call.call_id, "not_found")


def dial(turn: Turn, params: Params, *, begins_ms: int) -> Call:
    """An outbound call, from params that have passed; it rings by itself once its turn has come."""
    callee = _callee(turn, params.get("to", ""))
    call = Call(
        call_id=turn.draw_id(),
        node_id=turn.draw_id(),
        segment_id=turn.draw_id(),
        to=params.get("to", ""),
        from_=params["from"],
        direction="outbound",
        created_ms=turn.now_ms,
        url=params.get("url"),
        url_method=params.get("url_method", "POST"),
        fallback_url=params.get("fallback_url", ""),
        document=params.get("swml"),
        status_url=params.get("status_url", ""),
        status_events=tuple(params.get("status_events", ("ended",))),
        ring_timeout_ms=milliseconds(params["timeout"]) if "timeout" in params else None,
        steps=(Step(begins_ms + turn.options.ring_after_ms, "ring"),),
        faults=callee.faults,
    )
    _appear(turn, call)
    return turn.calls[call.call_id]


def tick(turn: Turn, call_id: str, step: Step) -> None:
    """A step of the call is due; it has been taken off already."""
    match step.what:
        case "ring":
            _ring(turn, call_id)
        case "answer":
            _pick_up(turn, call_id)
        case "busy":
            life.end(turn, call_id, "busy")
        case "decline":
            life.end(turn, call_id, "decline")
        case "no_answer":
            life.end(turn, call_id, "noAnswer")
        case "not_found":
            life.end(turn, call_id, "not_found")
        case "hangup":
            life.end(turn, call_id, "hangup")
        case "max_duration":
            life.end(turn, call_id, "max_duration")
        case "over":
            life.over(turn, call_id)
        case "script":
            swml.proceed(turn, call_id)


def _appear(turn: Turn, call: Call) -> None:
    turn.put(call)
    turn.progress(call.call_id, "created")
    report_call(turn, call.call_id)


def _callee(turn: Turn, number: str) -> CalleeSet:
    return turn.callees.get(number) or CalleeSet(at_ms=0, number=number)


def _ring(turn: Turn, call_id: str) -> None:
    """The callee's telephone rings: what follows is for whoever was set for that number."""
    call = turn.change(call_id, state="ringing")
    turn.progress(call_id, "ringing")
    report_call(turn, call_id)
    callee = _callee(turn, call.to)
    timeout_ms = call.ring_timeout_ms or turn.options.ring_timeout_ms
    after_ms = turn.options.answer_after_ms if callee.after_ms is None else callee.after_ms
    steps = [Step(turn.now_ms + timeout_ms, "no_answer")]
    match callee.outcome:
        case "answers":
            steps.append(Step(turn.now_ms + after_ms, "answer"))
        case "busy":
            steps.append(Step(turn.now_ms + after_ms, "busy"))
        case "declines":
            steps.append(Step(turn.now_ms + after_ms, "decline"))
        case "not_found":
            steps.append(Step(turn.now_ms, "not_found"))
        case "no_answer":
            pass
    first = min(steps, key=lambda step: step.due_ms)
    turn.change(call_id, steps=(first,), callee_script=callee.script, detected=callee.detected, signs=callee.signs)


def _pick_up(turn: Turn, call_id: str) -> None:
    call = turn.calls[call_id]
    line.answer(turn, call_id)
    if not life.is_live(turn, call_id):
        return
    if call.document is not None:
        swml.take_over(turn, call_id, call.document)
    else:
        fetching.follow(turn, call_id, call.url or "", method=call.url_method)
