"""Laws that hold whatever is sent and whatever the caller does. The playbook checks the state's codec at every input."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.exchange.apply import next_due_ms
from engine.exchange.effects import Deliver, Heard
from engine.exchange.inputs import ApiRequest
from engine.exchange.table import COMMANDS
from tests.unit.exchange.playbook import HOOK, PARKED, Playbook

IDS = st.sampled_from(["one", "two"])
SECONDS = st.sampled_from([0, 0.01, 0.5, 3])
PLAY = st.fixed_dictionaries(
    {"play": st.just([{"type": "tts", "params": {"text": "Some words."}}]), "loop": st.integers(0, 2)}
)
DIGITS = st.fixed_dictionaries({"max": st.integers(1, 3), "terminators": st.sampled_from(["", "#"])})
SPEECH = st.fixed_dictionaries({"end_silence_timeout": SECONDS})
FLAGS: dict[str, Any] = {
    name: st.booleans() for name in ("continuous", "partial_results", "send_start_of_input", "start_input_timers")
}
COLLECT = st.fixed_dictionaries(FLAGS, optional={"digits": DIGITS, "speech": SPEECH, "initial_timeout": SECONDS})
AUDIO = st.fixed_dictionaries(
    {"initial_timeout": SECONDS, "end_silence_timeout": SECONDS, "max_length": st.integers(0, 4)}
)
RECORD = st.fixed_dictionaries({"record": st.fixed_dictionaries({"audio": AUDIO})})
STOPS = ["calling.play.stop", "calling.record.stop", "calling.collect.stop", "calling.collect.start_input_timers"]
MOVES = st.one_of(
    st.tuples(st.just("calling.play"), PLAY),
    st.tuples(st.just("calling.collect"), COLLECT),
    st.tuples(st.just("calling.record"), RECORD),
    st.tuples(st.sampled_from(STOPS), st.just({})),
    st.tuples(st.just("presses"), st.text("12#", min_size=1, max_size=4)),
    st.tuples(st.just("says"), st.sampled_from(["", "agent"])),
    st.tuples(st.just("wait"), st.integers(0, 5_000)),
    st.tuples(st.just("redirect"), st.sampled_from([PARKED, {"sections": {"main": [{"connect": {}}]}}])),
)
OPTIONS = st.fixed_dictionaries(
    {
        "overlap": st.sampled_from(["queue", "mix", "refuse"]),
        "repeat": st.sampled_from(["refuse", "accept"]),
        "webhook_shape": st.sampled_from(["flat", "envelope"]),
        "webhook_delay_ms": st.sampled_from([0, 50]),
        "zero_end_silence": st.sampled_from(["never", "at_once"]),
        "report_on_hangup": st.booleans(),
    }
)


def make(book: Playbook, move: tuple[str, Any], control_id: str) -> None:
    kind, value = move
    match kind:
        case "presses":
            book.presses(value)
        case "says":
            book.says(value, duration_ms=200)
        case "wait":
            book.wait(value)
        case "redirect":
            book.post("update", id=book.call_id, swml=value)
        case _ if kind in STOPS:
            book.post(kind, control_id=control_id)
        case _:
            book.post(kind, control_id=control_id, status_url=HOOK, **value)


@given(options=OPTIONS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_call_that_ends_leaves_nothing_behind(options: dict[str, Any], moves: list[tuple[Any, str]]) -> None:
    book = Playbook(**options).parked()
    for move, control_id in moves:
        make(book, move, control_id)
    if book.call.state != "ended":
        book.hangs_up()
    assert book.call.operations == ()
    assert book.call.steps == ()
    assert book.state.dues == {}
    book.wait(options["webhook_delay_ms"])
    assert next_due_ms(book.state) is None
    before = len(book.all_effects)
    book.presses("1")
    book.wait(100_000)
    assert len(book.all_effects) == before


@given(options=OPTIONS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_every_operation_begins_once_and_ends_once(options: dict[str, Any], moves: list[tuple[Any, str]]) -> None:
    """Of each kind and control_id: never two `finished` without a start between them."""
    book = Playbook(**options).parked()
    for move, control_id in moves:
        make(book, move, control_id)
    live: set[tuple[str, str]] = set()
    for effect in book.all_effects:
        if not isinstance(effect, Deliver):
            continue
        family, _, word = effect.kind.partition(".")
        key = (family, effect.control_id)
        if word in ("playing", "recording"):
            assert key not in live
            live.add(key)
        elif family == "record" or (family == "play" and key in live):
            live.remove(key)


@given(moves=st.lists(st.tuples(MOVES, IDS), max_size=10))
def test_repeating_any_start_makes_no_second_sound(moves: list[tuple[Any, str]]) -> None:
    book = Playbook(repeat="accept", overlap="mix").parked()
    for move, control_id in moves:
        make(book, move, control_id)
        live = {operation.control_id for operation in book.call.operations}
        if move[0] == "calling.play" and control_id in live and book.call.state == "answered":
            make(book, move, control_id)
            assert not any(isinstance(effect, Heard) for effect in book.effects)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["control_id", "play", "record", "digits", "speech", "loop", "id", "swml", "url", "from", "to", "x"]
)


@given(command=st.sampled_from(sorted(COMMANDS)), params=st.dictionaries(NAMES, VALUES, max_size=5) | VALUES)
def test_no_request_breaks_the_exchange(command: str, params: Any) -> None:
    book = Playbook().parked()
    answer = book.give(ApiRequest(at_ms=0, body={"command": command, "id": book.call_id, "params": params}))
    assert answer is not None
    assert answer.status in (200, 400, 404, 422)
