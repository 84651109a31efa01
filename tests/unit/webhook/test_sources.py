from typing import Any

from engine.webhook.sources import RequestLimits, Sources


class Now:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def sources(now: Now) -> Sources:
    return Sources(RequestLimits(per_second=2, burst=3), now_s=now)


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}


A, B = scope("192.0.2.1"), scope("192.0.2.2")


def test_burst_then_so_many_a_second() -> None:
    now = Now()
    at = sources(now)
    assert [at.take(A) for _ in range(4)] == [True, True, True, False]
    now.s = 1.0
    assert [at.take(A) for _ in range(3)] == [True, True, False]
    now.s = 100.0
    assert [at.take(A) for _ in range(4)] == [True, True, True, False]
    assert at.tally.total == {"request refused: there are too many": 3}


def test_sources_do_not_share() -> None:
    at = sources(Now())
    for _ in range(9):
        at.take(A)
    assert at.take(B)


def test_whom_a_proxy_asks_for_has_a_share_and_the_proxy_itself_needs_none() -> None:
    at = sources(Now())
    for _ in range(9):
        at.take(scope("127.0.0.1", "192.0.2.1"))
        assert at.take(scope("127.0.0.1"))
    assert not at.take(A)
    assert at.take(scope("127.0.0.1", "192.0.2.2"))


def test_proven_requests_cost_nothing() -> None:
    at = sources(Now())
    for _ in range(50):
        assert at.take(A)
        at.proven(A)


def test_many_sources_are_not_all_remembered() -> None:
    at = sources(Now())
    for number in range(50_000):
        assert at.take(scope(str(number)))
    assert len(at._left) <= 10_000


def test_peer_is_not_believed_unless_it_is_a_proxy() -> None:
    at = sources(Now())
    for number in range(9):
        at.take(scope("192.0.2.1", f"198.51.100.{number}"))
    assert not at.take(A)
    assert at.take({"client": None, "headers": []})
