"""Examples of the language as whole flows: what an example leaves out is put around it.

An example may be a whole flow, sections of one, or steps alone. Steps that it goes to without having
them become ends. A file that it names is an example that begins with its name (`# flows/swml/pay.yaml`), or is
taken from flows/.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from engine import resources
from engine.compile import Compiled, compile_bundle
from engine.model.bundle import Bundle
from engine.project.flows import gather
from tests.docs.pages import blocks

SECTIONS = frozenset(json.loads(resources.read_bytes("schemas/flow.schema.json"))["properties"])
_NO_STEP = re.compile(r"There is no step `([a-z0-9_]+)`")


def is_environment(text: str) -> bool:
    return "environment" in _keys(text)


def is_calendar(text: str) -> bool:
    return "calendar" in _keys(text)


def is_swml(text: str) -> bool:
    return "sections" in _keys(text)


def is_tests(text: str) -> bool:
    return "tests" in _keys(text)


def whole(text: str) -> tuple[str, str]:
    """The flow's name and its text. Lines of the example keep their order, not their numbers."""
    keys = _keys(text)
    if "flow" in keys:
        return str(yaml.safe_load(text)["flow"]), text
    if not set(keys) <= SECTIONS:
        text = "steps:\n" + "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())
    elif "steps" not in keys:
        text += "steps:\n  bye:\n    end: hangup\n"
    first = next(iter(yaml.safe_load(text)["steps"]))
    return "example", f"flow: example\nlanguage: 1\nstart: {first}\n{text}"


def compiled(text: str) -> Compiled:
    """The example, compiled; its missing steps are stubs."""
    return compile_bundle(bundle(*stubbed(text)))


def stubbed(text: str) -> tuple[str, str]:
    """The flow's name, and its text with its missing steps."""
    name, text = whole(text)
    for _ in range(10):
        found = compile_bundle(bundle(name, text))
        missing = {match.group(1) for one in found.diagnostics if (match := _NO_STEP.search(one.message))}
        if not missing or name != "example":
            break
        stubs = "".join(f"  {step}:\n    end: done\n" for step in sorted(missing))
        text = text.replace("\nsteps:\n", f"\nsteps:\n{stubs}", 1)
    return name, text


def bundle(name: str, text: str, calendars: Mapping[str, str] | None = None) -> Bundle:
    """`calendars` are what its uses of that kind are bound to."""
    return gather(name, text.encode(), _beside, calendars)


def _beside(path: str) -> bytes | None:
    named = (one.text for one in blocks("yaml") if one.text.startswith(f"# flows/{path}\n"))
    return next((one.encode() for one in named), None) or _shipped(path)


def _shipped(path: str) -> bytes | None:
    return resources.read_bytes(f"flows/{path}") if f"flows/{path}" in resources.names("flows") else None


def _keys(text: str) -> list[str]:
    loaded: Any = yaml.safe_load(text)
    assert isinstance(loaded, dict), text
    return [str(key) for key in loaded]
