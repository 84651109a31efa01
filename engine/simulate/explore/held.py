"""Invariants, while the call goes on: of each counts only what may still become of it.

What its parts say of what cannot change any more is settled: a part of which the rest makes no difference is left out, and of
a part that may still change it counts what it says now. So two calls are one though the one has heard the greeting and the
other has not, when nothing that may still come is held against that."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from engine.expr import Checked, Environment
from engine.model.graph import Expression, ExpressionFailed, FlowGraph
from engine.model.state import RunState
from engine.simulate.cases import invariants
from engine.simulate.explore import boolean
from engine.simulate.explore.boolean import Every, Not, Some, Tree
from engine.simulate.explore.reads import Reads

_UNSET = "(none)"
_KNOWN = 4_096
"""What is known by where values stand in memory, so they are held on to."""


class Held:
    """Of one flow. `parts` are what the invariants are made of."""

    def __init__(self, graph: FlowGraph, conditions: tuple[Expression, ...]) -> None:
        self._known = Environment(invariants.names(graph)) if conditions else None
        self._trees = [self._apart(one, boolean.tree(one.source)) for one in conditions]
        self.parts = tuple(part for tree in self._trees for part in boolean.leaves(tree))
        self._names = sorted({name for one in self.parts for name in one.names})
        self._found: dict[tuple[Any, ...], tuple[Any, bytes]] = {}
        self._written: dict[tuple[Any, ...], bytes] = {}

    def of(self, run: RunState, mine: Reads) -> bytes:
        """What may still become of the invariants. `mine` is of the flow itself."""
        if not self._trees:
            return b""
        root = run.callers[0] if run.callers else run.frame
        live = frozenset(op.step for op in run.operations.values() if op.frame == root.number and op.phase != "over")
        read = run.call, root.vars, root.inputs, root.results
        key = root.step, live, run.status, run.end_reason, *map(id, read)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > _KNOWN:
                self._found.clear()
            values = {name: _value(run, name) for name in self._names}
            found = self._found[key] = read, self._of(values, _Open(mine, root.step, live, run.status == "ended"))
        return found[1]

    def _of(self, values: Mapping[str, Any], open_: "_Open") -> bytes:
        key = open_.place, repr(values)
        found = self._written.get(key)
        if found is None:
            left = [_left(tree, values, open_) for tree in self._trees]
            found = self._written[key] = blake2b(repr(left).encode(), digest_size=8).digest()
        return found

    def _apart(self, whole: Expression, tree: Tree) -> Any:
        """The tree with its parts checked; where one of them is nothing by itself, the condition is one part."""
        try:
            return self._checked(tree)
        except _NotApart:
            return whole

    def _checked(self, tree: Tree) -> Any:
        if isinstance(tree, Not):
            return Not(self._checked(tree.part))
        if isinstance(tree, Every | Some):
            return type(tree)(tuple(self._checked(one) for one in tree.parts))
        assert self._known is not None
        found = self._known.compile(tree)
        if not isinstance(found, Checked):
            raise _NotApart
        return found


class _NotApart(Exception):
    pass


class _Open:
    """Which names may still change, of a run that stands somewhere. `live` are steps whose operations have not ended."""

    def __init__(self, mine: Reads, step: str, live: frozenset[str], is_over: bool) -> None:
        self.place = step, live, is_over
        self._is_over = is_over
        self._mine = mine
        self._step = step
        self._live = live

    def is_open(self, name: str) -> bool:
        if self._is_over:
            return False
        space, _, rest = name.partition(".")
        is_live = space == "steps" and rest.partition(".")[0] in self._live
        return is_live or self.may_change(name)

    def may_change(self, name: str) -> bool:
        return self._mine.may_change(self._step, name)


def _left(tree: Any, values: Mapping[str, Any], open_: _Open) -> Any:
    """True, False, "none" where it has no value, or what it still depends on."""
    if isinstance(tree, Not):
        part = _left(tree.part, values, open_)
        return (not part) if isinstance(part, bool) else part if part == "none" else ["!", part]
    if isinstance(tree, Every | Some):
        ends = isinstance(tree, Some)
        parts = [_left(one, values, open_) for one in tree.parts]
        if any(one is ends for one in parts):
            return ends
        kept = [one for one in parts if one is not (not ends)]
        return not ends if not kept else "none" if all(one == "none" for one in kept) else [ends, *kept]
    return _of_part(tree, values, open_)


def _of_part(part: Expression, values: Mapping[str, Any], open_: _Open) -> Any:
    """Of a variable, `Reads` says what counts, where it sees that the part is open."""
    if not any(open_.is_open(name) for name in part.names):
        return _said(part, values)
    is_read = any(open_.may_change(name) for name in part.names)
    alone = len(part.names) == 1 and not part.names[0].startswith("vars.")
    told = [None if is_read and name.startswith("vars.") else values[name] for name in part.names]
    return [part.source, _said(part, values) if alone else told]


def _value(run: RunState, name: str) -> Any:
    try:
        return invariants.look_up(run, name)
    except (KeyError, AttributeError):
        return _UNSET


def _said(one: Expression, values: Mapping[str, Any]) -> Any:
    def look_up(name: str) -> Any:
        if values[name] is _UNSET:
            raise KeyError(name)
        return values[name]

    try:
        return one.evaluate(look_up) is True
    except ExpressionFailed:
        return "none"
