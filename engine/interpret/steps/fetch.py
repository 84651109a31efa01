"""fetch: a request, tried again after a pause where that may help, with something to hear when it takes long."""

import re

from msgspec.structs import replace

from engine.expr import TextTemplate, climbs
from engine.interpret import operations, position, room
from engine.interpret.steps.base import Behaviour
from engine.interpret.turn import Turn
from engine.model.commands import Fetch
from engine.model.events import Fetched
from engine.model.graph import FetchValue, Step, Tree
from engine.model.limits import FETCH_SLACK_MS, MAX_BACKOFF_MS
from engine.model.state import Fetching, Operation


class FetchStep(Behaviour):
    needs_call = False

    def enter(self, turn: Turn, step: Step) -> None:
        value = _value(step)
        doing = Fetching(seq=0, visit=turn.repeats or turn.visit)
        if not _request(turn, value, doing):
            return
        if value.filler is not None and not turn.call_is_over and turn.leaving is None:
            turn.timers["filler"] = turn.now_ms + value.filler.after_ms

    def on_operation(self, turn: Turn, step: Step, op: Operation) -> None:
        """The filler may end, or fail: the reply is waited for in any case."""

    def on_timer(self, turn: Turn, step: Step) -> None:
        doing = turn.doing
        assert isinstance(doing, Fetching)
        if doing.seq:
            # Not even its shell said how it went.
            turn.pending.pop(doing.seq, None)
            fetched(turn, Fetched(at_ms=turn.now_ms, seq=doing.seq, kind="timeout"))
        else:
            _request(turn, _value(step), doing)


def _value(step: Step) -> FetchValue:
    assert isinstance(step.value, FetchValue)
    return step.value


_UNREAD = re.compile(
    r"https://|http://(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?(?:[/?#]|\Z)", re.IGNORECASE
)


def unread_on_the_way(url: str) -> bool:
    """Nobody on the way can read what is sent there: https, or this machine."""
    return _UNREAD.match(url) is not None


def _request(turn: Turn, value: FetchValue, doing: Fetching) -> bool:
    """Sends one attempt; its texts are computed each time, their key stays the same. False: the step has failed, as
    this must not be sent there."""
    url = turn.render(value.url)
    if value.confidential and not unread_on_the_way(url):
        return _refuse(turn, doing, "not-https", "what is secret or private is sent over https alone")
    if _has_data(value.url) and climbs(url):
        return _refuse(turn, doing, "url-climbs", "a part of the URL's path would be `.` or `..`")
    request = Fetch(
        seq=turn.seq + 1,
        method=value.method,
        url=url,
        headers=turn.render(value.headers),
        json=turn.render(value.json),
        body=turn.render(value.body),
        timeout_ms=value.timeout_ms,
        key=turn.control_id("fetch", visit=doing.visit),
        returns=value.returns,
    )
    turn.next_seq()
    turn.timers["step"] = turn.now_ms + value.timeout_ms + FETCH_SLACK_MS
    turn.doing = replace(doing, seq=turn.fetch(request))
    return True


def _refuse(turn: Turn, doing: Fetching, code: str, message: str) -> bool:
    _stop_filler(turn, doing)
    position.finish(turn, "failed", {"status": 0, "code": code, "message": message})
    return False


def _has_data(url: Tree) -> bool:
    """Do values stand within it? One that is the whole URL is an address, and so is what the flow's author wrote."""
    return isinstance(url, TextTemplate) and len(url.parts) > 1


def reply(turn: Turn, event: Fetched) -> None:
    """The answer to a request, which may come when nobody waits for it any more."""
    doing = turn.doing
    turn.pending.pop(event.seq, None)
    if isinstance(doing, Fetching) and doing.seq == event.seq:
        fetched(turn, event)
    else:
        turn.trace("late", f"fetch {event.seq}", event.kind)


def fetched(turn: Turn, event: Fetched) -> None:
    doing, value = turn.doing, _value(turn.step)
    assert isinstance(doing, Fetching)
    if _may_help(value, event) and doing.attempt <= value.retry.times:
        pause_ms = min(value.retry.backoff_ms * 2 ** (doing.attempt - 1), MAX_BACKOFF_MS)
        turn.timers["step"] = turn.now_ms + pause_ms
        turn.doing = replace(doing, seq=0, attempt=doing.attempt + 1)
        return
    _stop_filler(turn, doing)
    if event.kind == "replied" and 200 <= event.status < 300:
        _take(turn, event)
    elif event.kind == "replied":
        position.finish(turn, f"http_{event.status}", {"status": event.status})
    else:
        outcome = "failed" if event.kind == "refused" else event.kind
        position.finish(turn, outcome, {"status": event.status, "code": event.code, "message": event.message})


def _may_help(value: FetchValue, event: Fetched) -> bool:
    if event.kind == "replied":
        return event.status in value.retry.statuses
    return event.kind in ("failed", "timeout")


def _take(turn: Turn, event: Fetched) -> None:
    """What the reply brings has to fit into the run's state."""
    if not room.fits(turn, event.body):
        fields = {"status": event.status, "code": room.TOO_LARGE, "message": "the reply is too large to be kept"}
        position.finish(turn, "invalid", fields)
    else:
        kept = {} if event.body is None else {"body": event.body}
        position.finish(turn, "ok", {"status": event.status, **kept})


def fill(turn: Turn) -> None:
    """The timer `filler`: the reply is not there yet."""
    doing, value = turn.doing, _value(turn.step)
    assert isinstance(doing, Fetching)
    assert value.filler is not None
    op = operations.start(turn, "play", turn.render(value.filler.play))
    turn.doing = replace(doing, filler=op.control_id)


def _stop_filler(turn: Turn, doing: Fetching) -> None:
    op = turn.operations.get(doing.filler) if doing.filler else None
    if op is not None:
        operations.stop(turn, op)
        turn.forget(op)
