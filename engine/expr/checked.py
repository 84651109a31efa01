"""Reads the checked form of an expression: the only file that knows its encoding.

CEL offers no syntax tree to look at, but an expression serialises to a protobuf
`google.protobuf.Any` around `cel.expr.CheckedExpr`. Its field 2 maps node numbers to what they
refer to; a reference with a name (field 1) is a variable, one with overloads a function.
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def references(serialized: bytes) -> tuple[str, ...]:
    """The names of variables that the expression reads, sorted: the serialised order says nothing."""
    names: set[str] = set()
    for field, value in _fields(_field(serialized, 2)):
        if field == 2 and isinstance(value, bytes):
            reference = _field(value, 2)
            name = _field(reference, 1)
            if name:
                names.add(name.decode())
    return tuple(sorted(names))


def _field(data: bytes, wanted: int) -> bytes:
    for field, value in _fields(data):
        if field == wanted and isinstance(value, bytes):
            return value
    return b""


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
        elif kind == _LENGTH:
            length, at = _varint(data, at)
            yield key >> 3, data[at : at + length]
            at += length
        else:
            at += 8 if kind == _FIXED64 else 4


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
