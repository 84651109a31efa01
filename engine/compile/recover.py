"""Going on after a YAML mistake: the block that holds it is blanked, and the rest is read again.

A block is a step, or a top-level section. Its key stays, so nothing that refers to it seems to
dangle; the rest becomes blanks, so every other place in the file stays where it is.
"""

import re

_KEY = re.compile(r"""[ ]*(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_.-]+)[ ]*:(?=[ \t\r\n]|$)""")
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_BLANK = re.compile(r"[^\r\n]")
MAX_BLOCKS = 20
"""A file with more broken blocks than this is not read on."""


class Recovery:
    """`text` is the file with its broken blocks blanked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left_out: list[tuple[int, int]] = []
        self._bare: set[int] = set()
        self.lost_names: set[str] = set()
        """First words of blocks whose keys were left out too."""

    def knows(self, at: int) -> bool:
        """Is the place in a block that was left out already?"""
        return any(start <= at < end for start, end in self._left_out)

    def leave_out(self, at: int) -> tuple[int, int] | None:
        """Blanks the block at the place; None when there is nothing left to blank."""
        if len(self._left_out) >= MAX_BLOCKS:
            return None
        start, end = self._block(at)
        key = _KEY.match(self.text, start)
        keep = key.end() if key and key.end() <= end and start not in self._bare else start
        blanked = _BLANK.sub(" ", self.text[keep:end])
        if blanked == self.text[keep:end]:
            if start in self._bare:
                return None
            self._bare.add(start)
            keep, blanked = start, _BLANK.sub(" ", self.text[start:end])
        if keep == start:
            self.lost_names |= {*_WORD.findall(self.text[start:end])[:1]}
        self.text = self.text[:keep] + blanked + self.text[end:]
        self._left_out.append((start, end))
        return start, end

    def _block(self, at: int) -> tuple[int, int]:
        lines = self._lines()
        inside = [line for line in lines if line[0] <= at]
        section = next((line for line in reversed(inside) if line[2] == 0), lines[0])
        start, depth = section[0], section[2]
        if self.text.startswith("steps:", section[0]):
            depth_of_steps = next((line[2] for line in lines if line[0] > section[0]), 0)
            step = next((line for line in reversed(inside) if 0 < line[2] <= depth_of_steps), None)
            if step is not None and step[0] > section[0]:
                start, depth = step[0], step[2]
        end = next((line[0] for line in lines if line[0] > max(start, at) and line[2] <= depth), len(self.text))
        return start, end

    def _lines(self) -> list[tuple[int, int, int]]:
        """Start, end and indentation of every line that is neither blank nor a comment."""
        found = []
        for match in re.finditer(r"^( *)([^\s#][^\n]*)", self.text, re.MULTILINE):
            found.append((match.start(), match.end(), len(match.group(1))))
        return found or [(0, len(self.text), 0)]
