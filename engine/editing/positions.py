"""Offsets into a text, and the lines and characters by which the language server protocol counts."""

from bisect import bisect_right
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What a client counts as one character of a line: bytes, 16-bit units or code points."""


class Positions:
    """Lines end with `\\n`, `\\r\\n` or `\\r`. What a client gives may lie anywhere: it is moved to the nearest place
    there is."""

    def __init__(self, text: str, encoding: Encoding = "utf-16") -> None:
        self._text = text
        self._encoding = encoding
        self._starts = [0]
        for at, char in enumerate(text):
            if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
                self._starts.append(at + 1)

    def offset(self, line: int, character: int) -> int:
        if line < 0 or not self._starts:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        at, end, counted = self._starts[line], self._end(line), 0
        while at < end and counted < character:
            counted += self._size(self._text[at])
            at += 1
        return at

    def position(self, offset: int) -> tuple[int, int]:
        """Line and character, both from 0."""
        offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset) - 1
        return line, sum(map(self._size, self._text[self._starts[line] : offset]))

    def _end(self, line: int) -> int:
        """Where the line ends, without its line break."""
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        return self._starts[line] + len(self._text[self._starts[line] : end].rstrip("\r\n"))

    def _size(self, char: str) -> int:
        if self._encoding == "utf-8":
            return len(char.encode("utf-8", "surrogatepass"))
        return 2 if self._encoding == "utf-16" and char > "\uffff" else 1
