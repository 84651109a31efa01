"""The corpus of flows under err/ and ok/, and the marks in them.

In err/ each expected finding is marked by hand in a comment under its line: carets for the exact
span, then code and name:

    pley: Hello.
  # ^^^^ SYN003 unknown-key

A span that begins in the first columns begins with the `#` itself: `#^^^`, or `#` alone. `^^^>` is a span that
goes on in the next line. A comment cannot stand everywhere (in a `|` text it would be text), so a
mark may say that its line is further up: `(2 up)` counts lines that are no marks.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from engine.compile import Compiled, compile_bundle
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic

HERE = Path(__file__).parent
SUFFIX = ".flow.yaml"
MARK = re.compile(
    r"(?P<indent>\s*)(?P<hash>#)(?:(?P<gap>\s+)(?=\^))?(?P<carets>\^*)(?P<more>>?) (?P<said>[A-Z]+\d+ [a-z-]+)(?: \((?P<up>\d+) up\))?\s*"
)


class Finding(NamedTuple):
    """`end` is exclusive; 0 when the span goes on in another line."""

    line: int
    column: int
    end: int
    said: str


def flows(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob(f"*{SUFFIX}"))


def named(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def compiled(path: Path, data: bytes | None = None) -> Compiled:
    """The flow (or `data` instead) with all files under swml/ and lib/ beside it; it is called as its file is."""
    files = (one for folder in ("swml", "lib") for one in sorted((path.parent / folder).iterdir()))
    beside = {one.relative_to(path.parent).as_posix(): one.read_bytes() for one in files}
    return compile_bundle(Bundle(named(path), {path.name: data or path.read_bytes(), **beside}))


def expected(text: str) -> Iterator[Finding]:
    """What the marks in a file say."""
    unmarked: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.fullmatch(line)
        if mark is None:
            unmarked.append(number)
            continue
        start = mark.start("carets") + 1 if mark["gap"] else mark.start("hash") + 1
        end = 0 if mark["more"] else mark.end("carets") + 1
        yield Finding(unmarked[-1 - int(mark["up"] or 0)], start, end, mark["said"])


def texts(path: Path, diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    """The flow's text and those of the files beside it in which something was found, by their names."""
    names = dict.fromkeys((path.name, *(one.file for one in diagnostics)))
    return {name: (path.parent / name).read_text(encoding="utf-8") for name in names}


def found(diagnostic: Diagnostic) -> Finding:
    span = diagnostic.span
    end = span.end_column if span.line == span.end_line else 0
    return Finding(span.line, span.column, end, f"{diagnostic.code} {diagnostic.name}")


def shown(text: str, diagnostic: Diagnostic, file: str = "") -> str:
    """A finding as its reader sees it: the line, what is marked, the message and the help; in a `file` beside the
    flow, its name too."""
    place = found(diagnostic)
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    carets = "^" * max(1, (place.end or len(line) + 1) - place.column)
    said = [
        *([f"in {file}"] if file else []),
        f"{place.line:>4} | {line}".rstrip(),
        f"     | {' ' * (place.column - 1)}{carets}",
        f"{diagnostic.severity} {place.said}: {diagnostic.message}",
    ]
    way = [f"  way: {' > '.join(diagnostic.witness)}"] if diagnostic.witness else []
    advice = [f"  {diagnostic.help}"] if diagnostic.help else []
    where = [f"  at {diagnostic.path}"] if diagnostic.path else []
    return "\n".join([*said, *way, *advice, *where])
