"""Recorded calls against candidates whose own timers are due between two recorded events."""

from typing import Any

import pytest
from msgspec.structs import replace

from engine.compile import compile_bundle
from engine.exchange.caller import HangsUp, Hears, Line, Marks, Presses, Silent
from engine.model.bundle import Bundle
from engine.model.events import TimePassed
from engine.model.graph import FlowGraph
from engine.simulate.recorded.comparing import Compared, compare
from engine.simulate.recorded.recording import Recording
from engine.simulate.scenario import Replies, Reply, Scenario, Signal
from tests.unit.simulate.recorded import of_bundle

FLOW = """
flow: line
language: 1
signals: {free: {}}
start: menu
steps:
  menu:
    ask: {prompt: "Press one to wait, or two.", digits: {max: 1}, choices: {waits: {keys: ["1"]}, looks: {keys: ["2"]}}}
    next: {waits: hold, looks: look, otherwise: bye}
  hold:
    wait: {signal: free, timeout: 20s}
    next: {done: told, timeout: bye}
  look:
    fetch: {url: "https://example.com/look", timeout: 8s}
    next: {ok: told, otherwise: bye}
  told: {play: "That is it.", next: bye}
  bye: {end: hangup}
  landing: {end: hangup}
"""


def bundle(text: str) -> Bundle:
    return Bundle(flow="line", files={"line.flow.yaml": text.encode()})


def graph(text: str) -> FlowGraph:
    found = compile_bundle(bundle(text))
    assert found.graph is not None, found.diagnostics
    return found.graph


def call(*script: Line, text: str = FLOW, **more: Any) -> Recording:
    return of_bundle(bundle(text), Scenario(script=script, signals={"free": Signal(name="free")}, **more))


def waited(ms: int) -> Recording:
    return call(Hears(text="press one"), Presses(digits="1"), Silent(ms=ms), Marks(name="free"))


def looked(ms: int) -> Recording:
    reply = Reply(status=200, text="", after_ms=ms)
    return call(Hears(text="press one"), Presses(digits="2"), replies={"look": Replies(each=(reply,))})


def late(recording: Recording, ms: int) -> Recording:
    """With timers that the runner fired this much late, and all that came after them."""
    events, by_ms = [], 0
    for one in recording.events:
        by_ms += ms if isinstance(one, TimePassed) else 0
        events.append(replace(one, at_ms=one.at_ms + by_ms))
    return replace(recording, events=tuple(events))


def through(recording: Recording, old: str = "", new: str = "") -> Compared:
    assert old in FLOW
    return compare(recording, graph(FLOW.replace(old, new) if old else FLOW))


WAIT, FETCH = "timeout: 20s", "timeout: 8s"


@pytest.mark.parametrize(
    ("made", "old", "new", "says"),
    [
        (waited(4_000), WAIT, "timeout: 2s", ("hold", "`done`", "`timeout`")),
        (looked(3_000), FETCH, "timeout: 1s", ("look", "`ok`", "`timeout`")),
        (looked(3_000), FETCH, 'filler: {after: 1s, play: "One moment."}', ("look", "`ok`", "sends calling.play")),
        (looked(5_000), FETCH, "timeout: 1s, retry: {times: 2}", ("look", "`ok`", "fetches")),
        (waited(9_000), "start: menu", "limits: {call: 2s, next: landing}\nstart: menu", ("hold", "`done`", "limit call")),
        (call(), "start: menu", "limits: {call: 1s, next: landing}\nstart: menu", ("menu", "`no_input`", "limit call")),
    ],
)  # fmt: skip
def test_a_candidates_timer_comes_at_its_own_moment(
    made: Recording, old: str, new: str, says: tuple[str, str, str]
) -> None:
    found = through(made, old, new)
    assert found.difference is not None
    assert (found.difference.step, found.difference.was, found.difference.now) == says
    assert 1_000 <= found.difference.at_ms < 5_500


CALLS = {
    "waited": waited(4_000),
    "waited in vain": waited(30_000),
    "looked": looked(3_000),
    "looked in vain": looked(9_000),
    "silence": call(),
    "gone while waiting": call(Hears(text="press one"), Presses(digits="1"), Silent(ms=2_000), HangsUp()),
    "a limit": call(text=FLOW.replace("start: menu", "limits: {call: 3s, next: landing}\nstart: menu")),
}


@pytest.mark.parametrize("late_ms", [0, 300, 5_000])
@pytest.mark.parametrize("name", CALLS)
def test_through_its_own_version_a_call_is_the_same_however_late_its_timers_were(name: str, late_ms: int) -> None:
    made = late(CALLS[name], late_ms)
    assert compare(made, made.graph()).verdict == "same"


@pytest.mark.parametrize(("new", "verdict"), [("timeout: 3500ms", "same"), ("timeout: 2500ms", "course")])
def test_what_came_within_a_second_of_a_timer_may_have_come_before_it(new: str, verdict: str) -> None:
    made = waited(4_000)
    assert through(made, WAIT, new).verdict == verdict


def test_a_timer_that_leads_to_the_same_sooner_is_no_other_course() -> None:
    assert through(waited(30_000), WAIT, "timeout: 10s").verdict == "same"
    assert through(looked(9_000), FETCH, "timeout: 4s").verdict == "same"


def test_shorter_words_are_only_other_words() -> None:
    assert through(waited(4_000), "Press one to wait, or two.", "One.").verdict == "words"
