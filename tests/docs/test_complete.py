"""Nothing is left out of the reference pages: walked from the tables and schemas of the code."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from engine import resources
from engine.cli import offhook
from engine.compile.schemas import schema
from engine.exchange.options import ExchangeOptions
from engine.model import limits, state
from engine.model.verbs import FAILURES, HANDLERS, VERBS, Verb
from engine.sandbox.control_api import INDEX
from tests.architecture.source import modules
from tests.docs.pages import BY_NAME

LANGUAGE, ENVIRONMENT = BY_NAME["docs/language.md"], BY_NAME["docs/environment.md"]
SANDBOX, ASSUMPTIONS = BY_NAME["docs/sandbox.md"], BY_NAME["docs/assumptions.md"]
_CODE = re.compile(r"[A-Z]{3}[0-9]{3}")


def lacks(text: str, words: Iterable[str]) -> list[str]:
    """The words that the text does not have in backticks, alone or among others."""
    quoted = " ".join(re.findall(r"`([^`\n]+)`", text))
    return [word for word in words if not re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", quoted)]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_verb_is_documented_with_its_params_outcomes_and_fields(verb: Verb) -> None:
    section = LANGUAGE.section(f"`{verb.name}`")
    wanted = [*keys(schema(f"verbs/{verb.name}.schema.json")), *verb.fields, *verb.outcomes]
    assert not lacks(section, wanted), section


def keys(found: dict[str, Any]) -> Iterator[str]:
    """The keys of the first level, and the alternatives' ones, less what is reserved."""
    for name, one in found.get("properties", {}).items():
        if not one.get("x-planned"):
            yield name
    for one in found.get("anyOf", ()):
        if not one.get("x-planned"):
            yield from keys(one)


def test_default_of_a_param_is_the_schemas() -> None:
    wrong = []
    for verb in VERBS:
        section = LANGUAGE.section(f"`{verb.name}`")
        for name, default in defaults(schema(f"verbs/{verb.name}.schema.json")):
            row = next((line for line in section.splitlines() if line.startswith(f"| `{name}` |")), "")
            said = json.dumps(default).strip('"')
            if said not in row and not isinstance(default, list):
                wrong.append(f"{verb.name}.{name}: {said}")
    assert not wrong


