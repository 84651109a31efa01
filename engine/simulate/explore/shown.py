"""A counterexample as people read it: its transcript, with the line at which it shows, and the case to paste."""

import msgspec
from msgspec import Struct

from engine.model.graph import FlowGraph
from engine.simulate import simulate, story
from engine.simulate.explore import case_text
from engine.simulate.explore.beginnings import Given
from engine.simulate.explore.endless import endless
from engine.simulate.explore.found import Counterexample
from engine.simulate.explore.scripted import Played, play, shorter
from engine.simulate.outcome import Outcome
from engine.simulate.transcript import Line


class Shown(Struct, frozen=True, kw_only=True):
    """`mark`: the offending line of the transcript, from 0. `case`: YAML. `ends`: how the case ends when it is played."""

    law: str
    why: str
    transcript: tuple[Line, ...]
    mark: int
    case: str
    ends: str


def show(graph: FlowGraph, given: Given, found: Counterexample) -> Shown:
    worn = any(move.worn for move in found.way.moves)
    played = play(endless(graph, found.counted) if worn else graph, given, found.way)
    lines = tuple(story.lines(graph, played.happened, began_ms=played.began_ms))
    played, ends = _least(graph, played)
    return Shown(
        law=found.breach.law,
        why=found.breach.why,
        transcript=lines,
        mark=len(lines) - 1,
        case=case_text.case(graph, found, played, ends),
        ends=ends,
    )


def _least(graph: FlowGraph, played: Played) -> tuple[Played, str]:
    """Without what makes no difference to how the call goes, if the case goes as the way did."""
    outcome = simulate(graph, played.scenario)
    run = played.last.run
    if played.last.is_over and (outcome.ended, dict(outcome.vars)) != (run.end_reason, run.frame.vars):
        return msgspec.structs.replace(played, faithful=False), outcome.ended
    wanted, changed = _gist(outcome), True
    while changed:
        found = next((less for less in shorter(played.scenario) if _gist(simulate(graph, less)) == wanted), None)
        changed = found is not None
        played = played if found is None else msgspec.structs.replace(played, scenario=found)
    return played, outcome.ended


def _gist(outcome: Outcome) -> object:
    return (outcome.ended, outcome.path, outcome.outcomes, outcome.open, outcome.broken, outcome.unused, outcome.unread)
