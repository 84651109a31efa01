"""Where a call or a request goes, and which names have a say in it."""

import re
from collections.abc import Iterator

from engine.expr import TextTemplate, expressions, split
from engine.lint.calls.becoming import becoming
from engine.model.graph import ApiValue, ExcursionValue, FetchValue, LeaveValue, Step, Tree

PLACES = ("to", "dest", "url", "uri", "audio", "to_script", "fallback_url", "addr", "webhook", "web_hook_url")


def of_step(step: Step) -> Iterator[str]:
    """What is written where a compiled step, or the SWML that it sends, names a destination: texts with `${{ }}` in them."""
    value = step.value
    if isinstance(value, FetchValue):
        yield from _texts({"url": value.url})
    elif isinstance(value, ApiValue | ExcursionValue | LeaveValue):
        yield from _texts(value.params)


def deciding(text: str) -> Iterator[str]:
    """The names whose values become a part of it, unless they come behind a host that is fixed, or before an `@` with one."""
    names = dict.fromkeys(name for one in expressions(text) for name in becoming(one.text))
    if not _host_is_fixed(text):
        yield from names


def _host_is_fixed(text: str) -> bool:
    before = ""
    for piece in split(text):
        if piece.expression and any(becoming(piece.text)):
            break
        before += "host" if piece.expression else piece.text
    _, found, host = before.partition("://")
    if before.startswith(("sip:", "sips:")):
        return re.search(r"\}\}[^{}@]*+@[^{}]+\Z", text) is not None
    return before.startswith("say:") or re.search("[/?#]", host if found else before) is not None


def _texts(tree: Tree, key: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _texts(value, name)
    elif isinstance(tree, list):
        for item in tree:
            yield from _texts(item, key)
    elif key in PLACES and isinstance(tree, TextTemplate):
        yield "".join(part if isinstance(part, str) else f"${{{{ {part.source} }}}}" for part in tree.parts)
