"""The law `secret`: a line tells an entry if it would read otherwise, had something else been entered."""

from pathlib import Path
from typing import Any

import pytest

from engine.interpret import guarded
from engine.model.commands import Command, Fetch
from engine.project import exploring, testing
from engine.simulate import hidden, telling, transcript
from engine.simulate.explore import Bounds
from engine.simulate.laws import Turned
from engine.simulate.transcript import Line
from tests.playbooks.playbook import Playbook, call

FLOW = """
flow: tells
language: 1
start: card
steps:
  card:
    ask: {prompt: "Your code, please.", digits: {max: 3}, accept: '^[0-9]{3}$', secret: true, attempts: 1}
    next: {digits: policy, otherwise: bye}
  policy:
    ask: {prompt: "And your policy, such as 739.", digits: {max: 3}, accept: '^[0-9]{3}$', attempts: 1}
    next: {digits: send, otherwise: bye}
  send:
    fetch: {method: POST, url: "https://cards.example.com", json: {code: "${{ steps.card.value }}"}, timeout: 2s}
    next: {otherwise: told}
  told: {play: "Policy ${{ steps.policy.value }} is safe.", next: bye}
  bye: {end: hangup}
"""


TAPE = """
  tape: {record: {direction: both, initial_timeout: 60, end_silence_timeout: 0, max_length: 90}, background: true, next: card}"""


def shows_bodies(at_ms: int, traced: Any, sent: Command | None) -> Line:
    line = command(at_ms, traced, sent)
    if not isinstance(sent, Fetch):
        return line
    return Line(at_ms=at_ms, way="out", what="fetch", step=line.step, detail=f"{line.detail} {sent.json}")


command = transcript._command


def laws_of(folder: Path) -> tuple[list[str], list[list[str]]]:
    """What exploring finds, and what its cases come to."""
    path = folder / "tells.flow.yaml"
    path.write_text(FLOW, encoding="utf-8")
    found = exploring.run(path, faults=0, slow=0, bounds=Bounds(), goes_on=lambda _: True)
    tests = folder / "tells.test.yaml"
    tests.write_text("tests: tells\ncases:\n" + "".join(one.case for one in found.shown), encoding="utf-8")
    tested = testing.run(tests) if found.shown else None
    return [one.law for one in found.shown], [
        [failure.law for failure in one.failures] for one in (tested.results if tested else ())
    ]


def test_what_is_alike_by_chance_tells_nothing(tmp_path: Path) -> None:
    """Another entry, and an example in a prompt: 739 all of them."""
    assert laws_of(tmp_path) == ([], [])


def test_entry_that_a_later_line_shows_is_found_by_exploring_and_by_its_case(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transcript, "_command", shows_bodies)
        assert laws_of(tmp_path) == (["secret"], [["secret"]])


def lines_that_tell(p: Playbook, step: str, verb: str, mark: str, **fields: Any) -> list[str]:
    """Were this reported now."""
    event = p.heard_of(step, verb, mark, **fields)
    done, _ = guarded(p.graph, p.state, event)
    return [line.what for line in telling.lines(p.graph, Turned(p.state, event, done))]


def test_report_of_something_else_tells_nothing_and_one_of_the_entry_does() -> None:
    p = call(FLOW.lstrip().replace("start: card", "start: tape").replace("steps:", f"steps:{TAPE}"))
    p.sent("calling.record").accepted()
    p.sent("calling.record.pause").accepted()
    collect, says = p.sent("calling.collect"), p.says("Your code, please.")
    collect.accepted()
    says.accepted()
    entry = {"digits": "739", "value": "739", "terminator": ""}
    assert lines_that_tell(p, "card", "collect", "digit", **entry) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hidden, "fields", lambda graph, control_id, given: given)
        assert lines_that_tell(p, "card", "collect", "digit", **entry) == ["collect digit"]
        p.report("card", "collect", "digit", digits="739")
        told = {"url": "https://files.example.com/739.mp3", "duration": 739, "size": 73996}
        assert lines_that_tell(p, "tape", "record", "finished", **told) == []
