"""The tests of flows in pytest: each case of a `*.test.yaml` is a test. pytest finds this by its entry point."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

if TYPE_CHECKING:
    from engine.project.testing import Result, Tested
    from engine.testing.playing import PlayFlow

SUFFIX = ".test.yaml"
"""As `engine.simulate.cases.case.SUFFIX`, which takes the compiler to import."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return FlowTests.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


@pytest.fixture
def play_flow(request: pytest.FixtureRequest) -> "PlayFlow":
    """Plays calls through flows, for tests in Python: `play_flow("flows/hello.flow.yaml", caller=[...])` gives the
    `Outcome`. Paths are from pytest's root; the keywords are the keys of a case."""
    from engine.testing.playing import PlayFlow

    return PlayFlow(request.config.rootpath)


class FlowTests(pytest.File):
    """A test file: its cases, and whether it has mistakes."""

    @cached_property
    def tested(self) -> "Tested":
        """All of its cases, run when the first of them is asked for: together they take some milliseconds."""
        from engine.project.testing import run

        return run(self.path)

    def collect(self) -> Iterator[pytest.Item]:
        from engine.simulate.cases import reading
        from engine.simulate.cases.case import flow_of

        found = reading.read(str(self.path), flow_of(self.path.name), self.path.read_bytes())
        yield SoundFile.from_parent(self, name="is sound")
        for case in found.cases:
            yield FlowCase.from_parent(self, name=case.name)


class Failed(Exception):
    """A case that failed, or a file with mistakes: its first failure, which is what summaries name, and the whole `text`."""

    def __init__(self, first: str, text: str) -> None:
        super().__init__(first)
        self.text = text


class _Item(pytest.Item):
    @property
    def tested(self) -> "Tested":
        assert isinstance(self.parent, FlowTests)
        return self.parent.tested

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, Failed):
            return self._plain_or_coloured(f"{excinfo.value}\n{excinfo.value.text}")
        return str(super().repr_failure(excinfo))

    def _plain_or_coloured(self, text: str) -> str:
        """Colours for a terminal alone: reports and pipes get none."""
        coloured = self.config.get_terminal_writer().hasmarkup and not self.config.getoption("xmlpath", None)
        return text if coloured else click.unstyle(text)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class SoundFile(_Item):
    def runtest(self) -> None:
        from engine.cli.tested_text import wrong

        if self.tested.has_errors:
            first = next(one for one in self.tested.diagnostics if one.severity == "error")
            raise Failed(f"{first.span.line}: {first.code} {first.message}", "\n".join(wrong(self.tested)))


class FlowCase(_Item):
    def runtest(self) -> None:
        from engine.cli.tested_text import failed

        result = self._result()
        if result is None:
            pytest.skip("the case has a mistake, which `is sound` shows")
        elif not result.passed:
            first = result.failures[0]
            raise Failed(f"{first.at.line}: {first.message}", "\n".join(failed(self.tested, result)))

    def _result(self) -> "Result | None":
        return next((one for one in self.tested.results if one.case == self.name), None)
