"""The flows that are shipped: they compile without a word, end after anything, and pass the tests beside them."""

from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given

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
ENVIRONMENT = yaml.safe_load(resources.read_bytes("flows/environments/sandbox.env.yaml"))
USES = ENVIRONMENT["uses"]
INPUTS: dict[str, Any] = {"name": "Ann", "date": "Tuesday the third of November", "time": "half past nine"}
GIVEN: dict[str, dict[str, Any]] = {"reminder": INPUTS, "satisfaction_survey": {"name": "Ann", "visit": "last Tuesday"}}
WHOLE = (
    "account_line",
    "pin_entry",
    "rate",
    "reception",
    "reminder",
    "satisfaction_survey",
    "take_message",
    "voicemail",
)
"""Flows whose tests take every way out of every step, but for these, which no call in a test can take."""
EXCUSED = {
    ("pin_entry", "result", "no_match"),
    ("reminder", "who", "machine"),
    ("reminder", "who", "timeout"),
    ("satisfaction_survey", "who", "timeout"),
}


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


@pytest.mark.parametrize("name", NAMES)
@given(moves=MOVES)
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


@pytest.mark.parametrize("name", [name for name in NAMES if (FLOWS / f"{name}{TESTS}").is_file()])
def test_flow_passes_the_tests_beside_it(name: str) -> None:
    found = results(name)
    failed = [f"{one.case}: {why.message} {why.help}" for one in found.results for why in one.failures]
    assert not failed, "\n".join(failed)
    assert not found.diagnostics
    assert found.results


def test_ways_out_of_steps_are_taken() -> None:
    files = [results(name) for name in WHOLE if name in NAMES]
    every = {way for one in files for way in one.every if way.flow in WHOLE}
    taken = {way for one in files for way in one.taken}
    assert {(way.flow, way.step, way.outcome) for way in every - taken} == EXCUSED


# pin_entry


def listens(p: Playbook) -> Playbook:
    return p.sent("calling.collect", start_input_timers=False).accepted()


def test_pin_entered_during_the_prompt_goes_to_the_account_service() -> None:
    p = listens(hears(on("pin_entry"), "Welcome"))
    p.says("four digit PIN").accepted()
    p.report("listen", "collect", "start_of_input")
    stop, arm = p.sent("calling.play.stop"), p.sent("calling.collect.start_input_timers")
    stop.accepted()
    arm.accepted().at("result")
    p.report("listen", "collect", "digit", digits="1234")
    transfer = p.sent("update").command.params["swml"]["sections"]["main"][0]["transfer"]
    assert transfer["dest"] == USES["account_service"]
    assert transfer["params"] == {"caller": "+15550177", "pin": "1234"}


def test_pin_entered_before_the_timers_needs_none() -> None:
    p = listens(hears(on("pin_entry"), "Welcome"))
    p.says("four digit PIN").accepted()
    p.report("listen", "collect", "digit", digits="1234")
    stop, update = p.sent("calling.play.stop"), p.sent("update")
    stop.accepted()
    update.accepted()
    p.ended("redirected")
    assert p.path == ["welcome", "listen", "prompt", "arm", "result", "check", "to_account"]


def test_pin_short_and_silent_and_short_again_finds_a_person() -> None:
    p = hears(on("pin_entry"), "Welcome")
    for digits in ("12", "", "123"):
        listens(p)
        hears(p, "four digit PIN")
        p.sent("calling.collect.start_input_timers").accepted()
        if digits:
            p.report("listen", "collect", "digit", digits=digits, terminator="#")
            hears(p, f"I heard {len(digits)}.")
        else:
            p.report("listen", "collect", "no_input")
            hears(p, "I did not hear a PIN")
    hears(p, "somebody who can help")
    p.sent("update").accepted()
    p.ended("redirected")
    assert p.var("tries") == 3
