"""The source files of the package, parsed."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

PURE = (
    "model",
    "resources",
    "expr",
    "wire",
    "compile",
    "interpret",
    "exchange",
    "simulate",
    "lint",
    "editing",
    "diagram",
    "diff",
)
"""The children of `engine` that are L0 to L2 (pyproject.toml has the layers)."""


class Module(NamedTuple):
    """`name` is dotted (`engine.model.ids`), `path` relative to the checkout."""

    name: str
    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def pure(self) -> bool:
        return self.name.split(".")[1:2] != [] and self.name.split(".")[1] in PURE


class Import(NamedTuple):
    line: int
    name: str


def modules(folder: str = "engine") -> list[Module]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        relative = path.relative_to(ROOT)
        parts = relative.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, relative, path.read_text(encoding="utf-8")))
    return found


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every absolute import anywhere in the module, also inside functions and `if TYPE_CHECKING`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (Import(node.lineno, alias.name) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield Import(node.lineno, module)
                yield from (Import(node.lineno, f"{module}.{alias.name}") for alias in node.names)
