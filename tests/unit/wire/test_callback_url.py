import base64
import hashlib
import hmac
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.ids import CALL_OP, ControlId, RunId, control_id, op_id
from engine.model.limits import MAX_TOKEN
from engine.wire.callback_url import callback_url, open_token, token

KEY = bytes(range(32))
PLAY = control_id(RunId("iabc"), op_id(frame=0, step="menu", visit=1, attempt=2, verb="play"))
CALL = control_id(RunId("iabc"), CALL_OP)


@pytest.mark.parametrize("public_url", ["https://us.example", "https://us.example/", "https://us.example/base//"])
@pytest.mark.parametrize("control", [PLAY, CALL])
def test_the_url_ends_in_the_control_id_and_128_bits_of_hmac(public_url: str, control: ControlId) -> None:
    mac = hmac.new(KEY, control.encode(), hashlib.sha256).digest()[:16]
    expected = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
    url = callback_url(public_url, KEY, control)
    assert url == f"{public_url.rstrip('/')}/webhooks/{control}.{expected}"
    assert len(expected) == 22


@given(st.binary(max_size=200), st.text(min_size=1, max_size=1_000))
def test_the_mac_is_that_of_the_standard_library(key: bytes, control: str) -> None:
    mac = hmac.digest(key, control.encode(), "sha256")[:16]
    assert token(key, ControlId(control)) == f"{control}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@given(st.binary(min_size=1), st.text(min_size=1, max_size=1_000))
def test_a_token_opens_with_its_key_alone(key: bytes, control: str) -> None:
    made = token(key, ControlId(control))
    assert open_token(made, key) == control
    assert open_token(made, key + b"\x01") is None


@given(st.text() | st.binary().map(lambda b: b.decode(errors="surrogateescape")))
def test_text_of_any_kind_opens_nothing(text: str) -> None:
    assert open_token(text, KEY) is None
    assert open_token(f"{text}.{'A' * 22}", KEY) is None


@pytest.mark.parametrize("position", range(len(token(KEY, PLAY))))
def test_one_changed_character_opens_nothing(position: int) -> None:
    made = token(KEY, PLAY)
    changed = made[:position] + ("x" if made[position] != "x" else "y") + made[position + 1 :]
    assert open_token(changed, KEY) is None


@pytest.mark.parametrize(
    "changed", ["", ".", "..", token(KEY, PLAY)[:-1], token(KEY, PLAY) + "A", token(KEY, PLAY) + "=="]
)
def test_a_cut_or_padded_token_opens_nothing(changed: str) -> None:
    assert open_token(changed, KEY) is None


def test_token_longer_than_any_of_ours_is_not_even_looked_at() -> None:
    longest = token(KEY, ControlId("x" * (MAX_TOKEN - 23)))
    assert len(longest) == MAX_TOKEN
    assert open_token(longest, KEY) is not None
    assert open_token(token(KEY, ControlId("x" * (MAX_TOKEN - 22))), KEY) is None


def test_nothing_is_remembered_of_what_strangers_ask_for() -> None:
    assert open_token(f"{'x' * 1_000}.{'A' * 22}", KEY) is None
    tracemalloc.start()
    try:
        for number in range(1_000):
            assert open_token(f"{number:01000}.{'A' * 22}", KEY) is None
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 100_000
