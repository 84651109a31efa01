"""The loader of shipped files, from a checkout (the wheel: tests/architecture/test_wheel.py)."""

import json

import pytest

from engine import resources


def test_names_of_a_folder_are_sorted_whole_and_readable() -> None:
    names = resources.names("schemas")
    assert names
    assert list(names) == sorted(names)
    assert all(name.startswith("schemas/") for name in names)
    assert all(json.loads(resources.read_text(name)) for name in names if name.endswith(".json"))


def test_names_of_a_subfolder_are_those_of_the_folder_below_it() -> None:
    below = [name for name in resources.names("schemas") if name.startswith("schemas/verbs/")]
    assert list(resources.names("schemas/verbs/")) == below


@pytest.mark.parametrize("name", ["", "engine/cli", "schemas/../pyproject.toml", "/etc/hosts", "pyproject.toml"])
def test_name_outside_of_the_shipped_folders_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not under"):
        resources.read_bytes(name)


def test_name_of_no_file_is_file_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        resources.read_bytes("schemas/nothing.json")
