"""Lines of a transcript that tell a secret: they would read otherwise, had something else been entered.

That the same signs stand somewhere proves nothing: a recording is 73,996 bytes long, another question was answered alike, a prompt
names an example.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from engine.interpret import guarded
from engine.model.events import AnyEvent, OperationReported
from engine.model.graph import AskValue, FlowGraph
from engine.model.state import Frame, Operation, RunState
from engine.simulate import hidden, transcript
from engine.simulate.laws import Turned
from engine.simulate.transcript import Line

_OTHERS = str.maketrans("0123456789abcdefghijklmnopqrstuvwxyz", "5678901234nopqrstuvwxyzabcdefghijklm")


def lines(graph: FlowGraph, turned: Turned) -> Iterator[Line]:
    """Of what came and what the run made of it. An entry may be kept no longer than until it is used."""
    before, after = turned.before, turned.done.state
    secrets = hidden.entered(graph, before) | hidden.entered(graph, after) | hidden.reported(graph, turned.event)
    if not secrets:
        return
    found = [line for line in transcript.lines(graph, [(turned.event, turned.done)]) if _has(line, secrets)]
    if found:
        event = _otherwise(graph, turned.event)
        done, _ = guarded(graph, _entered_otherwise(graph, turned.before), event)
        others = set(transcript.lines(graph, [(event, done)]))
        yield from (line for line in found if line not in others)


def _has(line: Line, secrets: frozenset[str]) -> bool:
    said = f"{line.detail} {line.what} {line.outcome}"
    return any(secret in said for secret in secrets)


def _otherwise(graph: FlowGraph, event: AnyEvent) -> AnyEvent:
    if isinstance(event, OperationReported) and hidden.is_hidden(graph, event.control_id):
        return replace(event, fields=_other(event.fields))
    return event


def _entered_otherwise(graph: FlowGraph, run: RunState) -> RunState:
    """The same run, had all that is secret been something else."""
    return replace(
        run,
        frame=_frame(graph, run.frame),
        callers=tuple(_frame(graph, one) for one in run.callers),
        operations={name: _operation(graph, one) for name, one in run.operations.items()},
    )


def _frame(graph: FlowGraph, frame: Frame) -> Frame:
    flow = graph.flow_of(frame.subflow)
    asked = {name for name, step in flow.steps.items() if isinstance(step.value, AskValue) and step.value.secrecy}
    given = {name for name, one in flow.inputs.items() if one.secrecy}
    return replace(
        frame,
        results={name: _other(one) if name in asked else one for name, one in frame.results.items()},
        inputs={name: _other_text(one) if name in given else one for name, one in frame.inputs.items()},
    )


def _operation(graph: FlowGraph, op: Operation) -> Operation:
    return replace(op, fields=_other(op.fields)) if hidden.is_hidden(graph, op.control_id) else op


def _other(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _other_text(value) if name in hidden.TOLD else value for name, value in fields.items()}


def _other_text(value: Any) -> Any:
    return value.translate(_OTHERS) if isinstance(value, str) else value
