"""CEL with our names declared: compiles expressions, and says where a mistake is."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

from cel_expr_python import cel

from engine.expr.arguments import means_the_same, mistakes_of_calls
from engine.expr.calls import IS_SET, Call, calls
from engine.expr.calls import evaluated as evaluated_text
from engine.expr.expression import CelExpression, LaterExpression
from engine.expr.functions import NAMES, Setting, evaluated, written
from engine.expr.matching import mistakes_of_patterns
from engine.expr.mistake import Mistake
from engine.expr.plain import PlainExpression, form
from engine.expr.typed import typed

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

_REFUSED = (RuntimeError, ValueError, TypeError)
"""What CEL raises."""

Checked = CelExpression | LaterExpression


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
        self._text = None if texts is None else "\n".join(texts)
        self._compiled: dict[str, Checked | list[Mistake]] = {}

    def extended(self, more: Mapping[str, str], sensitive: Iterable[str] = ()) -> "Environment":
        """The same with more names, `sensitive` ones among them."""
        texts = None if self._text is None else [self._text]
        return Environment({**self.declared, **more}, texts, self._setting, self._sensitive.union(sensitive))

    def compile(self, source: str) -> Checked | list[Mistake]:
        """The checked expression, or all that is wrong with it. The same text is compiled once."""
        if source not in self._compiled:
            self._compiled[source] = self._compile(source)
        return self._compiled[source]

    def _compile(self, source: str) -> Checked | list[Mistake]:
        if not source.strip():
            return [Mistake(kind="syntax", offset=0, length=max(len(source), 1), message="The expression is empty.")]
        if (plain := form(source, self.declared)) is not None:
            return PlainExpression(source, plain, partial(self._evaluated, source, []))
        found = calls(source)
        mistakes = [*mistakes_of_calls(found, self.declared, self._setting), *mistakes_of_patterns(source)]
        if not mistakes and means_the_same(source, found, self.declared):
            if (known := typed(source, self.declared, self._setting.calendar)) is not None:
                return LaterExpression(source, known.type, known.names, partial(self._evaluated, source, found))
            with suppress(*_REFUSED):
                return self._evaluated(source, found)
        try:
            self._written.compile(source)
            # What is put into the text that is evaluated may make it too deep.
            return mistakes or self._evaluated(source, found)
        except _REFUSED as error:
            from engine.expr.mistakes import Known, explain  # most expressions are right

            return explain(source, str(error), Known(self.declared, NAMES))

    def _evaluated(self, source: str, found: list[Call]) -> CelExpression:
        """Of the text that is evaluated."""
        optional = frozenset(call.arguments[0].name for call in found if call.function == "or")
        checked = self._running.compile(evaluated_text(source, found, self._setting.calendar))
        written = (lambda: self._written.compile(source)) if found else lambda: checked
        return CelExpression(source, checked, self.declared, optional, written=written, sensitive=self._sensitive)

    @cached_property
    def _used(self) -> dict[str, cel.Type]:
        """Not looked for where CEL is not asked."""
        words = None if self._text is None else {*_WORD.findall(self._text)}
        return {
            name: _TYPES[kind]
            for name, kind in self.declared.items()
            if words is None or words.issuperset(name.split("."))
        }

    @cached_property
    def _written(self) -> Any:
        """For the texts as they are written: what it says of a mistake fits their places. Seldom needed."""
        return cel.NewEnv(variables=self._used, functions=written(self._setting))

    @cached_property
    def _running(self) -> Any:
        """For the texts that are evaluated, with what these may have beyond the ones that were written."""
        added = [name for name in ("now", self._setting.calendar) if name in self.declared]
        variables = {**self._used, **{name: _TYPES[self.declared[name]] for name in added}}
        variables |= {f"{IS_SET}.{name}": cel.Type.BOOL for name in self._used}
        return cel.NewEnv(variables=variables, functions=evaluated(self._setting))


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
