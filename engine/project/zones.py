"""Time zones as bytes, from the package tzdata: never from the machine, whose data may be older or missing."""

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


@cache
def load(name: str) -> bytes | None:
    """The zone's TZif data, or None when there is no zone of that name."""
    if not _NAME.fullmatch(name):
        return None
    found = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    data = found.read_bytes() if found.is_file() else b""
    return data if data.startswith(b"TZif") else None
