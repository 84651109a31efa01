from typing import Any

import pytest

from engine.model.events import OperationReported
from engine.model.ids import ControlId
from engine.model.limits import REPLAY_MS
from engine.wire.freshness import minutes_too_old
from engine.wire.webhooks import decode, decode_query

NOW_MS = 1_800_000_000_000
CONTROL = ControlId("irun.0.hello.1.1.play")


def age(said: Any, now_ms: int = NOW_MS) -> int:
    extra = {} if said is None else {"timestamp": said}
    event = OperationReported(at_ms=0, control_id=CONTROL, verb="play", mark="playing", extra=extra)
    return minutes_too_old(event, now_ms)


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000])
@pytest.mark.parametrize("written", [int, float, str])
def test_age_whatever_its_unit(unit: int, written: type) -> None:
    said = written((NOW_MS - 3_600_000) // 1_000 * unit)
    assert age(said) == 60
    assert age(said, NOW_MS - 3_600_000 + REPLAY_MS) == 0
    assert age(said, NOW_MS - 3_600_000 + REPLAY_MS + 1) == 10


@pytest.mark.parametrize(
    "said",
    [
        None,
        0,
        1.5,
        -1,
        True,
        "",
        "yesterday",
        "1.2.3",
        "²",
        [],
        {},
        float("nan"),
        float("inf"),
        10**40,
        "9" * 20,
        "٣" * 10,
    ],
)
def test_what_says_no_time_says_nothing(said: Any) -> None:
    assert age(said) == 0


def test_from_the_future_is_let_pass() -> None:
    assert age(NOW_MS // 1_000 + 86_400) == 0


def test_envelope_and_query_carry_it() -> None:
    body = b'{"event_type": "calling.call.play", "timestamp": 1700000000.25, "params": {"state": "playing"}}'
    assert minutes_too_old(decode(body, CONTROL, 0), NOW_MS) > 0
    assert minutes_too_old(decode_query({"state": "playing", "timestamp": "1700000000"}, CONTROL, 0), NOW_MS) > 0
    assert minutes_too_old(decode(b'{"state": "playing"}', CONTROL, 0), NOW_MS) == 0
