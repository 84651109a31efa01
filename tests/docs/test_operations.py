"""The runbook knows every metric, and asks for none that is not there."""

import re

from engine.runner.capacity import QUEUE, WEBHOOK_QUEUE
from engine.runner.reloading import AT_ONCE
from engine.runner.runs import IN_MEMORY
from engine.telemetry.metrics import CATALOGUE
from tests.docs.pages import BY_NAME

PAGE = BY_NAME["docs/operations.md"]
_NAME = re.compile(r"\boffhook_[a-z_]+")
_OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")


def test_every_metric_stands_in_the_table_with_its_labels_and_its_meaning() -> None:
    table = PAGE.section("Metrics")
    for name, described in CATALOGUE.items():
        labels = ", ".join(f"`{label}`" for label in described.labels)
        assert f"| `{name}` | {labels} | {described.help} |" in table
    assert {*_NAME.findall(table)} == {*CATALOGUE}


def test_every_metric_that_is_named_is_there_with_the_labels_that_are_asked_for() -> None:
    text = PAGE.text
    for found in _NAME.finditer(text):
        name = found.group()
        plain = next((name.removesuffix(end) for end in _OF_A_HISTOGRAM if name.endswith(end)), name)
        assert plain in CATALOGUE, name
        assert plain == name or CATALOGUE[plain].kind == "histogram", name
        asked = re.match(r"\{([^}]*)\}", text[found.end() :])
        for label in re.findall(r"(\w+)=", asked[1]) if asked else ():
            assert label in CATALOGUE[plain].labels, f"{name}: {label}"


def test_numbers_are_the_codes() -> None:
    assert f"over {QUEUE:,} events wait" in PAGE.text
    assert f"{WEBHOOK_QUEUE:,} events waiting" in PAGE.text
    assert f"{IN_MEMORY:,} runs are kept in memory" in PAGE.text


def test_what_counts_at_once_is_listed() -> None:
    row = next(line for line in PAGE.section("A new configuration").splitlines() if line.startswith("| `routes`"))
    for name in set(AT_ONCE.values()):
        assert f"`{name}" in row, name
