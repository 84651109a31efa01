"""Each rule finds what is marked in its fixtures, exactly there, and nothing in those that only look alike."""

from pathlib import Path

import pytest

from engine.lint import registry
from tests.compile.corpus import expected
from tests.lint.corpus import HERE, code, findings, flows, marked, named

ERR, OK = flows("err"), flows("ok")


@pytest.mark.parametrize("path", ERR, ids=named)
def test_rule_finds_what_is_marked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = sorted(expected(text))
    assert wanted
    assert sorted(marked(one) for one in findings(path) if one.code == code(path)) == wanted


@pytest.mark.parametrize("path", OK, ids=named)
def test_rule_finds_nothing_in_what_only_looks_alike(path: Path) -> None:
    assert not [f"{one.span}: {one.message}" for one in findings(path) if one.code == code(path)]


@pytest.mark.parametrize("path", [*ERR, *OK], ids=named)
def test_fixture_compiles(path: Path) -> None:
    found = (one for one in findings(path) if registry.is_compilers(one.code, one.name))
    assert not [one.message for one in found if one.code != "STY006"]


@pytest.mark.parametrize("path", ERR, ids=named)
def test_finding_says_what_to_do_in_the_words_of_the_file(path: Path) -> None:
    for one in findings(path):
        assert one.message.endswith(".")
        assert one.help
        assert one.help.rstrip().endswith((".", "?", "reason"))
        assert 0 <= one.start <= one.end <= len(path.read_text(encoding="utf-8"))


def test_every_rule_has_both_fixtures() -> None:
    rules = {module.RULE.code for module in registry.RULES} | {"STY006"}
    assert {code(path) for path in ERR} == rules
    assert {code(path) for path in OK} == rules
    assert {path.name for path in HERE.iterdir()} == rules
