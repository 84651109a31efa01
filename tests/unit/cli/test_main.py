"""Exit statuses: 2 for what the user can mend, 3 for a fault of ours."""

import pytest

from engine import cli
from engine.model.errors import ConfigurationError


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ConfigurationError("no", help="do"), 2, "offhook: no\n  do"),
        (ExceptionGroup("g", [ExceptionGroup("g", [ConfigurationError("no")])]), 2, "offhook: no"),
        (ZeroDivisionError("made up"), 3, "a fault of ours (ZeroDivisionError)"),
        (ExceptionGroup("g", [ConfigurationError("a"), ZeroDivisionError("b")]), 3, "a fault of ours (ExceptionGroup)"),
        (KeyboardInterrupt(), 130, ""),
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


def test_every_command_is_there_and_says_what_it_does() -> None:
    for name in cli._COMMANDS:
        command = cli.offhook.commands.get(name) or cli.offhook.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.help
