"""Every mistake in err/ is found at its place, nothing else is, and each message reads well (err/*.txt)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compile.corpus import compiled, expected, flows, found, named, shown

FLOWS = flows("err")


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_mistakes_are_found_where_they_are_marked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    diagnostics = compiled(path).diagnostics
    wanted, got = Counter(expected(text)), Counter(found(one) for one in diagnostics)
    lines = [f"missing:    {one}" for one in wanted - got]
    lines += [f"unexpected: {shown(text, one)}" for one in diagnostics if found(one) in got - wanted]
    if lines:
        pytest.fail("\n".join([str(path), *lines]), pytrace=False)


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_messages_are_as_reviewed(path: Path, golden: Callable[[Path, str], None]) -> None:
    text = path.read_text(encoding="utf-8")
    golden(
        path.with_name(f"{named(path)}.txt"), "\n\n".join(shown(text, one) for one in compiled(path).diagnostics) + "\n"
    )


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_mistakes_come_in_the_order_of_the_file_and_stop_the_compiler(path: Path) -> None:
    result = compiled(path)
    places = [one.span for one in result.diagnostics]
    assert places == sorted(places)
    assert (result.graph is None) == any(one.severity == "error" for one in result.diagnostics)


def test_the_corpus_is_there() -> None:
    assert len(FLOWS) > 30
