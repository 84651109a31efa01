"""Marks around private pieces of a text: it is sent without them, and shown without what is between them.

They are two characters that no writing uses (U+E000, U+E001). Where a text has them from elsewhere, more is
hidden than need be, never less: a value's own are taken out before it is marked.
"""

import re
from typing import Any

MASK = "\u2022\u2022\u2022"
"""What is shown for a value that is not to be seen."""

_OPEN, _CLOSE = "\ue000", "\ue001"
_BOTH = str.maketrans("", "", _OPEN + _CLOSE)
_BEGIN = _OPEN.encode()[:2]
_PIECE = re.compile(f"{_OPEN}[^{_CLOSE}]*(?:{_CLOSE}|\\Z)")


def marked(text: str) -> str:
    return f"{_OPEN}{text.translate(_BOTH)}{_CLOSE}"


def sent(tree: Any) -> Any:
    """A tree of params with all its texts as they are sent."""
    if isinstance(tree, str):
        return tree.translate(_BOTH) if _OPEN in tree or _CLOSE in tree else tree
    if isinstance(tree, dict):
        return {key: sent(value) for key, value in tree.items()}
    return [sent(value) for value in tree] if isinstance(tree, list) else tree


def may_be_in(encoded: bytes) -> bool:
    """Of UTF-8, where no escapes stand for characters beyond ASCII. True also of some other characters nobody uses."""
    return _BEGIN in encoded


def shown(text: str) -> str:
    """A text as people may see it."""
    return _PIECE.sub(MASK, text).replace(_CLOSE, "") if _OPEN in text or _CLOSE in text else text
