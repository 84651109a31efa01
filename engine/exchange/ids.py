"""Ids of the platform's making: UUID-shaped, and a function of a seed and a counter."""

import hashlib
from functools import lru_cache


@lru_cache(maxsize=4_096)
def uuid_shaped(seed: str, count: int) -> str:
    """The `count`-th id of an exchange: looks like a random UUID (version 4), is the same every time."""
    raw = bytearray(hashlib.sha256(f"{seed}:{count}".encode()).digest()[:16])
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
