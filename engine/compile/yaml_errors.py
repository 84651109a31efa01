"""YAML's complaints, in an author's words: where the mistake is, and what usually causes it."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from msgspec import Struct


class YamlMistake(Struct, frozen=True, kw_only=True):
    """`start` and `end` are what is marked; `cause` is where the broken value begins, which may be lines before."""

    start: int
    end: int
    cause: int
    message: str
    help: str
    code: str
    name: str


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
    "tab": "A tab in the indentation",
    "control characters are not allowed": "A control character",
}
_RESERVED_START = re.compile(r"(?:[:-]|^)[ \t]+([!&*@`%|>])")


_NOT_CLOSED = "This is not YAML: a quote that is not closed."
_CLOSE = "Close the quote that begins here."
_NO_COLON = "This is not YAML: a key without a `:`."
_LINE = re.compile(r"^([ ]*)([^\s#].*?)[ ]*$", re.MULTILINE)


def explain(text: str, error: Any, tokens: Iterable[Any]) -> YamlMistake:
    """`tokens` are those before the mistake."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    context = str(getattr(error, "context", None) or "")
    start = _place(text, error)
    opened = _opened(error, context)
    cause = start if opened is None else opened
    if (trap := _unquoted(text, problem, start, cause)) is not None:
        return trap
    if (quote := _open_quote(text, start, tokens)) is not None:
        return _error(quote, quote + 1, _NOT_CLOSED, _CLOSE, cause=quote)
    if "mapping values" in problem and (deeper := _deeper(text, start)):
        return deeper
    if "mapping values" in problem and (key := _without_colon(text, start)):
        advice = f"A key is followed by `:`, such as `{key[2].split()[0]}:`."
        return _error(key.start(2), key.end(2), _NO_COLON, advice, cause=key.start(2))
    if "cannot start any token" in problem and "\t" in text[text.rfind("\n", 0, start) + 1 : start + 1]:
        problem = "tab"
    if problem == "found unexpected end of stream" or (cause != start and "\n" in text[cause:start]):
        start = cause  # the line where it is noticed is far from the slip
    message, advice = f"This is not YAML: {_lower(_said(problem))}.", _advice(_line(text, start), problem, context)
    return _error(start, start + 1, message, advice, cause=cause)


def _error(start: int, end: int, message: str, advice: str, *, cause: int) -> YamlMistake:
    return YamlMistake(
        start=start, end=end, cause=cause, message=message, help=advice, code="SYN001", name="yaml-error"
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


def _unquoted(text: str, problem: str, at: int, opened: int) -> YamlMistake | None:
    """A key of a telephone that means something to YAML, between brackets or where the reader has stopped."""
    end = text.find("\n", opened)
    comment = (
        _COMMENT.search(text, opened, end if end >= 0 else len(text))
        if text[opened : opened + 1] in ("{", "[")
        else None
    )
    if comment is not None and text[opened : comment.start(1)].count('"') % 2 == 0:
        return _trap(comment.start(1), "#", "begins a comment, and the rest of the line is lost", cause=opened)
    star = text.rfind("*", 0, at + 1)
    if star >= 0 and at - star <= 1 and "no name" in _said(problem):
        return _trap(star, "*", "stands for another value", cause=opened)
    return None


_COMMENT = re.compile(r"[\s\[{,:](#)(?! )")


def _trap(at: int, sign: str, means: str, *, cause: int) -> YamlMistake:
    message = f"An unquoted `{sign}` {means}."
    return YamlMistake(
        start=at, end=at + 1, cause=cause, message=message, help=f'Quote it: "{sign}".', code="SYN004", name="yaml-trap"
    )


def _open_quote(text: str, at: int, tokens: Iterable[Any]) -> int | None:
    """Where a quoted text begins that goes over several lines and ends in that of the mistake: what was to be quoted next
    has closed it."""
    found: int | None = None
    for token in takewhile(lambda one: one.start_mark.index < at, tokens):
        start, end = token.start_mark, token.end_mark
        if getattr(token, "style", None) in ("'", '"') and start.line < end.line:
            found = start.index if end.index <= at and "\n" not in text[end.index : at] else None
    return found


def _deeper(text: str, at: int) -> YamlMistake | None:
    """A key that is indented more than the one above, whose value has begun already: YAML takes it for more of that text."""
    begin = text.rfind("\n", 0, at) + 1
    here, above = _KEY.match(text, begin), _LINE.match(text, text.rfind("\n", 0, max(begin - 1, 0)) + 1)
    valued = _KEY.match(above[0]) if above is not None else None
    if here is None or valued is None or above is None or here.end() - 1 != at or not above[0][valued.end() :].strip():
        return None
    if len(here[1]) <= len(valued[1]) or above[0].rstrip().endswith(("|", ">")):
        return None
    message = f"This is not YAML: `{here[2]}` is indented more than `{valued[2]}`, the line above."
    advice = f"Begin it with {len(valued[1])} spaces, as `{valued[2]}` does."
    return _error(here.start(2), here.end(2), message, advice, cause=here.start(2))


_KEY = re.compile(r"([ ]*)([\w.-]+):(?=\s|$)")


def _without_colon(text: str, at: int) -> re.Match[str] | None:
    """The line above, or the one that this block hangs on, if it is not recognised as a key."""
    here = _line(text, at)
    indentation = len(here) - len(here.lstrip())
    lines = list(_LINE.finditer(text, 0, text.rfind("\n", 0, at) + 1))
    outer = [one for one in lines if len(one[1]) < indentation][-1:]
    for one in (*lines[-1:], *outer):
        if len(one[1]) <= indentation and not _BEGINS.search(one[2]):
            return one
    return None


_BEGINS = re.compile(r"""^[-{\["'|>]|:(\s|$)""")
"""What is no mere word: it begins a block, a list or a text."""


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
    if "\t" in indentation or problem == "tab":
        return "YAML wants spaces: put two for each level in its place."
    if "escape" in problem:
        return "In double quotes a backslash is written \\\\; or use single quotes: '\\d'."
    if "mapping values are not allowed" in problem:
        return "A text with `: ` in it must be quoted."
    if reserved := _RESERVED_START.search(line):
        sign = "a backtick" if reserved.group(1) == "`" else f"`{reserved.group(1)}`"
        return f"A text that begins with {sign} must be quoted."
    if "end of stream" in problem:
        return _CLOSE
    if "control characters" in problem:
        return "Remove it; in double quotes it can be written as an escape such as \\t."
    if "flow" in context:
        return "Inside `{ }` and `[ ]` a text with a comma, colon, brace or bracket must be quoted."
    if "expected ':'" in problem:
        return "A key is followed by `: `; a text over several lines is quoted or begins with `|`."
    return "Check the indentation and the quotes of this line and the one above."
