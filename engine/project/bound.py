"""A flow from disk with its calendars, for those who need no more of an environment than that."""

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from engine.compile import compile_bundle
from engine.model.errors import ConfigurationError
from engine.model.graph import FlowGraph
from engine.project import flows


def compiled(path: Path, uses: Mapping[str, Any]) -> FlowGraph:
    """With the calendars that `uses` name. `ConfigurationError` where it does not compile."""
    graph = compile_bundle(flows.read(path, uses).bundle, file=str(path)).graph
    if graph is None:
        raise ConfigurationError(f"{path} does not compile.", help=f"`offhook lint {quote(str(path))}` shows why.")
    return graph
