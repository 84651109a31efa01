"""The project's JSON Schemas, with every `$ref` put in place: a reference costs nothing when checking."""

from functools import cache
from posixpath import dirname, normpath
from typing import Any

import msgspec

from engine.resources import read_bytes

Schema = dict[str, Any]


@cache
def schema(name: str) -> Schema:
    """`flow.schema.json`, `calling/play.schema.json`, ... under schemas/, in one piece."""
    return _put_together(name, "", whole=True)


@cache
def outline(name: str) -> Schema:
    """The same, less what is a file of its own, such as a verb: `opened` has that. Most flows use few verbs."""
    return _put_together(name, "", whole=False)


def opened(found: Schema) -> Schema:
    """The schema itself, where an outline has nothing but the name of its file."""
    return outline(found["$ref"]) if "$ref" in found else found


@cache
def _document(name: str) -> Schema:
    return msgspec.json.decode(read_bytes(f"schemas/{name}"), type=Schema)


@cache
def _put_together(name: str, pointer: str, whole: bool) -> Schema:
    found: Any = _document(name)
    for part in pointer.split("/")[1:]:
        found = found[part.replace("~1", "/").replace("~0", "~")]
    inlined = _inline(found, name, whole)
    assert isinstance(inlined, dict)
    return inlined


def _inline(value: Any, name: str, whole: bool) -> Any:
    """What stands beside a `$ref` (a description, a default) wins over what it refers to."""
    if isinstance(value, list):
        return [_inline(item, name, whole) for item in value]
    if not isinstance(value, dict):
        return value
    here = {key: _inline(item, name, whole) for key, item in value.items() if key not in ("$ref", "$defs")}
    if "$ref" not in value:
        return here
    file, _, pointer = value["$ref"].partition("#")
    target = normpath(f"{dirname(name)}/{file}") if file else name
    if not (whole or pointer or here):
        return {"$ref": target}
    there = _put_together(target, pointer, whole)
    return {**{key: item for key, item in there.items() if key != "$schema"}, **here}
