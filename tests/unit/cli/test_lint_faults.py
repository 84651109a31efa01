"""Files that cannot be checked: that is a finding, and no other file goes without its own."""

import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from engine.project import checking
from tests.lint.flow import small

WARNED = small("  a:\n    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n")


def falls(bundle: Bundle, **more: Any) -> tuple[Finding, ...]:
    """As a linter with a mistake of its own."""
    if bundle.flow == "odd":
        raise RecursionError("too deep")
    return lint(bundle, **more)


def status(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["offhook", "lint", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_file_that_goes_away_meanwhile(tmp_path: Path) -> None:
    for name in ("gone.flow.yaml", "gone.calendar.yaml"):
        found = checking.check(tmp_path / name, Settings()).findings
        assert [(one.code, one.message) for one in found] == [
            ("SYN009", "The file cannot be read: No such file or directory.")
        ]
        assert checking.fixed(tmp_path / name, Settings(), unsafe=True) is None


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_file_that_we_fall_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("small", "odd"):
        Path(f"{name}.flow.yaml").write_text(WARNED.replace("flow: small", f"flow: {name}"), encoding="utf-8")
    with monkeypatch.context() as mistaken:
        mistaken.setattr(checking, "lint", falls)
        assert status(monkeypatch, ".", "--fix", "--format", form) == 3
    out, err = capsys.readouterr()
    assert "a fault of ours (RecursionError)" in out
    assert "LNT002" in out
    assert "API012" in out
    assert err.endswith("RecursionError: too deep\n")
    assert status(monkeypatch, ".") == 1
    again = capsys.readouterr().out
    assert ("LNT002" in again, again.count("API012")) == (False, 2)
