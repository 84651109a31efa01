"""The pages of the codes: they stand in docs/rules/ as they would be made now, and show what they say."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.lint import registry
from engine.lint.registry import Page
from engine.lint.run import lint
from engine.lint.settings import Settings
from tests.architecture.source import modules
from tests.docs import flows, rules
from tests.docs.test_complete import messages

PAGES = registry.pages()
RULES = [page for page in PAGES if page.rule is not None]
_SECTIONS = ["What it does", "Why", "Bad", "Good", "Limits", "Source"]
_BLOCK = re.compile(r"^## (Bad|Good)\n```yaml[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def named(page: Page) -> str:
    return f"{page.code}-{page.name}"


def test_pages_are_up_to_date(golden: Callable[[Path, str], None]) -> None:
    for path, text in rules.pages().items():
        golden(path, text)
    assert {*rules.FOLDER.glob("*.md")} == {*rules.pages()}


def test_every_code_of_the_compiler_has_a_page() -> None:
    assert messages() <= {(page.code, page.name) for page in PAGES}


def test_no_page_is_left_of_a_code_that_nobody_reports() -> None:
    reported = messages() | {(rule.code, rule.name) for rule in registry.BY_CODE.values()}
    assert {(page.code, page.name) for page in PAGES if not page.elsewhere} - reported == {
        ("STY006", "ignore-without-use"),
        ("LNT001", "out-of-time"),
        ("LNT002", "fault-of-ours"),
        ("TST008", "no-flow"),
    }


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_page_has_all_sections_in_order(page: Page) -> None:
    assert re.findall(r"^## (.*)$", page.text, re.MULTILINE) == _SECTIONS
    assert page.text.partition("\n")[0].endswith(".")


@pytest.mark.parametrize("page", [page for page in RULES if not page.code.startswith("TST")], ids=named)
def test_examples_of_a_rule_show_its_mistake_and_its_absence(page: Page) -> None:
    examples = dict(_BLOCK.findall(page.text))
    assert page.code in codes(examples["Bad"])
    assert page.code not in codes(examples["Good"])


def codes(text: str) -> set[str]:
    name, whole = flows.stubbed(text)
    return {one.code for one in lint(flows.bundle(name, whole), file=name, settings=Settings())}


def test_rules_are_listed_named_and_numbered_alike() -> None:
    found = [module for module in modules() if module.name.startswith("engine.lint.rules.")]
    listed = {module.RULE.code: module.RULE for module in registry.RULES}
    assert len(listed) == len(registry.RULES) == len(found)
    for module in found:
        code, _, name = module.path.stem.partition("_")
        assert listed[code.upper()].name == name.replace("_", "-")


def test_options_have_names_of_their_own() -> None:
    names = [name for rule in registry.BY_CODE.values() for name in rule.options]
    assert len(names) == len({*names})


def test_fixable_rules_are_those_that_make_fixes() -> None:
    for module in (one for one in modules() if one.name.startswith("engine.lint.rules.")):
        rule = registry.BY_CODE[module.path.stem.partition("_")[0].upper()]
        makes = any(isinstance(node, ast.Name) and node.id == "Fix" for node in ast.walk(module.tree))
        assert makes == (rule.fixability != "none"), rule.code
