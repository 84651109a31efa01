"""A recorded call through a candidate version of its flow: the same function, the same events, as long as it does the same.

What came in is only an answer to what went out: from the first thing on that the candidate does differently, what was
recorded says nothing of it any more. So a comparison ends there, and names the step.
"""

from itertools import zip_longest
from typing import Literal

import msgspec
from msgspec import Struct

from engine.interpret import guarded, start
from engine.model.advance import Advance
from engine.model.commands import Fetch
from engine.model.events import AnyEvent, CallArrived, Fetched, RunRequested
from engine.model.graph import FlowGraph, Step
from engine.model.state import RunState
from engine.simulate.recorded.course import Deed, deeds, params_of_its_own
from engine.simulate.recorded.lacking import lacking
from engine.simulate.recorded.meanwhile import Asked, earliest
from engine.simulate.recorded.recording import History, Recording, history
from engine.wire.replies import reply

Verdict = Literal["same", "words", "course", "incompatible"]


class Reworded(Struct, frozen=True, kw_only=True):
    """A prompt that says something else."""

    step: str
    was: str
    now: str


class Difference(Struct, frozen=True, kw_only=True):
    """Where a call goes another way: at which step, `at_ms` from its beginning, what it did and does now; `why`, where
    the step itself has changed."""

    step: str
    at_ms: int
    was: str
    now: str
    why: str = ""


class Compared(Struct, frozen=True, kw_only=True):
    """`difference` of a call whose course changes; of one that cannot be held against the candidate, `why`. `redacted`: its values
    stand in for others."""

    run_id: str
    flow: str
    verdict: Verdict
    difference: Difference | None = None
    why: str = ""
    reworded: tuple[Reworded, ...] = ()
    redacted: bool = False


def compare(recording: Recording, candidate: FlowGraph) -> Compared:
    """`RecordingError` where the version of the call cannot be gone through any more."""
    graph = recording.graph()
    why = lacking(recording, graph, candidate)
    if why:
        return unfit(recording, why)
    return _Comparing(recording, graph, candidate).compared()


def unfit(recording: Recording, why: str) -> Compared:
    """A call that cannot be held against the candidate at all."""
    return Compared(run_id=recording.run_id, flow=recording.flow, verdict="incompatible", why=why)


