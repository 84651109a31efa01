"""Where a call stands between two moves: the run, the platform, and what is under way between them."""

from msgspec import Struct
from msgspec.structs import replace

from engine.exchange.apply import next_due_ms
from engine.exchange.effects import Deliver, FetchSwml
from engine.exchange.operation import earliest
from engine.exchange.state import Call, ExchangeState
from engine.model.commands import Fetch, LookUpCall, SendCommand
from engine.model.events import AnyEvent
from engine.model.state import RunState
from engine.simulate.attempts import Attempt, Read

LATE_MS = 2_000
"""What is slow takes at most so long: so far may time go on meanwhile."""


class Flying(Struct, frozen=True, kw_only=True):
    """A webhook that has left and has not arrived (`event`, without its time), or a question for SWML (`question`). `slow`:
    others may arrive before it."""

    since_ms: int
    slow: bool = False
    webhook: Deliver | None = None
    event: AnyEvent | None = None
    question: FetchSwml | None = None


class Underway(Struct, frozen=True, kw_only=True):
    """The command that has been sent: its answer is there from `due_ms` on, or without one (`read` None) the next
    attempt is made then."""

    attempt: Attempt
    due_ms: int
    read: Read | None = None
    slow: bool = False


class Asked(Struct, frozen=True, kw_only=True):
    """A fetch without a reply. `name` as cases call it; at `due_ms` it is given up as timed out."""

    name: str
    command: Fetch
    due_ms: int


class Left(Struct, frozen=True, kw_only=True):
    """How much more may go wrong or come from outside on this way; `slow`: how many things may be so at the same time;
    `signalled`: the signals that have come, in the order of their names."""

    faults: int
    slow: int = 1
    limits: int = 1
    signalled: tuple[str, ...] = ()

    def after_fault(self) -> "Left":
        """A fault counts among what is slow from then on; after the last one no limit is reached too early."""
        faults = max(0, self.faults - 1)
        return replace(self, faults=faults, slow=max(0, self.slow - 1), limits=self.limits if faults else 0)

    def after_signal(self, name: str) -> "Left":
        return replace(self, signalled=tuple(sorted((*self.signalled, name))))

    def after_limit(self) -> "Left":
        return replace(self, faults=max(0, self.faults - 1), limits=0)


class Situation(Struct, frozen=True, kw_only=True):
    """`waiting` are decided commands, the first of which can go out since `ready_ms` when none is under way, or is
    `held` up. `acted`: somebody has done something since all was quiet; nobody acts twice while something
    is slow, but to hang up."""

    now_ms: int
    run: RunState
    exchange: ExchangeState
    left: Left
    waiting: tuple[SendCommand | LookUpCall, ...] = ()
    ready_ms: int = 0
    held: bool = False
    acted: bool = False
    sent: Underway | None = None
    flying: tuple[Flying, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def call(self) -> Call | None:
        return self.exchange.calls.get(self.run.call.call_id)

    @property
    def is_over(self) -> bool:
        return self.run.status == "ended"

    @property
    def is_unheard(self) -> bool:
        """Is the call over without the run's knowing?"""
        return self.call is not None and self.call.is_over and self.run.call.state != "ended" and not self.is_over

    @property
    def can_send(self) -> bool:
        return bool(self.waiting) and self.sent is None

    @property
    def can_read(self) -> bool:
        """Is the answer to the command there?"""
        return self.sent is not None and self.sent.read is not None and self.sent.due_ms <= self.now_ms

    @property
    def is_quiet(self) -> bool:
        """Nothing is under way: only time, or somebody, can move it."""
        return not (self.flying or self.can_send or self.can_read)

    @property
    def slow(self) -> int:
        """How much of what is under way is slow."""
        sent = self.sent is not None and self.sent.slow
        return sum(one.slow for one in self.flying) + sent + self.held

    @property
    def may_fail(self) -> bool:
        """May something go wrong now? Not while as much is slow as may be so at a time."""
        return self.left.faults > 0 and (self.slow == 0 or self.slow < self.left.slow)

    @property
    def next_due_ms(self) -> int | None:
        later = self.sent.due_ms if self.sent is not None and not self.can_read else None
        return earliest(next_due_ms(self.exchange), self.run.next_due_ms, later, *(one.due_ms for one in self.asked))

    @property
    def may_wait_until_ms(self) -> int | None:
        """So far may time go on without anything that is under way arriving; None: as far as it likes."""
        since = [one.since_ms for one in self.flying]
        if self.can_send:
            since.append(self.ready_ms)
        if self.can_read and self.sent is not None:
            since.append(self.sent.due_ms)
        return min(since) + LATE_MS if since else None
