"""`offhook test --generate`: cases for all transitions of a flow, as a file to look through."""

import sys
import time
from pathlib import Path

import click

from engine.model.errors import ConfigurationError

_SECONDS = 300.0


def write(flow: Path, output: Path | None) -> None:
    """Beside the flow as `<flow>.generated.test.yaml`; a file that is there is not written over."""
    from engine.project import generating
    from engine.project.flows import FLOW, name
    from engine.simulate.cases.case import SUFFIX

    if not flow.is_file():
        raise ConfigurationError(f"There is no flow file {flow}.", help="Name a file that ends in .flow.yaml.")
    if not flow.name.endswith(FLOW):
        raise ConfigurationError(f"{flow} is no flow file.", help=f"Name a file that ends in {FLOW}.")
    target = output or flow.with_name(f"{name(flow)}.generated{SUFFIX}")
    to_file = str(target) != "-"
    if to_file and target.exists():
        raise ConfigurationError(f"{target} is there already.", help="Delete it, or name another file: --output FILE.")
    began = time.monotonic()
    found = generating.run(flow, lambda places: _says(places, began) < _SECONDS)
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    if not to_file:
        click.echo(found.text, nl=False)
        return
    target.write_text(found.text, encoding="utf-8")
    proposal = found.proposal
    count = len(proposal.cases)
    covered = proposal.ways - len(proposal.missing)
    click.echo(
        f"{target}: {count} {'case' if count == 1 else 'cases'} for {covered} of {proposal.ways} outcomes, handlers and limits."
    )
    for one in proposal.missing:
        click.echo(f"    not taken: {one.said(found.flow)}")


def _says(places: int, began: float) -> float:
    lasted_s = time.monotonic() - began
    if sys.stderr.isatty():
        what = f"{places:,} situations" if places else "calls on which something goes wrong"
        click.echo(f"\r\033[K{what}, {lasted_s:.0f} s", nl=False, err=True)
    return lasted_s
