"""Laws that hold whatever is sent and whatever the caller does. The playbook checks the state's codec at every input."""

from typing import Any, Literal, get_args, get_origin

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import FieldInfo, fields

from engine.exchange.apply import next_due_ms
from engine.exchange.decisions import WORDS
from engine.exchange.effects import Deliver, Heard, Progressed
from engine.exchange.families.services import LIVES
from engine.exchange.faults import Fault
from engine.exchange.inputs import ApiRequest
from engine.exchange.live import Playback
from engine.exchange.options import ExchangeOptions
from engine.exchange.table import COMMANDS
from tests.unit.exchange.playbook import HOOK, PARKED, Playbook
from tests.unit.exchange.test_services import STREAM, TAP

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
STOPS = [
    *(f"calling.{name}.stop" for name in ("play", "record", "collect", "detect", "tap", "stream", "transcribe")),
    *(f"calling.{name}.{order}" for name in ("play", "record") for order in ("pause", "resume")),
    "calling.collect.start_input_timers",
]
BARE: list[tuple[str, dict[str, Any]]] = [
    ("calling.denoise", {}),
    ("calling.denoise.stop", {}),
    ("calling.disconnect", {}),
    ("calling.ai_hold", {"timeout": "2"}),
    ("calling.ai_unhold", {}),
    ("calling.ai.stop", {}),
    ("calling.ai_sidecar", {"lang": "en-US", "url": HOOK}),
    ("calling.ai_sidecar.ask", {"text": "x"}),
    ("calling.ai_sidecar.stop", {}),
    ("calling.live_transcribe", {"action": {"start": {"lang": "en-US", "direction": ["remote-caller"]}}}),
    ("calling.live_transcribe", {"action": "stop"}),
    ("calling.refer", {"device": {"type": "sip", "params": {"to": "sip:x"}}, "status_url": HOOK}),
    ("calling.transfer", {"dest": "+15550142"}),
]
BESIDE: list[tuple[str, dict[str, Any]]] = [
    ("calling.tap", TAP),
    ("calling.stream", STREAM),
    ("calling.transcribe", {}),
    ("calling.detect", {"detect": {"type": "machine"}, "timeout": 3}),
    ("calling.detect", {"detect": {"type": "digit"}}),
]
METHODS: list[dict[str, Any]] = [
    {"connect": {"to": "+1", "status_url": HOOK, "result": {"case": {"failed": [{"goto": {"label": "a"}}]}}}},
    {"connect": {"serial": [{"to": "+1", "timeout": 1}, {"to": "+2"}], "max_duration": 2}},
    {"enter_queue": {"queue_name": "desk", "wait_time": 3, "status_url": HOOK}},
    {"pay": {"charge_amount": "20"}},
    {"prompt": {"play": "say:Say or press.", "max_digits": 2, "speech_timeout": 2}},
    {"label": "a"},
    {"goto": {"label": "a"}},
    {"goto": {"label": "a", "max": 2}},
    {"execute": {"dest": "main"}},
    {
        "cond": [
            {"when": "connect_result == 'failed'", "then": [{"transfer": "main"}]},
            {"else": [{"play": {"url": "say:x"}}]},
        ]
    },
    {"record_call": {"status_url": HOOK}},
    {"set": {"a": "${a}b"}},
    {"ai": {}},
    {"send_fax": {}},
    {"sleep": 500},
]
AWAY = st.lists(st.sampled_from(METHODS), max_size=4).map(
    lambda main: {"sections": {"main": [*main, {"sleep": {"duration": 2_000}}]}}
)
DECISIONS = st.sampled_from([(about, word) for about, words in WORDS.items() for word in words])
FAULTS = st.lists(
    st.builds(
        Fault,
        kind=st.sampled_from(["*", "play", "play.*", "record.finished"]),
        do=st.sampled_from(["drop", "duplicate", "delay", "reorder", "fail"]),
        nth=st.integers(0, 3),
        probability=st.sampled_from([None, None, 0.5]),
        delay_ms=st.sampled_from([0, 40, 900]),
    ),
    max_size=2,
)
MOVES = st.one_of(
    st.tuples(st.just("calling.play"), PLAY),
    st.tuples(st.just("calling.collect"), COLLECT),
    st.tuples(st.just("calling.record"), RECORD),
    st.tuples(st.sampled_from(STOPS), st.just({})),
    st.tuples(st.just("bare"), st.sampled_from(BARE)),
    st.sampled_from(BESIDE),
    st.tuples(st.just("presses"), st.text("12#", min_size=1, max_size=4)),
    st.tuples(st.just("says"), st.sampled_from(["", "agent"])),
    st.tuples(st.just("wait"), st.integers(0, 5_000)),
    st.tuples(st.just("redirect"), st.one_of(st.just(PARKED), AWAY)),
    st.tuples(st.just("decides"), DECISIONS),
)


