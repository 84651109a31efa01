"""Each rule finds what is marked in its fixtures, exactly there, and nothing in those that only look alike."""

import re
from pathlib import Path

import pytest

from engine.compile.located import Mapping, Node, Sequence
from engine.compile.yaml_reader import read
from engine.lint import registry
from tests.compile.corpus import expected
from tests.lint.corpus import HERE, cases_of, code, files, findings, marked, named

ERR, OK = files("err"), files("ok")
COMPILED = Path(__file__).parents[1] / "compile"
"""Where the compiler's own codes have theirs: err/ with marks, ok/ with flows in which nothing is found."""


@pytest.mark.parametrize("path", ERR, ids=named)
def test_rule_finds_what_is_marked(path: Path) -> None:
    texts = {str(one): one.read_text(encoding="utf-8") for one in (path, cases_of(path)) if one.exists()}
    wanted = {file: marks for file, text in texts.items() if (marks := sorted(expected(text)))}
    assert wanted
    found = [one for one in findings(path) if one.code == code(path)]
    assert {file: sorted(marked(one) for one in found if one.file == file) for file in wanted} == wanted
    assert {one.file for one in found} == set(wanted)


@pytest.mark.parametrize("path", OK, ids=named)
def test_rule_finds_nothing_in_what_only_looks_alike(path: Path) -> None:
    assert not [f"{one.span}: {one.message}" for one in findings(path) if one.code == code(path)]


@pytest.mark.parametrize("path", [*ERR, *OK], ids=named)
def test_fixture_compiles(path: Path) -> None:
    found = (one for one in findings(path) if registry.is_compilers(one.code, one.name))
    assert not [one.message for one in found if one.code not in ("STY006", code(path))]


@pytest.mark.parametrize("path", ERR, ids=named)
def test_finding_says_what_to_do_in_the_words_of_the_file(path: Path) -> None:
    for one in findings(path):
        assert one.message.endswith(".")
        assert one.help
        assert one.help.rstrip().endswith((".", "?", "reason"))
        assert not re.search(r" \.(?!\.)|\b1 (?:seconds|times)\b", f"{one.message} {one.help}")
        assert 0 <= one.start <= one.end <= len(Path(one.file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*ERR, *OK], ids=named)
def test_finding_names_a_place_that_is_in_the_document(path: Path) -> None:
    for one in findings(path):
        root, _ = read(one.file, Path(one.file).read_bytes())
        assert root is None or _leads_to_something(root, one.path), f"{one.code}: {one.path}"


@pytest.mark.parametrize("path", [*ERR, *sorted(COMPILED.glob("err/*.flow.yaml"))], ids=named)
def test_way_begins_at_the_start_and_each_step_has_its_line(path: Path) -> None:
    for one in findings(path):
        if one.witness:
            first, *between, last = one.witness
            assert (first, last.isidentifier() or last.startswith("finally.")) == ("start", True), one
            assert all("(line " in step for step in between if step != "resume"), one
            assert " > " not in one.message, one


def _leads_to_something(node: Node, path: str) -> bool:
    """Names of verbs have dots in them too."""
    if not path:
        return True
    children = [(key.text, value) for key, value in node.entries] if isinstance(node, Mapping) else []
    children += [(str(at), item) for at, item in enumerate(node.items)] if isinstance(node, Sequence) else []
    return any(
        f"{path}.".startswith(f"{name}.") and _leads_to_something(child, path[len(name) + 1 :])
        for name, child in children
    )


def test_every_rule_has_both_fixtures() -> None:
    rules = {module.RULE.code for module in registry.RULES}
    assert rules <= {code(path) for path in ERR}
    assert {code(path) for path in ERR} == {code(path) for path in OK} == {path.name for path in HERE.iterdir()}


@pytest.mark.parametrize(
    "page",
    [
        # TST008 is of a flow that is not there, and of LNT002 no file is known.
        one
        for one in registry.pages()
        if not one.elsewhere and one.code not in ("TST008", "LNT002")
    ],
    ids=lambda one: one.code + one.name,
)
def test_every_code_has_fixtures_with_its_place_marked_by_hand(page: registry.Page) -> None:
    marked_in = [path for path in (*ERR, *sorted(COMPILED.glob("err/*.flow.yaml"))) if _marks(path, page)]
    assert marked_in, f"{page.code} {page.name} has no marked place in a file below err/"
    fine = [path for path in OK if code(path) == page.code] or sorted(COMPILED.glob("ok/*.flow.yaml"))
    assert fine, f"{page.code} {page.name} has no file below ok/"


def _marks(path: Path, page: registry.Page) -> bool:
    files = [one for one in (path, cases_of(path)) if one.exists()]
    said = [one.said for file in files for one in expected(file.read_text(encoding="utf-8"))]
    return f"{page.code} {page.name}" in said
