"""What is written within `{}` and `[]`, whose last brackets may be missing."""

from msgspec import Struct

from engine.compile.located import Path
from engine.editing.lines import plain_end, quote_end


class _Open(Struct):
    """A bracket that is open: the keys so far, or the number of the entry; `key` is the one whose value is written."""

    kind: str
    keys: list[str] = []
    index: int = 0
    key: str | None = None


class Brackets:
    """Read from the first bracket up to the place `stop`. When they are closed before it, `end` is behind the last one; when
    something was forgotten (at `limit`), there; else None, and the value that is written begins at `value`."""

    def __init__(self, text: str, at: int, stop: int, limit: int) -> None:
        self._text = text
        self._stop = stop
        self._open: list[_Open] = []
        self.value = stop
        self.end = self._read(at, limit)

    @property
    def path(self) -> Path:
        """From the value that the brackets are to what is written."""
        parts = (one.index if one.kind == "[" else one.key for one in self._open)
        return tuple(part for part in parts if part is not None)

    @property
    def role(self) -> str:
        last = self._open[-1]
        return "item" if last.kind == "[" else "key" if last.key is None else "value"

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._open[-1].keys) if self.role == "key" else frozenset()

    def _read(self, at: int, limit: int) -> int | None:
        while at < self._stop:
            if at >= limit:
                return limit
            char = self._text[at]
            if char in "{[":
                self._open.append(_Open(char, []))
            elif char in "}]":
                self._open.pop()
                if not self._open:
                    return at + 1
            elif char == ",":
                self._open[-1].index, self._open[-1].key = self._open[-1].index + 1, None
            elif not char.isspace():
                at = self._word(at)
                continue
            at += 1
        return None

    def _word(self, at: int) -> int:
        """Behind the word; if a colon follows, it is a key, and what is behind that is its value."""
        text, last = self._text, self._open[-1]
        end = quote_end(text, at) if text[at] in "'\"" else plain_end(text, at)
        if end >= self._stop:
            self.value = at
            return self._stop
        colon = text[end : end + 3].lstrip(" ").startswith(":")
        if last.kind == "{" and last.key is None and colon:
            last.key = text[at:end].strip("\"'")
            last.keys.append(last.key)
            return text.index(":", end) + 1
        return end
