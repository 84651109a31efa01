"""CEL with our names declared: compiles expressions, and says where a mistake is."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cel_expr_python import cel
from msgspec import Struct

from engine.expr.checked import references
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
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")


class Mistake(Struct, frozen=True, kw_only=True):
    """What is wrong with an expression: `offset` and `length` count characters of its text."""

    kind: str
    offset: int
    length: int
    message: str
    help: str = ""


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
        return _plain(result.plain_value())


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
    """Names and their types (`{"vars.tries": "int"}`), and the functions of the language."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        self.declared = dict(declared)
        self._env = cel.NewEnv(variables={name: _TYPES[kind] for name, kind in declared.items()}, functions=_FUNCTIONS)

    def compile(self, source: str) -> CelExpression | list[Mistake]:
        """The checked expression, or all that is wrong with it."""
        if not source.strip():
            return [Mistake(kind="syntax", offset=0, length=max(len(source), 1), message="The expression is empty.")]
        try:
            return CelExpression(source, self._env.compile(source), self.declared)
        except (RuntimeError, ValueError, TypeError) as error:
            return self._mistakes(source, str(error))

    def _mistakes(self, source: str, report: str) -> list[Mistake]:
        found = [self._mistake(source, *match.groups()) for match in _ERROR.finditer(report)]
        if found:
            return found
        text = report.split("\n", 1)[0].removeprefix("INVALID_ARGUMENT: ")
        return [Mistake(kind="syntax", offset=0, length=len(source), message=f"CEL: {text}")]

    def _mistake(self, source: str, line: str, column: str, text: str) -> Mistake:
        lines = source.split("\n")
        offset = sum(len(one) + 1 for one in lines[: int(line) - 1]) + int(column) - 1
        offset = max(0, min(offset, len(source) - 1))
        text = re.sub(r"\s*\(in container ''\)|\s*\[INVALID_ARGUMENT\]", "", text).strip()
        undeclared = _UNDECLARED.search(text)
        if undeclared:
            return self._unknown_name(source, offset, undeclared.group(1))
        kind = "syntax" if text.startswith("Syntax error") else "type"
        return Mistake(kind=kind, offset=offset, length=1, message=f"CEL: {_shorter(text)}.")

    def _unknown_name(self, source: str, offset: int, name: str) -> Mistake:
        start = source.rfind(name, 0, offset + len(name))
        place = (start, len(name)) if start >= 0 else (offset, 1)
        known = [*self.declared, *_FUNCTION_NAMES]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        return Mistake(
            kind="name",
            offset=place[0],
            length=place[1],
            message=f"There is no `{name}` here.",
            help=f"Did you mean `{near[0]}`?" if near else _offer(name, self.declared),
        )


def _offer(name: str, declared: Mapping[str, str]) -> str:
    space = name.partition(".")[0]
    known = sorted(one for one in declared if one.startswith(f"{space}."))[:12]
    if known:
        return f"Known under `{space}`: " + ", ".join(known) + "."
    return "Names begin with call, inputs, vars, uses, steps, run or now."


def _shorter(text: str) -> str:
    """ANTLR lists every token it could have used; a reader needs the first half only."""
    return text.split(" expecting {", 1)[0].rstrip(".")


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
