"""CEL's types in an author's words."""

import re

_TYPES = {
    "string": "a text",
    "int": "an int",
    "uint": "a uint",
    "double": "a double",
    "bool": "true or false",
    "bytes": "bytes",
    "timestamp": "a time",
    "google.protobuf.Timestamp": "a time",
    "duration": "a duration",
    "google.protobuf.Duration": "a duration",
    "null": "null",
    "null_type": "null",
    "dyn": "any value",
}


def a_value(cel_type: str) -> str:
    """A CEL type within a sentence: `an int`, `a list`, `true or false`."""
    outer = re.split(r"[<(]", cel_type, maxsplit=1)[0]
    return _TYPES.get(cel_type) or {"list": "a list", "map": "a map"}.get(outer) or cel_type


def conversion(source: str, gives: str, wants: str) -> str:
    """How an expression of one type becomes one of another, or nothing."""
    source = source.strip()
    if wants == "double" and re.fullmatch(r"-?[0-9]+", source):
        return f"Write {source}.0."
    if wants == "bool":
        return "Write a comparison, such as x == 1."
    if gives in ("string", "int", "double") and wants in ("string", "int", "double") and len(source) <= 80:
        return f"Write {wants}({source})."
    return ""


def types_in(listing: str) -> list[str]:
    """`(int, map(string, dyn))` as CEL writes the types of arguments, one by one."""
    found, depth, start = [], 0, 1
    for at, char in enumerate(listing):
        depth += (char == "(") - (char == ")")
        if (char == "," and depth == 1) or (char == ")" and depth == 0):
            found.append(listing[start:at].strip())
            start = at + 1
    return [one for one in found if one]
