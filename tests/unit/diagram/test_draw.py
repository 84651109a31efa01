"""What is in a drawing, by small flows."""

import pytest

from engine.diagram import Drawing, draw
from engine.diagram.families import family
from engine.diagram.taken import untaken
from engine.model.errors import ConfigurationError
from engine.model.verbs import VERBS, Verb
from tests.playbooks.machine import compiled

MENU = """\
start: menu
steps:
  menu:
    ask:
      prompt: ["For sales,", {silence: 1}, "press ${{ 1 + 0 }}."]
      digits: {max: 1}
      choices: {sales: {keys: ["1", "#"]}, desk: {keys: ["0"]}}
    next: {sales: talk, otherwise: bye}
  talk: {play: "Hello.", next: bye, visits: {max: 2, next: sorry}}
  sorry: {play: "Sorry.", next: bye}
  pause: {wait: 1s, next: resume}
  bye: {end: hangup}
handlers: {error: sorry, lost: sorry, hangup: bye, rejected: pause}
limits: {next: sorry}
"""


def drawn(text: str = MENU, *, handlers: bool = True) -> Drawing:
    return draw(compiled(text), file="f", handlers=handlers)


def labels(drawing: Drawing) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(arrow.source, arrow.target): arrow.texts for arrow in drawing.arrows}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_a_family(verb: Verb) -> None:
    assert family(verb.name) != "event"


def test_choice_is_shown_with_its_keys() -> None:
    assert labels(drawn())["menu", "talk"] == ("1 or # sales",)


def test_many_outcomes_of_otherwise_are_one_word() -> None:
    arrow = next(one for one in drawn().arrows if (one.source, one.target) == ("menu", "bye"))
    assert arrow.texts == ("otherwise",)
    assert arrow.outcomes == ("desk", "no_input", "no_match")


def test_only_way_has_no_label() -> None:
    assert labels(drawn())["sorry", "bye"] == ()


def test_way_out_of_too_many_visits_is_a_failure() -> None:
    arrow = next(one for one in drawn().arrows if one.target == "sorry" and one.source == "talk")
    assert arrow.failure
    assert arrow.texts == ("after 2 visits",)


def test_text_is_shown_as_it_is_written() -> None:
    box = next(one for one in drawn().boxes if one.id == "menu")
    assert box.says == "“For sales,” “press {1 + 0}.”"


def test_handlers_limits_and_resume_are_boxes() -> None:
    arrows = labels(drawn())
    boxes = {box.id: box.title for box in drawn().boxes if box.family == "event"}
    assert boxes == {
        "@start": "a call comes in",
        "@error": "error, lost",
        "@hangup": "hang-up",
        "@rejected": "rejected",
        "@limit": "a limit",
        "resume": "resume",
    }
    assert {("@start", "menu"), ("@error", "sorry"), ("@limit", "sorry"), ("pause", "resume")} <= arrows.keys()


def test_without_handlers_only_what_the_start_reaches_is_left() -> None:
    drawing = drawn(handlers=False)
    assert [box.id for box in drawing.boxes] == ["@start", "menu", "talk", "sorry", "bye"]
    assert {arrow.source for arrow in drawing.arrows} <= {box.id for box in drawing.boxes}


def test_finally_is_a_chain_of_its_own() -> None:
    drawing = drawn('vars: {x: 0}\nstart: a\nsteps: {a: {end: done}}\nfinally: [set: {x: "1"}, set: {x: "2"}]\n')
    assert {("@finally", "finally.1"), ("finally.1", "finally.2")} <= labels(drawing).keys()


def test_hours_of_an_outbound_flow_are_a_note() -> None:
    text = "uses: {h: calendar}\noutbound: {hours: h}\nstart: a\nsteps: {a: {end: done}}\n"
    drawing = drawn(text)
    assert drawing.notes[0] == "calls in the hours of h"
    assert drawing.boxes[0].title == "our call is answered"


def test_branch_is_untaken_by_its_target() -> None:
    text = 'start: b\nsteps: {b: {branch: [{if: "1 < 2", next: x}, {else: y}]}, x: {end: done}, y: {end: done}}\n'
    report = b'{"coverage": [{"flow": "story", "missing": [{"step": "b", "outcome": "y", "line": 1}]}]}'
    drawing = draw(compiled(text), file="f", untaken=untaken("r.json", report))
    assert {arrow.target: arrow.is_untaken for arrow in drawing.arrows if arrow.source == "b"} == {
        "x": False,
        "y": True,
    }
    assert drawing.tested


def test_handlers_limits_and_steps_without_tests_are_untaken() -> None:
    text = """
limits: {next: sorry}
start: a
steps:
  a: {visits: {max: 2, next: sorry}, play: Hello., next: b}
  b: {play: Hello again., next: a}
  sorry: {end: hangup}
  gone: {end: done}
handlers: {hangup: gone}
"""
    part = b'{"missing": [{"step": "on hangup", "to": "gone"}, {"step": "visits of a", "to": "sorry"}]}'
    steps = b'{"missing": [{"step": "b"}]}'
    report = b'{"coverage": [{"flow": "story", "missing": [], "steps": %s, "transitions": %s}]}' % (steps, part)
    drawing = draw(compiled(text), file="f", untaken=untaken("r.json", report))
    assert {(one.source, one.target) for one in drawing.arrows if one.is_untaken} == {
        ("@hangup", "gone"),
        ("a", "sorry"),
    }
    assert [box.id for box in drawing.boxes if box.untested] == ["b"]


def test_flow_without_tests_is_not_tested() -> None:
    assert not draw(compiled(MENU), file="f", untaken={}).tested


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"coverage": 1}'])
def test_what_is_no_report_of_tests_is_said(data: bytes) -> None:
    with pytest.raises(ConfigurationError, match="is no report"):
        untaken("r.json", data)
