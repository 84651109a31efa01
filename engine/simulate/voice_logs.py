"""What the exchange's voice log says of a run's call, read as the runner reads it."""

import msgspec

from engine.exchange import voice_log
from engine.exchange.state import ExchangeState
from engine.model.commands import LookUpCall
from engine.model.events import CallLookedUp
from engine.model.ids import ControlId
from engine.wire import log_events, logs
from engine.wire.log_events import Logged


def look_up(state: ExchangeState, command: LookUpCall, now_ms: int) -> CallLookedUp:
    call = voice_log.find(state, command.segment_id or command.call_id, now_ms=now_ms)
    events: tuple[Logged, ...] = ()
    if call is None:
        found = logs.read(404, b"")
    else:
        found = logs.read(200, msgspec.json.encode(voice_log.entry(state, call, now_ms=now_ms)))
        events = log_events.read_events(200, msgspec.json.encode(voice_log.events(state, call)))
    if found.found == "unknown":
        found = log_events.leg(events)
    operations = {ControlId(control): began_ms for control, began_ms in command.operations.items()}
    reports = log_events.reports(events, operations, now_ms) if operations else ()
    return found.event(seq=command.seq, at_ms=now_ms, reports=reports)
