"""`offhook schema`: a JSON Schema in one piece, for editors."""

import json

import click

from engine.compile.bundled import bundled

KINDS = ("flow", "test", "calendar", "environment")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
def command(kind: str) -> None:
    """Print the schema of a kind of file as one document, with all that it refers to inside."""
    click.echo(json.dumps(bundled(f"{kind}.schema.json"), indent=2, ensure_ascii=False))
