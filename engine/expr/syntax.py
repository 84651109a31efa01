"""What is usually behind a syntax error of CEL: the parser names a token, a reader wants the slip."""

import re

_TOKEN = re.compile(r"token recognition error at: '(.*)'\Z", re.DOTALL)
_INPUT = re.compile(r"(?:mismatched|extraneous) input '(.*?)'(?: expecting.*)?\Z", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*|\S")
_OTHER_LANGUAGES = {"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!", "is": "==", "mod": "%"}
_SINGLE = {
    "=": ("A comparison is written `==`.", ""),
    "|": ("Or is written `||`.", ""),
    "&": ("And is written `&&`.", ""),
}
_PAIRS = {"(": ")", "[": "]", "{": "}"}

Said = tuple[int, int, str, str]
"""Offset, length, message, help."""


def syntax_mistake(source: str, offset: int, text: str) -> Said:
    return (
        _open_quote(source)
        or _other_language(source)
        or _single(source, offset, text)
        or _bracket(source)
        or _plain(source, offset, text)
    )


def _open_quote(source: str) -> Said | None:
    """A quote that is not closed, or an escape that a text cannot have."""
    quote, start, at = "", 0, 0
    while at < len(source):
        char = source[at]
        if not quote and char in "'\"":
            quote, start = char, at
        elif quote and char == "\\":
            raw = source[start - 1 : start] in ("r", "R") and start > 0
            if not raw and source[at + 1 : at + 2] not in _ESCAPES:
                message = f"`\\{source[at + 1 : at + 2]}` is no escape in a text."
                return at, 2, message, "A backslash is written twice, or the text begins with r: r'\\d'."
            at += 1
        elif quote and char == quote:
            quote = ""
        at += 1
    return (start, 1, "This quote is not closed.", "") if quote else None


_ESCAPES = frozenset("abfnrtv\\?\"'`xXuU01234567")


def _other_language(source: str) -> Said | None:
    for word in _words(source):
        if word.group() in _OTHER_LANGUAGES:
            text, start = word.group(), word.start()
            return start, len(text), f"`{text}` is written `{_OTHER_LANGUAGES[text]}`.", ""
    return None


def _words(source: str) -> list[re.Match[str]]:
    """The words outside quotes."""
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", lambda quoted: " " * len(quoted.group()), source)
    return list(re.finditer(r"(?<![\w.])[A-Za-z_]\w*", bare))


def _single(source: str, offset: int, text: str) -> Said | None:
    token = _TOKEN.search(text)
    char = source[offset : offset + 1]
    if token is None:
        return None
    if char in _SINGLE:
        return offset, 1, *_SINGLE[char]
    return offset, 1, f"`{char}` has no meaning in an expression.", "A text stands in quotes."


def _bracket(source: str) -> Said | None:
    opened: list[int] = []
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", lambda quoted: " " * len(quoted.group()), source)
    for at, char in enumerate(bare):
        if char in _PAIRS:
            opened.append(at)
        elif char in _PAIRS.values():
            if not opened:
                return at, 1, f"This `{char}` closes nothing.", ""
            if _PAIRS[bare[opened.pop()]] != char:
                return at, 1, f"This `{char}` closes a bracket of another kind.", ""
    return (opened[-1], 1, f"This `{bare[opened[-1]]}` is not closed.", "") if opened else None


def _plain(source: str, offset: int, text: str) -> Said:
    found = _INPUT.search(text)
    if found and found[1] == "<EOF>":
        last = len(source.rstrip()) - 1
        return last, 1, "Something is missing at the end.", ""
    word = _WORD.match(source, offset)
    token = word.group() if word else source[offset : offset + 1]
    return offset, len(token), f"`{token}` is not expected here.", _between(source, offset)


def _between(source: str, offset: int) -> str:
    before = source[:offset].rstrip()
    return (
        "Between two values stands an operator such as +, == or &&."
        if before and before[-1] not in "+-*/%(<>=&|!?:,."
        else ""
    )
