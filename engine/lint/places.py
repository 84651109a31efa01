"""Offsets of a text, its lines and columns, and what an editor calls them."""

from bisect import bisect_right

from engine.compile.located import Source


class Places(Source):
    """Lines and columns count from 1, columns in characters. Offsets beyond the text are its end."""

    def __init__(self, text: str) -> None:
        super().__init__("", text)

    def offset(self, line: int, column: int) -> int:
        if line > len(self._starts):
            return len(self.text)
        return min(self._starts[line - 1] + column - 1, len(self.text))

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line_start(self, offset: int) -> int:
        return self._starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line ends, without its line break."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def editor(self, offset: int) -> tuple[int, int]:
        """Line and character as the language server protocol counts: from 0, in UTF-16 code units."""
        start = self.line_start(min(offset, len(self.text)))
        before = self.text[start:offset]
        return self.line_of(start) - 1, len(before) + sum(char > "\uffff" for char in before)
