"""L0 to L2 are pure: no I/O, no clock, no randomness, no logging, no `await`. And each library has its place."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import Import, Module, imports, modules

FORBIDDEN_IN_PURE = {
    "anyio",
    "asyncio",
    "http",
    "httpx",
    "logging",
    "multiprocessing",
    "os",
    "random",
    "secrets",
    "select",
    "selectors",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "trio",
    "urllib.request",
    "uuid",
}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
EFFECTS = {"open", "print", "input", "breakpoint", "__import__", "ZoneInfo"}

ONLY = {
    "httpx": ("engine.calling", "engine.fetching", "engine.sandbox.deliver"),
    "httpcore": ("engine.fetching",),
    "pyreqwest": ("engine.calling",),
    "cel_expr_python": ("engine.expr",),
    "yaml": ("engine.compile",),
    "sqlite3": ("engine.journal",),
    "pygls": ("engine.lsp",),
    "lsprotocol": ("engine.lsp",),
    "cattrs": ("engine.lsp",),
    "structlog": ("engine.telemetry.logs",),
    "prometheus_client": ("engine.telemetry.prometheus",),
    "opentelemetry": ("engine.telemetry.tracing",),
}
"""Library: the only packages or modules that may import it."""

MODULES = modules()


def named(module: Module) -> str:
    return module.name


@pytest.mark.parametrize("module", [module for module in MODULES if module.pure], ids=named)
def test_pure_module_has_no_effects(module: Module) -> None:
    found = [*impure_imports(module.tree), *impure_calls(module.tree)]
    assert not found, "\n".join(f"{module.path}:{line}: {what}" for line, what in found)


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_library_is_imported_only_in_its_place(module: Module) -> None:
    found = [
        f"{module.path}:{line}: {library} belongs to {' and '.join(places)}"
        for line, name in imports(module.tree)
        for library, places in ONLY.items()
        if within(name, library) and not any(within(module.name, place) for place in places)
    ]
    assert not found, "\n".join(found)


def test_no_module_bears_a_stdlib_name() -> None:
    taken = [str(module.path) for module in MODULES if module.name.rpartition(".")[2] in sys.stdlib_module_names]
    assert not taken, f"named like a module of the standard library: {', '.join(taken)}"


def impure_imports(tree: ast.AST) -> Iterator[Import]:
    for line, name in imports(tree):
        if any(within(name, forbidden) for forbidden in FORBIDDEN_IN_PURE):
            yield Import(line, f"imports {name}")


def impure_calls(tree: ast.AST) -> Iterator[Import]:
    for node in ast.walk(tree):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield Import(node.lineno, "is async")
            case ast.Call(func=ast.Name(id=name)) if name in EFFECTS:
                yield Import(node.lineno, f"calls {name}()")
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner,
                name,
            ) in CLOCKS:
                yield Import(node.lineno, f"reads the clock with {owner}.{name}")


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "def f():\n    from os import path",
        "from urllib import request",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "open('x')",
        "async def f(): ...",
    ],
)
def test_the_check_itself_sees_an_effect(source: str) -> None:
    tree = ast.parse(source)
    assert [*impure_imports(tree), *impure_calls(tree)]


@pytest.mark.parametrize("source", ["import timeit_like", "from urllib.parse import quote", "runs.now", "value.open()"])
def test_the_check_itself_lets_pure_code_pass(source: str) -> None:
    tree = ast.parse(source)
    assert not [*impure_imports(tree), *impure_calls(tree)]
