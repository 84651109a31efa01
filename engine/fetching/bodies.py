"""A reply's body, gathered and unpacked, and no further than its limit."""

import zlib

from engine.fetching.failure import NotFetched
from engine.model.limits import MAX_REPLY_BYTES

_PACKED = ("gzip", "x-gzip", "deflate")
_EITHER = 47
"""zlib's word for: gzip or zlib, as the first bytes say."""


class Body:
    """`encoding` is the reply's Content-Encoding. Nothing packed was asked for, and some servers pack all the same.

    `done`: it is over the limit, packed or unpacked, or cannot be unpacked; no more of it is taken.
    """

    def __init__(self, encoding: str) -> None:
        self.done = False
        self._encoding = encoding.strip().lower()
        self._unpacking = zlib.decompressobj(_EITHER) if self._encoding in _PACKED else None
        self._came = 0
        self._kept = bytearray()

    def add(self, chunk: bytes) -> None:
        if self.done:
            return
        self._came += len(chunk)
        try:
            self._kept += self._unpacked(chunk)
        except zlib.error:
            self.done = True
        self.done |= self._too_large

    def whole(self, status: int) -> bytes:
        """`NotFetched`, with the reply's status, where there is no whole body."""
        if self._too_large:
            raise NotFetched("invalid", "too-large", f"the reply is over {MAX_REPLY_BYTES} bytes", status)
        if self._unpacking is None and self._encoding not in ("", "identity"):
            raise NotFetched("invalid", "invalid-reply", "body: it is packed in a way that was not asked for", status)
        if self._unpacking is not None and self._came and not self._unpacking.eof:
            raise NotFetched("invalid", "invalid-reply", "body: it is packed, and cannot be unpacked", status)
        return bytes(self._kept)

    @property
    def _too_large(self) -> bool:
        return max(self._came, len(self._kept)) > MAX_REPLY_BYTES

    def _unpacked(self, chunk: bytes) -> bytes:
        """Never more than a byte over the limit in all, however much it would become."""
        if self._unpacking is None:
            return chunk
        return self._unpacking.decompress(chunk, MAX_REPLY_BYTES + 1 - len(self._kept))
