"""An exception as it may be logged where what it says may be a caller's, or a credential."""

import traceback


def wordless(fault: BaseException) -> RuntimeError:
    """Its kind, and where it happened; nothing of what it says, which may quote what came in."""
    where = "".join(traceback.format_tb(fault.__traceback__))
    return RuntimeError(f"{type(fault).__name__}, of which more may be private\n{where}")
