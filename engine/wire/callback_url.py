"""The URLs that webhooks come to: each names its operation and proves that this runner made it.

`<public_url>/webhooks/<control_id>.<mac>`: the mac is the first 128 bits of
HMAC-SHA256(key, control_id), base64url without padding (22 characters).
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Any

from engine.model.ids import ControlId
from engine.model.limits import MAX_TOKEN

MAC_BYTES = 16
_BLOCK = 64
"""Bytes that SHA-256 takes at once."""
_REMEMBERED = 8_192
_made: dict[tuple[bytes, bytes], str] = {}
"""Macs that went out: most webhooks come soon after the command that their URL went with. What strangers ask for is not
among them."""


def callback_url(public_url: str, key: bytes, control_id: ControlId) -> str:
    """The `status_url` of an operation, or of the call itself (`<run>.call`).

    `public_url` is where the platform reaches this runner, with or without a slash at its end;
    `key` is the journal's, made once. Control ids are URL-safe by construction.
    """
    return f"{public_url.rstrip('/')}/webhooks/{token(key, control_id)}"


def token(key: bytes, control_id: ControlId, purpose: bytes = b"") -> str:
    """The last part of the URL: `<control_id>.<mac>`. A token of one purpose is none of another's."""
    text = purpose + control_id.encode()
    mac = _made.get((key, text))
    if mac is None:
        if len(_made) >= _REMEMBERED:
            _made.clear()
        mac = _made[key, text] = _mac(key, text)
    return f"{control_id}.{mac}"


def open_token(token: str, key: bytes, purpose: bytes = b"") -> ControlId | None:
    """The control_id that a token carries, or None when this key did not make it.

    Takes anything that a path may hold, and equally long for a mac that is nearly right. What is longer than `MAX_TOKEN`
    is none of ours, and is not looked at.
    """
    if len(token) > MAX_TOKEN:
        return None
    control_id, _, mac = token.rpartition(".")
    text = purpose + control_id.encode(errors="replace")
    right = _made.get((key, text)) or _mac(key, text)
    if not hmac.compare_digest(right.encode(), mac.encode(errors="replace")):
        return None
    return ControlId(control_id)


def resume_url(public_url: str, key: bytes, control_id: ControlId, outcome: str) -> str:
    """Where SWML sends the call back to: `<public_url>/calls/resume/<control_id>.<outcome>.<mac>`. The mac is over
    both and the word `resume`, so that no webhook's URL leads back."""
    return f"{public_url.rstrip('/')}/calls/resume/{token(key, _way(control_id, outcome), _RESUME)}"


def open_resume(token: str, key: bytes) -> tuple[ControlId, str] | None:
    """The control_id and the outcome that a way back carries, or None when this key did not make it."""
    way = open_token(token, key, _RESUME)
    if way is None:
        return None
    control, _, outcome = way.rpartition(".")
    return ControlId(control), outcome


_RESUME = b"resume "


def _way(control_id: ControlId, outcome: str) -> ControlId:
    return ControlId(f"{control_id}.{outcome}")


def _mac(key: bytes, text: bytes) -> str:
    inner, outer = _keyed(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(text)
    outer.update(inner.digest())
    return urlsafe_b64encode(outer.digest()[:MAC_BYTES])[:-2].decode()


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> tuple[Any, Any]:
    """The two hashes of RFC 2104 with the key in them, to be copied: half the time that `hmac` takes for a short text."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner, outer = (sha256(bytes([one ^ pad for one in block])) for pad in (0x36, 0x5C))
    return inner, outer
