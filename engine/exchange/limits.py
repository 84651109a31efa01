"""The limits of a space: requests in a window, dialled calls per second, calls that wait to be dialled.

The windows follow each other without overlap. The names of the headers are not documented.
"""

from engine.exchange.answers import invalid, refused
from engine.exchange.effects import HttpAnswer
from engine.exchange.options import Rate
from engine.exchange.params import Problem
from engine.exchange.state import ExchangeState
from engine.exchange.turn import Turn


def admit(turn: Turn) -> HttpAnswer | None:
    """Count a request; the answer to one too many."""
    rate = turn.options.rate
    if rate is None:
        return None
    if turn.now_ms - turn.window_ms >= rate.window_ms:
        turn.window_ms, turn.window_posts = turn.now_ms - turn.now_ms % rate.window_ms, 0
    if turn.window_posts < rate.posts:
        turn.window_posts += 1
        return None
    rest_ms = turn.window_ms + rate.window_ms - turn.now_ms
    return too_many("rate_limit_exceeded", after_s=-(-rest_ms // 1_000))


def headers(state: ExchangeState | Turn) -> dict[str, str]:
    """What every response says of the limit; nothing where there is none."""
    rate = state.options.rate
    if rate is None:
        return {}
    used = state.window_posts if state.now_ms - state.window_ms < rate.window_ms else 0
    return {"X-RateLimit-Limit": str(rate.posts), "X-RateLimit-Remaining": str(rate.posts - used)}


def too_many(code: str, *, after_s: int) -> HttpAnswer:
    refusal = refused(429, (Problem(code, "", "There are too many requests; slow down."),))
    return HttpAnswer(status=429, body=refusal.body, headers={"Retry-After": str(max(1, after_s))})


def queue_dial(turn: Turn) -> int | HttpAnswer:
    """When a call that is dialled now may begin (ms); the answer if no more may wait."""
    rate = turn.options.rate
    if rate is None:
        return turn.now_ms
    waiting = (turn.dial_free_ms - turn.now_ms) * rate.dials_per_s / 1_000
    if waiting >= rate.queued + 1:
        return _queue_full(rate)
    begins_ms = max(turn.now_ms, turn.dial_free_ms)
    turn.dial_free_ms = begins_ms + round(1_000 / rate.dials_per_s)
    return begins_ms


def _queue_full(rate: Rate) -> HttpAnswer:
    if rate.queue_full == 429:
        return too_many("max_queued_calls_exceeded", after_s=1)
    return invalid("max_queued_calls_exceeded", "", f"{rate.queued} calls are waiting already.")
