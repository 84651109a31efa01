"""A run as an OpenTelemetry trace, its steps as spans: sent to where `OTEL_EXPORTER_OTLP_ENDPOINT` says (extra `otel`).

The ids are computed from the run's, so that its spans find each other over restarts. A span is made when its step is
over; the one of the run when the run is. They say names of flows, steps, verbs and outcomes, and nothing that a caller
or a flow has said.
"""

from collections.abc import Mapping
from hashlib import sha256
from threading import Thread
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

_NS_PER_MS = 1_000_000
_LAST_S = 1.5


class _Ids(RandomIdGenerator):
    """The span of a run has the id that its steps were told is their parent's."""

    def __init__(self) -> None:
        self.trace_id = self.span_id = 0

    def generate_trace_id(self) -> int:
        return self.trace_id or super().generate_trace_id()

    def generate_span_id(self) -> int:
        return self.span_id or super().generate_span_id()


class Tracing:
    """`exporter` None: over OTLP, as the variables say."""

    def __init__(self, environment: str, version: str, exporter: SpanExporter | None = None) -> None:
        self._ids = _Ids()
        resource = Resource.create(
            {"service.name": "offhook", "service.version": version, "deployment.environment.name": environment}
        )
        self._provider = TracerProvider(resource=resource, id_generator=self._ids, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or _otlp()))
        self._tracer = self._provider.get_tracer("offhook", version)

    def step(self, run_id: str, name: str, began_ms: int, ended_ms: int, facts: Mapping[str, str | int]) -> None:
        """A step that has been left."""
        context = trace.set_span_in_context(NonRecordingSpan(_root(run_id)))
        span = self._tracer.start_span(name, context, attributes=_named(facts), start_time=began_ms * _NS_PER_MS)
        if facts.get("outcome") in _FAILED:
            span.set_status(Status(StatusCode.ERROR, str(facts["outcome"])))
        span.end(ended_ms * _NS_PER_MS)

    def run(self, run_id: str, flow: str, began_ms: int, ended_ms: int, facts: Mapping[str, str | int]) -> None:
        """A run that has ended."""
        root = _root(run_id)
        self._ids.trace_id, self._ids.span_id = root.trace_id, root.span_id
        try:
            span = self._tracer.start_span(flow, Context(), attributes=_named(facts), start_time=began_ms * _NS_PER_MS)
        finally:
            self._ids.trace_id = self._ids.span_id = 0
        if facts.get("end_reason") in _FAILED:
            span.set_status(Status(StatusCode.ERROR, str(facts["end_reason"])))
        span.end(ended_ms * _NS_PER_MS)

    def close(self) -> None:
        """Sends what waits, unless nobody takes it soon: a collector that is away is no reason to stand still."""
        ending = Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(_LAST_S)


_FAILED = ("error", "rejected", "lost", "limit")


def _named(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    return {f"offhook.{name}": value for name, value in facts.items()}


def _root(run_id: str) -> SpanContext:
    digest = sha256(run_id.encode()).digest()
    trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _otlp() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
