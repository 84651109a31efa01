"""What the compiler says of a flow, where a command cannot go on without it."""

from collections.abc import Iterable

import click

from engine.cli.terminal import visible
from engine.model.diagnostics import Diagnostic


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """On stderr, a line each; with the advice under it."""
    for one in diagnostics:
        click.echo(line(one), err=True)
        if one.witness:
            click.echo(f"      way: {visible(' > '.join(one.witness))}", err=True)
        if one.help:
            click.echo(f"      help: {visible(one.help)}", err=True)


def line(one: Diagnostic) -> str:
    place = f"{visible(one.file)}:{one.span.line}:{one.span.column}"
    return f"{place}: {one.severity} {one.code} {one.name}: {visible(one.message)}"
