"""The pages, and what is in them: fenced blocks, inline code, links, headings."""

import re
from pathlib import Path
from typing import NamedTuple

from tests.architecture.source import ROOT

_FENCE = re.compile(r"^```(.*)$")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: `kind` and `words` are what stands behind the fence (`yaml error FLW007`)."""

    page: str
    line: int
    kind: str
    words: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


class Page(NamedTuple):
    """`prose` is the text with the blocks left out."""

    name: str
    text: str
    prose: str
    blocks: tuple[Block, ...]

    @property
    def codes(self) -> list[str]:
        return _CODE.findall(self.prose)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """As GitHub makes them of headings."""
        return {anchor(title) for _, title in _HEADING.findall(self.prose)}

    def section(self, title: str) -> str:
        """The text (blocks included) from the heading with this title to the next one of its depth or above."""
        lines = self.text.splitlines()
        start = next(at for at, line in enumerate(lines) if line.lstrip("#").strip() == title and line.startswith("#"))
        depth = len(lines[start]) - len(lines[start].lstrip("#"))
        fenced, end = False, len(lines)
        for at in range(start + 1, len(lines)):
            fenced ^= lines[at].startswith("```")
            heading = re.match(r"(#+) ", lines[at])
            if not fenced and heading and len(heading.group(1)) <= depth:
                end = at
                break
        return "\n".join(lines[start:end])


def anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def page(path: Path) -> Page:
    name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    prose: list[str] = []
    blocks: list[Block] = []
    inside: list[str] | None = None
    kind, words, began = "", (), 0
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if fence and inside is None:
            first, *rest = fence.group(1).split() or [""]
            kind, words, began, inside = first, tuple(rest), number, []
        elif fence and inside is not None:
            blocks.append(Block(name, began, kind, words, "\n".join(inside) + "\n"))
            inside = None
        elif inside is not None:
            inside.append(line)
        else:
            prose.append(line)
    assert inside is None, f"{name}: the block of line {began} is not closed"
    return Page(name, text, "\n".join(prose), tuple(blocks))


PAGES = tuple(
    page(path) for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
)
BY_NAME = {one.name: one for one in PAGES}
BLOCKS = tuple(block for one in PAGES for block in one.blocks)


def blocks(*kinds: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind in kinds]
