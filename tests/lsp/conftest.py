"""One server for the tests of a module: they close what they open."""

from collections.abc import Iterator

import pytest

from tests.lsp.editor import Editor
from tests.lsp.project import make


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with Editor(make(tmp_path_factory.mktemp("project"))) as editor:
        yield editor


@pytest.fixture
def editor(started: Editor) -> Iterator[Editor]:
    yield started
    started.close_all()
