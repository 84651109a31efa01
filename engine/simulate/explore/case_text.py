"""A counterexample as a case of a test file, ready to be pasted, with what it is about as a comment."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine.exchange.caller import Decides, HangsUp, Hears, Line, Marks, Presses, Says, Silent
from engine.exchange.faults import DEFAULT_DELAY_MS, Fault
from engine.model.graph import FlowGraph
from engine.simulate.cases.given import FAULTS
from engine.simulate.explore.found import Counterexample
from engine.simulate.explore.scripted import Played
from engine.simulate.scenario import AT_MS, Replies, Reply

_WORDS = {do: word for word, do in FAULTS.items()}


def case(graph: FlowGraph, found: Counterexample, played: Played, ends: str) -> str:
    """YAML, indented as it stands under `cases`. `ends` is the end reason that this call comes to now."""
    return "\n".join(f"  {line}" if line else "" for line in _lines(graph, found, played, ends)) + "\n"


def _lines(graph: FlowGraph, found: Counterexample, played: Played, ends: str) -> Iterator[str]:
    given = played.scenario
    yield f"# {found.breach.law}: {found.breach.why}"
    if not played.whole:
        yield "# A budget of the flow is used up on this way, which a case can only do by going round as often."
    if played.whole and not played.faithful:
        yield "# Played alone, this goes another way: the order on the way was finer than a case can say."
    yield f"{_quoted(f'explored, {found.breach.law}')}:"
    if given.at_ms != AT_MS:
        yield f"  at: {_quoted(datetime.fromtimestamp(given.at_ms / 1_000, UTC).isoformat())}"
    yield from _section("caller", [*_answers(graph, played), *map(_line, given.script)])
    yield from _replies(given.replies)
    yield from _section("faults", map(_fault, given.faults))
    yield "  expect:"
    yield f"    ends: {ends or 'hangup'}  # as it ends now; say here how it should go"


def _section(name: str, entries: Any) -> Iterator[str]:
    lines = [f"    - {one}" for one in entries]
    if lines:
        yield f"  {name}:"
        yield from lines


def _answers(graph: FlowGraph, played: Played) -> Iterator[str]:
    given = played.scenario
    if graph.outbound is not None and given.answers != "answers":
        yield f"answers: {given.answers}"
    elif given.detected != "human":
        yield f"answers: {given.detected}"


def _line(line: Line) -> str:
    match line:
        case Hears(text=text):
            return f"hears: {_quoted(text)}"
        case Presses(digits=digits):
            return f"presses: {_quoted(digits)}"
        case Says(text=text, confidence=confidence):
            unsure = "" if confidence == 90 else f", confidence: {confidence:g}"
            return f"{{says: {_quoted(text)}{unsure}}}"
        case Silent(ms=ms):
            return f"silent: {_duration(ms)}"
        case HangsUp():
            return "hangs_up: true"
        case Decides(about=about, verdict=verdict):
            return f"{about}: {verdict.word}"
        case Marks(name=name):
            return f"signal: {name.partition('#')[0]}"


def _replies(replies: Any) -> Iterator[str]:
    if not replies:
        return
    yield "  fetch:"
    for name, one in replies.items():
        assert isinstance(one, Replies)
        yield f"    {name}:"
        yield from (f"      - {_reply(each)}" for each in one.each)


def _reply(reply: Reply) -> str:
    if reply.kind != "reply":
        return reply.kind
    fields = {"status": reply.status} if reply.status != 200 else {}
    if reply.text is None:
        fields["body"] = reply.body
    elif reply.text:
        fields["text"] = reply.text  # type: ignore[assignment]  # a mapping of anything
    if reply.after_ms:
        return json.dumps(fields)[:-1] + f', "after": {_duration(reply.after_ms)}}}'
    return json.dumps(fields)


def _fault(fault: Fault) -> str:
    words = [f"{_quoted(_WORDS[fault.do]) if _WORDS[fault.do].isdigit() else _WORDS[fault.do]}: {fault.kind}"]
    if fault.nth != 1:
        words.append(f"nth: {fault.nth}")
    if fault.do in ("delay", "late") and fault.delay_ms != DEFAULT_DELAY_MS:
        words.append(f"by: {_duration(fault.delay_ms)}")
    return "{" + ", ".join(words) + "}"


def _duration(ms: int) -> str:
    return f"{ms // 1_000}s" if ms % 1_000 == 0 else f"{ms}ms"


def _quoted(text: str) -> str:
    """A YAML text that nothing in it can break."""
    return json.dumps(text, ensure_ascii=False)
