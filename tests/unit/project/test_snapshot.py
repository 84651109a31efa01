"""A folder that may be written while it is read."""

import os
from pathlib import Path

import pytest

from engine.model.errors import ConfigurationError
from engine.project.snapshot import look, read, settled

FLOW = "flow: a\nlanguage: 1\nstart: go\nsteps:\n  go:\n    redirect: {swml: desk.yaml}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "swml").mkdir()
    (tmp_path / "a.flow.yaml").write_text(FLOW)
    (tmp_path / "swml" / "desk.yaml").write_text("sections: {main: []}\n")
    return tmp_path


def still(_: float) -> None:
    """Nobody writes meanwhile."""


def test_snapshot_has_the_files_of_each_flow(folder: Path) -> None:
    found = settled(folder, {}, still)
    assert found is not None
    (flow,) = found.flows
    assert sorted(flow.bundle.files) == ["a.flow.yaml", "swml/desk.yaml"]
    assert sorted(found.looks) == [str(folder / "a.flow.yaml"), str(folder / "swml" / "desk.yaml")]


@pytest.mark.parametrize("name", ["a.flow.yaml", "swml/desk.yaml", "b.flow.yaml", "calendars/new.calendar.yaml"])
def test_folder_that_is_being_written_gives_no_snapshot(folder: Path, name: str) -> None:
    def written(_: float) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(FLOW[: len(FLOW) // 2])

    assert settled(folder, {}, written) is None


def test_file_that_is_replaced_by_one_of_the_same_size_and_time_looks_different(folder: Path) -> None:
    before = look(folder)
    path = folder / "a.flow.yaml"
    other = folder / "new"
    other.write_text(FLOW.replace("desk", "disk"))
    times = path.stat()
    other.replace(path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert look(folder) != before


def test_files_that_no_flow_is_made_of_are_not_looked_at(folder: Path) -> None:
    before = look(folder)
    (folder / ".a.flow.yaml.swp").write_text("an editor's")
    (folder / "notes.txt").write_text("somebody's")
    assert look(folder) == before


def test_hidden_folders_are_passed_over_and_links_into_them_are_followed(folder: Path) -> None:
    (folder / "..version_1").mkdir()
    (folder / "a.flow.yaml").rename(folder / "..version_1" / "a.flow.yaml")
    (folder / "a.flow.yaml").symlink_to(folder / "..version_1" / "a.flow.yaml")
    found = read(folder, {})
    assert [one.file for one in found.flows] == [str(folder / "a.flow.yaml")]
    before = look(folder)
    assert sorted(before) == [str(folder / "a.flow.yaml"), str(folder / "swml" / "desk.yaml")]
    (folder / "..version_1" / "a.flow.yaml").write_text(FLOW + "# new\n")
    assert look(folder) != before


def test_flows_that_others_call_are_part_of_those_and_none_of_their_own(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "ring.flow.yaml").write_text(
        "flow: ring\nlanguage: 1\nstart: go\nsteps:\n  go:\n    return: rung\n"
    )
    (folder / "b.flow.yaml").write_text(
        "flow: b\nlanguage: 1\nstart: go\nsteps:\n  go:\n    subflow: {flow: ring}\n    next: over\n  over:\n    end: done\n"
    )
    found = read(folder, {})
    assert [one.bundle.flow for one in found.flows] == ["a", "b"]
    assert "lib/ring.flow.yaml" in found.flows[1].bundle.files
    assert str(folder / "lib" / "ring.flow.yaml") in found.looks


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    assert look(tmp_path / "gone") == {}
    with pytest.raises(ConfigurationError):
        read(tmp_path / "gone", {})


def test_file_that_cannot_be_read_hides_no_other(folder: Path) -> None:
    (folder / "b.flow.yaml").symlink_to(folder / "nowhere")
    (folder / "c.flow.yaml").write_text("")
    assert [one.bundle.flow for one in read(folder, {}).flows] == ["a", "c"]
