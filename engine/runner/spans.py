"""What an event did to a run, as spans of its trace."""

import logging
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from engine import __version__
from engine.model.advance import Advance
from engine.model.events import AnyEvent
from engine.runner.live import Live

if TYPE_CHECKING:
    from engine.telemetry.tracing import Tracing

log = logging.getLogger("offhook.runner")
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Spans:
    def __init__(self, tracing: "Tracing") -> None:
        self._tracing = tracing

    def took(self, live: Live, event: AnyEvent, done: Advance) -> None:
        """An event happened to the run; `live` is as it was before. A step that it was in when the process started has no
        span, since nobody knows when it was entered."""
        state, now_ms = live.state, event.at_ms
        open_step = _Step(live.state.frame.step, live.verb, live.since_ms) if live.verb and live.since_ms else None
        for traced in done.trace:
            if traced.what == "outcome" and open_step is not None:
                self._left(live, open_step, now_ms, traced.subject)
                open_step = None
            elif traced.what == "entered":
                open_step = _Step(traced.step, traced.subject, now_ms)
        if done.state.status != "ended" or (state.status == "ended" and live.events):
            return
        if open_step is not None:
            self._left(live, open_step, now_ms, "")
        facts = {"flow": live.graph.flow, "direction": state.call.direction, "end_reason": done.state.end_reason}
        self._tracing.run(state.run_id, live.graph.flow, state.started_ms, now_ms, facts)

    def _left(self, live: Live, step: "_Step", now_ms: int, outcome: str) -> None:
        facts = {"run": live.state.run_id, "step": step.name, "verb": step.verb, "outcome": outcome}
        self._tracing.step(live.state.run_id, step.name, step.since_ms, now_ms, facts)


class _Step(NamedTuple):
    name: str
    verb: str
    since_ms: int


def spans(environment: str, variables: Mapping[str, str]) -> tuple[Spans | None, Callable[[], None]]:
    """None where no endpoint is named, or the extra `otel` is not installed; and what sends the rest in the end."""
    if not any(variables.get(name) for name in _ENDPOINTS):
        return None, _nothing
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        log.warning("%s is set, and the extra is missing: no traces are sent; install offhook[otel]", _ENDPOINTS[0])
        return None, _nothing
    from engine.telemetry.tracing import Tracing

    tracing = Tracing(environment, __version__)
    return Spans(tracing), tracing.close


def _nothing() -> None:
    """There is nothing to send."""
