"""A playbook is a call told as a story: what happens goes in, what the run sends is named.

    p = call(FLOW)
    p.says("Enter your PIN").accepted()
    p.report("prompt", "play", "finished")
    p.ended("hangup")

Each command must be named, in its order, before the next thing happens. After the test every
playbook is replayed (`conftest.py`).
"""

import re
from collections.abc import Mapping
from difflib import ndiff
from typing import Any, NoReturn

import msgspec
import pytest

from engine.compile import duration_ms
from engine.model.commands import Command, Fetch, LookUpCall, SendCommand
from engine.model.events import (
    AnswerKind,
    AnyEvent,
    CallLookedUp,
    CallReturned,
    CallState,
    CallStateReported,
    CommandAnswered,
    DialSent,
    Fetched,
    FetchKind,
    OperationReported,
    Resumed,
    SignalReceived,
    StartEvent,
    UnknownReported,
)
from engine.model.graph import FlowGraph
from engine.model.ids import CallId, ControlId, StepName
from engine.model.visits import visit
from tests.playbooks.machine import Machine, arrived, compiled, requested

OPEN: list["Playbook"] = []
"""The playbooks of the test that runs."""


def call(flow: str | FlowGraph, *, uses: Mapping[str, Any] | None = None, **lib: str) -> "Playbook":
    """A call comes in. `lib` are flows that this one calls."""
    return Playbook(compiled(flow, **lib) if isinstance(flow, str) else flow, arrived(), uses)


def dialling(flow: str | FlowGraph, *, uses: Mapping[str, Any] | None = None, **inputs: Any) -> "Playbook":
    """An outbound call is wanted."""
    return Playbook(compiled(flow) if isinstance(flow, str) else flow, requested(**inputs), uses)


