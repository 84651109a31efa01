"""`offhook sandbox`: the local platform by itself."""

import signal

import click

from engine.cli.logs import set_up
from engine.sandbox.service import Sandbox


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
@click.option("--signing-key", default="", envvar="SIGNALWIRE_SIGNING_KEY", help="Signs SWML fetches and webhooks.")
@click.option("--speed", type=click.FloatRange(0.1, 100), default=1.0, show_default=True, help="Faster prompts.")
def command(listen: str, numbers: tuple[str, ...], project: str, token: str, signing_key: str, speed: float) -> None:
    """Serve the calling API, voice logs and webhooks over HTTP on this machine.

    POST /sandbox/calls {"to", "from", "caller": [...]} rings a number; GET /sandbox lists what else there is.
    """
    import anyio

    set_up("info")
    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise click.UsageError(f"--listen {listen}: want HOST:PORT")
    routes = {}
    for one in numbers:
        number, equals, url = one.partition("=")
        if not equals:
            raise click.UsageError(f"--number {one}: want NUMBER=URL")
        routes[number] = url
    sandbox = Sandbox(
        host=host.strip("[]") or "127.0.0.1",
        port=int(port),
        project=project,
        token=token,
        numbers=routes,
        signing_key=signing_key,
        speed=speed,
    )
    anyio.run(_serve, sandbox)


async def _serve(sandbox: Sandbox) -> None:
    import anyio

    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with sandbox:
            click.echo(f"The sandbox listens on {sandbox.url} (project {sandbox.project}).")
            async for _ in signals:
                return
