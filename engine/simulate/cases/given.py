"""What a case gives to its call, as a scenario. What is wrong with it is reported."""

from collections.abc import Mapping as Map
from datetime import datetime
from typing import Any

from msgspec import Struct

from engine.compile import duration_ms
from engine.compile.located import Mapping, Node, Scalar, Sequence
from engine.compile.report import nearest
from engine.exchange.fault_text import FaultTextError, check_fault
from engine.exchange.faults import DEFAULT_DELAY_MS, Fault
from engine.expr import cel_type_of
from engine.model.graph import Declared, FlowGraph
from engine.simulate.cases import script
from engine.simulate.cases.case import Case
from engine.simulate.cases.script import Script
from engine.simulate.scenario import AT_MS, LINE, PERSON, Replies, Reply, Scenario, Sooner

FAULTS: Map[str, str] = {
    **{word: word for word in ("drop", "duplicate", "delay", "reorder", "fail", "late", "429", "500")},
    **{word: word for word in ("html", "hang", "reset", "execute_500")},
    "reject": "422",
    "lost": "execute_hang",
}
"""The words of a case, and the exchange's."""
_LATE = ("delay", "reorder", "late")
NUMBER = "+15550142"
"""Whoever a flow's number is, when nobody says so."""
_DUMMIES: Map[str, Any] = {"int": 1, "double": 1.0, "bool": False}


class Given(Struct, frozen=True):
    scenario: Scenario
    script: Script


def read(case: Case, graph: FlowGraph, calendars: Map[str, str]) -> Given:
    """`calendars` are the names that uses of type calendar are bound to."""
    said = script.read(case, outbound=graph.outbound is not None)
    scenario = Scenario(
        at_ms=_at_ms(case),
        person=_number(case, "from", PERSON, withheld=graph.outbound is None),
        line=_number(case, "to", LINE, withheld=False),
        uses={**_bound(case, "uses", graph.uses), **calendars},
        inputs=_bound(case, "inputs", graph.inputs),
        script=said.lines,
        answers=said.answers,
        after_ms=said.after_ms,
        detected=said.detected,
        signs=said.signs,
        replies={key.text: _replies(node) for key, node in case.entries("fetch")},
        signals=said.signals,
        faults=tuple(fault for node in case.items("faults") if (fault := _fault(case, node)) is not None),
        limits=_limits(case),
    )
    return Given(scenario, said)


def _number(case: Case, key: str, usual: str, *, withheld: bool) -> str:
    """An empty one is a number that is `withheld`, which only that of somebody who calls us can be."""
    node, given = case.find(key), case.value(key)
    if node is None or given is None:
        return usual
    if not given and not withheld:
        message = f"`{key}` is empty, and only who calls a flow can withhold a number."
        case.wrong("TST007", "bad-value", node, message, f"Leave it out for {usual}.")
        return usual
    return str(given)


def _limits(case: Case) -> Sooner:
    visits = {key.text: node.value for key, node in case.entries("limits", "visits") if isinstance(node, Scalar)}
    return Sooner(call_ms=duration_ms(case.value("limits", "call") or ""), visits=visits)


def _at_ms(case: Case) -> int:
    node = case.moment
    if not isinstance(node, Scalar):
        return AT_MS
    try:
        return round(datetime.fromisoformat(node.text).timestamp() * 1_000)
    except ValueError as error:
        case.wrong(
            "TST007", "bad-value", node, f"There is no such moment: {error}.", "Such as 2026-11-23T10:00:00-05:00."
        )
        return AT_MS


def _bound(case: Case, section: str, declared: Map[str, Declared]) -> dict[str, Any]:
    """The values of the case, and stand-ins for what it leaves out."""
    given = {key.text: (key, node) for key, node in case.entries(section)}
    for name, (key, _) in given.items():
        if name not in declared:
            message = f"The flow has no `{name}` among its `{section}`."
            case.wrong("TST003", "not-in-flow", key, message, nearest(name, declared))
    found = {}
    for name, one in declared.items():
        if name in given:
            found[name] = _typed(case, given[name][1], name, one)
        elif section == "uses" or one.required:
            found[name] = stand_in(name, one, is_use=section == "uses")
    return found


def stand_in(name: str, one: Declared, *, is_use: bool = True) -> Any:
    """Something of the right type, which tells what it stands for."""
    if one.type != "string":
        return _DUMMIES.get(one.type, "")
    if one.number:
        return NUMBER
    return f"https://{name.replace('_', '-')}.example.com" if is_use else f"({name})"


def _typed(case: Case, node: Node, name: str, one: Declared) -> Any:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(node, Scalar) and one.type == "string" and value is not None:
        return node.text
    if isinstance(value, int) and not isinstance(value, bool) and one.type == "double":
        return float(value)
    if value is None or cel_type_of(value) != one.type:
        case.wrong("TST007", "bad-value", node, f"`{name}` wants a value of type {one.type}.")
        return stand_in(name, one)
    return value


def _replies(node: Node) -> Replies:
    if isinstance(node, Sequence):
        return Replies(each=tuple(_reply(one) for one in node.items))
    return Replies(each=(_reply(node),), again=True)


def _reply(node: Node) -> Reply:
    if not isinstance(node, Mapping):
        unreachable = isinstance(node, Scalar) and node.text == "unreachable"
        return Reply(kind="unreachable" if unreachable else "timeout")
    status, text, after = (node.get(key) for key in ("status", "text", "after"))
    body = node.get("body")
    return Reply(
        status=status.value if isinstance(status, Scalar) else 200,
        body=None if body is None else as_json(body),
        text=text.text if isinstance(text, Scalar) else ("" if body is None else None),
        after_ms=(duration_ms(after.text) or 0) if isinstance(after, Scalar) else 0,
    )


def as_json(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key.text: as_json(value) for key, value in node.entries}
    return [as_json(one) for one in node.items]


def _fault(case: Case, node: Node) -> Fault | None:
    assert isinstance(node, Mapping)
    said = [(key, value) for key, value in node.entries if key.text in FAULTS]
    if len(said) > 1:
        message = f"One entry is one fault, and this one has `{said[0][0].text}` and `{said[1][0].text}`."
        case.wrong("TST006", "bad-fault", said[1][0], message, "Make it two entries, each with a `-`.")
        return None
    key, kind = said[0]
    assert isinstance(kind, Scalar)
    do = FAULTS[key.text]
    try:
        check_fault(kind.text, do)
    except FaultTextError as error:
        words = str(error).removeprefix(f"{kind.text}:{do}: ").replace(f"{do} happens", f"`{key.text}` happens")
        message, _, advice = words.partition(": ")
        case.wrong("TST006", "bad-fault", kind, f"`{kind.text}`: {message}.", f"{advice[:1].upper()}{advice[1:]}.")
        return None
    nth, by = node.get("nth"), node.get("by")
    if by is not None and do not in _LATE:
        message = f"`by` says how late something is, and `{key.text}` makes nothing late."
        case.wrong("TST006", "bad-fault", by, message, "It goes with `delay`, `reorder` and `late`.")
    count = nth.value if isinstance(nth, Scalar) and isinstance(nth.value, int) else (1 if nth is None else 0)
    delay_ms = (duration_ms(by.text) or 0) if isinstance(by, Scalar) else DEFAULT_DELAY_MS
    return Fault(kind=kind.text, do=do, nth=count, delay_ms=delay_ms)  # type: ignore[arg-type]  # checked above
