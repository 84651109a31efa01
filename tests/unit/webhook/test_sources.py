from typing import Any

from engine.webhook.sources import RequestLimits, Sources


class Now:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def sources(now: Now, **limits: Any) -> Sources:
    return Sources(RequestLimits(per_second=2, burst=3, **limits), now_s=now)


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}


def test_burst_then_so_many_a_second() -> None:
    now = Now()
    at = sources(now)
    assert [at.take("a") for _ in range(4)] == [True, True, True, False]
    now.s = 1.0
    assert [at.take("a") for _ in range(3)] == [True, True, False]
    now.s = 100.0
    assert [at.take("a") for _ in range(4)] == [True, True, True, False]


def test_sources_do_not_share() -> None:
    at = sources(Now())
    for _ in range(9):
        at.take("a")
    assert at.take("b")


def test_proven_requests_cost_nothing() -> None:
    at = sources(Now())
    for _ in range(50):
        assert at.take("a")
        at.give_back("a")


def test_many_sources_are_not_all_remembered() -> None:
    at = sources(Now())
    for number in range(50_000):
        assert at.take(str(number))
    assert len(at._left) <= 10_000


def test_peer_is_the_source_and_is_not_believed_unless_it_is_a_proxy() -> None:
    at = sources(Now())
    assert at.of(scope("192.0.2.1", "198.51.100.9")) == "192.0.2.1"
    assert at.of(scope("127.0.0.1", "198.51.100.9")) == "198.51.100.9"
    assert at.of(scope("127.0.0.1", "198.51.100.9, 127.0.0.1")) == "198.51.100.9"
    assert at.of(scope("127.0.0.1", "forged, 198.51.100.9")) == "198.51.100.9", "the last one is what the proxy saw"
    assert at.of(scope("127.0.0.1", "forged", "198.51.100.9")) == "198.51.100.9"
    assert at.of(scope("127.0.0.1")) == ""
    assert at.take("")
    assert at.of({"client": None, "headers": []}) == "unknown"


def test_version_6_the_network_is_the_source() -> None:
    at = sources(Now())
    assert at.of(scope("2001:db8:1:2:3:4:5:6")) == at.of(scope("2001:db8:1:2:ffff::1")) == "2001:db8:1:2::"
    assert at.of(scope("::ffff:192.0.2.1")) == "192.0.2.1"
