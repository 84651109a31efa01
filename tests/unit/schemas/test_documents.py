"""The schema files as documents: valid, joined, described, and of a shape that gives good messages."""

import re
from itertools import combinations
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.model.verbs import OWNED_KEYS, VERBS, Verb
from tests.unit.schemas.registry import (
    DIALECTS,
    SCHEMAS,
    SUFFIX,
    Place,
    all_places,
    merged,
    places,
    properties,
    target,
    validator,
)

FILES = sorted(SCHEMAS)
KEYWORDS = {
    *("$ref", "$defs", "title", "description", "examples", "default", "writeOnly", "format"),
    *("type", "enum", "const", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "multipleOf"),
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties"),
    *("maxProperties", "items", "minItems", "uniqueItems", "anyOf", "allOf", "not", "dependentSchemas"),
    *("x-unit", "x-source", "x-planned", "x-one-of-verbs", "x-last-entry", "x-names", "x-cel"),
}
"""The keywords in use. One more is one more for the compiler's messages to know."""


@pytest.mark.parametrize("file", FILES)
def test_file_is_a_valid_schema_of_its_draft(file: str) -> None:
    schema = SCHEMAS[file]
    assert DIALECTS[file] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in schema  # an editor would look for the others there, and not beside the file
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", FILES)
def test_file_says_what_it_is_and_gives_an_example(file: str) -> None:
    schema = SCHEMAS[file]
    assert schema["title"]
    assert schema["description"].endswith(".")
    assert file == "common" or schema["examples"]


@pytest.mark.parametrize("file", FILES)
def test_keywords_are_the_ones_that_the_compiler_knows(file: str) -> None:
    assert {keyword for place in places(file) for keyword in place.schema} <= KEYWORDS


@pytest.mark.parametrize("file", FILES)
def test_references_are_relative_and_lead_somewhere(file: str) -> None:
    for place in places(file):
        if "$ref" in place.schema:
            assert not place.schema["$ref"].startswith("http"), place
            assert isinstance(target(place).schema, dict), place


def test_no_reference_leads_back_to_itself() -> None:
    def follow(place: Place, above: tuple[str, ...]) -> None:
        assert str(place) not in above, " -> ".join([*above, str(place)])
        for below in places(place.file):
            if is_below(below, place) and "$ref" in below.schema and not in_definition(below, place):
                follow(target(below), (*above, str(place)))

    def is_below(below: Place, place: Place) -> bool:
        return f"{below.pointer}/".startswith(f"{place.pointer}/")

    def in_definition(below: Place, place: Place) -> bool:
        return "/$defs/" in below.pointer.removeprefix(place.pointer)

    for file in FILES:
        follow(Place(file, "", SCHEMAS[file]), ())


@pytest.mark.parametrize("file", FILES)
def test_examples_and_defaults_are_valid(file: str) -> None:
    for place in places(file):
        values = [*place.schema.get("examples", ()), *([place.schema["default"]] if "default" in place.schema else ())]
        for value in values:
            errors = [error.message for error in validator(f"{place.uri}#{place.pointer}").iter_errors(value)]
            assert not errors, f"{place}: {value!r}"


@pytest.mark.parametrize("file", FILES)
def test_every_property_is_described(file: str) -> None:
    for place in places(file):
        for _, below in properties(place):
            if not is_constraint(place):
                assert merged(below).get("description", "").endswith((".", ".)")), below


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("webhooks/")])
def test_optional_property_names_its_default(file: str) -> None:
    for place in places(file):
        if is_constraint(place):
            continue
        alternatives = {key for branch in branches(place.schema) for key in branch.get("required", ())}
        for name, below in properties(place):
            if (
                name in place.schema.get("required", ())
                or name in alternatives
                or (file in ("step", "flow") and name in VERB_NAMES)
            ):
                continue
            found = merged(below)
            assert "Default: " in found["description"] or name == "reason", below
            if "default" in found and not isinstance(found["default"], list):
                assert in_words(found["default"]) in found["description"].partition("Default: ")[2], below


@pytest.mark.parametrize("file", FILES)
def test_scalar_without_a_closed_list_of_values_has_an_example(file: str) -> None:
    for place in places(file):
        for _, below in properties(place):
            found = merged(below)
            if found.get("type") in ("string", "number", "integer") and not {"enum", "const"} & found.keys():
                assert found.get("examples"), below