class Playbook(Machine):
    def __init__(self, graph: FlowGraph, event: StartEvent, uses: Mapping[str, Any] | None = None) -> None:
        self.unnamed: list[Command] = []
        self.started: list[ControlId] = []
        super().__init__(graph, event, uses)
        OPEN.append(self)

    # What happens

    def happens(self, event: AnyEvent) -> "Playbook":
        self.nothing()
        self.feed(event)
        return self

    def report(
        self, step: str, verb: str, mark: str, *, visit: int | None = None, attempt: int | None = None, **fields: Any
    ) -> "Playbook":
        """A webhook about the latest operation of the step, or about an earlier visit's or attempt's."""
        if mark == "digit":
            fields = {"terminator": "", "value": fields["digits"], **fields}
        elif mark == "speech":
            fields = {"confidence": 90.0, "value": fields["text"], **fields}
        return self.happens(self.heard_of(step, verb, mark, visit=visit, attempt=attempt, **fields))

    def heard_of(
        self, step: str, verb: str, mark: str, *, visit: int | None = None, attempt: int | None = None, **fields: Any
    ) -> OperationReported:
        """The report by itself."""
        control = self.control_id(step, verb, visit, attempt)
        return OperationReported(at_ms=self.now_ms, control_id=control, verb=verb, mark=mark, fields=fields)

    def call_state(self, state: CallState, *, call_id: str = "", end_reason: str = "", **more: Any) -> "Playbook":
        return self.happens(
            CallStateReported(
                at_ms=self.now_ms, call_state=state, call_id=CallId(call_id), end_reason=end_reason, **more
            )
        )

    def signals(self, name: str, **payload: Any) -> "Playbook":
        return self.happens(SignalReceived(at_ms=self.now_ms, name=name, payload=payload))

    def returns(self, step: str, outcome: str = "returned", *, digest: str = "", **brought: Any) -> "Playbook":
        """The call asks for its way back from the excursion of a step."""
        control = self.control_id(step, "excursion")
        event = CallReturned(at_ms=self.now_ms, control_id=control, outcome=outcome, vars=brought, digest=digest)
        return self.happens(event)

    def unknown(self) -> "Playbook":
        return self.happens(UnknownReported(at_ms=self.now_ms, event_type="calling.weather", reason="unheard of"))

    def passes(self, duration: str) -> "Playbook":
        self.nothing()
        passed_ms = duration_ms(duration)
        assert passed_ms is not None, duration
        self.pass_until(self.now_ms + passed_ms)
        return self

    def lasts(self, duration: str) -> "Playbook":
        """Time passes in which the run does nothing but look up its quiet call now and then."""
        until_ms = self.now_ms + (duration_ms(duration) or 0)
        while self.now_ms < until_ms:
            self.pass_until(min(self.now_ms + 30_000, until_ms))
            while self.unnamed:
                self.looks_up().found("answered")
        return self

    def passes_until_asked(self, at_most: str = "2m") -> "Playbook":
        """Time passes until the run sends something by itself."""
        self.nothing()
        until_ms = self.now_ms + (duration_ms(at_most) or 0)
        while not self.unnamed and self.now_ms < until_ms:
            self.pass_until(self.now_ms + 1_000)
        return self

    def dial_leaves(self) -> "Playbook":
        """The journal is told that the dial goes out."""
        return self.happens(DialSent(at_ms=self.now_ms))

    def resumes(self) -> "Playbook":
        """Another process takes the run over."""
        return self.happens(Resumed(at_ms=self.now_ms, seq=self.state.seq))

    # What the run does

    def sent(self, command: str, **params: Any) -> "Sent":
        """The next command is this one, with at least these params."""
        found = self._next(command)
        if not isinstance(found, SendCommand) or found.command != command:
            self._unexpected(command, found)
        given = {key: found.params.get(key) for key in params}
        if given != params:
            self._unexpected(f"{command} {params}", found)
        return Sent(self, found)

    def says(self, text: str) -> "Sent":
        """The next command is a playback, and this is in what it says."""
        sent = self.sent("calling.play")
        said = " ".join(item["params"].get("text", "") for item in sent.command.params["play"])
        if text not in said:
            self._unexpected(f"calling.play {text!r}", sent.command)
        return sent

    def asks(self, text: str) -> "Playbook":
        """The next commands are an ask's collect and its prompt, and both are accepted."""
        collect, prompt = self.sent("calling.collect"), self.says(text)
        collect.accepted()
        return prompt.accepted()

    def stops(self, *verbs: str) -> "Playbook":
        """The next commands stop these, and are accepted."""
        for stopped in [self.sent(f"calling.{verb}.stop") for verb in verbs]:
            stopped.accepted()
        return self

    def fetches(self, url: str, **wanted: Any) -> "Fetching":
        """The next command is a request to this URL."""
        found = self._next(f"fetch {url}")
        if not isinstance(found, Fetch) or found.url != url:
            self._unexpected(f"fetch {url}", found)
        given = {key: getattr(found, key) for key in wanted}
        if given != wanted:
            self._unexpected(f"fetch {url} {wanted}", found)
        return Fetching(self, found)

    def looks_up(self) -> "Asked":
        """The next command asks the voice log."""
        found = self._next("look-up")
        if not isinstance(found, LookUpCall):
            self._unexpected("look-up", found)
        return Asked(self, found)

    def nothing(self) -> "Playbook":
        """Nothing more was sent than was named."""
        if self.unnamed:
            self._unexpected("nothing", None)
        return self

    # How it stands

    def at(self, step: str) -> "Playbook":
        """Nothing more was sent, and the run waits at this step."""
        self.nothing()
        assert self.state.status == "running", f"the run is {self.state.status}: {self.state.end_reason}"
        assert self.state.frame.step == step, f"it is at {self.state.frame.step} by way of {self.path}"
        return self

    def was(self, what: str) -> "Playbook":
        """The last event was taken as this (a word of the trace)."""
        assert what in [line.what for line in self.traced], self.traced
        return self

    def ended(self, reason: str) -> "Playbook":
        self.nothing()
        assert self.is_over, f"it is at {self.state.frame.step}: {self.state.frame.doing}"
        assert self.state.end_reason == reason, f"it ended with {self.state.end_reason}"
        return self

    def result(self, step: str) -> dict[str, Any]:
        return self.state.frame.results[step]

    def visits(self, step: str) -> int:
        return visit(self.graph.flow_of(self.state.frame.subflow), self.state.frame.visits, StepName(step))

    def var(self, name: str) -> Any:
        return self.state.frame.vars[name]

    def control_id(self, step: str, verb: str, visit: int | None = None, attempt: int | None = None) -> ControlId:
        wanted = re.compile(rf"\w+\.[0-9]+\.{step}\.{visit or '[0-9]+'}\.{attempt or '[0-9]+'}\.{verb}")
        found = [one for one in self.started if wanted.fullmatch(one)]
        assert found, f"no {verb} of {step} was started; there are {self.started}"
        return found[-1]

    def close(self) -> None:
        self.nothing()
        self.replay()

    # Behind it

    def _took(self, event: Any, done: Any) -> None:
        super()._took(event, done)
        self.unnamed += done.commands
        self.started += [
            one.control_id
            for one in done.commands
            if isinstance(one, SendCommand) and one.control_id and not one.repeated
            if one.reports or one.command == "update"
        ]

    def _next(self, expected: str) -> Command:
        if not self.unnamed:
            self._unexpected(expected, None)
        return self.unnamed.pop(0)

    def _unexpected(self, expected: str, found: Command | None) -> NoReturn:
        actual = [shown(one) for one in ([found] if found else []) + self.unnamed] or ["nothing"]
        OPEN.clear()
        diff = "\n".join(ndiff([expected], actual))
        story = "\n".join(f"  {line.what} {line.step} {line.subject} {line.detail}" for line in self.traced)
        pytest.fail(f"not what was to be sent:\n{diff}\nby way of {self.path}; last:\n{story}")


