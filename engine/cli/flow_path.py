"""A flow on the command line: by its file, or by its name."""

import os
from pathlib import Path
from typing import Any

import click

from engine.model.bundle import FLOW_SUFFIX

_FOLDERS = (Path("flows"), Path("flows", "lib"))


class FlowPath(click.Path):
    """A path, as a `Path`. Where nothing has it, `hello` and `hello.flow.yaml` are the flow of that name in `flows/` here, or in
    `flows/lib/`, if there is one."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if os.path.lexists(path) or path.parent != Path():
            return path
        named = [folder / f"{path.name.removesuffix(FLOW_SUFFIX)}{FLOW_SUFFIX}" for folder in _FOLDERS]
        return next((one for one in named if os.path.isfile(one)), path)
