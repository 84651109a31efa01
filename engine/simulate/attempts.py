"""One command on its way to the exchange and back, tried again as the client of live calls does.

Its pauses have no chance in them: each is the longest that the client may draw.
"""

import msgspec
from msgspec import Struct

from engine.exchange.effects import HttpAnswer
from engine.model.commands import SendCommand
from engine.model.verbs import REPEAT, Repeat
from engine.wire import answers, repeats
from engine.wire.answers import Answer

__all__ = ["PATIENCE_MS", "TOO_LATE", "Answer", "Attempt", "Read", "following", "read", "settled"]

PATIENCE_MS = 10_000
"""How long the client waits for one answer."""


class Attempt(Struct, frozen=True, kw_only=True):
    """The `number`-th attempt of a command (the first is 0). `last` is the answer to the one before it; `doubt` to one
    that may have been carried out."""

    command: SendCommand
    first_ms: int
    number: int = 0
    last: Answer | None = None
    doubt: Answer | None = None

    @property
    def repeat(self) -> Repeat:
        return REPEAT.get(self.command.command, "never")

    def is_too_late(self, now_ms: int) -> bool:
        return bool(self.command.not_after_ms) and now_ms > self.command.not_after_ms


class Read(Struct, frozen=True):
    """An answer as the client has it, `after_ms` from the request; `asked_ms`: for so long it is to keep away."""

    answer: Answer
    after_ms: int = 0
    asked_ms: int = 0


TOO_LATE = Answer(kind="unavailable", code="too-late")


def read(attempt: Attempt, given: HttpAnswer) -> Read:
    if given.send == "reset":
        return Read(Answer(kind="unknown", code="reset"))
    if given.send == "hang" or given.late_ms >= PATIENCE_MS:
        return Read(Answer(kind="unknown", code="timeout"), PATIENCE_MS)
    text = given.text.encode() if given.text else msgspec.json.encode(given.body)
    again = attempt.number > 0 or attempt.command.repeated
    known = again and (attempt.command.control_id is not None or attempt.repeat == "safe")
    answer = repeats.judged(answers.classify(given.status, text, repeated=known), attempt.repeat)
    asked_s = given.headers.get("Retry-After", "0") if given.status >= 400 else "0"
    return Read(answer, given.late_ms, int(asked_s) * 1_000 if asked_s.isdecimal() else 0)


def following(attempt: Attempt, read: Read, now_ms: int) -> tuple[Attempt, int] | None:
    """The next attempt and its time; None: the command is over, with `settled`."""
    if not repeats.may_repeat(read.answer, attempt.repeat):
        return None
    doubt = read.answer if read.answer.kind == "unknown" else attempt.doubt
    budget_ms = repeats.DOUBT_BUDGET_MS if doubt else repeats.BUDGET_MS
    at_ms = now_ms + read.asked_ms + min(repeats.LONGEST_MS, repeats.FIRST_MS << attempt.number)
    if at_ms > attempt.first_ms + budget_ms:
        return None
    return msgspec.structs.replace(attempt, number=attempt.number + 1, last=read.answer, doubt=doubt), at_ms


def settled(attempt: Attempt, answer: Answer) -> Answer:
    return repeats.settled(answer, attempt.doubt)
