from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calling.retries import asked_ms, pause_ms
from engine.model.verbs import Repeat
from engine.wire.answers import Answer
from engine.wire.repeats import BUDGET_MS, LONGEST_MS, judged, may_repeat

NOW_MS = 1_700_000_000_000


@given(st.integers(0, 10_000), st.integers())
def test_a_pause_grows_to_its_longest_and_is_never_nothing(attempt: int, seed: int) -> None:
    pause = pause_ms(attempt, Random(seed))
    assert 100 <= pause <= LONGEST_MS
    assert pause >= LONGEST_MS // 2 or attempt < 5


def test_pauses_of_two_runs_differ() -> None:
    assert [pause_ms(n, Random(1)) for n in range(5)] != [pause_ms(n, Random(2)) for n in range(5)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"retry-after": "3"}, 3_000),
        ({"retry-after": " 0.5 "}, 500),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"}, 10_000),
        ({"retry-after": "Tue, 14 Nov 2000 22:13:30 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "1e400"}, 0),
        ({"retry-after": "9" * 400}, 0),
        ({"retry-after": ""}, 0),
        ({"x-ratelimit-reset": "7"}, 7_000),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "7"}, 7_000),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": "7"}, 0),
        ({"ratelimit-reset": "1700000002"}, 2_000),
        ({"ratelimit-reset": "1600000000"}, 0),
        ({"retry-after": "1", "ratelimit-reset": "9"}, 1_000),
    ],
)
def test_what_the_platform_asks_for_is_read(headers: dict[str, str], expected: int) -> None:
    assert asked_ms(headers, NOW_MS) == expected


@given(st.dictionaries(st.sampled_from(["retry-after", "ratelimit-reset", "ratelimit-remaining"]), st.text()))
def test_no_header_is_an_error(headers: dict[str, str]) -> None:
    assert asked_ms(headers, NOW_MS) >= 0


OUTCOMES: list[tuple[Answer, tuple[bool, bool, bool]]] = [
    (Answer(kind="unavailable", code="unreachable"), (True, True, True)),
    (Answer(kind="unavailable", code="queue-timeout"), (True, True, True)),
    (Answer(kind="unavailable", http_status=429), (True, True, True)),
    (Answer(kind="unavailable", http_status=408), (False, True, True)),
    (Answer(kind="unavailable", http_status=425), (False, True, True)),
    (Answer(kind="unavailable", http_status=500), (False, True, True)),
    (Answer(kind="unavailable", http_status=422, code="max_queued_calls_exceeded"), (False, False, False)),
    (Answer(kind="unknown", code="timeout"), (False, False, True)),
    (Answer(kind="unknown", code="reset"), (False, False, True)),
    (Answer(kind="unknown", http_status=200, code="not-json"), (False, False, False)),
    (Answer(kind="accepted", http_status=200), (False, False, False)),
    (Answer(kind="rejected", http_status=422), (False, False, False)),
    (Answer(kind="gone", http_status=404), (False, False, False)),
]
CLASSES: tuple[Repeat, ...] = ("never", "while_unseen", "safe")


@pytest.mark.parametrize(("answer", "again"), OUTCOMES)
def test_a_commands_class_says_whether_it_is_sent_again(answer: Answer, again: tuple[bool, bool, bool]) -> None:
    assert tuple(may_repeat(judged(answer, repeat), repeat) for repeat in CLASSES) == again


@pytest.mark.parametrize(
    ("http_status", "kinds"),
    [
        (500, ("unknown", "unavailable", "unavailable")),
        (429, ("unavailable",) * 3),
        (0, ("unavailable",) * 3),
    ],
)
def test_a_failure_is_doubt_for_what_must_not_be_done_twice(http_status: int, kinds: tuple[str, ...]) -> None:
    answer = Answer(kind="unavailable", http_status=http_status)
    assert tuple(judged(answer, repeat).kind for repeat in CLASSES) == kinds


def test_the_budget_leaves_room_for_one_last_attempt() -> None:
    assert BUDGET_MS == 30_000
