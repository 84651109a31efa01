"""The cases of a `branch` as they are written."""

from engine.compile.located import Node
from engine.lint.subject import node_at


def rest(items: tuple[Node, ...], at: int) -> Node | None:
    """Where `else` leads, if no other condition is asked after this one: the way of those for whom it does not hold."""
    return node_at(items[-1], "else") if at == len(items) - 2 else None
