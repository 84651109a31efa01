"""YAML's complaints, in an author's words: where the mistake is, and what usually causes it."""

import re
from typing import Any

from msgspec import Struct


class YamlMistake(Struct, frozen=True, kw_only=True):
    """`start` and `end` are what is marked; `cause` is where the broken value begins, which may be lines before."""

    start: int
    end: int
    cause: int
    message: str
    help: str


_WORDS = {
    "mapping values are not allowed in this context": "A `:` where no key can be",
    "could not find expected ':'": "A key without a `:`",
    "did not find expected key": "A line that does not belong to the block around it",
    "did not find expected '-' indicator": "A line that does not belong to the list around it",
    "did not find expected ',' or '}'": "A `{` that is not closed by a `}`",
    "did not find expected ',' or ']'": "A `[` that is not closed by a `]`",
    "did not find expected node content": "A value is missing",
    "found unexpected end of stream": "A quote that is not closed",
    "found character that cannot start any token": "A character that cannot begin a value",
    "did not find expected <document start>": "Something behind the end of the document",
    "found unknown escape character": "A `\\` before a character that it does not go with",
    "did not find expected alphabetic or numeric character": "A `*` or `&` with no name behind it",
    "found unexpected document indicator": "A `---` or `...` inside a quoted text",
    "control characters are not allowed": "A control character",
}
_RESERVED_START = re.compile(r"(?:[:-]|^)[ \t]+([!&*@`%|>])")


def explain(text: str, error: Any) -> YamlMistake:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    start = _place(text, error)
    opened = _opened(error, context)
    cause = start if opened is None else opened
    if problem == "found unexpected end of stream" or (cause != start and "\n" in text[cause:start]):
        start = cause  # the line where it is noticed is far from the slip
    line = _line(text, start)
    return YamlMistake(
        start=start,
        end=start + 1,
        cause=cause,
        message=f"This is not YAML: {_lower(_said(problem))}.",
        help=_advice(line, problem, context),
    )


def _place(text: str, error: Any) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        index = int(mark.index)
    else:  # a character that no YAML file may hold: its place counts bytes
        position = getattr(error, "position", None) or 0
        index = len(text.encode()[:position].decode(errors="ignore"))
    return max(0, min(index, len(text.rstrip()) - 1))


def _opened(error: Any, context: str) -> int | None:
    """Where the quote or bracket stands that the complaint is about."""
    mark = getattr(error, "context_mark", None)
    about = "quoted" in context or "flow" in context or "simple key" in context
    return int(mark.index) if mark is not None and about else None


def _said(problem: str) -> str:
    return _WORDS.get(problem, problem)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _line(text: str, index: int) -> str:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    return text[start : end if end >= 0 else len(text)]


def _advice(line: str, problem: str, context: str) -> str:
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation or ("cannot start any token" in problem and "\t" in line):
        return "The line is indented with a tab; YAML wants spaces."
    if "escape" in problem:
        return "In double quotes a backslash is written \\\\; or use single quotes: '\\d'."
    if "mapping values are not allowed" in problem:
        return "A text with `: ` in it must be quoted."
    if reserved := _RESERVED_START.search(line):
        sign = "a backtick" if reserved.group(1) == "`" else f"`{reserved.group(1)}`"
        return f"A text that begins with {sign} must be quoted."
    if "end of stream" in problem:
        return "Close the quote that begins here."
    if "control characters" in problem:
        return "Remove it; in double quotes it can be written as an escape such as \\t."
    if "flow" in context:
        return "Inside `{ }` and `[ ]` a text with a comma, colon, brace or bracket must be quoted."
    if "expected ':'" in problem:
        return "A key is followed by `: `; a text over several lines is quoted or begins with `|`."
    return "Check the indentation and the quotes of this line and the one above."
