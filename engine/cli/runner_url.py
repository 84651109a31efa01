"""Where a command finds the runner, and what it shows to be let in."""

import os
from typing import TYPE_CHECKING

import click

from engine.model.errors import ConfigurationError

if TYPE_CHECKING:
    from engine.calling.runs_api import RunsApi

option = click.option(
    "--runner", default="http://127.0.0.1:8788", show_default=True, envvar="OFFHOOK_RUNNER", help="The runner's URL."
)


def api(url: str) -> "RunsApi":
    """The runner's API; `ConfigurationError` when the token is not set."""
    from engine.calling.runs_api import RunsApi

    token = os.environ.get("OFFHOOK_API_TOKEN", "")
    if not token:
        raise ConfigurationError("OFFHOOK_API_TOKEN is not set.", help="Set it to the runner's own.")
    return RunsApi(url, token)
