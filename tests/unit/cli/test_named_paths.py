"""A flow or an environment is named by its file, or by its name where it stands in its folder."""

from pathlib import Path

import click
import pytest

from engine.cli import named_paths


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("hello", "flows/hello.flow.yaml"),
        ("hello.flow.yaml", "flows/hello.flow.yaml"),
        ("pin", "flows/lib/pin.flow.yaml"),
        ("flows/hello.flow.yaml", "flows/hello.flow.yaml"),
        ("here.flow.yaml", "here.flow.yaml"),
        ("helo", "helo"),
        ("elsewhere/hello", "elsewhere/hello"),
    ],
)
def test_flow_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, meant: str) -> None:
    for path in ("flows/hello.flow.yaml", "flows/lib/pin.flow.yaml", "flows/here.flow.yaml", "here.flow.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    monkeypatch.chdir(tmp_path)
    assert named_paths.FLOW.convert(given, None, click.Context(click.Command("graph"))) == Path(meant)


def test_tests_are_found_by_the_name_of_their_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/hello.test.yaml").touch()
    monkeypatch.chdir(tmp_path)
    found = named_paths.TEST.convert("hello", None, click.Context(click.Command("test")))
    assert found == Path("flows/hello.test.yaml")


def test_environment_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("flows/environments/local.env.yaml")
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).touch()
    monkeypatch.chdir(tmp_path)
    assert named_paths.ENVIRONMENT.convert("local", None, click.Context(click.Command("run"))) == path
    assert named_paths.ENVIRONMENT.convert("office", None, click.Context(click.Command("run"))) == Path("office")
