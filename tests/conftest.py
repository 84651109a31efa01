"""What every test can use: both async backends, goldens that are rewritten by a flag, Hypothesis profiles."""

import os
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

collect_ignore_glob = ["lint/fixtures/*"]
"""Files to be linted, some of them tests of flows that are wrong."""

# `default` finds something new now and then; `ci` (when CI is set) is the same every time; `thorough` is for a night.
settings.register_profile("default", max_examples=60, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("thorough", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))

ASYNCIO: tuple[str, dict[str, Any]] = ("asyncio", {"use_uvloop": False})
TRIO: tuple[str, dict[str, Any]] = ("trio", {})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite golden files with what the code says now")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the trio variant of tests that are marked `asyncio_only`."""
    dropped = [item for item in items if item.get_closest_marker("asyncio_only") and _backend(item) == "trio"]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]


def _backend(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    backend = callspec.params.get("anyio_backend", "asyncio") if callspec else "asyncio"
    return backend if isinstance(backend, str) else str(backend[0])


@pytest.fixture(params=[pytest.param(ASYNCIO, id="asyncio"), pytest.param(TRIO, id="trio")])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """Async tests run on asyncio and on trio.

    One that is to run on a virtual clock asks for trio alone:
    `@pytest.mark.parametrize("anyio_backend", [("trio", {"clock": MockClock(autojump_threshold=0)})])`.
    """
    return request.param


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, actual)` compares a text with a golden file; `--update-goldens` writes the file instead."""

    def compare(path: Path, actual: str) -> None:
        if request.config.getoption("--update-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="")
            return
        if not path.exists():
            pytest.fail(f"no golden file {path}; write it with: pytest --update-goldens {request.node.nodeid}")
        expected = path.read_bytes().decode()
        if actual != expected:
            diff = unified_diff(expected.splitlines(), actual.splitlines(), str(path), "actual", lineterm="")
            pytest.fail("\n".join([*diff, "if this is meant: pytest --update-goldens"]), pytrace=False)

    return compare


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says whether requests were held against the facts about the API, where that test was among them."""
    words = {"passed": "done", "failed": "failed", "error": "failed", "skipped": "skipped"}
    for outcome, word in words.items():
        for report in terminalreporter.stats.get(outcome, []):
            if report.nodeid.endswith("test_the_vendors_schema_takes_every_request"):
                terminalreporter.write_line(f"facts check: {word}")
