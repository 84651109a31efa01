"""Flow files and what stands beside them, as bundles."""

import os
from pathlib import Path

import pytest

from engine.model.errors import ConfigurationError
from engine.project import flows

REDIRECT = "flow: a\nlanguage: 1\nstart: go\nsteps:\n  go:\n    redirect:\n      swml: desk.yaml\n"


def test_find_folders_and_files_sorted_and_once(tmp_path: Path) -> None:
    for name in ("b.flow.yaml", "a.flow.yaml", "deep/c.flow.yaml", "other.yaml", "folder.flow.yaml/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = flows.find([tmp_path, tmp_path / "a.flow.yaml", tmp_path / "other.yaml"])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "a.flow.yaml",
        "b.flow.yaml",
        "deep/c.flow.yaml",
        "other.yaml",
    ]


def test_find_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        flows.find([tmp_path / "nowhere"])


def test_read_takes_the_files_that_the_flow_refers_to_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(REDIRECT)
    (tmp_path / "swml").mkdir()
    (tmp_path / "swml" / "desk.yaml").write_text("version: 1.0.0\n")
    (tmp_path / "swml" / "other.yaml").write_text("version: 1.0.0\n")
    found = flows.read(tmp_path / "a.flow.yaml")
    assert found.bundle.flow == "a"
    assert sorted(found.bundle.files) == ["a.flow.yaml", "swml/desk.yaml"]


def test_read_by_a_path_that_goes_up_finds_what_stands_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(REDIRECT)
    (tmp_path / "swml").mkdir()
    (tmp_path / "swml" / "desk.yaml").touch()
    found = flows.read(tmp_path / "swml" / ".." / "a.flow.yaml")
    assert sorted(found.bundle.files) == ["a.flow.yaml", "swml/desk.yaml"]


def test_read_missing_file_beside_it_is_left_to_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "a.flow.yaml").write_text(REDIRECT)
    assert sorted(flows.read(tmp_path / "a.flow.yaml").bundle.files) == ["a.flow.yaml"]


def test_read_refers_to_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    (tmp_path / "in" / "swml").mkdir(parents=True)
    path = tmp_path / "in" / "a.flow.yaml"
    for reference in ("../../secret", "/etc/hostname", "../swml/../../secret"):
        path.write_text(REDIRECT.replace("desk.yaml", reference))
        assert sorted(flows.read(path).bundle.files) == ["a.flow.yaml"], reference


@pytest.mark.parametrize(("name", "flow"), [("a.flow.yaml", "a"), ("a.yaml", "a"), ("x.y.flow.yaml", "x.y")])
def test_name_of_a_file_is_the_flows(name: str, flow: str) -> None:
    assert flows.name(Path(name)) == flow


def test_find_what_is_neither_file_nor_folder_is_an_error_and_passed_over_in_folders(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.flow.yaml")
    assert flows.find([tmp_path]) == []
    for path in (tmp_path / "pipe.flow.yaml", Path("/dev/null")):
        with pytest.raises(ConfigurationError, match="is not a regular file"):
            flows.find([path])
