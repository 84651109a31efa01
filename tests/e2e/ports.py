"""Ports of this machine for processes that must be told theirs before they start."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def reserved() -> Iterator[int]:
    """A free port that nobody else is given while this lasts, though one process may listen on it, again and again.

    On Linux a socket that is bound and does not listen keeps the port for those who name it; elsewhere
    the port is only known to have been free a moment ago.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((HOST, 0))
        port = int(holder.getsockname()[1])
        if sys.platform != "linux":
            holder.close()
        yield port