def shown(command: Command) -> str:
    if isinstance(command, LookUpCall):
        return "look-up"
    if isinstance(command, Fetch):
        return f"fetch {command.method} {command.url} {msgspec.json.encode(command.json).decode()}"
    op = (command.control_id or "").partition(".")[2]
    return f"{command.command} {op} {msgspec.json.encode(command.params).decode()}"


class Sent:
    """A command that was sent; it can be answered, now or later."""

    def __init__(self, playbook: Playbook, command: SendCommand) -> None:
        self.playbook = playbook
        self.command = command

    def accepted(self, **leg: Any) -> Playbook:
        return self._answered("accepted", http_status=200, leg=leg)

    def rejected(self, code: str = "invalid_parameter") -> Playbook:
        return self._answered("rejected", http_status=422, code=code)

    def gone(self) -> Playbook:
        return self._answered("gone", http_status=404)

    def unavailable(self) -> Playbook:
        return self._answered("unavailable", http_status=503)

    def unanswered(self) -> Playbook:
        """The shell gave up waiting: it may have been carried out."""
        return self._answered("unknown")

    def _answered(self, kind: AnswerKind, **more: Any) -> Playbook:
        at_ms = self.playbook.now_ms
        return self.playbook.happens(CommandAnswered(at_ms=at_ms, seq=self.command.seq, kind=kind, **more))


class Fetching:
    """A request that was made."""

    def __init__(self, playbook: Playbook, command: Fetch) -> None:
        self.playbook = playbook
        self.command = command

    def replied(self, status: int, body: Any = None) -> Playbook:
        return self._happened("replied", status=status, body=body)

    def happened(self, kind: FetchKind, code: str = "") -> Playbook:
        return self._happened(kind, code=code)

    def _happened(self, kind: FetchKind, **more: Any) -> Playbook:
        return self.playbook.happens(Fetched(at_ms=self.playbook.now_ms, seq=self.command.seq, kind=kind, **more))


class Asked:
    """A look-up that was asked for."""

    def __init__(self, playbook: Playbook, command: LookUpCall) -> None:
        self.playbook = playbook
        self.command = command

    def found(self, found: Any, *reports: OperationReported, end_reason: str = "") -> Playbook:
        """What the voice log says of the call, and of operations that were asked about."""
        at_ms = self.playbook.now_ms
        return self.playbook.happens(
            CallLookedUp(at_ms=at_ms, seq=self.command.seq, found=found, end_reason=end_reason, reports=reports)
        )
