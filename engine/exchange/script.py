"""Where a call stands in its SWML: what runs next, from where a section was entered, and the variables."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.exchange.javascript import Scope
from engine.exchange.options import ExchangeOptions
from engine.exchange.state import Call, Frame, Step
from engine.exchange.turn import Turn

MAX_HOPS = 32
"""Jumps (`goto`, `execute`, `transfer` to a section) within one document; one that never waits would never end."""


def load(turn: Turn, call_id: str, document: Mapping[str, Any]) -> bool:
    """Begin a document; False when it has no section main. The variables stay, the place in the old one is forgotten."""
    main = section(document, "main")
    if main is None:
        return False
    turn.change(call_id, document=document, left=False, away="", frames=(), hops=0, jumps={})
    turn.change(call_id, script=main, section=main, steps=_without_script(turn.calls[call_id]))
    return True


def forget(turn: Turn, call_id: str) -> None:
    """Nothing of the document runs any more."""
    steps = _without_script(turn.calls[call_id])
    turn.change(call_id, script=(), section=(), frames=(), steps=steps)


def section(document: Mapping[str, Any] | None, name: str) -> tuple[Any, ...] | None:
    """The methods of a section; None where there is no such section."""
    sections = (document or {}).get("sections")
    methods = sections.get(name) if isinstance(sections, dict) else None
    return tuple(methods) if isinstance(methods, list) else None


def enter(turn: Turn, call_id: str, methods: tuple[Any, ...], params: Mapping[str, Any]) -> None:
    """Go on with a section in place of the one that runs."""
    turn.change(call_id, script=methods, section=methods, params=dict(params))


def call_section(
    turn: Turn, call_id: str, methods: tuple[Any, ...], params: Mapping[str, Any], then: tuple[Any, ...]
) -> None:
    """Run a section and come back to where the script stands now, to do `then` first."""
    call = turn.calls[call_id]
    frame = Frame(script=(*then, *call.script), section=call.section, params=call.params)
    turn.change(call_id, frames=(*call.frames, frame))
    enter(turn, call_id, methods, params)


def come_back(turn: Turn, call_id: str) -> bool:
    """The section is over: back to where it was called from; False when it was not called."""
    frames = turn.calls[call_id].frames
    if not frames:
        return False
    last = frames[-1]
    turn.change(call_id, script=last.script, section=last.section, params=last.params, frames=frames[:-1])
    return True


def put_first(turn: Turn, call_id: str, methods: Sequence[Any]) -> None:
    """These run next, then what was to run."""
    turn.change(call_id, script=(*methods, *turn.calls[call_id].script))


def go_on(turn: Turn, call_id: str, *first: Any) -> None:
    """What the script waited for is over: it goes on, at this moment, with `first`."""
    put_first(turn, call_id, first)
    steps = turn.calls[call_id].steps
    turn.change(call_id, steps=(*steps, Step(turn.now_ms, "script")))


def set_vars(turn: Turn, call_id: str, /, **values: Any) -> None:
    """None takes a variable away."""
    kept = {**turn.calls[call_id].vars, **values}
    turn.change(call_id, vars={name: value for name, value in kept.items() if value is not None})


def scope(call: Call, options: ExchangeOptions) -> Scope:
    """What placeholders and conditions see, and what a SWML request tells."""
    about = {
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
    }
    return {"call": about, "vars": call.vars, "envs": {}, "params": call.params}


def _without_script(call: Call) -> tuple[Step, ...]:
    return tuple(step for step in call.steps if step.what != "script")
