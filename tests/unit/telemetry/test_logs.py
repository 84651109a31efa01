"""Log lines for machines."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from engine.cli.logs import set_up


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    root = logging.getLogger("offhook")
    before = (root.handlers, root.level, root.propagate)
    yield logging.getLogger("offhook.test")
    root.handlers, root.level, root.propagate = before


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_line_is_an_object_with_its_ids(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", "json")
    log.warning("%s: refused", "play", extra={"control_id": "r1.0.hello.1.1.play", "call_id": "c1", "flow": ""})
    (line,) = said(capsys)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning",
        "logger": "offhook.test",
        "message": "play: refused",
        "run": "r1",
        "call_id": "c1",
        "control_id": "r1.0.hello.1.1.play",
    }


def test_fields_that_are_not_known_do_not_leave(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", "json")
    log.info("hello", extra={"digits": "1234"})
    assert "1234" not in capsys.readouterr().err


def test_traceback_is_text_without_the_values_of_variables(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info", "json")
    pin = str(4000 + 321)
    try:
        raise ZeroDivisionError("made up")
    except ZeroDivisionError:
        log.exception("a fault of ours")
    text = capsys.readouterr().err
    (line,) = [json.loads(one) for one in text.splitlines()]
    assert line["exception"].startswith("Traceback")
    assert pin not in text


def test_line_stays_one_line_and_shows_nothing_that_steers(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info", "json")
    log.info("no route for %s", "+1\n\x1b[2J\u202e")
    text = capsys.readouterr().err
    assert text.isascii()
    assert text.count("\n") == 1
    assert json.loads(text)["message"] == "no route for +1\n\x1b[2J\u202e"
