"""A run as a trace: its steps are spans of it, over restarts too, and off means that nothing is imported."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from threading import Event

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from engine.journal.memory import MemoryJournal
from engine.model.ids import inbound_run_id
from engine.runner.spans import Spans, spans
from engine.telemetry import tracing
from engine.telemetry.tracing import Tracing
from tests.e2e.polling import until
from tests.unit.runner.inside import Inside, inside

FLOW = """
flow: short
language: 1
vars: {times: 0}
start: count
steps:
  count:
    set: {times: vars.times + 1}
    next: hello
  hello:
    play: "My number is 4321."
    next: bye
  bye:
    end: hangup
"""
RUN = inbound_run_id("c1")
CONTROL = f"{RUN}.0.hello.1.1.play"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    monkeypatch.setattr("engine.telemetry.tracing.BatchSpanProcessor", SimpleSpanProcessor)
    yield (found := InMemorySpanExporter())
    found.clear()


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


async def finish(at: Inside) -> None:
    assert (await at.report(CONTROL, state="finished")).status_code == 200
    await until(lambda: at.journal.run(RUN).status == "ended")


@pytest.mark.anyio
async def test_run_is_a_trace_and_each_step_a_span_of_it(exporter: InMemorySpanExporter) -> None:
    async with inside(text=FLOW, traced=Spans(Tracing("test", "1", exporter))) as at:
        await at.arrive()
        await until(lambda: bool(at.sent))
        await finish(at)
    found = exporter.get_finished_spans()
    assert [span.name for span in found] == ["count", "hello", "bye", "short"]
    *steps, run = found
    assert run.context is not None
    assert run.parent is None
    assert {span.context.trace_id for span in found if span.context} == {run.context.trace_id}
    assert {span.parent.span_id for span in steps if span.parent} == {run.context.span_id}
    assert attributes(steps[1]) == {
        "offhook.run": RUN,
        "offhook.step": "hello",
        "offhook.verb": "play",
        "offhook.outcome": "finished",
    }
    assert attributes(run)["offhook.end_reason"] == "hangup"
    assert all(span.start_time and span.end_time and span.start_time <= span.end_time for span in found)
    assert "4321" not in "".join(span.to_json() for span in found)


@pytest.mark.anyio
async def test_trace_goes_on_with_the_next_process(exporter: InMemorySpanExporter) -> None:
    journal = MemoryJournal()
    for last in (False, True):
        async with inside(text=FLOW, journal=journal, traced=Spans(Tracing("test", "1", exporter))) as at:
            if last:
                await finish(at)
            else:
                await at.arrive()
                await until(lambda: bool(at.sent) and at.runner.supervisor.idle)
    found = exporter.get_finished_spans()
    assert [span.name for span in found] == ["count", "bye", "short"]
    assert len({span.context.trace_id for span in found if span.context}) == 1


def test_off_is_off() -> None:
    assert spans("test", {})[0] is None
    loaded = "import sys, engine.runner.serve; sys.exit(any(one.startswith('opentelemetry') for one in sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0


def test_endpoint_switches_traces_on() -> None:
    found, close = spans("test", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    assert isinstance(found, Spans)
    close()


def test_collector_that_never_answers_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_LAST_S", 0.05)
    asked, answer = Event(), Event()

    class Silent(SpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            asked.set()
            answer.wait()
            return SpanExportResult.SUCCESS

    made = Tracing("test", "1", Silent())
    made.step("r1", "hello", 1, 2, {})
    made.close()
    assert asked.wait(10)
    answer.set()
