"""Files on the command line that have names: `hello` for the flow `flows/hello.flow.yaml`, `local` for an environment."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from engine.model.bundle import FLOW_SUFFIX, TEST_SUFFIX

ENVIRONMENT_SUFFIX = ".env.yaml"
ENVIRONMENTS = Path("flows", "environments")


class _NamedPath(click.Path):
    """A path, as a `Path`. Where nothing has it, `hello` and `hello<suffix>` are the file of that name in the first of the
    folders that has one, as seen from here."""

    def __init__(self, suffix: str, folders: Iterable[Path]) -> None:
        super().__init__(path_type=Path)
        self._suffix = suffix
        self._folders = tuple(folders)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if os.path.lexists(path) or path.parent != Path():
            return path
        named = [folder / f"{path.name.removesuffix(self._suffix)}{self._suffix}" for folder in self._folders]
        return next((one for one in named if os.path.isfile(one)), path)


_FLOWS = (Path("flows"), Path("flows", "lib"))
FLOW = _NamedPath(FLOW_SUFFIX, _FLOWS)
TEST = _NamedPath(TEST_SUFFIX, _FLOWS)
ENVIRONMENT = _NamedPath(ENVIRONMENT_SUFFIX, (ENVIRONMENTS,))
