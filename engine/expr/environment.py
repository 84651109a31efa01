"""CEL with our names declared: compiles expressions, and says where a mistake is."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from math import isfinite
from typing import Any

from cel_expr_python import cel

from engine.expr.arguments import mistakes_of_calls
from engine.expr.calls import IS_SET, Call, calls
from engine.expr.calls import evaluated as evaluated_text
from engine.expr.checked import Read, reads, references
from engine.expr.functions import NAMES, Setting, evaluated, written
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
_ERROR = cel.Type.ERROR
"""Of a result whose plain value is the text that says why there is none."""
_AS_IT_IS = (str, int, float)
_PLAIN: Mapping[str, type] = {"string": str, "bool": bool, "int": int}
"""CEL's types of which a name alone gives what it stands for, so that nothing need be evaluated."""
_DISCREET = "it has no value; why is not said, as it reads what is not to be shown"


class CelExpression:
    """A checked expression (`engine.model.graph.Expression`). `type` is CEL's name of what it gives.

    `optional` are names that may be unset because they stand in `or(name, default)`; `source` is what
    the author wrote, `written` that text checked, `checked` may be another text of the same meaning (`calls.py`).
    `discreet`: why it has no value is not told, since CEL quotes the values that it was given.
    """

    __slots__ = ("_alone", "_checked", "_discreet", "_optional", "_written", "names", "source", "type")

    def __init__(
        self,
        source: str,
        checked: cel.Expression,
        declared: Mapping[str, str],
        optional: frozenset[str] = frozenset(),
        *,
        written: cel.Expression | None = None,
        sensitive: frozenset[str] = frozenset(),
    ) -> None:
        self.source = source
        self._checked = checked
        self._written = written or checked
        self._optional = optional
        self.type = checked.return_type().name().lower()
        self.names = tuple(name for name in references(checked.serialize()) if name in declared)
        self._discreet = not sensitive.isdisjoint(self.names)
        self._alone = _PLAIN.get(self.type) if self.names == (source.strip(),) and not optional else None

    @property
    def reads(self) -> tuple[Read, ...]:
        """Where in `source` it reads which name, and to what end."""
        return reads(self._written.serialize())

    def evaluate(self, lookup: Lookup) -> Any:
        values, unset = self._values(lookup)
        if self._alone is not None and _is_plain(values[self.names[0]], self._alone):
            return values[self.names[0]]
        result = self._checked.eval(data=values)
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


def _is_plain(value: Any, kind: object) -> bool:
    """Would CEL give it back as it is? Of another type, or too long an int, it says so itself."""
    return type(value) is kind and (kind is not int or value.bit_length() < 64)


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


class Environment:
    """Names and their types (`{"vars.tries": "int"}`), and the functions of the language.

    `texts` are all that will be compiled, and more: a name whose parts do not stand in them is not
    told to CEL, because its own time grows with the square of the number of names. `sensitive` names have values
    that no message repeats.
    """

    def __init__(
        self,
        declared: Mapping[str, str],
        texts: Iterable[str] | None = None,
        setting: Setting | None = None,
        sensitive: frozenset[str] = frozenset(),
    ) -> None:
        self.declared = dict(declared)
        self._sensitive = sensitive
        self._setting = setting or Setting()
        self._words = words = None if texts is None else {*_WORD.findall("\n".join(texts))}
        self._used = {
            name: _TYPES[kind] for name, kind in declared.items() if words is None or words.issuperset(name.split("."))
        }
        self._env = cel.NewEnv(variables=self._used, functions=written(self._setting))
        self._compiled: dict[str, CelExpression | list[Mistake]] = {}

    def extended(self, more: Mapping[str, str], sensitive: Iterable[str] = ()) -> "Environment":
        """The same with more names, `sensitive` ones among them."""
        return Environment({**self.declared, **more}, self._words, self._setting, self._sensitive.union(sensitive))

    def compile(self, source: str) -> CelExpression | list[Mistake]:
        """The checked expression, or all that is wrong with it. The same text is compiled once."""
        if source not in self._compiled:
            self._compiled[source] = self._compile(source)
        return self._compiled[source]

    def _compile(self, source: str) -> CelExpression | list[Mistake]:
        if not source.strip():
            return [Mistake(kind="syntax", offset=0, length=max(len(source), 1), message="The expression is empty.")]
        try:
            checked = self._env.compile(source)
        except (RuntimeError, ValueError, TypeError) as error:
            return explain(source, str(error), Known(self.declared, NAMES))
        found = calls(source)
        if not found:
            return CelExpression(source, checked, self.declared, sensitive=self._sensitive)
        return mistakes_of_calls(found, self.declared, self._setting) or self._evaluated(source, checked, found)

    @cached_property
    def _running(self) -> Any:
        """For the texts that are evaluated, with what these may have beyond the ones that were written."""
        added = [name for name in ("now", self._setting.calendar) if name in self.declared]
        variables = {**self._used, **{name: _TYPES[self.declared[name]] for name in added}}
        variables |= {f"{IS_SET}.{name}": cel.Type.BOOL for name in self._used}
        return cel.NewEnv(variables=variables, functions=evaluated(self._setting))

    def _evaluated(self, source: str, written: cel.Expression, found: list[Call]) -> CelExpression:
        """Compiled anew as the text that is evaluated."""
        optional = frozenset(call.arguments[0].name for call in found if call.function == "or")
        checked = self._running.compile(evaluated_text(source, found, self._setting.calendar))
        return CelExpression(source, checked, self.declared, optional, written=written, sensitive=self._sensitive)


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
