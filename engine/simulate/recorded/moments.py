"""What the person on the line did in a recorded call, and what was heard just then."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from engine.exchange.caller import Act, Decides, HangsUp, Marks, Presses, Says
from engine.exchange.decisions import Verdict
from engine.interpret.admit import meaning
from engine.model.advance import Advance
from engine.model.commands import SendCommand
from engine.model.events import CallReturned, CommandAnswered, OperationReported, SignalReceived
from engine.model.graph import ExcursionValue, FlowGraph
from engine.model.ids import op_of
from engine.model.state import RunState
from engine.model.verbs import VERB
from engine.simulate.cases import saying
from engine.simulate.recorded.recording import History, is_without_effect
from engine.wire import bridges

_PRIVATE = re.compile("\ue000[^\ue001]*(?:\ue001|\\Z)")
_RING_MS = 5_000
_SHORTEST_MS = 1_000


class Prompt(Struct, kw_only=True):
    """A playback: how its first and its last text begin; `over_ms` None while it plays."""

    control_id: str
    at_ms: int
    first: str
    last: str
    over_ms: int | None = None


class Moment(Struct, frozen=True, kw_only=True):
    """`act` None: the person let it pass. `over`: the prompt had been heard to its end, `since_ms` before. `about` is the
    excursion whose end only SWML knows."""

    at_ms: int
    act: Act | None
    prompt: Prompt | None = None
    over: bool = False
    since_ms: int = 0
    about: str = ""


class Told(Struct, frozen=True, kw_only=True):
    """A whole call. `signals` are by the names of their marks; `detected` the word of a detector, "" for none."""

    moments: tuple[Moment, ...]
    prompts: tuple[Prompt, ...]
    signals: Mapping[str, SignalReceived]
    detected: str = ""


def told(graph: FlowGraph, history: History) -> Told:
    return _Telling(graph, history).told()


class _Telling:
    def __init__(self, graph: FlowGraph, history: History) -> None:
        self._graph = graph
        self._history = history
        self._prompts: list[Prompt] = []
        self._moments: list[Moment] = []
        self._signals: dict[str, SignalReceived] = {}
        self._detected = ""
        self._marks: set[tuple[str, str]] = set()
        self._sent_ms: dict[str, int] = {}
        self._began_ms: dict[str, int] = {}
        self._ended_by_us = False

    def told(self) -> Told:
        before: RunState | None = None
        for event, done in self._history:
            if before is not None:
                self._hangs_up(before, done, event)
            match event:
                case OperationReported():
                    self._reported(event, done)
                case CallReturned():
                    self._returned(event, before)
                case SignalReceived():
                    mark = f"{event.name}#{len(self._signals) + 1}"
                    self._signals[mark] = event
                    self._did(event.at_ms, Marks(name=mark))
                case _:
                    pass
            for command in done.commands:
                if isinstance(command, SendCommand):
                    self._sent(command, done.state.at_ms)
            before = done.state
        return Told(
            moments=tuple(self._moments),
            prompts=tuple(self._prompts),
            signals=self._signals,
            detected=self._detected,
        )

    def _sent(self, command: SendCommand, at_ms: int) -> None:
        control = command.control_id or ""
        self._sent_ms[control] = at_ms
        if command.command == "calling.play":
            texts = [text for item in command.params.get("play", ()) if (text := _text(item))]
            if texts:
                self._prompts.append(Prompt(control_id=control, at_ms=at_ms, first=texts[0], last=texts[-1]))
        elif command.command == "calling.record":
            self._speaks(command, at_ms)
        elif command.command in ("calling.end", "calling.transfer"):
            self._ended_by_us = True

    def _speaks(self, command: SendCommand, at_ms: int) -> None:
        """Into a recording of the person: as long as it became."""
        audio = command.params.get("record", {}).get("audio", {})
        if audio.get("direction", "speak") != "speak":
            return
        for event, _ in self._history:
            if (
                isinstance(event, OperationReported)
                and event.control_id == command.control_id
                and event.mark == "finished"
            ):
                lasted_ms = round(float(event.fields.get("duration") or 0) * 1_000)
                said = Says(text="please call me back", duration_ms=lasted_ms)
                self._did(
                    at_ms, said if lasted_ms else Presses(digits=str(audio.get("terminators", "#"))[:1]), begins=True
                )

    def _did(self, at_ms: int, act: Act | None, *, begins: bool = False, about: str = "") -> None:
        """`begins`: what it is said to has only just begun, so a little time has passed."""
        prompt = next((one for one in reversed(self._prompts) if one.at_ms <= at_ms), None)
        over_ms = prompt.over_ms if prompt is not None else None
        over = over_ms is not None and over_ms <= at_ms
        since_ms = at_ms - over_ms if over_ms is not None and over else 0
        moment = Moment(at_ms=at_ms, act=act, prompt=prompt, over=over, since_ms=since_ms, about=about)
        if begins:
            # Whoever has answered the prompt already does not wait for its end.
            answered = any(one.prompt is prompt and one.act is not None for one in self._moments)
            heard = None if answered else prompt
            moment = Moment(at_ms=at_ms, act=act, prompt=heard, over=True, since_ms=_SHORTEST_MS)
        self._moments.append(moment)

    def _reported(self, event: OperationReported, done: Advance) -> None:
        is_first = (event.control_id, event.mark) not in self._marks
        self._marks.add((event.control_id, event.mark))
        if not is_first and is_without_effect(event, done):
            return  # a copy, which says nothing of the person
        verb = VERB.get(event.verb)
        ends = verb is not None and verb.life is not None and meaning(event.mark, verb.life) == "end"
        for prompt in self._prompts:
            if ends and prompt.control_id == event.control_id:
                prompt.over_ms = event.at_ms
        if event.verb == "collect":
            self._collected(event)
        elif event.verb == "detect" and event.mark in _DETECTED:
            word = _DETECTED[event.mark]
            if not self._detected or (word == "machine" and self._detected == "long_greeting"):
                self._detected = word

    def _collected(self, event: OperationReported) -> None:
        """When it was begun counts, not when the platform was sure of it."""
        fields = event.fields
        began_ms = self._began_ms.setdefault(event.control_id, event.at_ms)
        match event.mark:
            case "digit":
                digits = f"{fields.get('digits', '')}{fields.get('terminator', '')}"
                self._did(began_ms, Presses(digits=digits) if digits else None)
            case "speech":
                confidence = float(fields.get("confidence") or 90)
                self._did(began_ms, Says(text=str(fields.get("text", "")), confidence=confidence))
            case "no_match":
                self._did(began_ms, Says(text=""))
            case "no_input":
                self._did(event.at_ms, None)
            case _:
                return  # the first sign of what is to come
        self._began_ms.pop(event.control_id)

    def _returned(self, event: CallReturned, before: RunState | None) -> None:
        if before is None:
            return
        step = self._graph.flow_of(before.frame.subflow).steps[before.frame.step]
        if not isinstance(step.value, ExcursionValue):
            return
        if not step.value.connect:
            self._did(event.at_ms, None, about=op_of(event.control_id))
            return
        outcome = bridges.outcome(event.vars)
        lasted_ms = event.at_ms - self._sent_ms.get(event.control_id, event.at_ms) - _RING_MS
        talk_ms = max(round(lasted_ms, -3), _SHORTEST_MS)
        verdict = Verdict(word="talks", talk_ms=talk_ms) if outcome == "bridge_ended" else Verdict(word=outcome)
        self._did(event.at_ms, Decides(about="bridge", verdict=verdict))

    def _hangs_up(self, before: RunState, done: Advance, event: object) -> None:
        """When the run heard of it; not where the flow itself has ended the call, or nobody had answered."""
        was_up = before.status == "running" and before.call.state != "ended"
        gone = isinstance(event, CommandAnswered) and event.kind == "gone"
        if was_up and not self._ended_by_us and (done.state.call.state == "ended" or gone) and not self._hung_up:
            self._did(done.state.at_ms, HangsUp())

    @property
    def _hung_up(self) -> bool:
        return any(isinstance(one.act, HangsUp) for one in self._moments)


_DETECTED = {
    "human": "human",
    "machine": "long_greeting",
    "not_ready": "long_greeting",
    "ready": "machine",
    "fax": "fax",
    "unknown": "unknown",
    "finished": "silence",
}


def _text(item: Any) -> str:
    params = item.get("params", {}) if isinstance(item, Mapping) else {}
    whole = str(params.get("text") or params.get("url") or "")
    pieces = sorted(_PRIVATE.split(whole), key=len)
    return saying.beginning(pieces[-1]) if pieces else ""
