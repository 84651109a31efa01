"""What one step reads, and to what end.

What is spoken to the caller or put into a request goes nowhere else: of such a name it matters whether it is there, and
nothing more, unless its expression may fail over a value (an index, a division, a date in a text)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from engine.model.graph import AskValue, BranchValue, Expression, FetchValue, SetValue, Step, SubflowValue

_CALLED = re.compile(r"\b([a-z_]\w*)\s*\(")
_TOTAL = {"or", "money", "spell", "string", "size", "has", "contains", "startsWith", "endsWith"}
"""Functions that have a value for every argument of the right type."""
_TOLD = "text"
"""What is spoken stands under this key of a playback."""


class Used(Struct, frozen=True, kw_only=True):
    """`conditions` are asked for true or false, `risky` expressions have a value or none; `exact` are names whose value is
    handed on as it is, `told` those of which only matters whether they are there.

    `sets`: variables, and what their new values are computed from; `copies`: from what they, and inputs of a subflow
    (`flow/inputs.x`), take their value unchanged. `certain` are variables that are set anew whatever happens."""

    conditions: tuple[Expression, ...] = ()
    risky: tuple[Expression, ...] = ()
    exact: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] = {}
    copies: Mapping[str, frozenset[str]] = {}
    certain: frozenset[str] = frozenset()

    @property
    def decides(self) -> frozenset[str]:
        """The names whose values may decide something at this step."""
        return self.exact.union(*(one.names for one in (*self.conditions, *self.risky)))


def readers(tree: Any) -> Iterator[Any]:
    """The expressions and templates of a value, wherever they stand in it: what has `names` and `source`."""
    return (one for one, _ in _readers(tree, False))


def names(tree: Any) -> Iterator[str]:
    """Every name in the expressions and templates of a value."""
    return (name for one in readers(tree) for name in one.names)


def used(step: Step) -> Used:
    value = step.value
    match value:
        case BranchValue():
            return Used(conditions=tuple(one for one, _ in value.cases))
        case SetValue():
            return _of_set(value)
        case FetchValue():
            return _of(_readers((value.url, value.headers, value.json, value.body, value.filler), True))
        case SubflowValue():
            return _of_subflow(value)
        case AskValue() if value.accept is not None and value.accept.condition is not None:
            asked = _of(_readers(msgspec.structs.replace(value, accept=None), False))
            return msgspec.structs.replace(asked, conditions=(value.accept.condition,))
        case _:
            return _of(_readers(value, False))


def may_fail(one: Expression) -> bool:
    """May it have no value because of what a name stands for, though all names are there?"""
    return any(sign in one.source for sign in "[/%") or not _TOTAL.issuperset(_CALLED.findall(one.source))


def _of_set(value: SetValue) -> Used:
    given = {f"vars.{name}": one for name, one in value.assignments.items()}
    sure = {name for name, one in given.items() if not may_fail(one) and not any(map(_may_be_unset, one.names))}
    return Used(
        risky=tuple(one for one in given.values() if may_fail(one)),
        told=frozenset(name for one in given.values() for name in one.names),
        sets={name: frozenset(one.names) for name, one in given.items()},
        copies={name: _copied([one]) for name, one in given.items()},
        certain=frozenset(sure),
    )


def _may_be_unset(name: str) -> bool:
    return name.startswith("steps.")


def _of_subflow(value: SubflowValue) -> Used:
    given = {f"{value.flow}/inputs.{name}": list(_expressions(tree)) for name, tree in value.given.items()}
    return Used(
        risky=tuple(one for each in given.values() for one in each if may_fail(one)),
        told=frozenset(name for each in given.values() for one in each for name in one.names),
        sets={name: frozenset(one for each in found for one in each.names) for name, found in given.items()},
        copies={name: _copied(found) for name, found in given.items()},
    )


def _copied(found: list[Any]) -> frozenset[str]:
    """The names of which one gives the value, and nothing is done to it."""
    if len(found) != 1:
        return frozenset()
    every = {one.name for one in found[0].reads}
    return frozenset(every - {one.name for one in found[0].reads if one.how != "whole"})


def _of(found: Iterable[tuple[Any, bool]]) -> Used:
    exact: set[str] = set()
    told: set[str] = set()
    risky: list[Expression] = []
    for one, is_told in found:
        (told if is_told else exact).update(one.names)
        risky += [each for each in _parts(one) if may_fail(each)]
    return Used(risky=tuple(risky), exact=frozenset(exact), told=frozenset(told))


def _expressions(tree: Any) -> Iterator[Any]:
    return (part for one in readers(tree) for part in _parts(one))


def _parts(one: Any) -> tuple[Any, ...]:
    return tuple(one.expressions) if hasattr(one, "expressions") else (one,)


def _readers(tree: Any, told: bool) -> Iterator[tuple[Any, bool]]:
    if isinstance(getattr(tree, "names", None), tuple):
        yield tree, told
    elif isinstance(tree, Mapping):
        for key, one in tree.items():
            yield from _readers(one, told or key == _TOLD)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from _readers(one, told)
    elif isinstance(tree, msgspec.Struct):
        for field in tree.__struct_fields__:
            yield from _readers(getattr(tree, field), told)
