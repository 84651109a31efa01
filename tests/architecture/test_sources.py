"""Habits that a machine can check: docstrings, sizes, nothing left undone."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Module, modules

MAX_LINES = 400
UNDONE = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
ENGINE = modules()
TEXTS = (".py", ".md", ".yaml", ".json", ".toml")


def named(value: Module | Path) -> str:
    return str(value.path if isinstance(value, Module) else value)


@pytest.mark.parametrize("module", ENGINE, ids=named)
def test_module_has_a_docstring(module: Module) -> None:
    if not ast.get_docstring(module.tree):
        pytest.fail(f"{module.path} does not say what it is for", pytrace=False)


@pytest.mark.parametrize("module", [*ENGINE, *modules("tests")], ids=named)
def test_module_is_not_too_long(module: Module) -> None:
    lines = module.text.count("\n")
    assert lines <= MAX_LINES, f"{module.path} has {lines} lines; split it by what it does"


@pytest.mark.parametrize("module", ENGINE, ids=named)
def test_no_possessive_group_looks_ahead(module: Module) -> None:
    """Python 3.11.2 and its like (a Debian has it) find nothing by such a pattern: `(?:(?!x).)*+`."""
    assert not re.search(r"\(\?:\(\?[!=].*?\)[*+?]\+", module.text)


@pytest.mark.parametrize("folder", ["engine", "tests", "docs", "flows", "schemas"])
def test_nothing_is_left_undone(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNDONE.search(line)
    ]
    assert not found, "\n".join(found)
