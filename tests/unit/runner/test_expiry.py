import msgspec
import pytest

from engine.interpret import start
from engine.model.events import CallArrived
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, ControlId
from engine.model.limits import EXPIRY_MS, MAX_EVENTS, MAX_LATE
from engine.runner.expiry import Expiry
from engine.runner.live import Live
from engine.webhook.intake import Refused
from tests.playbooks.machine import compiled

FLOW = """
start: a
steps:
  a: {play: Hello., next: b}
  b: {end: hangup}
"""
AT_MS = 1_000_000


@pytest.fixture
def live() -> Live:
    graph: FlowGraph = compiled(FLOW)
    event = CallArrived(at_ms=AT_MS, call_id=CallId("c"), from_="+15550177", to="+15550100")
    return Live(graph, start(graph, event).state, 1)


def control(live: Live, op: str) -> ControlId:
    return ControlId(f"{live.state.run_id}.{op}")


def refused(live: Live, op: str, at_ms: int, expiry: Expiry | None = None) -> str:
    """Why, where it is refused."""
    try:
        (expiry or Expiry()).check(live, control(live, op), at_ms)
    except Refused as error:
        return f"{error.status} {error.message}"
    return ""


def test_living_operation_and_the_call_may_report_as_often_and_as_late_as_they_like(live: Live) -> None:
    (op,) = live.state.operations
    expiry = Expiry()
    for name in (op.partition(".")[2], "call"):
        for count in range(3 * MAX_LATE):
            assert not refused(live, name, AT_MS + count * EXPIRY_MS, expiry)


def test_operation_that_is_over_may_a_few_times_and_for_a_while(live: Live) -> None:
    expiry = Expiry()
    assert [bool(refused(live, "0.x.1.1.play", AT_MS, expiry)) for _ in range(MAX_LATE + 1)] == [False] * MAX_LATE + [
        True
    ]
    expiry = Expiry()
    assert not refused(live, "0.x.1.1.play", AT_MS, expiry)
    assert not refused(live, "0.x.1.1.play", AT_MS + EXPIRY_MS, expiry)
    assert "410 this URL has expired" in refused(live, "0.x.1.1.play", AT_MS + EXPIRY_MS + 1, expiry)


def test_ended_run_all_of_its_urls_expire(live: Live) -> None:
    live.state = msgspec.structs.replace(live.state, status="ended")
    for op in ("call", "0.a.1.1.play"):
        assert not refused(live, op, AT_MS + EXPIRY_MS)
        assert "its run ended long ago" in refused(live, op, AT_MS + EXPIRY_MS + 1)


def test_run_with_far_too_many_events_takes_no_more(live: Live) -> None:
    live.events = MAX_EVENTS
    assert "too many events" in refused(live, "call", AT_MS)


def test_what_is_remembered_is_bounded(live: Live) -> None:
    expiry = Expiry()
    for number in range(11_000):
        assert not refused(live, f"0.x{number}.1.1.play", AT_MS, expiry)
    assert len(expiry._late) == 10_000
