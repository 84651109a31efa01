"""Every mistake in err/ is found at its place, nothing else is, and each message reads well (err/*.txt)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compile.corpus import compiled, expected, flows, found, named, shown, texts

FLOWS = flows("err")


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_mistakes_are_found_where_they_are_marked(path: Path) -> None:
    diagnostics = compiled(path).diagnostics
    lines: list[str] = []
    for file, text in texts(path, diagnostics).items():
        here = [one for one in diagnostics if one.file == file]
        wanted, got = Counter(expected(text)), Counter(found(one) for one in here)
        lines += [f"missing in {file}: {one}" for one in wanted - got]
        lines += [f"unexpected: {shown(text, one, file)}" for one in here if found(one) in got - wanted]
    if lines:
        pytest.fail("\n".join([str(path), *lines]), pytrace=False)


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_messages_are_as_reviewed(path: Path, golden: Callable[[Path, str], None]) -> None:
    diagnostics = compiled(path).diagnostics
    read = texts(path, diagnostics)
    told = [shown(read[one.file], one, one.file if one.file != path.name else "") for one in diagnostics]
    golden(path.with_name(f"{named(path)}.txt"), "\n\n".join(told) + "\n")


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_mistakes_come_in_the_order_of_the_file_and_stop_the_compiler(path: Path) -> None:
    result = compiled(path)
    places = [one.span for one in result.diagnostics if one.file == path.name]
    assert places == sorted(places)
    assert (result.graph is None) == any(one.severity == "error" for one in result.diagnostics)


def test_the_corpus_is_there() -> None:
    assert len(FLOWS) > 30