def choices(field: FieldInfo) -> list[Any]:
    """The values of an option that is a choice; none for the others."""
    if field.type is bool:
        return [False, True]
    return list(get_args(field.type)) if get_origin(field.type) is Literal else []


CHOICES = {field.name: choices(field) for field in fields(ExchangeOptions) if choices(field)}
OPTIONS = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in CHOICES.items() if name != "keep_log"}
    | {
        "webhook_delay_ms": st.sampled_from([0, 50]),
        "ending_ms": st.sampled_from([0, 60]),
        "inbound_status_url": st.just(HOOK),
    }
)
"""All choices of all options, however many there come to be."""


def make(book: Playbook, move: tuple[str, Any], control_id: str) -> None:
    kind, value = move
    match kind:
        case "presses":
            book.presses(value)
        case "says":
            book.says(value, duration_ms=200)
        case "decides":
            book.decides(*value)
        case "wait":
            book.wait(value)
        case "redirect":
            book.post("update", id=book.call_id, swml=value)
        case "bare":
            command, params = value
            book.post(command, **params)
        case _ if kind in STOPS:
            book.post(kind, control_id=control_id)
        case _:
            book.post(kind, control_id=control_id, status_url=HOOK, **value)


QUIET_MS = 5_000
"""Longer than anything that may come after a call's end."""
MAY_FOLLOW = (
    "call.ending",
    "call.ended",
    "record.finished",
    "transcript.completed",
    "ai_sidecar.answered",
    "ai_sidecar.summary",
)
"""The webhooks that a call's end causes, or lets pass, where live operations do not report it."""


@given(options=OPTIONS, faults=FAULTS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_call_that_ends_leaves_nothing_behind(
    options: dict[str, Any], faults: list[Fault], moves: list[tuple[Any, str]]
) -> None:
    book = Playbook(faults=tuple(faults), **options).parked(detected="machine")
    for move, control_id in moves:
        make(book, move, control_id)
    book.hangs_up()
    assert book.call.operations == ()
    book.wait(options["ending_ms"])
    assert book.call.state == "ended"
    assert book.call.steps == ()
    assert book.state.dues == {}
    book.wait(QUIET_MS)
    assert next_due_ms(book.state) is None
    before = len(book.all_effects)
    book.presses("1")
    book.wait(100_000)
    assert len(book.all_effects) == before


@given(options=OPTIONS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_after_the_end_only_those_webhooks_come_that_may(options: dict[str, Any], moves: list[tuple[Any, str]]) -> None:
    """Without a delay, and where live operations do not report a hang-up."""
    book = Playbook(**{**options, "webhook_delay_ms": 0, "report_on_hangup": False}).parked()
    for move, control_id in moves:
        make(book, move, control_id)
    if book.call.state != "answered":
        return
    book.hangs_up()
    book.wait(QUIET_MS)
    ended = next(index for index, effect in enumerate(book.all_effects) if is_end(effect))
    before = [effect.kind for effect in book.of(Deliver)]
    after = [effect.kind for effect in book.all_effects[ended:] if isinstance(effect, Deliver)]
    assert set(before + after) <= set(MAY_FOLLOW)


def is_end(effect: Any) -> bool:
    return isinstance(effect, Progressed) and effect.what == "ended"


@given(options=OPTIONS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_no_state_is_one_that_cannot_be(options: dict[str, Any], moves: list[tuple[Any, str]]) -> None:
    book = Playbook(**options).parked()
    for move, control_id in moves:
        make(book, move, control_id)
        call = book.call
        names = [(operation.kind, operation.control_id) for operation in call.operations]
        kinds = [operation.kind for operation in call.operations]
        assert len(set(names)) == len(names)
        assert all(kinds.count(name) <= 1 for name, life in LIVES.items() if life.single)
        assert all(due_ms is None or due_ms >= book.now_ms for due_ms in (call.due_ms, next_due_ms(book.state)))
        assert call.state in ("answered", "ending", "ended")
        assert (call.end_reason is None) == (call.state == "answered")
        for operation in call.operations:
            if isinstance(operation, Playback) and operation.paused:
                assert operation.due_ms is None


@given(options=OPTIONS, moves=st.lists(st.tuples(MOVES, IDS), max_size=12))
def test_every_operation_begins_once_and_ends_once(options: dict[str, Any], moves: list[tuple[Any, str]]) -> None:
    """Of each kind and control_id: never two `finished` without a start between them."""
    book = Playbook(**options).parked()
    for move, control_id in moves:
        make(book, move, control_id)
    live: set[tuple[str, str]] = set()
    paused: set[tuple[str, str]] = set()
    for effect in book.all_effects:
        if not isinstance(effect, Deliver):
            continue
        family, _, word = effect.kind.partition(".")
        key = (family, effect.control_id)
        if word in ("playing", "recording"):
            assert key not in live or key in paused
            live.add(key)
            paused.discard(key)
        elif word == "paused":
            paused.add(key)
        elif family == "record" or (family == "play" and key in live):
            live.discard(key)
            paused.discard(key)


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
