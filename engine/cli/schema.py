"""`offhook schema`: a JSON Schema in one piece, for editors."""

import json

import click

from engine.compile.bundled import bundled
from engine.resources import names

_FOLDER, _SUFFIX = "schemas/", ".schema.json"
KINDS = tuple(
    name.removeprefix(_FOLDER).removesuffix(_SUFFIX)
    for name in names("schemas")
    if "/" not in name.removeprefix(_FOLDER) and name.removeprefix(_FOLDER) not in ("common.schema.json",)
)


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
def command(kind: str) -> None:
    """Print the schema of a kind of file as one document, with all that it refers to inside."""
    click.echo(json.dumps(bundled(f"{kind}{_SUFFIX}"), indent=2, ensure_ascii=False))
