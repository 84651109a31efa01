"""A project's settings from disk."""

import os
from pathlib import Path

from engine.lint.settings import Settings
from engine.model.errors import ConfigurationError


def find(folder: Path) -> Settings:
    """Of the nearest `offhook.toml` or `pyproject.toml` with settings, from the folder up to the repository's root."""
    for one in (folder, *folder.parents):
        for name in ("offhook.toml", "pyproject.toml"):
            if os.path.isfile(one / name) and (found := load(one / name)) is not None:
                return found
        if is_root(one):
            break
    return Settings()


def load(path: Path) -> Settings | None:
    """None for a `pyproject.toml` without any."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.", help="Check the path.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8.", help="Save the file as UTF-8.") from None
    if path.name == "pyproject.toml" and "offhook" not in text:
        return None
    from engine.lint.reading_settings import read_settings  # and TOML with it: most projects have none

    return read_settings(str(path), text)


def is_root(folder: Path) -> bool:
    """Of a repository."""
    return os.path.exists(folder / ".git")
