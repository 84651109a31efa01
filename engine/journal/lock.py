"""One journal, one runner: an advisory lock on `<path>.lock`, which holds its owner's pid.

The system lets go of it when the process ends, however it ends, so a lock never has to be cleared
by hand. The file itself stays: removing it would let two processes lock two files of one name.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from engine.model.errors import JournalError


class Lock:
    """Held from construction to `release()`. `JournalError` says who has it, or why it cannot be had."""

    def __init__(self, journal: Path) -> None:
        # One journal by two names is one journal.
        path = f"{os.path.realpath(journal)}.lock"
        try:
            self._fd: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(
                f"the journal {journal} cannot be opened: {error.strerror} ({path})",
                help="Name a file in a folder that this user may write to.",
            ) from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = _owner(self._fd)
            self._close()
            raise JournalError(
                f"the journal {journal} is in use by {owner}",
                help="One journal has one runner: stop that process, or name another journal.",
            ) from None
        # On a full disk nobody is told who has it, and the journal itself says what is wrong.
        with suppress(OSError):
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """May be called twice."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            self._close()

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _owner(fd: int) -> str:
    pid = os.pread(fd, 32, 0).decode(errors="replace").strip()
    if not pid:
        return "another process"
    return "this process" if pid == str(os.getpid()) else f"process {pid}"
