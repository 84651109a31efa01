"""Which journal is meant."""

from pathlib import Path

import click

from engine.model.errors import ConfigurationError

option = click.option(
    "--journal",
    "-j",
    type=click.Path(path_type=Path),
    help="The journal's file. Default: the only *.journal under .offhook/ or flows/environments/.offhook/.",
)


def given(journal: Path | None) -> Path:
    """The one that was named, else the only one; `ConfigurationError` when there is none or more than one."""
    return journal or _the_only()


def _the_only() -> Path:
    folders = (Path(".offhook"), Path("flows/environments/.offhook"))
    found = [path for folder in folders for path in sorted(folder.glob("*.journal"))]
    if len(found) == 1:
        return found[0]
    named = ", ".join(str(path) for path in found) or "none"
    raise ConfigurationError(f"Which journal? Found here: {named}.", help="Name it: --journal FILE.")
