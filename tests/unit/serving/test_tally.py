"""Lines of the log about what is refused: who, how often, and never more lines than somebody can read."""

import logging

import pytest

from engine.serving.tally import Tally


class Told:
    """A tally whose time is told, and what it has said since the last look."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.now_s = 0.0
        self._caplog = caplog
        self.tally = Tally(logging.getLogger("offhook.test"), lambda: self.now_s)

    def count(self, source: str, times: int = 1) -> None:
        for _ in range(times):
            self.tally.count("thing refused", source)

    @property
    def said(self) -> list[str]:
        lines = [record.getMessage() for record in self._caplog.records]
        self._caplog.clear()
        return lines


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    caplog.set_level(logging.INFO, "offhook.test")
    return Told(caplog)


def test_the_first_is_said_at_once_and_the_others_together(told: Told) -> None:
    told.count("a", 1_000)
    assert told.said == ["thing refused, from a"]
    told.now_s = 10.0
    told.count("b")
    assert told.said == ["thing refused, from a; 999 times more in 10 s, 1000 in all", "thing refused, from b"]
    told.count("a", 5)
    assert told.said == [], "it was told of already, and is told of again when its time comes"
    told.now_s = 20.0
    told.tally.tell()
    assert told.said == ["thing refused, from a; 5 times more in 10 s, 1005 in all"]
    assert told.tally.total == {"thing refused": 1_006}


def test_who_has_been_quiet_for_a_while_begins_anew(told: Told) -> None:
    for _ in range(3):
        told.count("a")
        for _ in range(3):
            told.now_s += 10
            told.tally.tell()
        assert told.said == ["thing refused, from a"]


def test_what_was_meant_is_said_of_the_first(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.tally.count("thing refused", "a", "it is blue", control_id="irun.0.hello.1.1.play")
    told.tally.count("thing refused", "a", "it is green", control_id="irun.0.other.1.1.play")
    (line,) = caplog.records
    assert line.getMessage() == "thing refused, from a: it is blue"
    assert vars(line)["control_id"] == "irun.0.hello.1.1.play"


def test_many_sources_fill_no_log_and_each_of_them_is_counted(told: Told) -> None:
    for _ in range(6):
        for number in range(5_000):
            told.count(f"{told.now_s}/{number}")
        told.now_s += 10
        told.tally.tell()
        assert len(told.said) <= 202
    assert told.tally.total == {"thing refused": 30_000}


def test_none_is_lost_between_the_lines(told: Told) -> None:
    for number in range(300):
        told.count("a" if number % 3 else f"b{number}")
        told.now_s += 0.4
    told.tally.tell()
    of_a = [line for line in told.said if "from a" in line]
    assert of_a[0] == "thing refused, from a"
    assert of_a[-1].endswith("200 in all")
    assert 1 + sum(int(line.split("; ")[1].split()[0]) for line in of_a[1:]) == 200
