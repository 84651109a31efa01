from engine.serving.door import Door, Limits


class Visitor:
    def __init__(self, source: str) -> None:
        self.source = source
        self.closed = False

    def close_now(self) -> None:
        self.closed = True


def door(**limits: int) -> Door:
    return Door(Limits(**limits))  # type: ignore[arg-type]


def entered(at: Door, *sources: str) -> list[Visitor]:
    visitors = [Visitor(source) for source in sources]
    assert all(at.enter(one) for one in visitors)
    return visitors


def test_source_with_too_many_connections_loses_its_oldest_silent_one() -> None:
    at = door(of_source=3)
    first, other, *_ = entered(at, "a", "b", "a", "a")
    entered(at, "a")
    assert (first.closed, other.closed, len(at)) == (True, False, 4)


def test_connection_that_has_asked_is_closed_after_those_that_have_not() -> None:
    at = door(of_source=2)
    idle, silent = entered(at, "a", "a")
    at.busy(idle)
    at.idle(idle)
    entered(at, "a")
    assert (idle.closed, silent.closed) == (False, True)
    entered(at, "a")
    assert not idle.closed, "the one that came in between is silent too"


def test_connection_whose_request_is_being_answered_is_never_closed() -> None:
    at = door(of_source=2)
    for one in entered(at, "a", "a"):
        at.busy(one)
    late = Visitor("a")
    assert not at.enter(late)
    entered(at, "b")
    at.leave(late)
    assert len(at) == 3, "who was not let in does not leave"


def test_too_many_in_all_the_oldest_silent_one_of_anybody_is_closed() -> None:
    at = door(connections=2, exempt=frozenset("p"))  # type: ignore[arg-type]
    spoken, silent = entered(at, "p", "a")
    at.busy(spoken)
    entered(at, "p")
    assert (silent.closed, len(at)) == (True, 2)


def test_exempt_source_is_not_counted_by_itself() -> None:
    at = door(of_source=1, exempt=frozenset("p"))  # type: ignore[arg-type]
    assert not any(one.closed for one in entered(at, "p", "p", "p"))


def test_who_has_left_makes_room() -> None:
    at = door(of_source=1)
    (one,) = entered(at, "a")
    at.leave(one)
    at.idle(one)
    entered(at, "a")
    assert (one.closed, len(at)) == (False, 1)
