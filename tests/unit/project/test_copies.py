"""Work that copies of a process share: all of it is done once, and what goes wrong in one of them is told."""

import os
import signal
import sys
from collections.abc import Callable

import pytest

from engine.project.linting.copies import EndedFromOutsideError, shared

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")


def in_copies(work: Callable[[int], int]) -> Callable[[int], int]:
    """Work that this process leaves to its copies: it waits with each item until one of them has ended."""
    mine = os.getpid()

    def left(item: int) -> int:
        if os.getpid() != mine:
            return work(item)
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        return -1

    return left


def ended(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def failing(item: int) -> int:
    raise ValueError(f"item {item}")


@pytest.mark.parametrize("count", [0, 1, 2, 7, 3000])
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_each_item_is_done_and_answers_are_in_their_order(count: int, processes: int) -> None:
    assert shared(lambda item: item * 2, range(count), processes) == [one * 2 for one in range(count)]


def test_large_answers_come_whole() -> None:
    assert shared(lambda item: b"x" * item, [300_000] * 8, 3) == [b"x" * 300_000] * 8


def test_who_is_done_takes_what_comes_next() -> None:
    found = shared(in_copies(lambda item: item), range(3000), 2)
    assert found.count(-1) <= 3
    assert [one for at, one in enumerate(found) if one not in (-1, at)] == []


def test_what_is_raised_in_a_copy_is_raised_with_its_traceback() -> None:
    with pytest.raises(ValueError, match="item") as failed:
        shared(in_copies(failing), range(4), 2)
    assert any("in failing" in note for note in failed.value.__notes__)


def test_copy_that_is_ended_from_outside_is_told() -> None:
    with pytest.raises(EndedFromOutsideError):
        shared(in_copies(ended), range(4), 2)


def test_no_copy_is_left_when_this_process_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, fork = os.getpid(), os.fork
    made: list[int] = []

    def work(_: int) -> None:
        if os.getpid() == mine:
            raise KeyboardInterrupt
        signal.pause()

    def noted() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(KeyboardInterrupt):
        shared(work, range(9), 4)
    assert len(made) == 3
    for pid in made:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
