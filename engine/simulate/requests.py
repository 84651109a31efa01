"""The replies that a scenario has for the fetches of a run."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.simulate.scenario import Replies, Reply
from engine.wire.replies import reply as read_reply

_json = msgspec.json.Encoder()


class Shelf:
    """Hands the replies out, each once."""

    def __init__(self, replies: Mapping[str, Replies]) -> None:
        self._replies = replies
        self._taken: Counter[str] = Counter()

    def take(self, step: str, url: str) -> Reply | None:
        """The next reply for the step, else for the URL; None: there is none, or none any more."""
        name = step if step in self._replies else url
        given = self._replies.get(name)
        if given is None:
            return None
        index = self._taken[name]
        self._taken[name] += 1
        if index < len(given.each):
            return given.each[index]
        return given.each[-1] if given.again and given.each else None

    @property
    def unused(self) -> tuple[str, ...]:
        """Whose replies were not all taken; one that serves again and again need be taken only once."""
        wanted = ((name, 1 if one.again else len(one.each)) for name, one in self._replies.items())
        return tuple(name for name, count in wanted if self._taken[name] < count)


def after_ms(command: Fetch, reply: Reply) -> int:
    """When the reply is there, or given up, counted from the request."""
    if reply.kind == "timeout":
        return command.timeout_ms
    return min(reply.after_ms, command.timeout_ms)


def fetched(command: Fetch, reply: Reply, at_ms: int) -> Fetched:
    """As the client of live fetches reports it."""
    if reply.kind == "timeout" or reply.after_ms >= command.timeout_ms:
        message = f"no whole reply within {command.timeout_ms / 1000:g} s"
        return Fetched(at_ms=at_ms, seq=command.seq, kind="timeout", code="timeout", message=message)
    if reply.kind == "unreachable":
        return Fetched(at_ms=at_ms, seq=command.seq, kind="failed", code="unreachable", message="no connection")
    body = reply.text.encode() if reply.text is not None else _json.encode(reply.body)
    return read_reply(command, at_ms=at_ms, status=reply.status, body=body)
