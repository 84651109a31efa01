import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wire.signature import SHA1_HEADER, SHA256_HEADER, sign, verify, without_credentials

KEY, URL, BODY = "PSK_1", "https://us.example/calls/inbound?a=1", b'{"call": {}}'
SIGNED = sign(KEY, URL, BODY)


def test_both_digests_are_over_the_url_and_the_raw_body() -> None:
    message = URL.encode() + BODY
    assert {
        SHA1_HEADER: hmac.new(KEY.encode(), message, hashlib.sha1).hexdigest(),
        SHA256_HEADER: hmac.new(KEY.encode(), message, hashlib.sha256).hexdigest(),
    } == SIGNED


SHA1, SHA256 = SIGNED[SHA1_HEADER], SIGNED[SHA256_HEADER]


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        (SIGNED, "valid"),
        ({SHA1_HEADER: SHA1}, "valid"),
        ({SHA256_HEADER: SHA256}, "valid"),
        ({SHA256_HEADER.lower(): SHA256.upper()}, "valid"),
        ({"other": "x"}, "absent"),
        ({}, "absent"),
        ({SHA1_HEADER: ""}, "invalid"),
        ({SHA1_HEADER: SHA256}, "invalid"),
        ({SHA1_HEADER: SHA1, SHA256_HEADER: "0" * 64}, "invalid"),
        ({SHA1_HEADER: "0" * 40, SHA256_HEADER: SHA256}, "valid"),
        ({SHA256_HEADER: SHA256[:-1]}, "invalid"),
        ({SHA256_HEADER: "ünïcode"}, "invalid"),
    ],
)
def test_the_stronger_signature_decides(headers: dict[str, str], verdict: str) -> None:
    assert verify(headers, KEY, URL, BODY) == verdict


@pytest.mark.parametrize(
    ("key", "url", "body"),
    [("PSK_2", URL, BODY), (KEY, URL + "2", BODY), (KEY, URL, BODY + b" "), (KEY, "http" + URL[5:], BODY)],
)
def test_what_was_changed_is_invalid(key: str, url: str, body: bytes) -> None:
    assert verify(SIGNED, key, url, body) == "invalid"


def test_an_empty_key_proves_nothing() -> None:
    assert verify(sign("", URL, BODY), "", URL, BODY) == "invalid"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, URL),
        ("https://user:pass@us.example/x", "https://us.example/x"),
        ("https://user@us.example:8443?to=a@b", "https://us.example:8443?to=a@b"),
        ("https://us.example/a@b", "https://us.example/a@b"),
        ("https://us.example#a@b", "https://us.example#a@b"),
        ("https://a@b@us.example", "https://us.example"),
        ("us.example/x", "us.example/x"),
        ("", ""),
    ],
)
def test_credentials_are_no_part_of_what_is_signed(url: str, expected: str) -> None:
    assert without_credentials(url) == expected
    assert sign(KEY, url, BODY) == sign(KEY, expected, BODY)


@given(st.text(min_size=1), st.text(), st.binary())
def test_what_was_signed_is_valid(key: str, url: str, body: bytes) -> None:
    assert verify(sign(key, url, body), key, url, body) == "valid"
