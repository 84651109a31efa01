"""What may be said against an expression. In which words: `engine.expr.mistakes`, which is imported when there is something."""

from msgspec import Struct


class Mistake(Struct, frozen=True, kw_only=True):
    """What is wrong with an expression: `offset` and `length` count characters of its text.

    `kind` is `syntax`, `type`, `name`, `zone` or `pattern`; `name` is the unknown one.
    """

    kind: str
    offset: int
    length: int
    message: str
    help: str = ""
    name: str = ""
