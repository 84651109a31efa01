"""Which journal is meant."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from engine.cli.named_paths import ENVIRONMENT_SUFFIX, ENVIRONMENTS
from engine.model.errors import ConfigurationError

option = click.option(
    "--journal",
    "-j",
    type=click.Path(path_type=Path),
    help="The journal's file. Default: the only one of flows/environments/, or under .offhook/.",
)


def given(journal: Path | None) -> Path:
    """The one that was named, else the only one; `ConfigurationError` when there is none or more than one."""
    return journal or _the_only()


def _the_only() -> Path:
    found = sorted({path.resolve(): path for path in _here()}.values())
    if len(found) == 1:
        return found[0]
    named = ", ".join(str(path) for path in found) or "none"
    raise ConfigurationError(f"Which journal? Found here: {named}.", help="Name it: --journal FILE.")


def _here() -> Iterator[Path]:
    """Those that the environments name, and those that stand where journals usually stand."""
    from engine.project.environment import journal_of

    for environment in ENVIRONMENTS.glob(f"*{ENVIRONMENT_SUFFIX}"):
        with suppress(ConfigurationError):  # which the runner tells
            if (journal := journal_of(environment)).is_file():
                yield _from_here(journal)
    for folder in (Path(".offhook"), ENVIRONMENTS / ".offhook"):
        yield from folder.glob("*.journal")


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
