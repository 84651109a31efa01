"""Sealed records: what opens them, what does not, and what is said then."""

from base64 import b64encode

import pytest

from engine.journal.sealing import VARIABLE, Sealing, new_key
from engine.model import codec
from engine.model.errors import ConfigurationError, JournalError
from engine.model.events import OperationReported, TimePassed
from engine.model.ids import CallId, ControlId, Digest, RunId, StepName
from engine.model.state import Call, Frame, RunState

RUN, OTHER = RunId("iaaaaaaaaaaaaaaaaaaaa"), RunId("ibbbbbbbbbbbbbbbbbbbb")
PIN = "73519"
EVENT = OperationReported(
    at_ms=1, control_id=ControlId(f"{RUN}.0.pin.1.1.collect"), verb="collect", mark="digit", fields={"digits": PIN}
)
OLD, NEW = new_key("1"), new_key("2")


def sealed(key: str = OLD, *, run: RunId = RUN, n: int = 3) -> bytes:
    return Sealing.of(key).seal_event(EVENT, run, n)


def state() -> RunState:
    frame = Frame(number=0, flow="pin", step=StepName("pin"), visits={}, vars={}, inputs={"pin": PIN})
    call = Call(call_id=CallId("c"), from_="+1", to="+2", direction="inbound")
    return RunState(run_id=RUN, digest=Digest("d"), at_ms=1, started_ms=1, status="running", call=call, frame=frame)


def test_sealed_record_says_nothing_and_opens_to_what_it_was() -> None:
    assert PIN.encode() not in sealed()
    assert Sealing.of(OLD).open_event(sealed(), RUN, 3) == EVENT
    kept = Sealing.of(OLD).seal_state(state(), 7)
    assert PIN.encode() not in kept
    assert Sealing.of(OLD).open_state(kept, RUN, 7) == Sealing.of(OLD).open_state(kept, RUN) == state()


def test_same_record_is_sealed_differently_each_time() -> None:
    assert sealed() != sealed()


def test_what_is_not_sealed_is_read_as_it_stands_with_or_without_keys() -> None:
    assert Sealing().open_event(codec.encode(EVENT), RUN, 1) == EVENT
    assert Sealing.of(OLD).open_state(codec.encode(state()), RUN, 1) == state()


def test_no_record_in_clear_begins_like_a_sealed_one() -> None:
    events = (EVENT, TimePassed(at_ms=0), state())
    assert all(codec.encode(one)[:1] != sealed()[:1] for one in events)


def test_after_a_change_of_keys_the_first_seals_and_all_open() -> None:
    both = Sealing.of(f"{NEW}, {OLD}")
    assert both.open_event(sealed(OLD), RUN, 3) == EVENT
    assert Sealing.of(NEW).open_event(both.seal_event(EVENT, RUN, 3), RUN, 3) == EVENT
    with pytest.raises(JournalError, match=r"event 3 of run iaaaa.* is sealed with the key `2`, and .* holds `1`"):
        Sealing.of(OLD).open_event(both.seal_event(EVENT, RUN, 3), RUN, 3)


def test_key_without_an_id_has_the_id_1() -> None:
    bare = OLD.partition(":")[2]
    assert Sealing.of(bare).open_event(sealed(OLD), RUN, 3) == EVENT


def test_without_a_key_nothing_is_sealed_and_what_is_sealed_names_its_key() -> None:
    assert not Sealing.of("").can_seal
    with pytest.raises(JournalError, match=f"cannot be sealed: {VARIABLE} is not set"):
        Sealing().seal_event(EVENT, RUN, 1)
    with pytest.raises(JournalError, match=f"is sealed with the key `1`, and {VARIABLE} is not set"):
        Sealing().open_event(sealed(), RUN, 3)


def test_record_in_another_place_does_not_open() -> None:
    keys = Sealing.of(OLD)
    with pytest.raises(JournalError, match=r"event 3 of run ibbb.* was changed"):
        keys.open_event(sealed(), OTHER, 3)
    with pytest.raises(JournalError, match=r"event 4 of run iaaa.* is not what stands in its place"):
        keys.open_event(sealed(), RUN, 4)
    with pytest.raises(JournalError, match=r"the state of run iaaa.* was changed"):
        keys.open_state(sealed(), RUN)


def test_every_changed_byte_and_every_cut_is_noticed() -> None:
    whole, keys = sealed(), Sealing.of(OLD)
    for at in range(len(whole)):
        changed = whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :]
        with pytest.raises(JournalError):
            keys.open_event(changed, RUN, 3)
        with pytest.raises(JournalError):
            keys.open_event(whole[:at], RUN, 3)


def test_another_key_of_the_same_id_is_said_to_be_wrong() -> None:
    with pytest.raises(JournalError, match="another key of the same id"):
        Sealing.of(new_key("1")).open_event(sealed(OLD), RUN, 3)


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "1:x",
        f"1:{b64encode(b'short').decode()}",
        f"{OLD},{OLD}",
        f"a b:{b64encode(bytes(32)).decode()}",
        f"{'k' * 33}:{b64encode(bytes(32)).decode()}",
    ],
    ids=["no key", "no base64", "too short", "the same id twice", "a blank in the id", "a long id"],
)
def test_bad_key_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ConfigurationError, match="key number") as refused:
        Sealing.of(written)
    assert "secret-key" in str(refused.value)
    assert b64encode(b"short").decode() not in str(refused.value)
