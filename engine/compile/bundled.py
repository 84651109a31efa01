"""A schema and all that it refers to as one document, for editors that read a single file."""

import json
from collections.abc import Iterator
from posixpath import dirname, normpath
from typing import Any

from engine.compile.schemas import Schema
from engine.resources import read_bytes

_OURS = "x-"


def bundled(name: str) -> Schema:
    """Every file that is referred to stands under `$defs` by its own name, less what only the compiler reads."""
    files: dict[str, Any] = {}
    root = _taken(name, name, files)
    others = {_key(file): document for file, document in files.items() if file != name}
    defs = {**root.get("$defs", {}), **others}
    return {**root, **({"$defs": defs} if defs else {})}


def _taken(file: str, root: str, files: dict[str, Any]) -> Schema:
    """The file with its references turned into ones within the whole, and in `files` what they lead to."""
    files[file] = {}
    document = json.loads(read_bytes(f"schemas/{file}"))
    kept = {key: value for key, value in document.items() if file == root or key not in ("$id", "$schema")}
    for other in dict.fromkeys(target for ref in _refs(kept) if (target := _target(ref, file)) != file):
        if other not in files:
            _taken(other, root, files)
    files[file] = _turned(kept, file, root)
    found: Schema = files[file]
    return found


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from _refs(one)


def _turned(value: Any, file: str, root: str) -> Any:
    if isinstance(value, list):
        return [_turned(one, file, root) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _turned(one, file, root) for key, one in value.items() if not key.startswith(_OURS)}
    if isinstance(value.get("$ref"), str):
        kept["$ref"] = _within(value["$ref"], file, root)
    return kept


def _within(ref: str, file: str, root: str) -> str:
    target = _target(ref, file)
    inner = ref.partition("#")[2]
    return f"#{inner}" if target == root else f"#/$defs/{_key(target)}{inner}"


def _target(ref: str, file: str) -> str:
    path = ref.partition("#")[0]
    return normpath(f"{dirname(file)}/{path}") if path else file


def _key(file: str) -> str:
    """`verbs/ask.schema.json` as `verbs.ask`."""
    return file.removesuffix(".schema.json").replace("/", ".")
