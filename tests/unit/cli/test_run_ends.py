"""Why a runner does not run any more, as a line of its log."""

import logging

import pytest

from engine.cli.run import _logged
from engine.model.errors import ConfigurationError


def failed() -> ValueError:
    try:
        raise ValueError("the caller said 4711")
    except ValueError as error:
        return error


def test_fault_of_ours_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    assert _logged(failed()) == 3
    assert "a fault of ours has ended the runner" in caplog.text
    assert "ValueError" in caplog.text
    assert "in failed" in caplog.text
    assert "4711" not in caplog.text.replace('raise ValueError("the caller said 4711")', "")


def test_what_is_wrong_is_one_line_with_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    assert _logged(ConfigurationError("It is wrong.", help="Mend it.\n  Or not.")) == 2
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.CRITICAL,
        "the runner does not run: It is wrong. Mend it. Or not.",
    )
