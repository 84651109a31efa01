"""Time zones from their bytes (TZif): a bundle carries those that its flow needs, nothing is read here."""

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FOLDER = "zones"
"""Where a bundle has them: `zones/Europe/Berlin`."""


def zones_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The zones among the files of a bundle, by name."""
    return {path.removeprefix(f"{FOLDER}/"): data for path, data in files.items() if path.startswith(f"{FOLDER}/")}


@lru_cache(maxsize=64)
def zone_of(name: str, data: bytes) -> "ZoneInfo":
    """`ValueError` for bytes that are no zone."""
    from zoneinfo import ZoneInfo  # most flows that are checked name none

    return ZoneInfo.from_file(BytesIO(data), key=name)
