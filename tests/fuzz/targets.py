"""What is fuzzed: each takes bytes, and raises only where something is wrong with Offhook."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import anyio
from hypothesis import strategies as st

from engine.compile import compile_bundle
from engine.interpret import guarded, start
from engine.journal.base import Entry
from engine.journal.reader import open_reader
from engine.journal.sealing import Sealing
from engine.journal.sqlite import open_journal
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model import codec
from engine.model.bundle import Bundle
from engine.model.commands import Fetch
from engine.model.errors import ConfigurationError, JournalError, WireError
from engine.model.events import AnyEvent, CallArrived
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, ControlId
from engine.model.state import RunState
from engine.project.environment import load
from engine.simulate import simulate
from engine.simulate.cases import given, reading
from engine.wire import answers, freshness, inbound, log_events, logs, replies, webhooks
from tests.fuzz.corpus import seeds, spoilt
from tests.playbooks.machine import compiled

AT_MS = 1_800_000_000_000
STEPS = {
    "play": "{play: Hello., next: b}",
    "record": "{record: {initial_timeout: 5}, next: b}",
    "collect": "{collect: {digits: {max: 4}, initial_timeout: 5}, next: b}",
    "ask": '{ask: {prompt: "Well?", digits: {max: 4}, speech: {}, accept: {digits: "^[0-9]+$"}}, next: {otherwise: b}}',
    "detect": "{detect: {type: machine}, next: {otherwise: b}}",
}


class Target(NamedTuple):
    """`example` makes inputs, `take` is what they are given to."""

    example: st.SearchStrategy[bytes]
    take: Callable[[bytes], None]


@cache
def _begun(verb: str) -> tuple[FlowGraph, RunState]:
    graph = compiled(f"start: a\nsteps:\n  a: {STEPS[verb]}\n  b: {{end: hangup}}\n")
    arrived = CallArrived(at_ms=AT_MS, call_id=CallId("c"), from_="+15550177", to="+15550100")
    return graph, start(graph, arrived).state


def webhook(data: bytes) -> None:
    """A body, as the report of each kind of operation and of the call, to a run that waits for it."""
    for verb in STEPS:
        graph, state = _begun(verb)
        for control_id in (*state.operations, f"{state.run_id}.call"):
            with suppress(WireError):
                event = webhooks.decode(data, ControlId(control_id), AT_MS + 1)
                freshness.minutes_too_old(event, AT_MS)
                _happens(graph, state, event)
    with suppress(WireError):
        _happens(*_begun("play"), inbound.decode_return(data, ControlId("i.0.a.1.1.excursion"), "ok", AT_MS))
    with suppress(WireError):
        codec.encode(start(_begun("play")[0], inbound.decode(data, AT_MS)).state)


def _happens(graph: FlowGraph, state: RunState, event: AnyEvent) -> None:
    """As a runner does it: the event is written and read, then the run takes it, and its state is written and read."""
    event = codec.decode_event(codec.encode(event))
    done, fault = guarded(graph, state, event)
    if fault is not None:
        raise fault
    assert codec.decode_state(codec.encode(done.state)) == done.state


def answer(data: bytes) -> None:
    """The platform's, to a command and to questions about its voice log; and a service's, to a fetch."""
    graph, state = _begun("record")
    for status in (200, 404, 422, 500):
        _happens(graph, state, answers.classify(status, data).event(seq=1, at_ms=AT_MS))
    operations = {op.control_id: op.began_ms for op in state.operations.values()}
    found = log_events.read_events(200, data)
    reports = log_events.reports(found, operations, AT_MS)
    _happens(graph, state, logs.read(200, data).event(seq=1, at_ms=AT_MS, reports=reports))
    log_events.leg(found)
    wanted = {"session": "string", "balance": "double", "open": "bool", "items": [{"name": "string", "count": "int"}]}
    fetch = Fetch(seq=1, method="GET", url="https://a.example/x", key="k", timeout_ms=1_000, returns=wanted)
    replies.reply(fetch, at_ms=AT_MS, status=200, body=data, content_type="application/json")


def flow(data: bytes) -> None:
    bundle = Bundle("f", {"f.flow.yaml": data})
    made = compile_bundle(bundle)
    assert (made.graph is None) == any(one.severity == "error" for one in made.diagnostics)
    lint(bundle, file="f.flow.yaml", settings=Settings())


def case_file(data: bytes) -> None:
    """Read against a flow, and its cases played."""
    graph = _begun("play")[0]
    tests = reading.read("f.test.yaml", "story", data)
    for case in tests.cases[:3]:
        before = len(tests.report.diagnostics)
        said = given.read(case, graph, {})
        if len(tests.report.diagnostics) == before:
            outcome = simulate(graph, said.scenario)
            assert outcome.broken == ()


def environment(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "f.env.yaml"
        file.write_bytes(data)
        with suppress(ConfigurationError):
            load(file, dict.fromkeys(("SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN", "SIGNALWIRE_SPACE"), "x"))


@cache
def _journals() -> tuple[bytes, ...]:
    """A journal with a few runs, and one that has just been made."""
    made = []
    with TemporaryDirectory() as folder:
        for count in (0, 5):
            file = Path(folder) / f"{count}.journal"
            with open_journal(file) as opened:
                anyio.run(opened.commit, [_entry(number) for number in range(count)])
            made.append(file.read_bytes())
    return tuple(made)


def _entry(number: int) -> Entry:
    _, state = _begun("play")
    event = CallArrived(at_ms=AT_MS, call_id=CallId("c"), from_="+15550177", to="+15550100")
    return Entry(
        run_id=type(state.run_id)(f"{state.run_id[:-1]}{number}"),
        flow="story",
        digest=state.digest,
        n=1,
        at_ms=AT_MS,
        event=codec.encode(event),
        status="running",
        started_ms=AT_MS,
        call_id=CallId("c"),
        next_due_ms=None,
        end_reason="",
        state=codec.encode(state),
    )


def journal(data: bytes) -> None:
    """Read beside a runner, and opened by one."""
    sealing = Sealing.of("")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "j.journal"
        file.write_bytes(data)
        with suppress(JournalError):
            reader = open_reader(file)
            try:
                for row in reader.runs():
                    with suppress(JournalError):
                        for event in reader.events_of(row.run_id):
                            sealing.open_event(event.event, row.run_id, event.n)
            finally:
                reader.close()
        with suppress(JournalError), open_journal(file) as opened:
            for live in opened.load_live():
                with suppress(JournalError):
                    sealing.open_state(live.state, live.run_id, live.events)


def targets() -> dict[str, Target]:
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
        max_leaves=20,
    )
    bodies = values.map(_encoded)
    return {
        "webhooks": Target(spoilt(seeds("webhooks"), "json") | bodies, webhook),
        "answers": Target(spoilt(seeds("answers"), "json") | bodies, answer),
        "flows": Target(spoilt(seeds("flows"), "yaml"), flow),
        "tests": Target(spoilt(seeds("tests"), "yaml"), case_file),
        "environments": Target(spoilt(seeds("environments"), "yaml"), environment),
        "journals": Target(spoilt(_journals(), "file"), journal),
    }


_KEYS = st.sampled_from(
    (
        *(
            "params",
            "state",
            "result",
            "type",
            "call_id",
            "control_id",
            "event_type",
            "timestamp",
            "call_state",
            "final",
        ),
        *(
            "digits",
            "text",
            "confidence",
            "record",
            "url",
            "duration",
            "detect",
            "event",
            "call",
            "vars",
            "errors",
            "code",
        ),
        *("data", "details", "event_at", "name", "status", "end_reason", "leg", "id", "node_id", "segment_id"),
    )
) | st.text(max_size=5)


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()
