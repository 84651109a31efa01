"""The params of all 42 commands, against the good and bad values that the schemas are tested with.

The exchange has tables of its own; that it takes and refuses the same is checked here.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.exchange.params import Field, Problem, check
from engine.exchange.requests import answer
from engine.exchange.table import COMMANDS
from engine.exchange.turn import Turn
from tests.unit.exchange.playbook import Playbook

CASES = Path(__file__).parents[1] / "schemas" / "cases" / "calling"
NAMES = ("dial", "update")


def load(kind: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        name = path.stem if path.stem in NAMES else f"calling.{path.stem}"
        cases = yaml.safe_load(path.read_text(encoding="utf-8"))
        for index, case in enumerate(cases[kind]):
            value = case if kind == "good" else case["value"]
            found.append(pytest.param(name, value, id=f"{path.stem}-{index}"))
    return found


def refused(name: str, params: Any) -> bool:
    """Whether the command is refused for its params, rather than for the call or what is live on it."""
    book = Playbook(refer_legs="any").parked()
    body: dict[str, Any] = {"command": name, "params": params}
    if name not in NAMES:
        body["id"] = book.call_id
    return answer(Turn(book.state), body).status in (400, 422)


def test_all_42_commands_are_there() -> None:
    assert len(COMMANDS) == 42
    assert {case.values[0] for case in load("good")} == set(COMMANDS)


@pytest.mark.parametrize(("name", "params"), load("good"))
def test_good_params_are_taken(name: str, params: Any) -> None:
    assert not refused(name, params)


@pytest.mark.parametrize(("name", "params"), load("bad"))
def test_bad_params_are_refused(name: str, params: Any) -> None:
    assert refused(name, params)


def test_every_problem_is_an_entry_with_its_place() -> None:
    spec = {"a": Field(type="integer", required=True), "b": Field(type="array", items=Field(type="string", least=1))}
    problems = check({"b": ["", 1], "c": 1}, spec, path="params", closed=True)
    assert [(problem.code, problem.attribute) for problem in problems] == [
        ("missing_required_parameter", "params.a"),
        ("invalid_parameter", "params.b[0]"),
        ("invalid_parameter", "params.b[1]"),
        ("invalid_parameter", "params.c"),
    ]


def test_alternative_that_comes_nearest_tells_what_is_wrong() -> None:
    field = Field(either=(Field(type="string", enum=("stop",)), Field(type="object", fields={}, one_of=("start",))))
    assert check({"a": 1}, {"a": field}, path="p", closed=True) == [
        Problem("invalid_parameter", "p.a", "p.a must be of type string or object.")
    ]
    assert check({"a": "go"}, {"a": field}, path="p", closed=True)[0].message == "p.a must be one of stop."
