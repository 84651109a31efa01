"""`offhook dial`: an outbound call, by a runner's HTTP API."""

import os
from pathlib import Path

import click

from engine.model.errors import ConfigurationError


@click.command()
@click.argument("flow")
@click.option("--to", required=True, help="The number to call.")
@click.option("--from", "from_", default="", help="The number to call from. Default: the flow's, or the environment's.")
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input; it is read as the flow declares it."
)
@click.option("--runner", default="http://127.0.0.1:8788", show_default=True, envvar="OFFHOOK_RUNNER", help="Its URL.")
@click.option("--key", default="", help="An idempotency key: the same key never calls twice.")
def command(flow: str, to: str, from_: str, inputs: tuple[str, ...], runner: str, key: str) -> None:
    """Ask a runner to call somebody with FLOW (its name). Needs OFFHOOK_API_TOKEN, the runner's own.

    Prints the run's id. Exit status: 0 the run has started, 1 the runner refused, 2 no runner there.
    """
    from engine.calling.runs_api import start_run

    token = os.environ.get("OFFHOOK_API_TOKEN", "")
    if not token:
        raise ConfigurationError("OFFHOOK_API_TOKEN is not set.", help="Set it to the runner's own.")
    body = {"flow": Path(flow).name.removesuffix(".flow.yaml"), "to": to, "from": from_, "inputs": _inputs(inputs)}
    status, answer = start_run(runner, token, body, key)
    if status != 202:
        click.echo(f"offhook: the runner refused ({status}): {answer.get('error', answer)}", err=True)
        raise SystemExit(1)
    click.echo(answer["run"])


def _inputs(given: tuple[str, ...]) -> dict[str, str]:
    """Texts as they stand: the runner knows what the flow wants of them."""
    inputs: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"--input {one}: want NAME=VALUE")
        inputs[name] = value
    return inputs
