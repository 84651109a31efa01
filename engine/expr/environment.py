"""CEL with our names declared: compiles expressions, and says where a mistake is."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from cel_expr_python import cel

from engine.expr.checked import references
from engine.expr.mistakes import Known, Mistake, explain
from engine.model.graph import ExpressionFailed, Lookup

_TYPES: dict[str, cel.Type] = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
    "headers": cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
    "list": cel.Type.List(cel.Type.DYN),
    "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    "dyn": cel.Type.DYN,
}


_WORD = re.compile(r"[A-Za-z_]\w*")


class CelExpression:
    """A checked expression (`engine.model.graph.Expression`). `type` is CEL's name of what it gives."""

    __slots__ = ("_checked", "names", "source", "type")

    def __init__(self, source: str, checked: cel.Expression, declared: Mapping[str, str]) -> None:
        self.source = source
        self._checked = checked
        self.type = checked.return_type().name().lower()
        self.names = tuple(name for name in references(checked.serialize()) if name in declared)

    def evaluate(self, lookup: Lookup) -> Any:
        values: dict[str, Any] = {}
        for name in self.names:
            try:
                values[name] = lookup(name)
            except KeyError:
                raise ExpressionFailed(f"{name} is not set") from None
        result = self._checked.eval(data=values)
        if result.type() == cel.Type.ERROR:
            raise ExpressionFailed(str(result.value()))
        value = _plain(result.plain_value())
        if isinstance(value, float) and not isfinite(value):
            raise ExpressionFailed(f"it gives {value}, which is no number to go on with")
        return value


def _plain(value: Any) -> Any:
    """CEL's value as JSON has it: times become RFC 3339 texts, durations seconds."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


class Environment:
    """Names and their types (`{"vars.tries": "int"}`), and the functions of the language.

    `texts` are all that will be compiled, and more: a name whose parts do not stand in them is not
    told to CEL, because its own time grows with the square of the number of names.
    """

    def __init__(self, declared: Mapping[str, str], texts: Iterable[str] | None = None) -> None:
        self.declared = dict(declared)
        self._words = words = None if texts is None else {*_WORD.findall("\n".join(texts))}
        used = {
            name: _TYPES[kind] for name, kind in declared.items() if words is None or words.issuperset(name.split("."))
        }
        self._env = cel.NewEnv(variables=used, functions=_FUNCTIONS)

    def extended(self, more: Mapping[str, str]) -> "Environment":
        """The same with more names."""
        return Environment({**self.declared, **more}, self._words)

    def compile(self, source: str) -> CelExpression | list[Mistake]:
        """The checked expression, or all that is wrong with it."""
        if not source.strip():
            return [Mistake(kind="syntax", offset=0, length=max(len(source), 1), message="The expression is empty.")]
        try:
            return CelExpression(source, self._env.compile(source), self.declared)
        except (RuntimeError, ValueError, TypeError) as error:
            return explain(source, str(error), Known(self.declared, _FUNCTION_NAMES))


def _spell(text: str) -> str:
    return ", ".join(text)


def _overload(id: str, parameters: list[cel.Type], impl: Callable[..., Any]) -> cel.Overload:
    return cel.Overload(id, return_type=cel.Type.STRING, parameters=parameters, impl=impl)


_FUNCTION_NAMES = ("spell",)
_FUNCTIONS = [
    cel.FunctionDecl("spell", [_overload("spell_string", [cel.Type.STRING], _spell)]),
]


def cel_type_of(value: Any) -> str:
    """The CEL type that a plain value has (`0` is int, `""` is string)."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "double"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "map"
    return "string"
