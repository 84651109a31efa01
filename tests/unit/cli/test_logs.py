"""Log lines for people."""

import logging
from collections.abc import Iterator

import pytest

from engine.cli.logs import set_up


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    root = logging.getLogger("offhook")
    before = (root.handlers, root.level, root.propagate)
    yield logging.getLogger("offhook.test")
    root.handlers, root.level, root.propagate = before


def test_line_has_level_text_and_the_ids_that_are_there(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info")
    log.info("run %s", "started", extra={"run": "r1", "control_id": None})
    log.debug("unheard")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[8:] == " info    run started  run=r1"


def test_line_of_an_error_has_its_traceback(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("warning")
    try:
        raise ZeroDivisionError("made up")
    except ZeroDivisionError:
        log.exception("a fault of ours", extra={"run": "r1"})
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "ZeroDivisionError: made up  run=r1" in said


def test_line_stays_one_line_whatever_came_from_outside(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info")
    log.info("no route for %s", "+1\n12:00:00 info    all is well\x1b[2J\x07", extra={"run": "r\n1"})
    (line,) = capsys.readouterr().err.splitlines()
    assert line[8:] == r" info    no route for +1\n12:00:00 info    all is well\x1b[2J\x07  run=r\n1"


def test_traceback_keeps_its_lines_and_nothing_else(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    try:
        raise ValueError("\x1b[31mred")
    except ValueError:
        log.exception("a fault of ours")
    said = capsys.readouterr().err
    assert len(said.splitlines()) > 3
    assert r"ValueError: \x1b[31mred" in said


def test_set_up_twice_writes_once(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")
    set_up("info")
    log.info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
