"""Reads the checked form of an expression: the only file that knows its encoding.

CEL offers no syntax tree to look at, but an expression serialises to a protobuf
`google.protobuf.Any` around `cel.expr.CheckedExpr`:

    CheckedExpr  2 node -> reference   4 root   5 source (4 node -> offset)
    Reference    1 name   3 overload, of a function
    Expr         2 node   3 constant   4 name   5 select   6 call   7 list   8 struct   9 comprehension
    Call         1 receiver   2 function   3 arguments
    Struct       2 entries (3 key   4 value)
"""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_REFERENCES, _ROOT, _SOURCE = 2, 4, 5
_OVERLOAD = 3
_OF_FUNCTION = bytes([_OVERLOAD << 3 | _LENGTH])
"""How most references of functions begin: what follows need not be read."""
_NODE, _CALL, _STRUCT = 2, 6, 8
_RECEIVER, _FUNCTION, _ARGUMENT = 1, 2, 3
_LIST, _COMPREHENSION = 7, 9
_PARTS = {5: (1,), _LIST: (1,)}
"""The fields of a select and a list that are expressions."""
_ACCU_INIT, _LOOP = 4, (2, 4, 5, 6, 7)
"""What a comprehension begins with, and all of its fields that are expressions."""

How = Literal["whole", "compared", "other"]
"""whole     the expression gives the name's value, and nothing is done to it
compared  it is an operand of == or !=, or is measured by size()
other     anything else
"""


class Read(Struct, frozen=True):
    """One place at which an expression reads a name. `offset` lies within it, in the text that was checked."""

    name: str
    offset: int
    how: How


def references(serialized: bytes) -> tuple[str, ...]:
    """The names of variables that the expression reads, sorted: the serialised order says nothing."""
    return tuple(sorted(set(_names(_field(serialized, 2)).values())))


def reads(serialized: bytes) -> tuple[Read, ...]:
    """Every place at which a variable is read, in the order of the text. What `or(a, b)` and `c ? a : b` give is
    what a or b gives."""
    checked = _field(serialized, 2)
    names = _names(checked)
    offsets = dict(_pair(value) for value in _all(_field(checked, _SOURCE), 4))
    found = _reads(_field(checked, _ROOT), names, "whole")
    return tuple(sorted((Read(names[node], offsets.get(node, 0), how) for node, how in found), key=_place))


def _place(read: Read) -> int:
    return read.offset


def _names(checked: bytes) -> dict[int, str]:
    """The nodes that are variables."""
    found: dict[int, str] = {}
    for entry in _all(checked, _REFERENCES):
        about = _message(entry)
        inner = about.get(2, b"")
        reference = {} if inner.startswith(_OF_FUNCTION) else _message(inner)
        if reference and _OVERLOAD not in reference:
            found[about.get(1, 0)] = reference.get(1, b"").decode()
    return found


def _reads(expr: bytes, names: dict[int, str], how: How) -> Iterator[tuple[int, How]]:
    node = _number(expr, _NODE)
    if node in names:
        yield node, how
        return
    for call in _all(expr, _CALL):
        yield from _of_call(call, names, how)
    for loop in _all(expr, _COMPREHENSION):
        yield from _of_loop(loop, names)
    for part in _parts(expr):
        yield from _reads(part, names, "other")


def _of_call(call: bytes, names: dict[int, str], how: How) -> Iterator[tuple[int, How]]:
    function = _field(call, _FUNCTION)
    for index, operand in enumerate((*_all(call, _RECEIVER), *_all(call, _ARGUMENT))):
        inner: How = "other"
        if function in (b"_==_", b"_!=_", b"size"):
            inner = "compared"
        elif function == b"or" or (function == b"_?_:_" and index):
            inner = how
        yield from _reads(operand, names, inner)


def _of_loop(loop: bytes, names: dict[int, str]) -> Iterator[tuple[int, How]]:
    """One that gathers a list gives what is compared: `[...].filter(x, x == pin)` is the pin."""
    gathers = any(kind == _LIST for kind, _ in _fields(_field(loop, _ACCU_INIT)))
    for field in _LOOP:
        for part in _all(loop, field):
            for node, how in _reads(part, names, "other"):
                yield node, "other" if gathers else how


def _parts(expr: bytes) -> Iterator[bytes]:
    """The expressions in a select, a list or a struct."""
    for kind, fields in _PARTS.items():
        for part in _all(expr, kind):
            yield from (one for field in fields for one in _all(part, field))
    for struct in _all(expr, _STRUCT):
        for entry in _all(struct, 2):
            yield from (*_all(entry, 3), *_all(entry, 4))


def _pair(entry: bytes) -> tuple[int, int]:
    return _number(entry, 1), _number(entry, 2)


def _number(data: bytes, wanted: int) -> int:
    """0 where it is not there."""
    return int(_message(data).get(wanted, 0))


def _field(data: bytes, wanted: int) -> bytes:
    return next(_all(data, wanted), b"")


def _all(data: bytes, wanted: int) -> Iterator[bytes]:
    return (value for _, value in _fields(data, wanted))


def _message(data: bytes) -> dict[int, Any]:
    """Its fields, none of which is repeated."""
    return dict(_fields(data))


def _fields(data: bytes, only: int = 0) -> list[tuple[int, Any]]:
    """Numbers and bytes, by the field's kind; of `only` this field, or of all. Nearly all varints have one byte."""
    found: list[tuple[int, Any]] = []
    at, end = 0, len(data)
    while at < end:
        key, at = (data[at], at + 1) if data[at] < 0x80 else _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = (data[at], at + 1) if data[at] < 0x80 else _varint(data, at)
            if not only or key >> 3 == only:
                found.append((key >> 3, value))
        elif kind == _LENGTH:
            length, at = (data[at], at + 1) if data[at] < 0x80 else _varint(data, at)
            if not only or key >> 3 == only:
                found.append((key >> 3, data[at : at + length]))
            at += length
        else:
            at += 8 if kind == _FIXED64 else 4
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
