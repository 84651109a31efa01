"""What a run was started with, as source bytes: the language version and the files of the flow."""

import hashlib
from collections.abc import Mapping

import msgspec

from engine.model.ids import Digest

LANGUAGE = 1
FLOW_SUFFIX, CALENDAR_SUFFIX, TEST_SUFFIX = ".flow.yaml", ".calendar.yaml", ".test.yaml"
"""How the names of their files end."""


class Bundle(msgspec.Struct, frozen=True):
    """`files` maps paths (`reception.flow.yaml`, `swml/queue.yaml`), relative to the flows folder, to their bytes."""

    flow: str
    files: Mapping[str, bytes]
    language: int = LANGUAGE

    @property
    def digest(self) -> Digest:
        return Digest(hashlib.sha256(self.encode()).hexdigest())

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self, order="deterministic")

    @staticmethod
    def decode(data: bytes) -> "Bundle":
        return msgspec.msgpack.decode(data, type=Bundle)
