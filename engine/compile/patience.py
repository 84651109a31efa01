"""A file's time, without a clock: whoever has one lends a function that says when it is over.

It is asked where work grows with the file: at every step, every expression, every place that is looked at for the ways of calls.
"""

from collections.abc import Callable

from engine.model.diagnostics import Diagnostic

Late = Callable[[], bool]
"""Is the time over?"""
Ask = Callable[[], None]
"""`OutOfTime` when it is, else nothing."""


class OutOfTime(Exception):
    """The file's time is over. `doing` is what it was over with, `diagnostics` what was found until then, where
    somebody on the way out has known that."""

    def __init__(self, doing: str = "", diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(doing)
        self.doing = doing
        self.diagnostics = diagnostics


def never() -> bool:
    return False


def go_on() -> None:
    """For those who may take as long as they like."""


def asking(late: Late) -> Ask:
    def ask() -> None:
        if late():
            raise OutOfTime

    return ask
