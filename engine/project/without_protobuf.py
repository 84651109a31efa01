"""CEL without protobuf's Python classes, which it imports where they are installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NAME = "google.protobuf"


@contextmanager
def without_protobuf() -> Iterator[None]:
    """No value of a flow is one of theirs, and to import them takes longer than to check a flow. For processes of one
    thread: meanwhile nobody else can import them either."""
    modules: dict[str, Any] = sys.modules
    if _NAME in modules:
        yield
        return
    modules[_NAME] = None
    try:
        yield
    finally:
        del modules[_NAME]
