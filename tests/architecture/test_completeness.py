"""Walks the table of verbs and says what is missing for each: code, schema, tests, documentation."""

import json
import re
from functools import cache

import pytest

from engine import resources
from engine.interpret.steps import BEHAVIOURS
from engine.model.verbs import VERBS, Verb
from tests.architecture.source import ROOT

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def identifier(verb: Verb) -> str:
    return verb.name.replace(".", "_")


def missing_compile(verb: Verb) -> str | None:
    """Operations and orders are compiled by their row and their schema; the others have code of their own."""
    folder = ROOT / "engine" / "compile" / "steps"
    if verb.shape in ("operation", "order") or (folder / f"{identifier(verb)}.py").exists():
        return None
    if any(f'"{verb.name}"' in path.read_text(encoding="utf-8") for path in folder.glob("*.py")):
        return None
    return f"engine/compile/steps/{identifier(verb)}.py"


def missing_interpret(verb: Verb) -> str | None:
    """Each verb has a behaviour; only operations and orders share one."""
    behaviour = BEHAVIOURS.get(verb.name)
    shared = [type(BEHAVIOURS[other.name]) for other in VERBS if other.shape != verb.shape]
    return (
        None
        if behaviour and type(behaviour) not in shared
        else f"a behaviour of {verb.shape} in engine/interpret/steps"
    )


def missing_schema(verb: Verb) -> str | None:
    name = f"schemas/verbs/{verb.name}.schema.json"
    try:
        json.loads(resources.read_bytes(name))
    except FileNotFoundError:
        return name
    return None


def missing_playbook(verb: Verb) -> str | None:
    """A file of its own; an order may be played in another verb's file."""
    path = ROOT / "tests" / "playbooks" / f"test_{identifier(verb)}.py"
    if path.exists() or (verb.shape == "order" and re.search(rf"\b{re.escape(verb.name)}\b", playbooks())):
        return None
    return str(path.relative_to(ROOT))


def missing_page(verb: Verb) -> str | None:
    """A page `docs/verbs/<verb>.md`, or a heading anywhere in docs/ with the verb in backticks."""
    if (ROOT / "docs" / "verbs" / f"{verb.name}.md").exists() or any(f"`{verb.name}`" in line for line in headings()):
        return None
    return f"docs: a heading with `{verb.name}` in it"


@cache
def playbooks() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "playbooks").glob("*.py")))


@cache
def headings() -> tuple[str, ...]:
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))
    return tuple(line for text in texts for line in HEADING.findall(FENCE.sub("", text)))


CHECKS = (missing_compile, missing_interpret, missing_schema, missing_playbook, missing_page)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_verb_is_complete(verb: Verb) -> None:
    missing = [what for check in CHECKS if (what := check(verb))]
    if missing:
        pytest.fail("\n  ".join([f"the verb {verb.name} lacks", *missing]), pytrace=False)
