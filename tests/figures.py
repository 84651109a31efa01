"""Figures that a program has measured, put where docs/reliability.md shows them."""

from pathlib import Path

from tests.bench import machine

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"


def put(name: str, table: str) -> None:
    """Between `<!-- name -->` and `<!-- /name -->`, with what it was measured on."""
    text = PAGE.read_text(encoding="utf-8")
    begins, ends = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    head, _, rest = text.partition(begins)
    _, found, tail = rest.partition(ends)
    assert found, f"{PAGE} has no place for {name}"
    PAGE.write_text(f"{head}{begins}\n{table}\n\nMeasured on: {where()}.\n\n{ends}{tail}", encoding="utf-8")


def where() -> str:
    found = machine.description()
    return f"{found['processor']}, {found['cores']} cores, {found['system']}, Python {found['python']}"
