"""One command's attempts: how long they may go on, and what came of them so far."""

from engine.model.commands import SendCommand
from engine.model.verbs import REPEAT, Repeat
from engine.wire import repeats
from engine.wire.answers import Answer


class Trying:
    """`attempts` are those that had an answer; `until_ms` (Unix time): none begins later, nor when its turn comes later."""

    def __init__(self, command: SendCommand, now_ms: int) -> None:
        self.repeat: Repeat = REPEAT.get(command.command, "never")
        self.attempts = 0
        self._first_ms = now_ms
        self._last_ms = now_ms + repeats.BUDGET_MS
        self._not_after_ms = command.not_after_ms
        self.until_ms = min(self._last_ms, command.not_after_ms or self._last_ms)
        self._last: Answer | None = None
        self._doubt: Answer | None = None

    def had(self, answer: Answer) -> None:
        """After an answer that accepts nothing. One in doubt leaves less time: the run has to decide about it."""
        self.attempts += 1
        self._last = answer
        if answer.kind == "unknown":
            self._doubt = answer
            self._last_ms = self._first_ms + repeats.DOUBT_BUDGET_MS
            self.until_ms = min(self.until_ms, self._last_ms)

    def has_time(self, at_ms: int) -> bool:
        """For another attempt then."""
        return at_ms <= self._last_ms

    def settled(self, answer: Answer) -> Answer:
        """What is reported when there is no further attempt after this answer."""
        return repeats.settled(answer, self._doubt)

    def over(self) -> Answer:
        """What is reported when its turn would come too late."""
        if self.until_ms == self._not_after_ms:
            return self.settled(_too_late(self._last))
        return self.settled(self._last or _HELD)


_HELD = Answer(kind="unavailable", http_status=429, code="held", message="the rate limit is used up")


def _too_late(last: Answer | None) -> Answer:
    message = f"not sent in time; before that: {last.code or last.http_status}" if last else ""
    return Answer(kind="unavailable", code="too-late", message=message)