@pytest.mark.parametrize("file", FILES)
def test_number_that_is_a_time_or_a_level_has_its_unit(file: str) -> None:
    for place in places(file):
        for name, below in properties(place):
            found = merged(below)
            if found.get("type") in ("number", "integer"):
                assert found.get("x-unit") == unit(file, name), below


IN_MILLISECONDS = ("calling/ai_sidecar", "calling/live_transcribe", "calling/live_translate")
"""Commands that came from SWML, and kept its milliseconds in a property that is in seconds elsewhere."""


def unit(file: str, name: str) -> str | None:
    if name.endswith("_ms") or name == "ptime" or (file in IN_MILLISECONDS and name == "speech_timeout"):
        return "ms"
    if name.endswith(("timeout", "duration", "max_length", "silence", "voice_threshold")):
        return "s"
    return "dB" if name == "volume" else None


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith(("calling/", "webhooks/"))])
def test_vendor_shape_names_its_source(file: str) -> None:
    assert re.search(r"SignalWire .*\(\d{4}-\d\d-\d\d\)$", SCHEMAS[file]["x-source"])


@pytest.mark.parametrize("file", FILES)
def test_branches_of_a_union_can_be_told_apart(file: str) -> None:
    """By JSON type, else by a constant, else by a required key that the other does not even allow."""
    for place in places(file):
        found = [
            merged(Place(file, f"{place.pointer}/anyOf/{i}", b)) for i, b in enumerate(place.schema.get("anyOf", ()))
        ]
        for one, other in combinations([branch for branch in found if "type" in branch], 2):
            assert apart(one, other), f"{place}: {one.get('title')} and {other.get('title')}"


COMMANDS = {
    *("dial", "update", "end", "transfer", "disconnect", "refer", "user_event"),
    *("play", "play.pause", "play.resume", "play.stop", "play.volume"),
    *("record", "record.pause", "record.resume", "record.stop"),
    *("collect", "collect.stop", "collect.start_input_timers", "detect", "detect.stop"),
    *("tap", "tap.stop", "stream", "stream.stop", "denoise", "denoise.stop"),
    *("transcribe", "transcribe.stop", "live_transcribe", "live_translate"),
    *("ai_hold", "ai_unhold", "ai_message", "ai.stop"),
    *("ai_sidecar", "ai_sidecar.poke", "ai_sidecar.ask", "ai_sidecar.stop", "ai_sidecar.status"),
    *("send_fax.stop", "receive_fax.stop"),
}
"""Every command of the API, without `calling.`"""

EVENTS = {
    *("calling.call.state", "calling.play", "calling.record", "calling.collect", "calling.detect", "calling.tap"),
    *("calling.stream", "calling.refer", "calling.denoise", "calling.connect", "calling.transcribe"),
    *("calling.transcript.completed", "calling.transcript.failed", "calling.error"),
}
"""Every webhook that the platform sends."""


def test_every_command_and_every_webhook_has_a_schema() -> None:
    assert {file.removeprefix("calling/") for file in FILES if file.startswith("calling/")} == COMMANDS
    assert {file.removeprefix("webhooks/") for file in FILES if file.startswith("webhooks/")} == EVENTS
    assert len(COMMANDS) == 42


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_is_called_what_its_file_is_called(command: str) -> None:
    bare = command in ("dial", "update")
    assert SCHEMAS[f"calling/{command}"]["title"] == (command if bare else f"calling.{command}")


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_webhook_takes_both_spellings_of_its_event_type(event: str) -> None:
    """The platform's pages write `calling.call.play`; the shorter spelling is taken as well."""
    kind = SCHEMAS[f"webhooks/{event}"]["anyOf"][1]["properties"]["event_type"]
    one_spelling = event.startswith(("calling.call.", "calling.transcript.", "calling.error"))
    long = event.replace("calling.", "calling.call.", 1)
    assert constants(kind) == ({event} if one_spelling else {event, long})


VERB_NAMES = [verb.name for verb in VERBS]


def test_every_verb_has_a_schema_and_a_place_in_a_step() -> None:
    step = SCHEMAS["step"]
    assert sorted(file.removeprefix("verbs/") for file in FILES if file.startswith("verbs/")) == sorted(VERB_NAMES)
    assert step["x-one-of-verbs"] == VERB_NAMES
    for verb in VERBS:
        assert step["properties"][verb.name] == {"$ref": f"verbs/{verb.name}{SUFFIX}"}
        assert SCHEMAS[f"verbs/{verb.name}"]["title"] == verb.name


