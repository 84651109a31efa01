"""What went wrong in a recorded call, as faults: webhooks that were lost, late or doubled, commands that were refused."""

from collections import Counter
from collections.abc import Iterator

from engine.exchange.fault_text import FaultTextError, check_fault
from engine.exchange.faults import AnswerFault, Fault
from engine.model.commands import SendCommand
from engine.model.events import CallLookedUp, CommandAnswered, OperationReported
from engine.model.state import RunState
from engine.simulate.recorded.recording import History, is_without_effect

_ATTEMPTS = 12
"""More than the client makes of one command."""


def faults(history: History) -> tuple[Fault, ...]:
    return tuple(one for one in _all(history) if _is_possible(one))


def _all(history: History) -> Iterator[Fault]:
    seen: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    which: dict[int, tuple[str, int]] = {}
    number: dict[str, int] = {}
    over: dict[str, int] = {}
    told: set[tuple[str, str]] = set()
    before: RunState | None = None
    for event, done in history:
        match event:
            case OperationReported(mark="error") if event.control_id in number:
                yield Fault(kind=event.verb, do="fail", nth=number[event.control_id])
            case OperationReported() if (event.control_id, event.mark) in told and is_without_effect(event, done):
                yield Fault(kind=_kind(event), do="duplicate", nth=max(seen[_kind(event)], 1))
            case OperationReported():
                told.add((event.control_id, event.mark))
                yield from _webhook(event, [one.what for one in done.trace], seen, over)
            case CallLookedUp():
                for one in event.reports:
                    seen[_kind(one)] += 1
                    yield Fault(kind=_kind(one), do="drop", nth=seen[_kind(one)])
            case CommandAnswered() if event.seq in which:
                yield from _answer(event, *which[event.seq], seen)
            case _:
                pass
        for traced in done.trace:
            if traced.what == "outcome" and traced.subject == "lost":
                over[traced.step] = event.at_ms
                yield from _lost(before, traced.step, seen)
        for command in done.commands:
            if isinstance(command, SendCommand):
                sent[command.command] += 1
                which[command.seq] = command.command, sent[command.command]
                number.setdefault(command.control_id or "", sent[command.command])
        before = done.state


def _lost(before: RunState | None, step: str, seen: Counter[str]) -> Iterator[Fault]:
    """Of the step's operations that had not told of their end."""
    for one in before.operations.values() if before is not None else ():
        if one.phase == "over" or one.step != step.rpartition("/")[2]:
            continue
        if one.seen:
            yield Fault(kind=f"{one.verb}.finished", do="drop", nth=seen[f"{one.verb}.finished"] + 1)
        else:
            yield Fault(kind=f"{one.verb}.*", do="drop", nth=0)


def _webhook(event: OperationReported, made: list[str], seen: Counter[str], over: dict[str, int]) -> Iterator[Fault]:
    kind = _kind(event)
    seen[kind] += 1
    step = event.control_id.partition(".")[2].rsplit(".", 3)[0].partition(".")[2]
    if "late" in made and step in over:
        late_ms = event.at_ms - over[step]
        yield Fault(kind=kind, do="delay", nth=seen[kind], delay_ms=max(60_000, -(-late_ms // 1_000) * 1_000))


def _answer(event: CommandAnswered, command: str, nth: int, seen: Counter[str]) -> Iterator[Fault]:
    do: dict[str, AnswerFault] = {"rejected": "422", "unknown": "execute_hang"}
    if event.kind in do:
        yield Fault(kind=command, do=do[event.kind], nth=nth)
    elif event.kind == "unavailable":
        what: AnswerFault = "429" if event.http_status == 429 else "500"
        yield from (Fault(kind=command, do=what, nth=nth + more) for more in range(_ATTEMPTS))


def _kind(event: OperationReported) -> str:
    return f"{event.verb}.{event.mark}"


def _is_possible(one: Fault) -> bool:
    try:
        check_fault(one.kind, one.do)
    except FaultTextError:
        return False
    return True
