"""A transcript that a case keeps (`transcript` under `expect`): the whole call as a person would tell it.

A line of it is one of a story: when (for steps and the end), and what. It says nothing of ids, and time is virtual, so
that the same flow gives the same lines on every machine.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct

from engine.compile.located import Mapping, Node, Scalar
from engine.model.diagnostics import Span
from engine.simulate.cases.case import Case
from engine.simulate.told import marked, told_of
from engine.simulate.transcript import Line

_TIME = 7
"""`0:04.5` and a blank; minutes of more digits move their line to the right."""


class Differs(Struct, frozen=True, kw_only=True):
    """Where the transcript goes on in another way: the place in the test file, what is `kept` there and what came (""
    where there is no more), and the transcript's line, from 0; None at its end."""

    at: Span
    kept: str
    came: str
    mark: int | None


class Edit(Struct, frozen=True, order=True):
    """`text` in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def lines(transcript: Iterable[Line]) -> Iterator[tuple[int, str]]:
    """Its lines as they are kept, each with its place in the transcript."""
    for index, one in told_of(transcript):
        yield index, f"{one.time:<{_TIME}}{_on_one_line(one.text)}".rstrip()


def with_marks(transcript: Sequence[Line], marks: Collection[int | None]) -> Iterator[str]:
    """The same for somebody who reads of what fails, a `✗` before each line that is marked."""
    places = frozenset(one for one in marks if one is not None)
    for index, one in told_of(transcript, places):
        text = marked(transcript[index]) if index in places else one.text
        yield f"{'✗' if index in places else '':<2}{one.time:<{_TIME}}{_on_one_line(text)}".rstrip()


def differs(case: Case, transcript: Sequence[Line]) -> Differs | None:
    """None where the case keeps just this, or keeps none."""
    node = case.find("expect", "transcript")
    if not isinstance(node, Scalar):
        return None
    kept = [line.rstrip() for line in node.text.splitlines()]
    for place, (old, new) in enumerate(zip_longest(kept, lines(transcript))):
        came = "" if new is None else new[1]
        if (old or "") != came:
            at = _span(case, node, min(place, max(len(kept) - 1, 0)))
            return Differs(at=at, kept=old or "", came=came, mark=None if new is None else new[0])
    return None


def edits(case: Case, transcript: Sequence[Line]) -> tuple[Edit, ...]:
    """What makes the file keep this transcript; none where it does, or where its place cannot hold one (`is_in_braces`)."""
    node = case.find("expect", "transcript")
    key = _key(case)
    if key is None or not isinstance(node, Scalar) or differs(case, transcript) is None or is_in_braces(case):
        return ()
    text = case.source.text
    end = "\r\n" if "\r\n" in text else "\n"
    indent = " " * (key.start - text.rfind("\n", 0, key.start) - 1 + 2)
    body = "".join(f"{indent}{line}{end}" for _, line in lines(transcript))
    if node.block:
        return (Edit(node.start, node.end, f"|{end}{body}"),)
    head = Edit(node.start, node.end, "|") if node.value is not None else Edit(key.end + 1, key.end + 1, " |")
    ends = text.find("\n", head.end)
    if ends < 0:
        return (Edit(head.start, len(text), f"{head.text}{text[head.end :]}{end}{body}"),)
    return head, Edit(ends + 1, ends + 1, body)


def is_in_braces(case: Case) -> bool:
    """Is it written within `{ }`, where no text of several lines can stand?"""
    text = case.source.text
    around = (case.find("expect"), case.node)
    return any(isinstance(one, Mapping) and text[one.start : one.start + 1] == "{" for one in around)


def apply(text: str, edits: Iterable[Edit]) -> str:
    for one in sorted(edits, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text


def _key(case: Case) -> Scalar | None:
    expect = case.find("expect")
    return expect.key("transcript") if isinstance(expect, Mapping) else None


def _span(case: Case, node: Node, place: int) -> Span:
    """Of a line of a block; of any other text as a whole."""
    if not isinstance(node, Scalar) or not node.block:
        return case.span(_key(case) if isinstance(node, Scalar) and node.value is None else node)
    text, start = case.source.text, node.start
    for _ in range(place + 1):
        start = text.find("\n", start) + 1
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    start += len(line) - len(line.lstrip())
    return case.source.span(start, start + len(line.strip()))


def _on_one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
