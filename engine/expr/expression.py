"""An expression that CEL has checked, and what it gives as JSON has it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from math import isfinite
from typing import Any

from cel_expr_python import cel

from engine.expr.calls import IS_SET
from engine.expr.checked import Read, reads, references
from engine.model.graph import ExpressionFailed, Lookup

_ERROR = cel.Type.ERROR
"""Of a result whose plain value is the text that says why there is none."""
_AS_IT_IS = (str, int, float)
_DISCREET = "it has no value; why is not said, as it reads what is not to be shown"


class CelExpression:
    """A checked expression (`engine.model.graph.Expression`). `type` is CEL's name of what it gives.

    `optional` are names that may be unset because they stand in `or(name, default)`; `source` is what
    the author wrote, `written` that text checked, `checked` may be another text of the same meaning (`calls.py`).
    `discreet`: why it has no value is not told, since CEL quotes the values that it was given.
    """

    __slots__ = ("_checked", "_discreet", "_optional", "_written", "names", "source", "type")

    def __init__(
        self,
        source: str,
        checked: cel.Expression,
        declared: Mapping[str, str],
        optional: frozenset[str] = frozenset(),
        *,
        written: Callable[[], cel.Expression],
        sensitive: frozenset[str] = frozenset(),
    ) -> None:
        self.source = source
        self._checked = checked
        self._written = written
        self._optional = optional
        self.type = checked.return_type().name().lower()
        self.names = tuple(name for name in references(checked.serialize()) if name in declared)
        self._discreet = not sensitive.isdisjoint(self.names)

    @property
    def reads(self) -> tuple[Read, ...]:
        """Where in `source` it reads which name, and to what end."""
        return reads(self._written().serialize())

    def evaluate(self, lookup: Lookup) -> Any:
        values, unset = self._values(lookup)
        try:
            result = self._checked.eval(data=values)
        except RuntimeError:
            raise ExpressionFailed("a text in it has characters that UTF-8 cannot hold") from None
        value = result.plain_value()
        if isinstance(value, str) and result.type() == _ERROR:
            name = next((one for one in unset if f'"{one}"' in value), None)
            raise ExpressionFailed(f"{name} is not set" if name else _DISCREET if self._discreet else value)
        value = _plain(value)
        if isinstance(value, float) and not isfinite(value):
            raise ExpressionFailed(f"it gives {value}, which is no number to go on with")
        return value

    def _values(self, lookup: Lookup) -> tuple[dict[str, Any], list[str]]:
        """What the names stand for, and which of the optional ones stand for nothing."""
        values: dict[str, Any] = {f"{IS_SET}.{name}": True for name in self._optional} if self._optional else {}
        unset = []
        for name in self.names:
            try:
                values[name] = lookup(name)
            except KeyError:
                if name not in self._optional:
                    raise ExpressionFailed(f"{name} is not set") from None
                values[f"{IS_SET}.{name}"] = False
                unset.append(name)
        return values, unset


class LaterExpression:
    """As the `CelExpression` that `by_cel` makes, of which is known what is asked for before there is a call: CEL is not asked
    until a value is wanted."""

    def __init__(self, source: str, type: str, names: tuple[str, ...], by_cel: Callable[[], CelExpression]) -> None:
        self.source = source
        self.type = type
        self.names = names
        self._make = by_cel

    @property
    def reads(self) -> tuple[Read, ...]:
        return self._by_cel.reads

    def evaluate(self, lookup: Lookup) -> Any:
        return self._by_cel.evaluate(lookup)

    @cached_property
    def _by_cel(self) -> CelExpression:
        return self._make()


def _plain(value: Any) -> Any:
    """CEL's value as JSON has it: times become RFC 3339 texts, durations seconds."""
    if isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
