"""Time zones as bytes, from the package tzdata: never from the machine, whose data may be older or missing."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

_NAME = r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*"


@cache
def load(name: str) -> bytes | None:
    """The zone's TZif data, or None when there is no zone of that name."""
    if not re.fullmatch(_NAME, name):
        return None
    found = Path(str(import_module("tzdata").__file__)).parent.joinpath("zoneinfo", *name.split("/"))
    data = found.read_bytes() if found.is_file() else b""
    return data if data.startswith(b"TZif") else None
