"""What a command says has to go somewhere: a full disk and a reader who has left are answers, not faults."""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

import click

LEFT, WRONG = 1, 2
_CAUSES = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

form = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def show_anything() -> None:
    """A terminal that lacks a character is shown its number."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def flush() -> None:
    """All that was said is where it should be, or an OSError."""
    for stream in _streams():
        stream.flush()


def is_cause(error: OSError) -> bool:
    """Is it about what was said? An error about a file of somebody's has the file's name."""
    return error.filename is None and error.errno in _CAUSES


def gone(error: OSError) -> int:
    """Says so where that is possible, and gives the exit status. Of a reader who has left (`| head`) there is nothing
    to say: there is nobody to hear it. The status is then 1, as of click, which meets most of them."""
    if error.errno != errno.EPIPE:
        with suppress(OSError):
            click.echo(f"offhook: Not all of this could be written: {error.strerror or error}.", err=True)
    for stream in _streams():
        _abandon(stream)
    return LEFT if error.errno == errno.EPIPE else WRONG


def _streams() -> list[TextIO]:
    return [one for one in (sys.stdout, sys.stderr) if one is not None and not one.closed]


def _abandon(stream: TextIO) -> None:
    """What it still holds is lost: Python would try to write it once more when it ends, and complain."""
    try:
        stream.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
