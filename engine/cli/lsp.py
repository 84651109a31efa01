"""`offhook lsp`: the language server, for editors."""

from importlib.util import find_spec

import click

from engine.model.errors import ConfigurationError


@click.command()
@click.option("--stdio", is_flag=True, hidden=True, help="What editors add out of habit; it is so anyway.")
def command(stdio: bool) -> None:
    """Help an editor with flows: findings while you type, completion, hovers, definitions, renaming.

    Speaks the language server protocol over standard input and output. Editors start it; docs/editors.md says how.
    Needs the extra `lsp`.
    """
    if find_spec("pygls") is None:
        raise ConfigurationError(
            "The language server needs a package that is not installed.", help="Install it: pip install 'offhook[lsp]'"
        )
    from engine.lsp.requests import create

    create().start_io()
