"""What a run keeps of a reply, and what is said of one that does not fit."""

from typing import Any

import pytest

from engine.model import codec
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.wire.replies import reply


def replied(body: bytes, returns: Any = None, status: int = 200, content_type: str = "application/json") -> Fetched:
    command = Fetch(seq=3, method="GET", url="https://a.example", timeout_ms=1000, key="k", returns=returns)
    event = reply(command, at_ms=7, status=status, body=body, content_type=content_type)
    assert (event.seq, event.at_ms, event.status) == (3, 7, status)
    assert codec.encode(event)
    return event


ACCOUNT = {"balance": "double", "name": "string?", "items": [{"id": "string", "n": "int?"}]}

KEPT = [
    (b'"x"', "string", "x"),
    (b"null", "string?", None),
    (b"7", "int", 7),
    (b"-9223372036854775808", "int", -(2**63)),
    (b"7", "double", 7.0),
    (b"18446744073709551615", "double", float(2**64)),
    (b"true", "bool", True),
    (b"[1, 2]", ["int"], [1, 2]),
    (b"[1, null, 2]", ["int?"], [1, 2]),
    (b"[]", [{"a": "int"}], []),
    (b'{"balance": 1, "items": []}', ACCOUNT, {"balance": 1.0, "items": []}),
    (b'{"balance": 1.5, "name": null, "items": []}', ACCOUNT, {"balance": 1.5, "items": []}),
    (
        b' {"balance": 1e3, "name": "Kim", "items": [{"id": "a", "n": 1, "more": [{}]}], "more": null}\n',
        ACCOUNT,
        {"balance": 1000.0, "name": "Kim", "items": [{"id": "a", "n": 1}]},
    ),
    (b'{"a": 1}', {}, {}),
]


@pytest.mark.parametrize(("body", "returns", "kept"), KEPT)
def test_reply_body_that_fits_is_kept_without_the_rest(body: bytes, returns: Any, kept: Any) -> None:
    event = replied(body, returns)
    assert (event.kind, event.code, event.body) == ("replied", "", kept)
    assert repr(event.body) == repr(kept)


MISFITS = [
    (b"7", "string", "body: a string is wanted, and this is a number"),
    (b"null", "string", "body: a string is wanted, and this is null"),
    (b"7", "string?", "body: a string is wanted, and this is a number"),
    (b"1.0", "int", "body: an int is wanted, and this is a number with a fraction or an exponent"),
    (b"9223372036854775808", "int", "body: an int is wanted, and this is a number beyond 64 bits"),
    (b"true", "int", "body: an int is wanted, and this is a boolean"),
    (b"true", "double", "body: a double is wanted, and this is a boolean"),
    (b'"1"', "double", "body: a double is wanted, and this is text"),
    (b"1", "bool", "body: a bool is wanted, and this is a number"),
    (b"{}", ["int"], "body: a list is wanted, and this is an object"),
    (b"[]", {"a": "int"}, "body: an object is wanted, and this is a list"),
    (b'{"a": null}', {"a": ["int"]}, "body.a: a list is wanted, and this is null"),
    (b"{}", {"a": {"b": "int"}}, "body.a: an object is wanted, and it is missing"),
    (b"{}", {"a": "double"}, "body.a: a double is wanted, and it is missing"),
    (
        b'{"items": [{"id": "a"}, {"id": "b"}, {"id": 4711}]}',
        {"items": [{"id": "string"}]},
        "body.items[2].id: a string is wanted, and this is a number",
    ),
]


@pytest.mark.parametrize(("body", "returns", "message"), MISFITS)
def test_reply_body_that_does_not_fit_is_invalid_and_says_where(body: bytes, returns: Any, message: str) -> None:
    event = replied(body, returns)
    assert (event.kind, event.code, event.message, event.body) == ("invalid", "invalid-reply", message, None)


BOMBS = {
    "nothing": b"",
    "blank": b" \n",
    "deep": b"[" * 100_000,
    "deep and whole": b"[" * 100 + b"]" * 100,
    "huge int": b'{"a": "x", "b": ' + b"9" * 400 + b"}",
    "int beyond 64 bits": b'{"a": "x", "b": 18446744073709551616}',
    "huge exponent": b'{"a": "x", "b": 1e999}',
    "NaN": b'{"a": "x", "b": NaN}',
    "Infinity": b'{"a": "x", "b": -Infinity}',
    "one name twice": b'{"a": "x", "a": "y"}',
    "one name twice, written differently": b'{"a": "x", "\\u0061": "y"}',
    "one name twice, further in": b'{"a": "x", "b": [{"c": 1, "c": 1}]}',
    "lone surrogate": b'{"a": "\\ud800"}',
    "not UTF-8": b'{"a": "\xff"}',
    "cut off": b'{"a": "x"',
    "two values": b'{"a": "x"} {}',
    "HTML": b"<!DOCTYPE html>",
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_reply_that_is_not_sound_json_is_invalid(body: bytes) -> None:
    event = replied(body, {"a": "string"})
    assert (event.kind, event.code, event.body) == ("invalid", "invalid-reply", None)
    assert event.message.startswith("body")


def test_reply_of_html_says_what_it_calls_itself() -> None:
    event = replied(b"<p>secret</p>", "string", content_type="text/html; charset=utf-8")
    assert event.message.endswith("(its content type is text/html)")
    assert "secret" not in event.message


@pytest.mark.parametrize("body", [b"", b"<p>", *BOMBS.values()])
def test_reply_of_which_nothing_is_wanted_is_not_even_parsed(body: bytes) -> None:
    assert replied(body).kind == "replied"
    assert replied(body, status=204).body is None


@pytest.mark.parametrize("status", [100, 199, 400, 404, 429, 500, 503, 599])
def test_reply_other_than_2xx_is_its_status_alone(status: int) -> None:
    event = replied(b'"x"', "string", status)
    assert (event.kind, event.code, event.body) == ("replied", "", None)


@pytest.mark.parametrize("status", [300, 301, 302, 304, 307, 399])
def test_reply_that_is_a_redirect_fails(status: int) -> None:
    event = replied(b"", None, status)
    assert (event.kind, event.code) == ("failed", "redirected")
    assert str(status) in event.message
