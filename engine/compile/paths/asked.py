"""What conditions have found out stays true until something is written that they read.

    inputs.kind == 'vip'    call.from == ''    steps.a.choice == 'one'    vars.place in ['a', 'b']

Inputs, uses and what is known of the call are never written, a variable by `set`, and what a step leaves by its next end. Each
condition is remembered by its text, as far as it asks for such names alone and not for the time; and of a name that conditions
ask for by itself it is remembered which of the values that they name it may have.
"""

import re
from collections.abc import Iterator

from engine.compile.paths.edges import Edge
from engine.compile.paths.given import continues
from engine.compile.paths.values import Values, named
from engine.compile.paths.written import LOOSE, UNKNOWN, Written, cases, text_of
from engine.model.graph import Expression, FlowGraph, Step
from engine.model.ids import StepName

_TRUE, _FALSE = 1, 2
_FIXED = ("inputs", "uses", "call")
_TIME = re.compile(r"\bnow\b")
_MOST = 24
"""Values of a name."""


def asked(graph: FlowGraph) -> Iterator["_Condition | Values"]:
    conditions = {text_of(one): one for step in graph.steps.values() for one, _ in cases(step)}
    lasting = {text: one for text, one in conditions.items() if _lasts(graph, one)}
    yield from (_Condition(graph, text, one) for text, one in lasting.items())
    for name in dict.fromkeys(one.names[0] for one in lasting.values() if len(one.names) == 1):
        about = [one for one in lasting.values() if one.names == (name,)]
        if len(values := named(graph, name, about)) <= _MOST:
            yield Values(graph, name, values, about)


def _lasts(graph: FlowGraph, condition: Expression) -> bool:
    return not _TIME.search(condition.source) and all(_stays(graph, one) for one in condition.names)


def _stays(graph: FlowGraph, name: str) -> bool:
    """Is it written by edges that can be seen?"""
    space, _, rest = name.partition(".")
    step = StepName(rest.partition(".")[0])
    if space == "steps":
        return step in graph.steps and not graph.steps[step].background and not continues(graph, step)
    return space == "vars" or space in _FIXED


class _Condition:
    """What it came to when it was last asked."""

    first = UNKNOWN

    def __init__(self, graph: FlowGraph, text: str, condition: Expression) -> None:
        self._text, self._written = text, Written(graph, condition.names)
        self._at = {step.name: at for step in graph.steps.values() if (at := _numbers(step, text))}

    def after(self, edge: Edge, past: int) -> int | None:
        if edge.kind == "case" and past != LOOSE:
            for number in self._at.get(edge.source.step, ()):
                if edge.case < 0 or number <= edge.case:
                    found = _TRUE if number == edge.case else _FALSE
                    if past not in (UNKNOWN, found):
                        return None
                    past = found
            return past
        written = self._written.by(edge)
        return past if written is None else written


def _numbers(step: Step, text: str) -> tuple[int, ...]:
    return tuple(number for number, (one, _) in enumerate(cases(step)) if text_of(one) == text)
