"""Which journal is meant where none is named."""

from pathlib import Path

import pytest

from engine.cli import journals
from engine.model.errors import ConfigurationError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flows" / "environments" / ".offhook").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "flows" / "environments"


def an_environment(folder: Path, name: str, journal: str) -> None:
    text = f"environment: {name}\npublic_url: https://{name}.example.com\njournal: {journal}\n"
    (folder / f"{name}.env.yaml").write_text(text)


def test_the_only_journal_of_the_environments_is_meant(here: Path) -> None:
    an_environment(here, "local", "local.journal")
    an_environment(here, "office", "never-run.journal")
    (here / "broken.env.yaml").write_text("environment: [")
    (here / "local.journal").touch()
    assert journals.given(None) == Path("flows/environments/local.journal")


def test_journal_that_is_found_twice_is_one(here: Path) -> None:
    an_environment(here, "sandbox", ".offhook/sandbox.journal")
    (here / ".offhook" / "sandbox.journal").touch()
    assert journals.given(None) == Path("flows/environments/.offhook/sandbox.journal")


def test_of_several_journals_one_has_to_be_named(here: Path) -> None:
    an_environment(here, "local", "local.journal")
    (here / "local.journal").touch()
    (here / ".offhook" / "old.journal").touch()
    with pytest.raises(ConfigurationError) as found:
        journals.given(None)
    assert "flows/environments/.offhook/old.journal, flows/environments/local.journal" in str(found.value)


def test_where_there_is_none_that_is_said(here: Path) -> None:
    with pytest.raises(ConfigurationError) as found:
        journals.given(None)
    assert "Found here: none." in str(found.value)
