"""Exit statuses: 2 for what the user can mend, 3 for a fault of ours."""

import click
import pytest

from engine import cli
from engine.model.errors import ConfigurationError


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ConfigurationError("no", help="do"), 2, "offhook: no\n  do"),
        (ConfigurationError("There is no \x1b[2J."), 2, r"offhook: There is no \x1b[2J."),
        (ExceptionGroup("g", [ExceptionGroup("g", [ConfigurationError("no")])]), 2, "offhook: no"),
        (ZeroDivisionError("made up"), 3, "a fault of ours (ZeroDivisionError)"),
        (ExceptionGroup("g", [ConfigurationError("a"), ZeroDivisionError("b")]), 3, "a fault of ours (ExceptionGroup)"),
        (KeyboardInterrupt(), 130, ""),
        (BaseExceptionGroup("g", [KeyboardInterrupt()]), 130, ""),
        (click.Abort(), 130, ""),
        (click.UsageError("no such thing"), 2, "Error: no such thing"),
        (click.FileError("a", "no"), 2, "Could not open file"),
    ],
)
def test_main_error_is_a_status_and_words(
    error: BaseException, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "offhook", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    err = capsys.readouterr().err
    assert ended.value.code == status
    assert said in err
    assert ("Traceback" in err) == (status == 3)


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--version"], 0), (["--help"], 0), (["lint", "-h"], 0), (["lnit"], 2), ([], 2)]
)
def test_main_ends_with_the_status_of_the_command(
    arguments: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["offhook", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code or 0) == status
    said = capsys.readouterr()
    assert bool(said.out) == (status == 0)
    assert bool(said.err) == (status == 2)


def test_every_command_is_there_and_says_what_it_does() -> None:
    for name in cli._COMMANDS:
        command = cli.offhook.commands.get(name) or cli.offhook.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.help