def defaults(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in (found, *found.get("anyOf", ())):
        for name, param in one.get("properties", {}).items():
            if "default" in param and not param.get("x-planned"):
                yield name, param["default"]


def test_sections_common_keys_and_handlers_are_documented() -> None:
    flow, step = schema("flow.schema.json"), schema("step.schema.json")
    table = LANGUAGE.section("Sections of a file")
    assert not lacks(table, keys(flow))
    common = {name for name in step["properties"] if name not in {verb.name for verb in VERBS}}
    assert not lacks(LANGUAGE.section("A step"), common)
    assert not lacks(LANGUAGE.section("Handlers"), HANDLERS)
    assert not lacks(LANGUAGE.section("next, and what an outcome is"), FAILURES)
    for name in ("limits", "outbound", "defaults"):
        assert not lacks(LANGUAGE.section(name), keys(flow["properties"][name]))


def test_limits_are_the_codes() -> None:
    table = LANGUAGE.section("limits")
    assert f"| `call` | {limits.DEFAULT_CALL_MS // 3_600_000}h |" in table
    assert f"| `steps` | {limits.DEFAULT_STEPS} |" in table
    assert f"| `visits` | {limits.DEFAULT_VISITS} |" in table
    assert f"{limits.LANDING_GRACE_MS // 1000} more seconds" in table
    deadlines = LANGUAGE.section("Deadlines")
    assert f"{limits.SLACK_MS // 1000} seconds are added" in deadlines
    assert f"before {limits.ACCEPT_MS // 1000} seconds" in deadlines
    assert f"looked up after {limits.UNARMED_COLLECT_MS // 60_000} minutes" in deadlines
    assert f"each {1000 // limits.TTS_MS_PER_CHARACTER} characters" in deadlines
    assert f"an audio file {limits.AUDIO_MS // 60_000} minutes" in deadlines
    assert f"{limits.MAX_FILE_BYTES:,} bytes, {limits.MAX_YAML_DEPTH} levels" in LANGUAGE.section("YAML")
    assert f"{limits.MAX_WEBHOOK_BYTES:,} bytes" in ENVIRONMENT.section("The HTTP side")


def test_end_reasons_are_the_codes() -> None:
    assert not lacks(LANGUAGE.section("End reasons"), state.END_REASONS)


def test_messages_are_the_compilers() -> None:
    listed = re.findall(r"^\| ([A-Z]{3}\d{3}) \| ([a-z-]+) \|", LANGUAGE.section("Messages"), re.MULTILINE)
    assert sorted(listed) == sorted(set(listed)), "a code stands there twice"
    assert set(listed) == messages()


def messages() -> set[tuple[str, str]]:
    """Codes with their names: neighbours in calls and tuples, or the arguments `code` and `name`."""
    found = set()
    for module in modules():
        if not module.name.startswith(("engine.compile", "engine.cli")):
            continue
        for node in ast.walk(module.tree):
            texts = [_text(one) for one in _members(node)]
            found |= {(one, other) for one, other in pairwise(texts) if other and _CODE.fullmatch(one)}
    return found


def _members(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Tuple(elts=members):
            return members
        case ast.Call(args=arguments, keywords=keywords):
            named = {one.arg: one.value for one in keywords}
            return [*arguments, *(named[key] for key in ("code", "name") if key in named)]
    return []


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_nothing_is_reserved() -> None:
    assert not set(_planned(schema("flow.schema.json"))), "list it, in a section `Not in this version`"


def _planned(found: Any) -> Iterator[str]:
    if isinstance(found, list):
        for one in found:
            yield from _planned(one)
    if not isinstance(found, dict):
        return
    for name, one in found.get("properties", {}).items():
        if isinstance(one, dict) and one.get("x-planned"):
            yield name
    for one in found.values():
        yield from _planned(one)


def test_environment_file_and_variables_are_documented() -> None:
    found = json.loads(resources.read_bytes("schemas/environment.schema.json"))["properties"]
    table = ENVIRONMENT.section("The environment file")
    assert not lacks(table, found)
    for name, one in found.items():
        if "default" in one:
            row = next(line for line in table.splitlines() if line.startswith(f"| `{name}`"))
            assert str(one["default"]) in row
    used = {name for module in modules() for name in re.findall(r'"((?:SIGNALWIRE|OFFHOOK)_[A-Z_]+)"', module.text)}
    assert not lacks(ENVIRONMENT.section("Variables"), used)


def test_commands_are_documented() -> None:
    table = ENVIRONMENT.section("Commands and exit statuses")
    names = offhook.list_commands(None)  # type: ignore[arg-type]
    assert not [name for name in names if f"`offhook {name}" not in table]


@pytest.mark.parametrize(("command", "page"), [("phone", "The phone"), ("sandbox", "Options of `offhook sandbox`")])
def test_options_are_documented_with_their_defaults(command: str, page: str) -> None:
    found = offhook.get_command(None, command)  # type: ignore[arg-type]
    assert found is not None
    table = SANDBOX.section(page)
    for param in found.params:
        option = param.opts[0]
        if not option.startswith("--"):
            continue
        row = next((line for line in table.splitlines() if line.startswith(f"| `{option}")), "")
        assert row, f"{option} is not documented"
        if isinstance(param.default, str | float) and param.default not in ("", False):
            assert str(param.default) in row


def test_endpoints_of_the_sandbox_are_documented() -> None:
    assert not [one for one in INDEX if f"`{one}`" not in SANDBOX.section("Endpoints")]


def test_options_of_the_platform_are_documented() -> None:
    assert not lacks(ASSUMPTIONS.text, ExchangeOptions.__struct_fields__)
