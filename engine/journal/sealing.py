"""Encryption of what a journal keeps of runs that handle secret or private values.

A sealed record is

    0xC1, which no msgpack begins with | 1, the version of this | length of the key's id | the id | n, 8 bytes |
    a nonce, 12 bytes | the record by AES-256-GCM, with its tag

Its associated data are all that stands before the nonce, the run and what the record is: so none can take another's
place. Each run has a key of its own, made of the named one and the run's id, so that no key sees more nonces than a
run has events. A record that does not begin like this is not sealed, and is read as it stands.
"""

import hmac
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, Self

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from engine.model import codec
from engine.model.errors import ConfigurationError, JournalError
from engine.model.events import AnyEvent
from engine.model.ids import RunId
from engine.model.state import RunState

VARIABLE = "OFFHOOK_SECRET_KEY"
Kind = Literal["event", "state"]

_SEALED, _VERSION = 0xC1, 1
_KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 12, 16
_PLAIN_ID = "1"
"""The id of a key that is written without one."""
_ID = re.compile("[A-Za-z0-9_-]{1,32}")
_NOT_OURS = (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError)
"""What decoding raises for bytes that are damaged: too deep ones, texts that are none, values of other types."""
_HELP = f"Write {VARIABLE} as `offhook secret-key` prints it; after a change of keys, the new one first: 2:...,1:..."


def new_key(key_id: str = _PLAIN_ID) -> str:
    """A key as the variable holds it."""
    return f"{key_id}:{b64encode(os.urandom(_KEY_BYTES)).decode()}"


def is_sealed(data: bytes) -> bool:
    return data[:1] == bytes((_SEALED,))


class _Place(Struct, frozen=True):
    """Which record of which run it is, as messages name it."""

    run_id: RunId
    kind: Kind
    n: int | None

    def __str__(self) -> str:
        what = "the state" if self.kind == "state" else f"event {self.n}"
        return f"{what} of run {self.run_id}"


class Sealing:
    """The first of the keys seals, all of them open. Without one nothing can be sealed, and what is sealed not opened."""

    def __init__(self, keys: Mapping[str, bytes] | None = None) -> None:
        self._keys = dict(keys or {})

    @classmethod
    def of(cls, written: str) -> Self:
        """`written` is what the variable holds: `<id>:<base64 of 32 bytes>` with commas between; a key alone has the
        id 1. `ConfigurationError` for anything else; it never repeats what was written."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate((one.strip() for one in written.split(",") if one.strip()), 1):
            named, _, text = entry.rpartition(":")
            key_id = named or _PLAIN_ID
            if not _ID.fullmatch(key_id) or key_id in keys:
                raise ConfigurationError(f"{VARIABLE}: key number {number} has no good id, or another's.", help=_HELP)
            keys[key_id] = _key(text, number)
        return cls(keys)

    @property
    def can_seal(self) -> bool:
        return bool(self._keys)

    def seal_event(self, event: AnyEvent, run_id: RunId, n: int) -> bytes:
        """The run's `n`-th event, sealed."""
        return self._seal(codec.encode(event), _Place(run_id, "event", n), n)

    def seal_state(self, state: RunState, n: int) -> bytes:
        """The state after the run's `n`-th event, sealed."""
        return self._seal(codec.encode(state), _Place(state.run_id, "state", n), n)

    def open_event(self, data: bytes, run_id: RunId, n: int) -> AnyEvent:
        """Of either kind. `JournalError` for what cannot be opened or is no event."""
        place = _Place(run_id, "event", n)
        try:
            return codec.decode_event(self._open(data, place))
        except _NOT_OURS:
            raise _damaged(place) from None

    def open_state(self, data: bytes, run_id: RunId, n: int | None = None) -> RunState:
        """`n`: the number of the run's last event, where it was read with the state."""
        place = _Place(run_id, "state", n)
        try:
            return codec.decode_state(self._open(data, place))
        except _NOT_OURS:
            raise _damaged(place) from None

    def _seal(self, data: bytes, place: _Place, n: int) -> bytes:
        if not self._keys:
            raise JournalError(f"{place} cannot be sealed: {VARIABLE} is not set", help=_HELP)
        key_id, key = next(iter(self._keys.items()))
        named = key_id.encode()
        head = bytes((_SEALED, _VERSION, len(named))) + named + n.to_bytes(8)
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + _cipher(key, place.run_id).encrypt(nonce, data, _bound(head, place))

    def _open(self, data: bytes, place: _Place) -> bytes:
        if not is_sealed(data):
            return data
        begins = 3 + (data[2] if len(data) > 2 else 0) + 8
        head, nonce, body = data[:begins], data[begins : begins + _NONCE_BYTES], data[begins + _NONCE_BYTES :]
        if len(body) < _TAG_BYTES:
            raise JournalError(f"{place} is cut off", help="Restore the journal from a copy.")
        if head[1] != _VERSION:
            raise JournalError(f"{place} was sealed by a newer Offhook", help="Install that version, or a newer one.")
        if place.n is not None and int.from_bytes(head[-8:]) != place.n:
            raise JournalError(f"{place} is not what stands in its place", help="Restore the journal from a copy.")
        key = self._key(head[3:-8].decode("ascii", "replace"), place)
        try:
            return _cipher(key, place.run_id).decrypt(nonce, body, _bound(head, place))
        except InvalidTag:
            raise JournalError(
                f"{place} was changed, or sealed with another key of the same id",
                help=f"Set {VARIABLE} to the key that it was sealed with, or restore the journal from a copy.",
            ) from None

    def _key(self, key_id: str, place: _Place) -> bytes:
        if key_id not in self._keys:
            held = f"holds {', '.join(f'`{one}`' for one in self._keys)}" if self._keys else "is not set"
            raise JournalError(
                f"{place} is sealed with the key `{key_id}`, and {VARIABLE} {held}",
                help=f"Add that key to {VARIABLE}, behind the others: it opens what it has sealed.",
            )
        return self._keys[key_id]


def _damaged(place: _Place) -> JournalError:
    return JournalError(f"{place} is damaged, or of a newer Offhook", help="Restore the journal from a copy.")


def _key(text: str, number: int) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ConfigurationError(f"{VARIABLE}: key number {number} is not the base64 of 32 bytes.", help=_HELP)
    return key


def _bound(head: bytes, place: _Place) -> bytes:
    return head + f"{place.kind} {place.run_id}".encode()


@lru_cache(maxsize=4096)
def _cipher(key: bytes, run_id: RunId) -> AESGCM:
    """The run's own key."""
    return AESGCM(hmac.digest(key, b"offhook journal " + run_id.encode(), "sha256"))
