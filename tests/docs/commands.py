"""Commands as the pages show them: `sh` blocks, and `console` blocks with their output."""

import re
import shlex
from typing import NamedTuple

from tests.docs.pages import Block

_PROMPT = "$ "


class Shown(NamedTuple):
    """A command, as words, and the output that is shown under it. Pipes are words as well."""

    block: Block
    words: tuple[str, ...]
    output: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.block}: {' '.join(self.words)[:60]}"


def shown(block: Block) -> list[Shown]:
    if block.kind == "console":
        return _with_output(block)
    found, text = [], ""
    for line in block.text.splitlines():
        text += line + "\n"
        words = _words(text)
        if words:
            found.append(Shown(block, words, ()))
            text = ""
    assert not text.strip(), f"{block}: a command that does not end: {text}"
    return found


def _with_output(block: Block) -> list[Shown]:
    found: list[Shown] = []
    for line in block.text.splitlines():
        if line.startswith(_PROMPT):
            found.append(Shown(block, _words(line[len(_PROMPT) :]), ()))
        else:
            last = found.pop()
            found.append(last._replace(output=(*last.output, line)))
    return found


def _words(text: str) -> tuple[str, ...]:
    """Empty while a quote or a line goes on. What stands in <> for the reader to fill in is one word."""
    if text.rstrip().endswith("\\"):
        return ()
    text = text.replace("\\\n", " ")
    try:
        return tuple(shlex.split(re.sub(r"<([\w ]+)>", lambda found: found.group(1).replace(" ", "-"), text)))
    except ValueError:
        return ()


def split(words: tuple[str, ...], at: str) -> list[tuple[str, ...]]:
    """The commands between `&&`s or `|`s."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == at:
            found.append([])
        else:
            found[-1].append(word)
    return [tuple(one) for one in found]


def same(wanted: str, line: str) -> bool:
    """`…` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in wanted.rstrip().split("…"))
    return re.fullmatch(pattern, line.rstrip()) is not None
