"""Cases as text: the YAML of a test file, as its author would write it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from engine.exchange.caller import Decides, HangsUp, Hears, Line, Marks, Presses, Says, Silent
from engine.exchange.decision_text import write_decision
from engine.exchange.faults import DEFAULT_DELAY_MS, Fault
from engine.simulate.cases.given import FAULTS
from engine.simulate.scenario import AT_MS, LINE, PERSON, Replies, Reply, Scenario, Sooner

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 _'-]*[A-Za-z0-9])?")
_NO_TEXTS = ("true", "false", "null")
_WORDS = {do: word for word, do in FAULTS.items()}


class Written(Struct, frozen=True, kw_only=True):
    """One case. `uses` and `inputs` are what of the scenario's is to be said; `remarks` stand above it as comments.
    `spelled`: keys (`at`, `from`, `to`) that are said even if there is nothing unusual about them. `in_vain` is that of the
    call's outcome: what nobody listens to is said to be so."""

    name: str
    scenario: Scenario
    outbound: bool
    expect: Mapping[str, Any]
    uses: Mapping[str, Any] = {}
    inputs: Mapping[str, Any] = {}
    remarks: tuple[str, ...] = ()
    spelled: frozenset[str] = frozenset()
    in_vain: tuple[int, ...] = ()


def file(
    flow: str, cases: Iterable[Written], *, remarks: Iterable[str] = (), defaults: Mapping[str, Any] | None = None
) -> str:
    """A whole test file."""
    lines = [*_comments(remarks), f"tests: {flow}"]
    if defaults:
        lines += ["defaults:", *(f"  {line}" for line in mapping(defaults))]
    lines += ["cases:", *("\n".join(case(one)).rstrip() + "\n" for one in cases)]
    return "\n".join(lines).rstrip() + "\n"


def case(one: Written) -> list[str]:
    """Its lines, indented as they stand under `cases`."""
    return [f"  {line}" if line else "" for line in _case(one)]


def _case(one: Written) -> Iterator[str]:
    given = one.scenario
    yield from _comments(one.remarks)
    yield f"{text(one.name)}:"
    if given.at_ms != AT_MS or "at" in one.spelled:
        yield f"  at: {text(moment(given.at_ms))}"
    for word, number, usual in (("from", given.person, PERSON), ("to", given.line, LINE)):
        if number != usual or word in one.spelled:
            yield f"  {word}: {quoted(number)}"
    for section, values in (("uses", one.uses), ("inputs", one.inputs)):
        if values:
            yield from (f"  {line}" for line in mapping({section: values}))
    yield from _section("caller", [*answers(given, outbound=one.outbound), *_script(one)])
    if given.replies:
        yield "  fetch:"
        yield from (f"    {entry}" for name, each in given.replies.items() for entry in _replies(name, each))
    yield from _section("faults", map(fault, given.faults))
    if given.limits != Sooner():
        yield f"  limits: {{{', '.join(_limits(given.limits))}}}"
    yield "  expect:"
    yield from (f"    {line}" for line in mapping(one.expect))


def _limits(sooner: Sooner) -> Iterator[str]:
    if sooner.call_ms is not None:
        yield f"call: {duration(sooner.call_ms)}"
    if sooner.visits:
        yield f"visits: {flow(sooner.visits)}"


def _comments(remarks: Iterable[str]) -> Iterator[str]:
    yield from (f"# {one}".rstrip() for one in remarks)


def _section(name: str, entries: Iterable[str]) -> Iterator[str]:
    lines = [f"    - {one}" for one in entries]
    if lines:
        yield f"  {name}:"
        yield from lines


def moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1_000, UTC).isoformat()


def answers(given: Scenario, *, outbound: bool) -> Iterator[str]:
    """The line that says who or what answers, where that is not just somebody."""
    word = ""
    if outbound and given.answers != "answers":
        word = given.answers
    elif given.signs:
        word = "silence" if given.signs[0].event == "UNKNOWN" else "long_greeting"
    elif given.detected != "human":
        word = given.detected
    if word:
        yield f"answers: {word}"


