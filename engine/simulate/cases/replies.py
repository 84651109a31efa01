"""Replies that a case gives, held against what the step keeps of one. A body that it cannot keep is no reply that the author
meant (`text` is for those), and a field that it never reads was often meant to be another one."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from engine.compile.located import Mapping as MappingNode
from engine.compile.located import Node, Scalar, Sequence
from engine.compile.report import closest
from engine.model.commands import Fetch
from engine.model.diagnostics import Severity
from engine.simulate.cases.given import as_json
from engine.wire import replies


class Misfit(Struct, frozen=True, kw_only=True):
    node: Node
    message: str
    help: str
    severity: Severity = "error"


def nth(node: Node, index: int) -> Node | None:
    """The reply to the request with this number, from 0; None where there is none any more."""
    if not isinstance(node, Sequence):
        return node
    return node.items[index] if index < len(node.items) else None


def misfits(step: str, returns: Any, node: Node) -> Iterator[Misfit]:
    """What is wrong with one reply to a step that keeps this."""
    if not isinstance(node, MappingNode) or returns is None or node.get("text") is not None:
        return
    status, body = node.get("status"), node.get("body")
    code = status.value if isinstance(status, Scalar) else 200
    if not 200 <= code < 300:
        return
    unread = list(_unread(step, returns, body, "")) if body is not None else []
    yield from unread
    if not any(one.severity == "error" for one in unread):
        yield from _unfit(
            step, returns, code, body or node, b"" if body is None else msgspec.json.encode(as_json(body))
        )


def _unfit(step: str, returns: Any, status: int, node: Node, sent: bytes) -> Iterator[Misfit]:
    fetch = Fetch(seq=0, method="GET", url="", timeout_ms=1, key="", returns=returns)
    found = replies.reply(fetch, at_ms=0, status=status, body=sent)
    if found.kind == "invalid":
        message = f"The reply does not fit what `{step}` returns: {found.message}."
        advice = "Write `text` instead of `body` for a reply that is meant not to fit."
        yield Misfit(node=node, message=message, help=advice)


def _unread(step: str, returns: Any, node: Node, where: str) -> Iterator[Misfit]:
    """Fields that the step does not return while something that it does is left out. Beside all of that they do no harm: a real
    service sends more than a flow asks for."""
    if isinstance(returns, list) and isinstance(node, Sequence):
        for index, one in enumerate(node.items):
            yield from _unread(step, returns[0], one, f"{where}[{index}]")
    elif isinstance(returns, Mapping) and isinstance(node, MappingNode):
        given = {key.text for key, _ in node.entries}
        for key, value in node.entries:
            place = f"{where}.{key.text}".removeprefix(".")
            if key.text in returns:
                yield from _unread(step, returns[key.text], value, place)
            elif lacking := [name for name in returns if name not in given]:
                yield _stranger(step, key, place, lacking, returns)


def _stranger(step: str, key: Scalar, place: str, lacking: list[str], returns: Mapping[str, Any]) -> Misfit:
    near = closest(key.text.casefold(), (name.casefold() for name in lacking))
    if near:
        meant = next(name for name in lacking if name.casefold() == near)
        return Misfit(node=key, message=f"`{step}` returns no `{place}`.", help=f"Did you mean `{meant}`?")
    known = ", ".join(sorted(returns))
    message = f"`{step}` returns no `{place}`, so nothing reads it."
    return Misfit(node=key, message=message, help=f"It returns: {known}.", severity="warning")
