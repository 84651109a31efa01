"""Values to bytes and back: msgpack, deterministic, so that equal values are equal bytes."""

import msgspec

from engine.model.commands import Command
from engine.model.events import AnyEvent
from engine.model.state import RunState

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_state = msgspec.msgpack.Decoder(RunState)
_event: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)

ENGINE_SEMANTICS = 3
"""Byte-equal replay is promised between engines of the same number."""


def encode(value: RunState | AnyEvent | Command) -> bytes:
    return _encoder.encode(value)


def decode_state(data: bytes) -> RunState:
    return _state.decode(data)


def decode_event(data: bytes) -> AnyEvent:
    return _event.decode(data)
