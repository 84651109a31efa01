"""What a terminal can show: how wide it is, and texts from outside without what would steer it."""

import re
import sys

_STEERING = r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
"""Control characters, ends of lines, changes of the direction of writing, and halves of characters."""


def columns(otherwise: int) -> int:
    """The terminal's width; `otherwise` when standard output is none."""
    if not sys.stdout.isatty():
        return otherwise
    import shutil  # and with it what it can unpack

    return shutil.get_terminal_size().columns


def visible(text: str) -> str:
    """On one line, with every control character as an escape: a line break as `\\n`, ESC as `\\x1b`."""
    return re.sub(_STEERING, lambda found: ascii(found.group())[1:-1], text)
