"""Keeps what a simulated call's outcome is made of, while it happens."""

from engine.exchange.caller import Presses, Says
from engine.exchange.effects import CallerDid, Heard, Progressed
from engine.model.advance import Advance, Traced
from engine.model.commands import Fetch, SendCommand
from engine.model.events import AnyEvent
from engine.simulate.laws import Refusal
from engine.simulate.outcome import Happened, Requested, Sent, Transition


class Ledger:
    def __init__(self, flow: str) -> None:
        self.happened: list[Happened] = []
        self.path: list[str] = []
        self.outcomes: dict[str, str] = {}
        self.heard: list[str] = []
        self.sent: list[Sent] = []
        self.fetches: list[Requested] = []
        self.recordings: list[str] = []
        self.returned: tuple[str, str] | None = None
        """Which step of the run's own flow has handed something back last, or has come back with it; and the outcome."""
        self.transitions: list[Transition] = []
        self.handled: list[tuple[str, str]] = []
        self.in_vain: list[int] = []
        self.refusals: list[Refusal] = []
        self._flow = flow
        self._from: Transition | None = None
        self._lands = False

    def noticed(self, effect: Heard | Progressed | CallerDid) -> None:
        self.happened.append(effect)
        if isinstance(effect, Heard) and effect.text:
            self.heard.append(effect.text)
        elif isinstance(effect, Progressed) and effect.what == "recorded":
            self.recordings.append(effect.detail)
        elif isinstance(effect, CallerDid) and isinstance(effect.act, Presses | Says):
            self.in_vain.append(effect.in_vain)

    def went_out(self, command: SendCommand) -> None:
        self.sent.append(Sent(command=command.command, params=command.params))

    def requested(self, step: str, request: Fetch, *, given: bool) -> None:
        self.fetches.append(Requested(step=step, request=request, given=given))

    def took(self, event: AnyEvent, done: Advance) -> None:
        self.happened.append((event, done))
        for traced in done.trace:
            if traced.what == "entered":
                self._goes_to(traced)
                if not is_last(traced.step):
                    self._comes_to(traced)
            elif traced.what == "outcome":
                self._ends(traced)
            elif traced.what == "handler":
                self.handled.append((self._place(traced.step)[0], traced.subject))
            elif traced.what == "limit":
                self._is_limited(traced)
            elif traced.what == "returned" and "/" not in traced.step:
                self.returned = traced.step, traced.subject

    def _comes_to(self, traced: Traced) -> None:
        self.path.append(traced.step)
        if self._lands:
            self.handled.append((self._place(traced.step)[0], "limit"))
            self._lands = False

    def _is_limited(self, traced: Traced) -> None:
        """By a step's own visits, with a way on of its own; or by whatever makes the run land."""
        if traced.detail:
            self.handled.append((self._place(traced.step)[0], f"visits of {traced.detail}"))
        self._lands = not traced.detail

    def _ends(self, traced: Traced) -> None:
        self.arrived()
        self.outcomes[traced.step] = traced.subject
        flow, step = self._place(traced.step)
        self._from = Transition(flow, step, traced.subject)

    def _goes_to(self, traced: Traced) -> None:
        if self._from is not None:
            was = self._from
            self.transitions.append(Transition(was.flow, was.step, was.outcome, self._place(traced.step)[1]))
            self._from = None

    def arrived(self) -> None:
        """Where the last outcome led nowhere, or led to the end."""
        if self._from is not None:
            self.transitions.append(self._from)
            self._from = None

    def _place(self, step: str) -> tuple[str, str]:
        flow, _, name = step.rpartition("/")
        return flow or self._flow, name


def is_last(step: str) -> bool:
    """Is it one of `finally`?"""
    return step.rpartition("/")[2].startswith("finally.")
