"""`offhook sandbox`: what its options become, and what it says of those that cannot be read."""

from typing import Any

import pytest
from click.testing import CliRunner

from engine.cli import sandbox
from engine.exchange.faults import Fault
from engine.exchange.options import ExchangeOptions, Rate


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The sandboxes that the command would have served."""
    found: list[Any] = []

    async def serve(one: Any) -> None:
        found.append(one)

    monkeypatch.setattr(sandbox, "_serve", serve)
    return found


def options_of(served: list[Any], *arguments: str) -> ExchangeOptions:
    result = CliRunner().invoke(sandbox.command, ["--listen", "127.0.0.1:0", *arguments])
    assert result.exit_code == 0, result.output
    options: ExchangeOptions = served[0].switch.state.options
    return options


def test_without_options_the_platform_is_as_it_is(served: list[Any]) -> None:
    assert options_of(served) == ExchangeOptions()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--shape", "envelope"], {"webhook_shape": "envelope"}),
        (["--fabric-legs"], {"leg": "fabric_subscriber_device_leg"}),
        (
            ["--fault", "play.finished:drop:2", "--fault", "dial:500"],
            {"faults": (Fault(kind="play.finished", do="drop", nth=2), Fault(kind="dial", do="500"))},
        ),
        (["--rate", "5"], {"rate": Rate(posts=5)}),
        (["--dials", "2", "--queue", "3"], {"rate": Rate(dials_per_s=2.0, queued=3)}),
        (["--option", "overlap=mix", "--option", "answer_after_ms=5"], {"overlap": "mix", "answer_after_ms": 5}),
        (["--number", "+1=http://flows.test/a=b"], {"numbers": {"+1": "http://flows.test/a=b"}}),
    ],
)
def test_option_becomes_the_platform_s(served: list[Any], arguments: list[str], expected: dict[str, Any]) -> None:
    assert options_of(served, *arguments) == ExchangeOptions(**expected)


def test_seed_decides_ids_and_chance(served: list[Any]) -> None:
    options_of(served, "--seed", "monday")
    assert served[0].switch.state.seed == "monday"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fault", "play.finished"],
        ["--fault", "play.finished:explode"],
        ["--option", "overlap=sing"],
        ["--option", "colour=red"],
        ["--number", "+1"],
        ["--number", "foo=http://flows.test"],
        ["--number", "+1=bar"],
        ["--number", "+1=ftp://flows.test"],
        ["--fault", "play.finshed:drop"],
        ["--option", "ending_ms=-5"],
        ["--listen", "nowhere"],
        ["--signed", "some"],
        ["--rate", "0"],
    ],
)
def test_option_that_cannot_be_read_is_wrong_usage(served: list[Any], arguments: list[str]) -> None:
    result = CliRunner().invoke(sandbox.command, arguments)
    assert result.exit_code == 2
    assert "Error:" in result.output
    assert served == []
