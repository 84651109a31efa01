"""What has changed in a calendar: hours, holidays and exceptions, as they are written."""

from collections.abc import Mapping

from engine.compile import yaml_reader
from engine.compile.located import walk
from engine.diff.change import Change
from engine.diff.steps import differing

_NOTHING = ("description",)
"""Keys that are nothing to a caller."""


def compare_calendars(old: bytes, new: bytes) -> tuple[Change, ...]:
    return tuple(differing("setting", _written(old), _written(new)))


def _written(data: bytes) -> Mapping[str, str]:
    """The leaves by their dotted paths; nothing where the file cannot be read, which lint says."""
    root, _ = yaml_reader.read("", data)
    every = walk(root) if root is not None else ()
    return {".".join(map(str, path)): one.text for path, one in every if path and path[0] not in _NOTHING}
