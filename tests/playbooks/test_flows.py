"""The flows that are shipped: they compile without a word, end after anything, and pass the tests beside them."""

from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import example, given

from engine import resources
from engine.cli import shipped as resource
from engine.compile import compile_bundle, suffix
from engine.model.graph import FlowGraph
from engine.project import testing
from engine.simulate.cases.case import SUFFIX as TESTS
from tests.architecture.source import ROOT
from tests.playbooks.chaos import MOVES, Move, ends, plays
from tests.playbooks.machine import Machine, arrived, requested
from tests.playbooks.playbook import Playbook, call

FLOWS = ROOT / "flows"
NAMES = resource.known()
TESTED = sorted(str(path.relative_to(FLOWS)).removesuffix(TESTS) for path in FLOWS.rglob(f"*{TESTS}"))
"""Those of `lib/` among them."""
ENVIRONMENT = yaml.safe_load(resources.read_bytes("flows/environments/sandbox.env.yaml"))
USES = ENVIRONMENT["uses"]
INPUTS: dict[str, Any] = {"name": "Ann", "date": "Tuesday the third of November", "time": "half past nine"}
GIVEN: dict[str, dict[str, Any]] = {"reminder": INPUTS, "satisfaction_survey": {"name": "Ann", "visit": "last Tuesday"}}


@cache
def shipped(name: str) -> FlowGraph:
    found = compile_bundle(resource.flow(name, USES).bundle)
    assert not found.diagnostics
    assert found.graph is not None
    return found.graph


def on(name: str) -> Playbook:
    return call(shipped(name), uses=USES)


def hears(p: Playbook, text: str) -> Playbook:
    """The caller hears a playback of the current step to its end."""
    p.says(text).accepted()
    step = p.state.frame.step
    return p.report(step, "play", "playing").report(step, "play", "finished")


def is_hung_up(p: Playbook) -> None:
    p.sent("calling.end", reason="hangup").accepted()
    p.ended("hangup")


@pytest.mark.parametrize("name", NAMES)
def test_flow_compiles_without_a_word(name: str) -> None:
    graph = shipped(name)
    description = yaml.safe_load(resources.read_bytes(f"flows/{suffix(name)}"))["description"]
    assert len(description) > 40
    assert graph.handlers.keys() == {"error", "rejected", "lost", "hangup"}
    assert graph.limits.next


@pytest.mark.parametrize("name", NAMES)
def test_flow_every_step_can_be_reached(name: str) -> None:
    graph = shipped(name)
    open_ = [graph.start, *graph.handlers.values(), graph.limits.next, *graph.finally_]
    reached: set[Any] = set()
    while open_:
        step = open_.pop()
        if step in reached or step is None:
            continue
        reached.add(step)
        one = graph.steps[step]
        open_ += [*one.next.named.values(), one.next.otherwise, one.visits.next if one.visits else None]
        open_ += [target for _, target in getattr(one.value, "cases", ())]
        open_ += [getattr(one.value, "otherwise", None)]
    assert reached == set(graph.steps)


ENDED_WITHOUT_AN_ANSWER = [
    Move(what="report", pick=1, fields=792, later_ms=0),
    Move(what="answer", pick=0, fields=0, later_ms=0),
    Move(what="report", pick=1, fields=1, later_ms=0),
    Move(what="resumed", pick=3, fields=0, later_ms=0),
]
"""In `outage_line`: its stream has ended, but the command was never answered; then a new process takes the call over."""


@pytest.mark.parametrize("name", NAMES)
@given(moves=MOVES)
@example(moves=ENDED_WITHOUT_AN_ANSWER)
def test_flow_after_anything_ends(name: str, moves: list[Move]) -> None:
    event = requested(**GIVEN.get(name, {})) if shipped(name).outbound else arrived()
    machine = Machine(shipped(name), event, USES)
    plays(machine, moves)
    ends(machine)
    machine.replay()


def test_environment_names_flows_and_binds_what_they_use() -> None:
    assert set(ENVIRONMENT["routes"].values()) <= set(NAMES)
    assert set(USES) == {use for name in NAMES for use in shipped(name).uses}


@cache
def results(name: str) -> testing.Tested:
    return testing.run(FLOWS / f"{name}{TESTS}")


@pytest.mark.parametrize("name", TESTED)
def test_flow_passes_the_tests_beside_it(name: str) -> None:
    found = results(name)
    failed = [f"{one.case}: {why.message} {why.help}" for one in found.results for why in one.failures]
    assert not failed, "\n".join(failed)
    assert not found.diagnostics
    assert found.results


def test_every_way_out_of_every_step_is_taken() -> None:
    files = [results(name) for name in TESTED]
    taken = {way for one in files for way in one.taken}
    every = {way for one in files for way in one.every}
    assert {way.flow for way in every} >= set(NAMES)
    assert {(way.flow, way.step, way.outcome) for way in every - taken} == set()


# pin_entry


def is_judged(p: Playbook, pin: str, status: int, body: Any = None) -> Playbook:
    """The PIN comes during the prompt."""
    p.asks("four digit PIN").report("pin", "collect", "digit", digits=pin)
    stop = p.sent("calling.play.stop")
    request = p.fetches(USES["account_service"], json={"caller": "+15550177", "pin": pin})
    stop.accepted()
    return request.replied(status, body)


def test_pin_that_the_account_service_knows_is_told_its_appointment() -> None:
    p = is_judged(hears(on("pin_entry"), "Welcome"), "4711", 200, {"appointment": "Monday"})
    hears(p, "on Monday")
    is_hung_up(p)


def test_pin_that_is_wrong_three_times_finds_a_person() -> None:
    p = hears(on("pin_entry"), "Welcome")
    for pin in ("1234", "2345", "3456"):
        hears(is_judged(p, pin, 403), "not the right one")
    hears(p, "somebody who can help")
    p.sent("update").accepted()
    p.ended("redirected")


def test_pin_short_and_silent_and_short_again_finds_a_person() -> None:
    p = hears(on("pin_entry"), "Welcome")
    for text, digits in (("Please", "12"), ("has four digits", ""), ("did not hear", "123")):
        p.asks(text).report("pin", "play", "finished")
        p.sent("calling.collect.start_input_timers").accepted()
        if digits:
            p.report("pin", "collect", "digit", digits=digits, terminator="#")
        else:
            p.report("pin", "collect", "no_input")
    hears(p, "somebody who can help")
    p.sent("update").accepted()
    p.ended("redirected")
