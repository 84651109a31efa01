"""What is made from schemas and table stands in the pages as it would be made now."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.compile.schemas import schema
from engine.model.verbs import COMMANDS, VERB, VERBS, Verb
from tests.docs.generated import COMMANDS as PAGE
from tests.docs.generated import LANGUAGE, PICTURE, commands, language, params, picture


def test_page_of_the_commands_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, commands())


def test_tables_of_params_are_up_to_date(golden: Callable[[Path, str], None]) -> None:
    golden(LANGUAGE, language(LANGUAGE.read_text(encoding="utf-8")))


def test_picture_of_a_flow_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    golden(PICTURE, picture())


def test_page_has_every_command() -> None:
    assert {*re.findall(r"^\| `([\w.]+)` \|", commands(), re.MULTILINE)} == {
        *COMMANDS,
        "calling.transfer",
        "calling.end",
    }


BARE = [verb.name for verb in VERBS if verb.of or verb.literal]
"""Orders about a handle; most have nothing besides it."""


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb.command or verb.name == "ask"], ids=lambda one: one.name
)
def test_verb_with_params_has_a_table(verb: Verb) -> None:
    found = {one.name for one in params(schema(f"verbs/{verb.name}.schema.json"))}
    wanted = bool(found - ({"handle", "control_id"} if verb.name in BARE else set()))
    assert (f"<!-- params: {verb.name} -->" in LANGUAGE.read_text(encoding="utf-8")) is wanted


def test_table_tells_what_only_one_kind_has() -> None:
    found = {one.name: one for one in params(schema("verbs/tap.schema.json"))}
    assert found["device.type"].means == "`rtp`, `ws`."
    assert found["device.params.codec"].of == ""
    assert found["device.params.uri"].of == "`type: ws`"


def test_tables_are_of_verbs() -> None:
    named = re.findall(r"<!-- params: ([\w.]+) -->", LANGUAGE.read_text(encoding="utf-8"))
    assert {*named} <= {*VERB}
    assert len(named) == len({*named})
