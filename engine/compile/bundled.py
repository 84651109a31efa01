"""A schema and all that it refers to as one document, for editors that read a single file.

An editor knows JSON Schema and no templates, so where a verb's value is a number or has a pattern, a text with `${{ }}`
is let through as well. It completes a mapping with every key that has a default, so there are none; the descriptions
tell them. And what is only planned is not offered.
"""

import json
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

from engine.compile.json_types import listed
from engine.compile.schemas import Schema
from engine.resources import read_bytes

_TEMPLATE = r"\$\{\{"
_TEMPLATED = ("verbs/", "calling/")
"""Folders of schemas of values in which templates may stand."""
_SHARED = ("http_url", "call_id", "control_id", "tones")
"""The definitions of `common.schema.json` that are such values. A handle or a duration is never a template."""
_OF_SCHEMAS = ("properties", "patternProperties", "$defs", "dependentSchemas")
"""Keywords that map names to schemas."""
_LISTS = ("anyOf", "allOf", "oneOf")
_SINGLE = ("items", "additionalProperties", "not")


def bundled(name: str) -> Schema:
    """Every file that is referred to stands under `$defs` by its own name."""
    files: dict[str, Schema] = {}
    _take(name, name, files)
    root = files.pop(name)
    defs = {**root.get("$defs", {}), **{_key(file): document for file, document in files.items()}}
    return {**root, **({"$defs": defs} if defs else {})}


def _take(file: str, root: str, files: dict[str, Schema]) -> None:
    """Puts the file into `files`, and what it refers to, with references turned into ones within the whole."""
    files[file] = {}
    document = json.loads(read_bytes(f"schemas/{file}"))
    if file != root:
        document.pop("$schema", None)
    for other in dict.fromkeys(_target(ref, file) for ref in _refs(document)):
        if other not in files:
            _take(other, root, files)
    files[file] = _turned(document, file, root)
    shared = files[file].get("$defs", {}) if file == "common.schema.json" else {}
    shared.update({name: _with_templates(shared[name]) for name in _SHARED if name in shared})


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from _refs(one)


def _turned(schema: Any, file: str, root: str) -> Any:
    """For editors, all the way down."""
    if not isinstance(schema, dict):
        return schema
    found: Schema = {}
    for key, value in schema.items():
        if key == "$ref":
            found[key] = _within(value, file, root)
        elif key in _OF_SCHEMAS:
            planned = [name for name, one in value.items() if isinstance(one, dict) and one.get("x-planned")]
            found[key] = {name: _turned(one, file, root) for name, one in value.items() if name not in planned}
        elif key in _LISTS:
            found[key] = [_turned(one, file, root) for one in value]
        elif key in _SINGLE:
            found[key] = _turned(value, file, root)
        elif key == "propertyNames":
            found[key] = {inner: one for inner, one in value.items() if not inner.startswith("x-")}
        elif key != "default" and not key.startswith("x-"):
            found[key] = value
    return _with_templates(found) if file.startswith(_TEMPLATED) else found


def _with_templates(schema: Schema) -> Schema:
    """A text with a template is right wherever a scalar is. (A `const` tells alternatives apart, so it stays.)"""
    kinds = listed(schema.get("type", ()))
    if not {"number", "integer", "boolean", "string"} & set(kinds) or "const" in schema:
        return schema
    found = {key: value for key, value in schema.items() if key not in ("format", "enum", "minLength", "maxLength")}
    if "enum" in schema:
        choice = {"type": schema["type"], "enum": schema["enum"]}
        del found["type"]
        return {**found, "anyOf": [choice, {"type": "string", "pattern": _TEMPLATE}]}
    if "string" not in kinds:
        return {**found, "type": [*kinds, "string"], "pattern": _TEMPLATE}
    return {**found, "pattern": f"{schema['pattern']}|{_TEMPLATE}"} if "pattern" in schema else found


def _within(ref: str, file: str, root: str) -> str:
    target, inner = _target(ref, file), ref.partition("#")[2]
    return f"#{inner}" if target == root else f"#/$defs/{_key(target)}{inner}"


def _target(ref: str, file: str) -> str:
    path = ref.partition("#")[0]
    return normpath(join(dirname(file), path)) if path else file


def _key(file: str) -> str:
    """`verbs/ask.schema.json` as `verbs.ask`."""
    return file.removesuffix(".schema.json").replace("/", ".")