class _Comparing:
    def __init__(self, recording: Recording, graph: FlowGraph, candidate: FlowGraph) -> None:
        self._recording = recording
        self._graph = graph
        self._candidate = candidate
        self._reworded: dict[tuple[str, str], Reworded] = {}
        self._stood = ""
        self._asked: dict[int, Asked] = {}
        self._misfit = ""

    def compared(self) -> Compared:
        state: RunState | None = None
        told = history(self._recording, self._graph)
        for n, (event, was) in enumerate(told):
            if state is not None:
                state, found = self._meanwhile(state, told[n - 1][1].state, told[n:])
                if found is not None:
                    return self._result("course", found)
            now = self._take(state, event, was)
            state = now.state
            found = self._differ(was, now)
            if found is not None:
                return self._result("course", found)
            self._stood = _standing(was.state)
        return self._result("words" if self._reworded else "same")

    def _meanwhile(self, state: RunState, was: RunState, to_come: History) -> tuple[RunState, Difference | None]:
        """What the candidate does before the next event; where the record goes on with the same, it is done then."""
        before_ms = to_come[0][0].at_ms
        while (done := earliest(self._candidate, state, was, self._asked, before_ms)) is not None:
            mine = tuple(deeds(done))
            if mine:
                theirs = next((tuple(found) for _, one in to_come if (found := list(deeds(one)))), ())
                if _are_alike(theirs, mine):
                    break
                at_ms = done.state.at_ms - done.state.started_ms
                told = next((one for one in mine if one.tells), mine[0])
                return state, self._difference(_instead(to_come, theirs, told), told, at_ms)
            state = done.state
        return state, None

    def _take(self, state: RunState | None, event: AnyEvent, was: Advance) -> Advance:
        if state is not None:
            done = guarded(self._candidate, state, self._read_anew(event))[0]
            given = [one.timeout_ms for one in was.commands if isinstance(one, Fetch)]
            for one in done.commands:
                if isinstance(one, Fetch):
                    is_alike = one.timeout_ms in given
                    self._asked[one.seq] = Asked(request=one, at_ms=done.state.at_ms, is_alike=is_alike)
            return done
        assert isinstance(event, CallArrived | RunRequested)
        given_to = self._recording
        return start(self._candidate, event, uses=given_to.uses, presence_ms=given_to.presence_ms)

    def _read_anew(self, event: AnyEvent) -> AnyEvent:
        """A reply as the candidate's `returns` has it: of what was recorded, which is what the version of the call kept."""
        asked = self._asked.get(event.seq) if isinstance(event, Fetched) else None
        if asked is None or not isinstance(event, Fetched) or event.kind != "replied":
            return event
        body = msgspec.json.encode(event.body)
        found = reply(asked.request, at_ms=event.at_ms, status=event.status, body=body)
        self._misfit = found.message
        return found

    def _differ(self, was: Advance, now: Advance) -> Difference | None:
        at_ms = was.state.at_ms - was.state.started_ms
        for one, other in zip_longest(deeds(was), deeds(now)):
            if one is None or other is None or not one.is_like(other):
                return self._difference(one, other, at_ms)
            if one.words != other.words:
                self._say_otherwise(one, other)
            self._stood = one.step or self._stood
        return None

    def _difference(self, one: Deed | None, other: Deed | None, at_ms: int) -> Difference:
        step = self._stood or (one.step if one is not None else other.step if other is not None else "")
        if one is not None and other is not None and one.step == other.step:
            step = one.step or step
        return Difference(
            step=step,
            at_ms=at_ms,
            was=_said(one, other),
            now=_said(other, one),
            why=self._changed(step, one),
        )

    def _changed(self, step: str, one: Deed | None) -> str:
        """What has become of the step that the call stood at, or went to."""
        for name in dict.fromkeys((step, one.step if one is not None else step)):
            before, after = _step(self._graph, name), _step(self._candidate, name)
            if before is not None and after is None:
                return f"there is no step `{name}` any more"
            if before is not None and after is not None and before.verb != after.verb:
                return f"`{name}` was `{before.verb}`, and is `{after.verb}` now"
        if self._misfit:
            return f"what was recorded of the reply does not fit its `returns` now: {self._misfit}"
        return ""

    def _say_otherwise(self, one: Deed, other: Deed) -> None:
        for was, now in zip_longest(one.words, other.words, fillvalue=""):
            if was != now:
                self._reworded.setdefault((one.step, was), Reworded(step=one.step, was=was, now=now))

    def _result(self, verdict: Verdict, difference: Difference | None = None) -> Compared:
        return Compared(
            run_id=self._recording.run_id,
            flow=self._recording.flow,
            verdict=verdict,
            difference=difference,
            reworded=tuple(self._reworded.values()),
            redacted=self._recording.redacted,
        )


def _are_alike(some: tuple[Deed, ...], others: tuple[Deed, ...]) -> bool:
    return len(some) == len(others) and all(one.is_like(other) for one, other in zip(some, others, strict=True))


def _instead(to_come: History, theirs: tuple[Deed, ...], mine: Deed) -> Deed | None:
    """What the record has in place of a deed of the candidate's own: how the step ended, or what it does next."""
    told = (one for _, done in to_come for one in deeds(done))
    ended = (one for one in told if one.is_outcome and (one.step, one.visit) == (mine.step, mine.visit))
    found = next(ended, None)
    if found is not None and found.key != mine.key:
        return found
    return theirs[0] if theirs else None


def _said(one: Deed | None, other: Deed | None) -> str:
    """In words; of the same command with other params, what is other."""
    if one is None:
        return "nothing more"
    if other is None or one.what != other.what:
        return one.what
    if not one.params:
        return f"{one.what}, {one.more}" if one.more else one.what
    changed = list(params_of_its_own(one.params, other.params))
    return f"{one.what} with {', '.join(changed)}" if changed else one.what


def _standing(state: RunState) -> str:
    frame = state.frame
    return f"{frame.flow}/{frame.step}" if frame.number else frame.step


def _step(graph: FlowGraph, name: str) -> Step | None:
    flow, _, step = name.rpartition("/")
    inner = graph.subflows.get(flow) if flow else graph
    return None if inner is None else inner.steps.get(step)