def _script(one: Written) -> Iterator[str]:
    in_vain = iter(one.in_vain)
    for each in one.scenario.script:
        acts = isinstance(each, Presses | Says)
        yield line(each, one.scenario, ignored=acts and next(in_vain, 0) > 0)


def line(one: Line, given: Scenario, *, ignored: bool = False) -> str:
    """Of a caller's script. `ignored`: nobody listens to it."""
    match one:
        case Hears():
            return f"{{hears: {text(one.text)}, to_the_end: true}}" if one.to_the_end else f"hears: {text(one.text)}"
        case Presses():
            said = f"presses: {quoted(one.digits)}"
            return f"{{{said}, ignored: true}}" if ignored else said
        case Says():
            beside = "" if one.confidence == 90 else f", confidence: {one.confidence:g}"
            beside += f", lasts: {duration(one.duration_ms)}" if one.duration_ms else ""
            beside += ", ignored: true" if ignored else ""
            return f"{{says: {text(one.text)}{beside}}}" if beside else f"says: {text(one.text)}"
        case Silent():
            return f"silent: {duration(one.ms)}"
        case HangsUp():
            return "hangs_up: true"
        case Decides():
            return f"{one.about}: {write_decision(one.verdict)}"
        case Marks():
            signal = given.signals[one.name]
            return (
                f"{{signal: {signal.name}, with: {flow(signal.payload)}}}"
                if signal.payload
                else f"signal: {signal.name}"
            )


def _replies(name: str, replies: Replies) -> Iterator[str]:
    key = text(name) if not name.startswith("finally") else name
    if replies.again and len(replies.each) == 1:
        yield f"{key}: {_reply(replies.each[0])}"
        return
    yield f"{key}:"
    yield from (f"  - {_reply(one)}" for one in replies.each)


def _reply(reply: Reply) -> str:
    if reply.kind != "reply":
        return reply.kind
    fields: dict[str, Any] = (
        {"status": reply.status} if reply.status != 200 or (not reply.body and not reply.text) else {}
    )
    if reply.text:
        fields["text"] = reply.text
    elif reply.text is None and reply.body is not None:
        fields["body"] = reply.body
    written = flow(fields)
    return f"{written[:-1]}, after: {duration(reply.after_ms)}}}" if reply.after_ms else written


def fault(one: Fault) -> str:
    word = _WORDS[one.do]
    words = [f"{quoted(word) if word.isdigit() else word}: {one.kind if '*' not in one.kind else quoted(one.kind)}"]
    if one.nth != 1:
        words.append(f"nth: {one.nth or 'all'}")
    if one.do in ("delay", "late", "reorder") and one.delay_ms != DEFAULT_DELAY_MS:
        words.append(f"by: {duration(one.delay_ms)}")
    return "{" + ", ".join(words) + "}" if len(words) > 1 else words[0]


def duration(ms: int) -> str:
    return f"{ms // 1_000}s" if ms % 1_000 == 0 else f"{ms}ms"


def mapping(values: Mapping[str, Any]) -> Iterator[str]:
    """Block style, an entry a line; lists and maps within braces where they fit into the line."""
    for name, value in values.items():
        whole = f"{text(name)}: {flow(value)}"
        if len(whole) <= _WIDTH or not isinstance(value, list | tuple | dict):
            yield whole
        elif isinstance(value, dict):
            yield f"{text(name)}:"
            yield from (f"  {line}" for line in mapping(value))
        else:
            yield f"{text(name)}:"
            yield from (f"  - {flow(each)}" for each in value)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(str(name))}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return text(value) if isinstance(value, str) else json.dumps(value)


def text(value: str) -> str:
    """Without quotes where nothing in it could be misread."""
    plain = _PLAIN.fullmatch(value) or re.fullmatch(r"[a-z][a-z0-9_.]*(/[a-z0-9_.]+)?", value)
    return value if plain and value.lower() not in _NO_TEXTS else quoted(value)


def quoted(value: str) -> str:
    """A YAML text that nothing in it can break."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\x85", "\\x85")
