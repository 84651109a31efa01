"""A recorded call as scenarios that may go the same way: how the person's acts are tied to what was heard is a guess, so
there are several, the most readable first."""

from collections.abc import Iterator
from itertools import product

from msgspec.structs import replace

from engine.exchange.caller import Decides, Detected, HangsUp, Hears, Line, Says, Silent
from engine.exchange.inputs import Outcome as Answers
from engine.model.commands import Fetch
from engine.model.events import CallArrived, Fetched, RunRequested
from engine.model.graph import FlowGraph
from engine.model.ids import ControlId, op_of
from engine.simulate.cases.script import SIGNS
from engine.simulate.recorded.mishaps import faults
from engine.simulate.recorded.moments import Moment, Prompt, Told, told
from engine.simulate.recorded.recording import History, Recording
from engine.simulate.scenario import LINE, Replies, Reply, Scenario, Signal

_SLOW_MS = 1_000
_ANSWERS: dict[str, Answers] = {
    "busy": "busy",
    "no_answer": "no_answer",
    "decline": "declines",
    "not_found": "not_found",
}


def scenarios(recording: Recording, graph: FlowGraph, history: History) -> Iterator[Scenario]:
    """All of them; in the last ones nothing goes wrong on the way."""
    call = told(graph, history)
    base = _base(recording, graph, history, call)
    mishaps = faults(history)
    for some, way in product(dict.fromkeys((mishaps, ())), _WAYS):
        for moments in _endings(call):
            yield replace(base, faults=some, script=tuple(way(replace(call, moments=moments))))


def _base(recording: Recording, graph: FlowGraph, history: History, call: Told) -> Scenario:
    first = recording.events[0]
    assert isinstance(first, CallArrived | RunRequested)
    outbound = isinstance(first, RunRequested)
    known: dict[str, Detected] = {"machine": "machine", "fax": "fax", "unknown": "unknown"}
    return Scenario(
        at_ms=first.at_ms // 1_000 * 1_000,
        person=first.to if outbound else first.from_,
        line=(first.from_ if outbound else first.to) or LINE,
        uses=recording.uses,
        inputs=first.inputs,
        answers=_ANSWERS.get(recording.end_reason, "answers") if outbound else "answers",
        detected=known.get(call.detected, "human"),
        signs=SIGNS.get(call.detected, ()),
        replies=_replies(graph, history),
        signals={mark: Signal(name=one.name, payload=one.payload) for mark, one in call.signals.items()},
    )


def _replies(graph: FlowGraph, history: History) -> dict[str, Replies]:
    """By step, in the order of the requests."""
    asked: dict[int, tuple[str, int]] = {}
    found: dict[str, list[Reply]] = {}
    for event, done in history:
        if isinstance(event, Fetched) and event.seq in asked:
            name, at_ms = asked.pop(event.seq)
            found.setdefault(name, []).append(_reply(event, event.at_ms - at_ms))
        frames = {one.number: one.flow for one in (*done.state.callers, done.state.frame)}
        for command in done.commands:
            if isinstance(command, Fetch):
                asked[command.seq] = _name(command, frames), done.state.at_ms
    return {name: Replies(each=tuple(each)) for name, each in found.items()}


def _name(command: Fetch, frames: dict[int, str]) -> str:
    frame, _, step = op_of(ControlId(command.key)).rsplit(".", 3)[0].partition(".")
    flow = frames.get(int(frame), "") if int(frame) else ""
    return f"{flow}/{step}" if flow else step


def _reply(event: Fetched, after_ms: int) -> Reply:
    slow_ms = after_ms // 100 * 100 if after_ms >= _SLOW_MS else 0
    match event.kind:
        case "timeout":
            return Reply(kind="timeout")
        case "failed" | "refused":
            return Reply(kind="unreachable")
        case "invalid":
            return Reply(status=event.status or 200, text="<html>", after_ms=slow_ms)
        case _:
            text = "" if event.body is None else None
            return Reply(status=event.status or 200, body=event.body, text=text, after_ms=slow_ms)


# How acts are tied to prompts


def _at_the_prompt(call: Told) -> Iterator[Line]:
    """Each act follows the prompt that it is an answer to."""
    for one in call.moments:
        if isinstance(one.act, Decides) or one.about:
            pass  # it waits until there is something to decide
        elif one.prompt is not None:
            yield from _heard(one, one.prompt)
        elif one.since_ms or isinstance(one.act, HangsUp):
            yield Silent(ms=_SLOW_MS)
        if one.act is not None:
            yield one.act
            yield from _while_speaking(one)


def _after_each_prompt(call: Told) -> Iterator[Line]:
    """Every prompt of the call is waited for."""
    prompts = list(call.prompts)
    for one in call.moments:
        while any(prompt is one.prompt for prompt in prompts):
            prompt = prompts.pop(0)
            if prompt is one.prompt and one.over and one.act is not None:
                yield from _heard(one, prompt)
            else:
                yield Hears(text=prompt.first)
        if one.act is not None:
            if one.prompt is None and one.since_ms:
                yield Silent(ms=_SLOW_MS)
            yield one.act
            yield from _while_speaking(one)


def _by_the_clock(call: Told) -> Iterator[Line]:
    """Each act at its time."""
    at_ms = call.prompts[0].at_ms if call.prompts else 0
    for one in call.moments:
        if one.act is None:
            continue
        if at_ms and one.at_ms - at_ms >= 100 and not isinstance(one.act, Decides):
            yield Silent(ms=(one.at_ms - at_ms) // 100 * 100)
        at_ms = one.at_ms
        yield one.act


_WAYS = (_at_the_prompt, _after_each_prompt, _by_the_clock)


def _heard(one: Moment, prompt: Prompt) -> Iterator[Line]:
    if not one.over:
        yield Hears(text=prompt.last)
        return
    yield Hears(text=prompt.last, to_the_end=True)
    if one.since_ms >= _SLOW_MS:
        yield Silent(ms=one.since_ms // _SLOW_MS * _SLOW_MS)


def _while_speaking(one: Moment) -> Iterator[Line]:
    if isinstance(one.act, Says) and one.act.duration_ms:
        yield Silent(ms=one.act.duration_ms)


def _endings(call: Told) -> Iterator[tuple[Moment, ...]]:
    """The call with a hang-up that the run heard of at once, or only later: at the prompt before, or at its end."""
    yield call.moments
    last = next((one for one in call.moments if isinstance(one.act, HangsUp)), None)
    if last is None:
        return
    others = [one for one in call.moments if one is not last]
    for prompt in reversed(call.prompts[-3:]):
        for over in (False, True):
            yield (*others, Moment(at_ms=last.at_ms, act=last.act, prompt=prompt, over=over))
    yield (*others, Moment(at_ms=last.at_ms, act=last.act, prompt=last.prompt, over=True, since_ms=30_000))
    yield (*others, Moment(at_ms=last.at_ms, act=last.act))
