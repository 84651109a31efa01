"""docs/rules/: a page for each code, and an index. Made of the rules' docstrings and the tables of the compiler's codes."""

from itertools import groupby
from pathlib import Path

from engine.lint import registry
from engine.lint.registry import Page
from tests.architecture.source import ROOT

FOLDER = ROOT / "docs" / "rules"
_FAMILIES = {
    "SYN": "What is written",
    "API": "The calling API",
    "CAL": "Calendars",
    "FLW": "Where steps lead",
    "VAR": "Names and values",
    "SEC": "Secrets, addresses, money",
    "UX": "What callers go through",
    "STY": "Style",
    "TST": "Tests",
    "LNT": "The linter itself",
}
_HEAD = """\
# The codes of `offhook lint`

Each code and its name are stable. [The linter](../lint.md) says how to choose among them; `offhook explain CODE` shows a
page in the terminal. These pages are made from the code; `python -m tests.docs.generated` writes them anew.
"""


def pages() -> dict[Path, str]:
    """Every file of the folder, and what is in it."""
    found = registry.pages()
    by_code = {code: list(group) for code, group in groupby(found, key=lambda one: one.code)}
    made = {FOLDER / f"{code.lower()}.md": "\n".join(map(_page, group)) for code, group in by_code.items()}
    return {FOLDER / "index.md": _index(found), **made}


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for path in FOLDER.glob("*.md"):
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


def _page(page: Page) -> str:
    text = page.text.replace("\n## ", "\n### ") if len(_names(page.code)) > 1 else page.text
    head = "##" if len(_names(page.code)) > 1 and page.name != _names(page.code)[0] else "#"
    return f"{head} {page.code} {page.name}\n\n{_facts(page)}\n\n{text}"


def _names(code: str) -> list[str]:
    return [page.name for page in registry.pages() if page.code == code]


def _facts(page: Page) -> str:
    rule = page.rule
    if page.elsewhere:
        return "*never reported by `offhook lint`*"
    if rule is None:
        return f"*{page.severity}, reported by the {'linter' if page.code in ('STY006', 'LNT001', 'LNT002', 'TST008') else 'compiler'}*"
    parts = [page.severity, f"since rule set {rule.since}"]
    parts += [f"{rule.fixability} fix"] if rule.fixability != "none" else []
    parts += [f"option `{name}` ({default})" for name, default in rule.options.items()]
    return f"*{', '.join(parts)}*"


def _index(found: tuple[Page, ...]) -> str:
    parts = [_HEAD]
    for family, title in _FAMILIES.items():
        rows = [_row(page) for page in found if page.code.rstrip("0123456789") == family]
        parts.append("\n".join([f"## {title}\n", "| code | name | severity | |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def _row(page: Page) -> str:
    summary = page.text.partition("\n")[0].replace("|", "\\|")
    return f"| [{page.code}]({page.code.lower()}.md) | {page.name} | {page.severity} | {summary} |"
