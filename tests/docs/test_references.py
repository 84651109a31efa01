"""Places in the code and links that the pages name exist."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.source import ROOT
from tests.docs.pages import BY_NAME, PAGES, Page

_PLACE = re.compile(r"((?:engine|tests|schemas|flows|docs|\.ci)/[\w./-]+)(?::([\w.]+))?")
_MODULE = re.compile(r"engine(?:\.\w+)+")
_MADE_LATER = (
    "engine/_data/",
    "flows/environments/.offhook",
    "flows/environments/production",
    "flows/calendars/",
    "flows/hello.flow.yaml",
    "flows/hello.test.yaml",
    "flows/lib/",
)
"""Files that a build, a runner or the reader makes."""
_MACHINE = re.compile(r"(?<![\w.])/(work|tmp|home|root|usr)/")


def named(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_place_in_the_code_exists(page: Page) -> None:
    missing = [code for code in page.codes if (found := _PLACE.fullmatch(code)) and not place(*found.groups())]
    missing += [code for code in page.codes if _MODULE.fullmatch(code) and not dotted(code)]
    assert not missing, f"{page.name} names places that are not there: {', '.join(missing)}"


def place(path: str, symbol: str | None) -> bool:
    """A file, a folder, or a name of a Python file: function, class, constant, `Class.method`."""
    if path.startswith(_MADE_LATER):
        return True
    where = ROOT / path
    if symbol is None:
        return where.exists()
    return where.is_file() and symbol in symbols(path)


@cache
def symbols(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body:
        names = list(_names(node))
        found.update(names)
        if isinstance(node, ast.ClassDef):
            found.update(f"{node.name}.{name}" for inner in node.body for name in _names(inner))
    return frozenset(found)


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def dotted(name: str) -> bool:
    """A module or package (`engine.compile`), or a name in one (`engine.model.verbs.VERBS`)."""
    path = ROOT.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    module, _, symbol = name.rpartition(".")
    file = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return file.exists() and symbol in symbols(file.relative_to(ROOT).as_posix())


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_link_leads_somewhere(page: Page) -> None:
    broken = [link for link in page.links if not leads_somewhere(page, link)]
    assert not broken, f"{page.name} links to what is not there: {', '.join(broken)}"


def leads_somewhere(page: Page, link: str) -> bool:
    if "://" in link:
        return link.startswith("https://")
    path, _, fragment = link.partition("#")
    target = ((ROOT / page.name).parent / path).resolve() if path else ROOT / page.name
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    other = BY_NAME.get(target.relative_to(ROOT).as_posix())
    return not fragment or (other is not None and fragment in other.anchors)


@pytest.mark.parametrize("page", [one for one in PAGES if one.name != "README.md"], ids=named)
def test_page_can_be_reached_from_the_readme(page: Page) -> None:
    seen, ahead = set(), ["README.md"]
    while ahead:
        name = ahead.pop()
        if name in seen or name not in BY_NAME:
            continue
        seen.add(name)
        ahead += [_target(name, link) for link in BY_NAME[name].links if "://" not in link]
    in_listed_folder = page.name.startswith("docs/decisions/") and "docs/decisions/" in BY_NAME["README.md"].text
    assert page.name in seen or in_listed_folder


def _target(page: str, link: str) -> str:
    target = ((ROOT / page).parent / link.partition("#")[0]).resolve()
    return target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else ""


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_page_names_nothing_of_one_machine(page: Page) -> None:
    assert not _MACHINE.findall(page.text)


def test_the_checks_themselves_see_what_is_missing() -> None:
    assert place("engine/interpret/advance.py", "advance")
    assert place("engine/runner/supervisor.py", "Supervisor.take")
    assert not place("engine/interpret/advance.py", "retreat")
    assert not place("engine/nowhere.py", None)
    assert not dotted("engine.nowhere")
    assert not leads_somewhere(BY_NAME["README.md"], "docs/language.md#no-such-heading")
