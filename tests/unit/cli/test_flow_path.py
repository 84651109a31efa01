"""A flow is named by its file, or by its name where it stands in `flows/`."""

from pathlib import Path

import click
import pytest

from engine.cli.flow_path import FlowPath


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
    assert FlowPath().convert(given, None, click.Context(click.Command("graph"))) == Path(meant)
