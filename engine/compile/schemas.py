"""The project's JSON Schemas, with every `$ref` put in place: a reference costs nothing when checking."""

from functools import cache
from posixpath import dirname, normpath
from typing import Any

import msgspec

from engine.resources import read_bytes

Schema = dict[str, Any]


@cache
def schema(name: str) -> Schema:
    """`flow.schema.json`, `calling/play.schema.json`, ... under schemas/."""
    inlined = _inline(_document(name), name)
    assert isinstance(inlined, dict)
    return inlined


@cache
def _document(name: str) -> Schema:
    return msgspec.json.decode(read_bytes(f"schemas/{name}"), type=Schema)


def _inline(value: Any, name: str) -> Any:
    """What stands beside a `$ref` (a description, a default) wins over what it refers to."""
    if isinstance(value, list):
        return [_inline(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    here = {key: _inline(item, name) for key, item in value.items() if key not in ("$ref", "$defs")}
    if "$ref" not in value:
        return here
    return {**_resolve(value["$ref"], name), **here}


@cache
def _resolve(ref: str, name: str) -> Schema:
    file, _, pointer = ref.partition("#")
    target = normpath(f"{dirname(name)}/{file}") if file else name
    found: Any = _document(target)
    for part in pointer.split("/")[1:]:
        found = found[part.replace("~1", "/").replace("~0", "~")]
    inlined = _inline(found, target)
    assert isinstance(inlined, dict)
    return {key: item for key, item in inlined.items() if key != "$schema"}
