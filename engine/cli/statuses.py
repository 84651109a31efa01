"""Exit statuses that every command has, and what an error is about."""

WRONG, FAULT, INTERRUPTED = 2, 3, 130
"""Wrong usage or configuration, a mistake of ours, Ctrl-C. 0: fine, 1: findings or failures."""


def cause(error: BaseException) -> BaseException:
    """The one error that a task group has wrapped."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