def test_every_command_of_a_verb_has_a_schema() -> None:
    for command in {verb.command for verb in VERBS if verb.command}:
        assert f"calling/{command.removeprefix('calling.')}" in FILES


SENT = [verb for verb in VERBS if verb.command and verb.shape != "own" and verb.name not in ("redirect", "end")]
"""Verbs whose value is a command's params. (`redirect`, `end` and verbs with behaviour of their own have other words.)"""

ENGINES = {"stream": {"status_url_method"}, "dial": {"status_events"}}
"""Params that say something of the engine's `status_url`, and so are the engine's too."""

INNER = {"record": "audio", "detect": "detect"}
"""Commands of whose params the step takes an inner object."""


def shapes(place: Place) -> list[dict[str, Any]]:
    """The mappings that a value may be."""
    found = merged(place)
    if "type" in found:
        return [found] if found["type"] == "object" else []
    branches = enumerate(found.get("anyOf", ()))
    return [one for at, branch in branches for one in shapes(Place(place.file, f"{place.pointer}/anyOf/{at}", branch))]


@pytest.mark.parametrize("verb", SENT, ids=lambda verb: verb.name)
def test_step_value_leaves_out_what_the_engine_owns(verb: Verb) -> None:
    """`update` may name another leg by its id; what SWML has started has a control_id that SWML gave it."""
    found = shapes(Place(f"verbs/{verb.name}", "", SCHEMAS[f"verbs/{verb.name}"]))
    owned = {name for shape in found for name in shape.get("properties", {})} & {*OWNED_KEYS}
    assert owned == ({"id"} if verb.name == "update" else {"control_id"} if verb.literal else set())


@pytest.mark.parametrize("verb", [verb for verb in SENT if verb.name not in INNER], ids=lambda verb: verb.name)
def test_step_value_has_all_else_that_the_command_has(verb: Verb) -> None:
    """A handle stands for the control_id."""
    file = f"calling/{verb.command.removeprefix('calling.')}"
    wanted = {*SCHEMAS[file].get("properties", {})} - {*OWNED_KEYS} - ENGINES.get(verb.name, set())
    shape = shapes(Place(f"verbs/{verb.name}", "", SCHEMAS[f"verbs/{verb.name}"]))[-1]
    assert {*shape.get("properties", {})} - {"handle", *OWNED_KEYS} == wanted
    assert ("handle" in shape.get("properties", {})) is bool(verb.of)
    required = {*SCHEMAS[file].get("required", ())} - {*OWNED_KEYS}
    assert {*shape.get("required", ())} - {"handle", *OWNED_KEYS} == required


def test_detector_has_the_params_of_its_type() -> None:
    params = SCHEMAS["calling/detect"]["$defs"]
    for shape in shapes(Place("verbs/detect", "", SCHEMAS["verbs/detect"])):
        kind = shape["properties"]["type"]["const"]
        assert {*shape["properties"]} == {"type", "timeout", *params[f"{kind}_params"]["properties"]}


def test_planned_marks_are_true() -> None:
    assert {str(place) for place in all_places() if place.schema.get("x-planned", True) is not True} == set()


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [schema.get("anyOf", ()), *(part.get("anyOf", ()) for part in schema.get("allOf", ()))]
    return [branch for group in groups for branch in group]


def is_constraint(place: Place) -> bool:
    """A part that only says which properties go together."""
    return not {"type", "$ref"} & place.schema.keys() and "required" in place.schema


def in_words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def types(schema: dict[str, Any]) -> set[str]:
    found = schema["type"]
    return {"number" if name == "integer" else name for name in ([found] if isinstance(found, str) else found)}


def apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if not types(one) & types(other):
        return True
    mine, others = one.get("properties", {}), other.get("properties", {})
    if any(
        not constants(mine[name]) & constants(others[name])
        for name in mine.keys() & others.keys()
        if both(mine[name], others[name])
    ):
        return True
    return bool({*one.get("required", ())} - others.keys()) and bool({*other.get("required", ())} - mine.keys())


def both(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(constants(one) and constants(other))


def constants(schema: dict[str, Any]) -> set[Any]:
    return {schema["const"]} if "const" in schema else {*schema.get("enum", ())}
