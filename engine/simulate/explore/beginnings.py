"""How a call may begin: answered by whom, or by nobody, and at which hour."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.apply import new_exchange
from engine.exchange.caller import Detected, Sign
from engine.exchange.effects import FetchSwml
from engine.exchange.inputs import CalleeSet, CallPlaced, Outcome, SwmlAnswered
from engine.exchange.options import ExchangeOptions
from engine.interpret import start
from engine.model.events import RunRequested, StartEvent
from engine.model.graph import Expression, FlowGraph
from engine.model.ids import CallId, outbound_run_id
from engine.model.state import RunState
from engine.simulate import addresses
from engine.simulate.explore import handed, literals
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.situation import Left, Situation
from engine.simulate.explore.taken import Taken
from engine.simulate.explore.taking import Taking
from engine.simulate.scenario import AT_MS, LINE, PERSON, Scenario
from engine.wire import inbound
from engine.wire.swml import PARKING

_CALL_ID = CallId("0e9c80d7-a149-4917-892d-420043709f45")
_HOURS_MS = (0, 33 * 3_600_000, 72 * 3_600_000)
"""From the afternoon, UTC, of a New Year's Day: the night to Sunday, and Monday; one of them is within most opening hours."""
_NUMBER = re.compile(r"\+?[0-9]{1,15}")
_SHORT, _FULL = 8, 12
"""What is shorter than a telephone's number is taken for the beginning of one."""
_ABROAD = "+498912345678"
"""A person with another number, where conditions ask how one begins."""
_UNANSWERED: tuple[Outcome, ...] = ("busy", "no_answer", "declines", "not_found")


class Beginning(Struct, frozen=True, kw_only=True):
    at_ms: int = AT_MS
    answers: Outcome = "answers"
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    person: str = PERSON
    line: str = LINE


class Given(Struct, frozen=True, kw_only=True):
    """What a flow's calls are given, all of them alike. `cases` are calls of its tests: what callers and services bring in them is
    tried."""

    uses: Mapping[str, Any] = {}
    inputs: Mapping[str, Any] = {}
    options: ExchangeOptions = ExchangeOptions()
    faults: int = 1
    slow: int = 1
    cases: tuple[Scenario, ...] = ()


def all_of(graph: FlowGraph, given: Given, also: tuple[Expression, ...] = ()) -> Iterator[Beginning]:
    """One thing is another one in each, but for what a detector finds at each hour. `also` are conditions that are looked at when a run is
    over."""
    flows = (graph, *graph.subflows.values())
    detects = any(step.verb == "detect" for flow in flows for step in flow.steps.values())
    dated = any(use.calendar for flow in flows for use in flow.uses.values())
    for after_ms in _HOURS_MS if dated else _HOURS_MS[:1]:
        for detected in _DETECTED if detects else _DETECTED[:1]:
            yield Beginning(at_ms=AT_MS + after_ms, detected=detected)
    if graph.outbound is not None:
        yield from (Beginning(answers=outcome) for outcome in _UNANSWERED)
    persons, lines = _numbers(graph, given.cases, also)
    yield from (Beginning(person=one) for one in persons)
    yield from (Beginning(line=one) for one in lines)


def _numbers(
    graph: FlowGraph, cases: tuple[Scenario, ...], also: tuple[Expression, ...]
) -> tuple[list[str], list[str]]:
    """Who calls, or is called, and the number of ours, as far as conditions tell others from the usual ones."""
    classes, literal = Classes(graph, also), [one for one in literals.texts(graph) if _NUMBER.fullmatch(one)]
    made = [one if len(one) > _SHORT else (one + PERSON[-_SHORT:])[:_FULL] for one in literal]
    flows = [*handed.flows(graph)]
    outbound = graph.outbound is not None
    persons = (PERSON, _ABROAD, *made, *(one.person for one in cases), *([] if outbound else [""]))
    lines = (LINE,) if outbound else (LINE, *made, *(one.line for one in cases))
    from_, to = ([(flow, f"call.{name}") for flow in flows] for name in ("from", "to"))
    person, line = (to, from_) if outbound else (from_, to)
    return classes.apart(person, persons)[1:], classes.apart(line, lines)[1:]


_DETECTED: tuple[Detected, ...] = ("human", "machine", "fax", "unknown")


def begin(graph: FlowGraph, given: Given, how: Beginning) -> Taken:
    """The run and the platform as the call begins; the first commands are decided."""
    options = given.options
    nothing = Situation(
        now_ms=how.at_ms,
        run=None,  # type: ignore[arg-type]  # in a moment
        exchange=new_exchange(options=options, now_ms=how.at_ms),
        left=Left(faults=given.faults, slow=given.slow),
    )
    taking = Taking(graph, nothing)
    if graph.outbound is None:
        _rings(taking, given, how)
    else:
        _calls(taking, given, how)
    return taking.close()


def _rings(taking: Taking, given: Given, how: Beginning) -> None:
    placed = CallPlaced(
        at_ms=how.at_ms,
        to=how.line,
        from_=how.person,
        call_id=_CALL_ID,
        swml_url=addresses.ARRIVAL,
        status_url=addresses.of_call(_CALL_ID),
        detected=how.detected,
        signs=how.signs,
    )
    taking.tell(placed)
    question = taking.flying.pop().question
    assert isinstance(question, FetchSwml)
    arrived = inbound.decode(msgspec.json.encode(question.body), how.at_ms)
    _start(taking, given, replace(arrived, inputs=dict(given.inputs)))
    document = dict(PARKING)
    taking.tell(SwmlAnswered(at_ms=how.at_ms, call_id=question.call_id, fetch=question.fetch, document=document))


def _calls(taking: Taking, given: Given, how: Beginning) -> None:
    outbound = taking.graph.outbound
    assert outbound is not None
    callee = CalleeSet(at_ms=how.at_ms, number=how.person, outcome=how.answers, detected=how.detected, signs=how.signs)
    taking.tell(callee)
    wanted = RunRequested(
        at_ms=how.at_ms,
        run_id=outbound_run_id(b"explored"),
        to=how.person,
        from_=outbound.from_ or LINE,
        inputs=dict(given.inputs),
        ring_timeout_s=outbound.timeout_s,
        max_price_per_minute=outbound.max_price_per_minute,
    )
    _start(taking, given, wanted)


def _start(taking: Taking, given: Given, event: StartEvent) -> None:
    done = start(taking.graph, event, uses=given.uses)
    before: RunState = replace(done.state, operations={}, pending=())
    taking.took(before, event, done)
