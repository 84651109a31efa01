"""Operations that SWML starts and waits for: a connection, a queue, a payment, a prompt. They have no control_id."""

from typing import Any

from msgspec import Struct

from engine.exchange.decisions import Verdict
from engine.exchange.operation import Operation, earliest


class Ring(Struct, frozen=True):
    """Somebody to be rung, and for how long at most (ms)."""

    to: str
    timeout_ms: int


class Bridge(Operation, frozen=True, kw_only=True, tag="connect"):
    """`connect`. `rounds` are rung one after the other, those of one round at once; `at` is the present one.

    `to` is who is rung or talked to, "" before that. While it rings, `verdict` comes at `until_ms`, and
    somebody may still decide another unless it is `decided`; while they `talk`, that is when they part.
    `most_ms` is the longest talk.
    `then` are the methods that follow a talk, `result` those that follow in any case.
    """

    rounds: tuple[tuple[Ring, ...], ...]
    at: int = 0
    to: str = ""
    verdict: Verdict = Verdict(word="talks")
    decided: bool = False
    talk: bool = False
    until_ms: int | None = None
    most_ms: int
    then: tuple[Any, ...] = ()
    result: tuple[Any, ...] = ()

    @property
    def asks(self) -> str:
        return "peer" if self.talk else "" if self.decided else "bridge"

    @property
    def due_ms(self) -> int | None:
        return self.until_ms


class Queue(Operation, frozen=True, kw_only=True, tag="queue"):
    """`enter_queue`: `verdict` comes at `until_ms`, at `gives_up_ms` the wait is over in any case.

    While they `talk`, `until_ms` is when they part. `then` are the methods that follow a talk.
    """

    name: str
    entered_ms: int
    gives_up_ms: int
    verdict: Verdict
    decided: bool = False
    talk: bool = False
    until_ms: int
    then: tuple[Any, ...] = ()

    @property
    def asks(self) -> str:
        return "peer" if self.talk else "" if self.decided else "queue"

    @property
    def due_ms(self) -> int | None:
        return self.until_ms if self.talk else min(self.until_ms, self.gives_up_ms)


class Payment(Operation, frozen=True, kw_only=True, tag="pay"):
    """`pay`: how it turns out is known at `until_ms`. `charges`: money is paid, and not only a card noted."""

    charges: bool
    verdict: Verdict
    decided: bool = False
    until_ms: int

    @property
    def asks(self) -> str:
        return "" if self.decided else "pay"

    @property
    def due_ms(self) -> int | None:
        return self.until_ms


class Prompt(Operation, frozen=True, kw_only=True, tag="prompt"):
    """`prompt`: its sounds are a playback of their own; input stops it.

    `max_digits` 0: no digits wanted. `input_ms` is when the wait for a first or a next key is over, set
    once the sounds are; `said_ms` when the caller has said `text`.
    """

    max_digits: int
    terminators: str = ""
    digit_timeout_ms: int
    initial_timeout_ms: int
    end_silence_ms: int
    speech: bool = False
    digits: str = ""
    text: str | None = None
    confidence: float = 0.0
    input_ms: int | None = None
    said_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        return earliest(self.input_ms, self.said_ms)
