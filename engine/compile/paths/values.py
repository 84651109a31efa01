"""Which of the values that conditions name a name may have, where they ask for that name alone."""

import re
from collections.abc import Iterator
from typing import Any

from engine.compile.paths.edges import Edge
from engine.compile.paths.fixed import constant, is_same
from engine.compile.paths.given import NONE, possible
from engine.compile.paths.written import LOOSE, Written, cases, text_of
from engine.model.graph import AskValue, Expression, ExpressionFailed, FlowGraph, SetValue, Step
from engine.model.ids import StepName
from engine.model.verbs import FAILURES

_LITERAL = re.compile(r"""'([^'\\]*)'|"([^"\\]*)"|(?<![\w.'"])(-?\d+)(?![\w.'"])""")
_COMPARED = re.compile(r"\b(?:in|or|true|false)\b|==|!=|&&|\|\||[\s()\[\],!]")


class Values:
    """A bit for each value that the name may have, any other one among them, and a last one for it to be unset."""

    def __init__(self, graph: FlowGraph, name: str, values: list[Any], conditions: list[Expression]) -> None:
        self._graph, self._name, self._values = graph, name, values
        self._space, self._own, self._field = (*name.split(".", 2), "")[:3]
        self._any = (1 << len(self._values)) - 1
        self._unset = 1 << len(self._values)
        self._written = Written(graph, (name,))
        self._where = {text_of(one): self._masks(one) for one in conditions}
        self.first = self._at_first()

    def after(self, edge: Edge, past: int) -> int | None:
        step = self._graph.steps.get(edge.source.step)
        if edge.kind == "case" and past != LOOSE and step is not None:
            for number, (condition, _) in enumerate(cases(step)):
                if text_of(condition) in self._where and (edge.case < 0 or number <= edge.case):
                    past &= self._where[text_of(condition)][number == edge.case]
            return past or None
        written = self._written.by(edge)
        if written is None or step is None:
            return past
        return written if written == LOOSE else self._left(step, edge.outcome)

    def _masks(self, condition: Expression) -> tuple[int, int]:
        """With which values it may be false, and with which true."""
        found = [_comes_to(condition, self._name, one) for one in self._values]
        masks = [
            self._unset | sum(1 << at for at, one in enumerate(found) if one in (holds, None))
            for holds in (False, True)
        ]
        return masks[0], masks[1]

    def _at_first(self) -> int:
        if self._space not in ("vars", "steps"):
            return self._any
        declared = self._graph.vars[self._own] if self._space == "vars" else None
        return self._unset if declared is None or declared.default is None else self._of(declared.default)

    def _of(self, *values: Any) -> int:
        found = [at for one in values for at, other in enumerate(self._values) if is_same(one, other)]
        return sum({1 << at for at in found}) if len(found) == len(values) else self._any

    def _left(self, step: Step, outcome: str) -> int:
        if self._space == "vars" and isinstance(step.value, SetValue):
            given = constant(step.value.assignments[self._own])
            return self._any | self._unset if outcome != "done" else self._any if given is None else self._of(*given)
        if self._field == "outcome" and not outcome.startswith("http_"):
            return self._of(outcome)
        entered = _entered(step, self._field, outcome)
        return self._any | self._unset if entered is None else self._of(*entered)


class _Other:
    """A value that no condition names."""


def named(graph: FlowGraph, name: str, conditions: list[Expression]) -> list[Any]:
    """The values that conditions name, those that the name may have for sure, and another one."""
    found: list[Any] = [*_given(graph, name)]
    for one in conditions:
        found += [int(number) if number else text or other for text, other, number in _LITERAL.findall(one.source)]
    distinct = [one for at, one in enumerate(found) if not any(is_same(one, other) for other in found[:at])]
    return [True, False] if _is_yes_or_no(graph, name, conditions) else [*distinct, _Other]


def _given(graph: FlowGraph, name: str) -> Iterator[Any]:
    space, own, field = (*name.split(".", 2), "")[:3]
    if space == "vars":
        yield from () if graph.vars[own].default is None else (graph.vars[own].default,)
        sets = (step.value for step in graph.steps.values() if isinstance(step.value, SetValue))
        yield from (one[0] for value in sets if own in value.assignments and (one := constant(value.assignments[own])))
    if space == "steps":
        step = graph.steps[StepName(own)]
        outcomes = possible(step) if field == "outcome" else step.outcomes
        yield from outcomes if field == "outcome" else ()
        yield from (value for one in outcomes for value in _entered(step, field, one) or ())


def _entered(step: Step, field: str, outcome: str) -> tuple[str, ...] | None:
    """What a choice leaves in the field; None when nobody knows."""
    if not isinstance(step.value, AskValue) or outcome in (*FAILURES, "expression"):
        return None
    choice = next((one for one in step.value.choices if one.name == outcome), None)
    if field == "choice":
        return (choice.name if choice else NONE,)
    return choice.keys if field in ("value", "digits") and choice and choice.keys and not choice.phrases else None


def _is_yes_or_no(graph: FlowGraph, name: str, conditions: list[Expression]) -> bool:
    declared = getattr(graph, name.partition(".")[0], {}).get(name.partition(".")[2])
    alone = any(text_of(one).replace(" ", "") in (name, f"!{name}") for one in conditions)
    return alone or getattr(declared, "type", "") == "bool"


def _comes_to(condition: Expression, name: str, value: Any) -> bool | None:
    """What the condition says of the value; None when nobody knows."""
    if value is _Other:
        rest = _COMPARED.sub("", _LITERAL.sub("", condition.source).replace(name, ""))
        value = _stand_in(condition) if not rest else None
    try:
        found = condition.evaluate({name: value}.__getitem__) if value is not None else None
    except (ExpressionFailed, KeyError):
        return None
    return found if isinstance(found, bool) else None


def _stand_in(condition: Expression) -> Any:
    numbers = [int(number) for _, _, number in _LITERAL.findall(condition.source) if number]
    return max(numbers) + 1 if numbers else "\0"
