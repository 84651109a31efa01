"""Coverage: which ways and transitions there are, and which of them calls have taken."""

from engine.simulate.cases import coverage, points, possible
from engine.simulate.cases.coverage import Way
from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import FLOW, judged

LIMITED = compiled("""
limits: {call: 10m, next: late}
start: menu
steps:
  menu:
    visits: {max: 3, next: tired}
    play: "Once more."
    next: menu
  tired: {play: "That is enough.", next: bye}
  late: {play: "It is late.", next: bye}
  bye: {end: hangup}
""")


def test_ways_are_what_next_names_and_covers() -> None:
    steps = FLOW.steps
    ways = {str(name): possible.ways(FLOW, step) for name, step in steps.items()}
    assert ways["menu"] == ("one", "two", "no_input", "no_match")
    assert ways["look"] == ("ok", "http_404", "http_4xx", "http_5xx", "invalid", "failed", "timeout")
    assert ways["hold"] == ("done", "timeout")
    assert ways["bye"] == ()


def test_coverage_names_the_ways_that_no_call_has_taken() -> None:
    outcome = judged(FLOW, "expect: {ends: hangup}").outcome
    assert outcome is not None
    found = coverage.cover(FLOW.flow, tuple(coverage.ways(FLOW)), coverage.taken(FLOW, outcome.transitions))
    assert found.taken == 2
    assert Way("story", 9, "menu", "one") in found.missing
    assert not any(way.step == "count" for way in found.missing)
    assert 0 < found.percent < 100


def test_where_limits_and_visits_lead_is_a_transition() -> None:
    every = {(one.step, one.to) for one in points.events(LIMITED)}
    assert every == {("on limit", "late"), ("visits of menu", "tired")}
    for case, step in (
        ("expect: {path: [..., tired, bye]}", "visits of menu"),
        ("limits: {call: 1s}\nexpect: {path: [..., late, bye]}", "on limit"),
    ):
        found = judged(LIMITED, case)
        assert found.outcome is not None
        assert not found.said
        assert [one.step for one in points.handled(LIMITED, found.outcome)] == [step]


def test_limits_of_a_case_are_sooner_than_the_flows_and_never_later() -> None:
    assert not judged(LIMITED, "limits: {visits: {menu: 1}}\nexpect: {path: [menu, tired, bye]}").said
    later = judged(LIMITED, "limits: {visits: {menu: 9}}\nexpect: {path: [menu, menu, menu, tired, bye]}").said
    assert "`9` is no sooner: the flow's limit is 3" in later
