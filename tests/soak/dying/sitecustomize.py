"""Kills its own process at a write of the journal: first on a child's PYTHONPATH, where Python imports it at its start.

DIE_AT is `begin`, `insert`, `commit` or `committed`, a colon, and a number: the process is gone before the so
manieth BEGIN, before that transaction's first statement, before its COMMIT, or after it. Nothing that is shipped
knows of this.
"""

import os
import signal
import sqlite3
from typing import Any

_where, _, _count = os.environ.get("DIE_AT", "").partition(":")
_connect = sqlite3.connect
_WORDS = {"begin": "BEGIN IMMEDIATE", "insert": "BEGIN IMMEDIATE", "commit": "COMMIT", "committed": "COMMIT"}


class _Dying(sqlite3.Connection):
    left = int(_count or 0)

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql != _WORDS[_where]:
            return super().execute(sql, *values)
        _Dying.left -= 1
        if _Dying.left == 0 and _where in ("insert", "committed"):
            super().execute(sql, *values)
        if _Dying.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(sql, *values)


def _dying(*arguments: Any, **named: Any) -> sqlite3.Connection:
    return _connect(*arguments, **{**named, "factory": _Dying})


if _where:
    sqlite3.connect = _dying  # type: ignore[assignment]
