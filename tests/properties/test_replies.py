"""A body that was made to a type is kept as that type says; any bytes at all give an event, and one that can be kept."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.model import codec
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.wire.replies import reply

SCALARS = ("string", "int", "double", "bool")
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
TYPES = st.recursive(
    st.sampled_from([*SCALARS, *(f"{one}?" for one in SCALARS)]),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4) | inner.map(lambda one: [one]),
    max_leaves=8,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(st.characters(exclude_categories=["Cs"])),
    "int": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def replied(body: bytes, returns: Any) -> Fetched:
    command = Fetch(seq=1, method="GET", url="https://a.example", timeout_ms=1, key="k", returns=returns)
    event = reply(command, at_ms=1, status=200, body=body, content_type="")
    assert codec.decode_event(codec.encode(event)) == event
    return event


@st.composite
def bodies(draw: st.DrawFn, wanted: Any) -> Any:
    """A value of the type, with fields that nobody asked for."""
    if isinstance(wanted, dict):
        more = draw(st.dictionaries(NAMES.map(str.upper), st.none() | st.integers(0, 9), max_size=2))
        missing = {name for name, one in wanted.items() if str(one).endswith("?") and draw(st.booleans())}
        return {**more, **{name: draw(bodies(one)) for name, one in wanted.items() if name not in missing}}
    if isinstance(wanted, list):
        return draw(st.lists(bodies(wanted[0]), max_size=3))
    value = VALUES[wanted.removesuffix("?")]
    return draw(st.none() | value if wanted.endswith("?") else value)


def kept_of(value: Any, wanted: Any) -> Any:
    """The rule, told a second time."""
    if isinstance(wanted, dict):
        return {n: kept_of(value[n], one) for n, one in wanted.items() if value.get(n) is not None}
    if isinstance(wanted, list):
        return [kept_of(one, wanted[0]) for one in value if one is not None]
    return float(value) if wanted.startswith("double") and value is not None else value


@given(st.data(), TYPES)
def test_body_of_its_type_is_kept(data: st.DataObject, wanted: Any) -> None:
    value = data.draw(bodies(wanted))
    event = replied(json.dumps(value).encode(), wanted)
    assert (event.kind, event.message) == ("replied", "")
    assert event.body == kept_of(value, wanted)


@given(ANYTHING, TYPES)
def test_any_json_is_kept_as_its_type_or_invalid(value: Any, wanted: Any) -> None:
    event = replied(json.dumps(value).encode(), wanted)
    if event.kind == "replied" and event.body is not None:
        again = replied(json.dumps(event.body).encode(), wanted)
        assert again.body == event.body
    else:
        assert (event.kind, event.code) in (("invalid", "invalid-reply"), ("replied", ""))


@given(
    st.binary() | ANYTHING.map(lambda value: json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")),
    TYPES,
)
def test_any_bytes_give_an_event(body: bytes, wanted: Any) -> None:
    assert replied(body, wanted).kind in ("replied", "invalid")
