"""`enter_queue` of SWML: the call waits until somebody takes it, the wait is over, or the queue fails.

Whoever takes it talks for a while; then what `transfer_after_bridge` says is done. After a wait in vain
the SWML goes on with the next method.
"""

from msgspec.structs import replace

from engine.exchange import script
from engine.exchange.caller import Act, Decides
from engine.exchange.command import Family
from engine.exchange.decisions import Verdict
from engine.exchange.live_swml import Queue
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report_operation


def begin(turn: Turn, call_id: str, queue: Queue) -> None:
    turn.put_operation(call_id, queue)
    script.set_vars(turn, call_id, queue_result="entering", entry_position=1, entry_size=1, wait_time=None)
    turn.progress(call_id, "queued", detail=queue.name)
    _report(turn, call_id, queue, "enqueue")
    turn.prompt_caller(call_id)


def tick(turn: Turn, call_id: str, queue: Queue) -> None:
    if queue.talk:
        stop(turn, call_id, queue)
    elif turn.now_ms >= queue.gives_up_ms:
        _in_vain(turn, call_id, queue, "timeout")
    elif queue.verdict.word == "talks":
        _talk(turn, call_id, queue)
    else:
        _in_vain(turn, call_id, queue, queue.verdict.word)


def act(turn: Turn, call_id: str, queue: Queue, did: Act) -> None:
    if not isinstance(did, Decides):
        return
    if did.about == "queue" and not queue.talk:
        until_ms = turn.now_ms + (did.verdict.after_ms or 0)
        if did.verdict.word == "timeout" and did.verdict.after_ms is None:
            until_ms = queue.gives_up_ms
        turn.put_operation(call_id, replace(queue, verdict=did.verdict, decided=True, until_ms=until_ms))
    elif did.about == "peer" and queue.talk:
        stop(turn, call_id, queue)


def stop(turn: Turn, call_id: str, queue: Queue) -> None:
    """Whoever took the call is gone."""
    _drop(turn, call_id, queue)
    script.go_on(turn, call_id, *queue.then)


def make_way(turn: Turn, call_id: str, queue: Queue) -> None:
    _drop(turn, call_id, queue)


def _drop(turn: Turn, call_id: str, queue: Queue) -> None:
    turn.drop_operation(call_id, queue)
    if queue.talk:
        turn.progress(call_id, "disconnected", detail=queue.name)
    else:
        _report(turn, call_id, queue, "leave")


def _talk(turn: Turn, call_id: str, queue: Queue) -> None:
    asked_ms = queue.verdict.talk_ms
    until_ms = turn.now_ms + (turn.options.talk_ms if asked_ms is None else asked_ms)
    turn.put_operation(call_id, replace(queue, talk=True, until_ms=until_ms))
    _result(turn, call_id, queue, "connected")
    turn.progress(call_id, "connected", detail=queue.name)
    _report(turn, call_id, queue, "dequeue")
    turn.prompt_caller(call_id)


def _in_vain(turn: Turn, call_id: str, queue: Queue, word: str) -> None:
    _drop(turn, call_id, queue)
    _result(turn, call_id, queue, word)
    turn.progress(call_id, "not_connected", detail=word)
    script.go_on(turn, call_id)


def _result(turn: Turn, call_id: str, queue: Queue, word: str) -> None:
    waited_s = (turn.now_ms - queue.entered_ms) // 1_000
    script.set_vars(turn, call_id, queue_result=word, wait_time=waited_s)


def _report(turn: Turn, call_id: str, queue: Queue, status: str) -> None:
    size = 0 if status == "dequeue" else 1
    fields = {"status": status, "name": queue.name, "position": size, "size": size, "avg_time": 0}
    report_operation(turn, call_id, queue, mark=status, fields=fields)


def verdict(turn: Turn) -> Verdict:
    """What becomes of a wait about which nobody says anything."""
    return Verdict(word="talks", talk_ms=turn.options.talk_ms, after_ms=turn.options.queue_ms)


FAMILY = Family(tick=tick, act=act, stop=stop, hang_up=make_way, make_way=make_way)
