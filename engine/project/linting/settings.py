"""A project's settings from disk."""

import os
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from engine.lint.settings import Settings
from engine.model.errors import ConfigurationError, cannot_read
from engine.project import flows


def find(folder: Path) -> Settings:
    """Of the nearest `offhook.toml` or `pyproject.toml` with settings, from the folder up to the repository's root. A link that
    leads nowhere is one that cannot be read."""
    for one in (folder, *folder.parents):
        for name in ("offhook.toml", "pyproject.toml"):
            if os.path.lexists(one / name) and (found := load(one / name)) is not None:
                return found
        if is_root(one):
            return Settings(folder=str(one))
    return Settings(folder=str(folder))


def load(path: Path) -> Settings | None:
    """None for a `pyproject.toml` without any. The paths in it are seen from its folder."""
    try:
        text = flows.read_file(path).decode("utf-8-sig")
    except OSError as error:
        raise cannot_read(path, error) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8.", help="Save the file as UTF-8.") from None
    if path.name == "pyproject.toml" and "offhook" not in text:
        return None
    from engine.lint.reading_settings import read_settings  # and TOML with it: most projects have none

    found = read_settings(str(path), text)
    return None if found is None else structs.replace(found, folder=os.path.abspath(path.parent))


def naming(settings: Settings) -> Callable[[str], str]:
    """What baselines call a file: its path from the settings' folder, without links, whatever way it was typed."""
    top = os.path.realpath(settings.folder)

    def name(file: str) -> str:
        folder, last = os.path.split(os.path.join(settings.here, file))
        whole = Path(os.path.realpath(folder), last)
        return (whole.relative_to(top) if whole.is_relative_to(top) else whole).as_posix()

    return name


def is_root(folder: Path) -> bool:
    """Of a repository."""
    return os.path.exists(folder / ".git")
