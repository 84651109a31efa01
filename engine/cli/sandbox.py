"""`offhook sandbox`: the local platform by itself."""

import re
import signal
from typing import Any

import click

from engine.cli.logs import set_up
from engine.sandbox.service import Sandbox

_NUMBER = re.compile(r"\+[0-9]+|sips?:[^\s=]+")
_URL = re.compile(r"https?://[^\s/?#]\S*")


@click.command()
@click.option("--listen", default="127.0.0.1:8787", show_default=True, help="Host and port; port 0 takes a free one.")
@click.option(
    "--number",
    "numbers",
    multiple=True,
    metavar="NUMBER=URL",
    help="A number and the URL of its SWML, such as +15550100=http://127.0.0.1:8788/calls/inbound.",
)
@click.option("--project", default="sandbox", show_default=True, help="Project id that clients must show.")
@click.option("--token", default="sandbox-token", show_default=True, help="API token that clients must show.")
@click.option("--unscoped-token", default="", help="An API token that is answered 403: it lacks the voice scope.")
@click.option("--signing-key", default="", envvar="SIGNALWIRE_SIGNING_KEY", help="Signs SWML fetches and webhooks.")
@click.option(
    "--signed",
    type=click.Choice(["all", "swml", "none"]),
    default="all",
    show_default=True,
    help="What the signing key signs: all requests, or those for SWML only.",
)
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Faster prompts.")
@click.option(
    "--shape",
    type=click.Choice(["flat", "envelope"]),
    default="flat",
    show_default=True,
    help="Shape of the webhooks; both are documented.",
)
@click.option("--fabric-legs", is_flag=True, help="Answers tell of fabric legs, whose status is always null.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND:DO[:WHICH[:DELAY]]",
    help="What goes wrong, such as play.finished:drop:2 or calling.play:late:all:3s. May be given several times.",
)
@click.option("--rate", type=click.IntRange(min=1), help="POSTs in 10 seconds; beyond them 429. [default: no limit]")
@click.option(
    "--dials", type=click.FloatRange(min=0.01), help="Dialled calls that begin per second. [default: 1, with --rate]"
)
@click.option("--queue", type=click.IntRange(min=0), help="Dialled calls that may wait. [default: 10000, with --rate]")
@click.option("--seed", default="", help="Ids and chance are a function of it. [default: another one each time]")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any other option of the platform, such as overlap=mix; docs/assumptions.md lists them.",
)
def command(
    listen: str,
    numbers: tuple[str, ...],
    project: str,
    token: str,
    unscoped_token: str,
    signing_key: str,
    signed: Any,
    speed: float,
    seed: str,
    **platform: Any,
) -> None:
    """Serve the calling API, voice logs and webhooks over HTTP on this machine.

    POST /sandbox/calls {"to", "from", "caller": [...]} rings a number; GET /sandbox lists what else there is.

    \b
    Faults: KIND is a webhook's kind (play.finished, collect.digit, call.ended)
    or a command (calling.play, dial); * stands for anything. WHICH is 1, 2, ...,
    all, or a chance such as 10%; DELAY is 500ms or 3s. DO is, to a webhook,
    drop, duplicate, delay or reorder; to an answer, late, reset, execute_500 or
    execute_hang (the command is carried out), or 429, 500, html or hang (not);
    to play, record or collect itself, fail (it reports an error).
    """
    import anyio

    set_up("info")
    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise click.UsageError(f"--listen {listen}: want HOST:PORT")
    sandbox = Sandbox(
        host=host.strip("[]") or "127.0.0.1",
        port=int(port),
        project=project,
        token=token,
        unscoped_token=unscoped_token,
        numbers=dict(_route(one) for one in numbers),
        signing_key=signing_key,
        sign=signed,
        speed=speed,
        seed=seed,
        options=_options(**platform),
    )
    anyio.run(_serve, sandbox)


def _route(text: str) -> tuple[str, str]:
    number, equals, url = text.partition("=")
    if not equals:
        raise click.UsageError(f"--number {text}: want NUMBER=URL")
    if not _NUMBER.fullmatch(number):
        raise click.UsageError(f"--number {text}: {number or 'it'} is no number: want + and digits, or sip:...")
    if not _URL.fullmatch(url):
        raise click.UsageError(f"--number {text}: {url or 'it'} is no URL: want http://... or https://...")
    return number, url


def _options(
    *,
    shape: str,
    fabric_legs: bool,
    faults: tuple[str, ...],
    rate: int | None,
    dials: float | None,
    queue: int | None,
    options: tuple[str, ...],
) -> Any:
    """The options of the exchange; one that is given by name wins."""
    from engine.exchange.fault_text import FaultTextError, read_fault, read_options
    from engine.exchange.options import ExchangeOptions, Rate

    limits: dict[str, Any] = {"posts": rate, "dials_per_s": dials, "queued": queue}
    given = {name: value for name, value in limits.items() if value is not None}
    try:
        return ExchangeOptions(
            **{
                "webhook_shape": shape,
                "leg": "fabric_subscriber_device_leg" if fabric_legs else "by_address",
                "faults": tuple(read_fault(text) for text in faults),
                "rate": Rate(**given) if given else None,
                **read_options(list(options)),
            }
        )
    except FaultTextError as error:
        raise click.UsageError(str(error)) from None


async def _serve(sandbox: Sandbox) -> None:
    import anyio

    # Signals first: whoever reads the line may send one at once.
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with sandbox:
            click.echo(f"The sandbox listens on {sandbox.url} (project {sandbox.project}).")
            async for _ in signals:
                return
