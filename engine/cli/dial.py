"""`offhook dial`: an outbound call, or one for each row of a file, by a runner's HTTP API."""

from pathlib import Path
from typing import Any

import click

from engine.cli import runner_url
from engine.model.bundle import FLOW_SUFFIX


@click.command()
@click.argument("flow")
@click.option("--to", default="", help="The number to call.")
@click.option(
    "--from-csv",
    type=click.Path(path_type=Path),
    help="Call everybody in this file: columns `to`, `from`, and the flow's inputs.",
)
@click.option("--from", "from_", default="", help="The number to call from. Default: the flow's, or the environment's.")
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input; it is read as the flow declares it."
)
@runner_url.option
@click.option("--key", default="", help="An idempotency key: the same key never calls twice.")
@click.option(
    "--batch", default="", help="With --from-csv: the same batch never calls a row twice. [default: the file's]"
)
@click.option("--rate", type=click.FloatRange(0.001), help="With --from-csv: rows per second at the most.")
@click.option("--wait", is_flag=True, help="With --from-csv: outside the flow's hours, wait until they begin.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), help="With --from-csv. [default: text]")
def command(
    flow: str, to: str, from_csv: Path | None, from_: str, inputs: tuple[str, ...], runner: str, key: str, **batch: Any
) -> None:
    """Ask a runner to call somebody with FLOW (its name). Needs OFFHOOK_API_TOKEN, the runner's own.

    Prints the run's id; with --from-csv, how many rows have been accepted. Given again with the same file, that goes on
    where it was stopped. Exit status: 0 the run has started, or all have; 1 the runner refused, or a row has no run;
    2 no runner there, or nothing was asked for; 130 stopped by Ctrl-C.
    """
    name = Path(flow).name.removesuffix(FLOW_SUFFIX)
    _check(to, from_csv, bool(inputs or key), [option for option, value in batch.items() if value])
    with runner_url.api(runner) as api:
        if from_csv is not None:
            from engine.cli.dial_csv import Options, dial_csv

            given = {option: value for option, value in batch.items() if value}
            raise SystemExit(dial_csv(api, Options(flow=name, path=from_csv, from_=from_, **given)))
        told = api.start({"flow": name, "to": to, "from": from_, "inputs": _inputs(inputs)}, key)
    if told.status != 202:
        click.echo(f"offhook: the runner refused ({told.status}): {told.error}", err=True)
        raise SystemExit(1)
    click.echo(told.answer["run"])


def _check(to: str, from_csv: Path | None, single: bool, batch: list[str]) -> None:
    if bool(to) == bool(from_csv):
        raise click.UsageError("Who is to be called? Give either --to NUMBER or --from-csv FILE.")
    if from_csv and single:
        raise click.UsageError("--input and --key go with --to. With --from-csv an input is a column.")
    if to and batch:
        raise click.UsageError(f"--{'format' if batch[0] == 'form' else batch[0]} goes with --from-csv.")


def _inputs(given: tuple[str, ...]) -> dict[str, str]:
    """Texts as they stand: the runner knows what the flow wants of them."""
    inputs: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"--input {one}: want NAME=VALUE")
        inputs[name] = value
    return inputs
