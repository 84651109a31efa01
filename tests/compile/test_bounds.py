"""Every bound of every param of the API, from both sides: what is inside compiles without a word, and what
is outside is found where it stands."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compile import Compiled, compile_bundle
from engine.compile.shape import shape
from engine.model.bundle import Bundle
from engine.model.verbs import VERB
from tests.compile.bounds import VERBS_OF_THE_API, Place, bad, good, places

PLACES = [(verb, place) for verb in VERBS_OF_THE_API for place in places(verb)]
PATTERNS = [(verb, place) for verb, place in PLACES if "pattern" in place.schema and place.path]
FLOW = """flow: f
language: 1
start: step
steps:
  step:
    VERB: VALUE
    MORE
  some_play: {play: Hello., background: true, next: bye}
  some_collect: {collect: {digits: {max: 1}}, background: true, next: bye}
  some_record: {record: {}, background: true, next: bye}
  some_detect: {detect: {type: fax}, background: true, next: bye}
  some_tap:
    tap: {tap: {type: audio, params: {direction: both}}, device: {type: ws, params: {uri: "wss://m.example.com"}}}
    next: bye
  some_stream: {stream: {url: "wss://m.example.com"}, next: bye}
  some_transcribe: {transcribe: {}, next: bye}
  bye: {end: hangup}
"""


def compiled(verb: str, value: str) -> Compiled:
    more = "note: none" if verb == "transfer" else "next: {otherwise: bye}"
    if verb == "collect":
        more += "\n    background: true"
    text = FLOW.replace("VERB", verb).replace("VALUE", value).replace("MORE", more)
    return compile_bundle(Bundle("f", {"f.flow.yaml": text.encode()}))


def column(verb: str, place: Place) -> int:
    """Where the place's value begins in its line."""
    return len(f"    {verb}: ") + place.written("@@").index('"@@"') + 1


def names(one: Any) -> str:
    return str(one) if isinstance(one, str) else f"{one.named or 'value'}-{one.schema.get('title', '')}"


@pytest.mark.parametrize("verb", VERBS_OF_THE_API)
def test_value_inside_its_bounds_compiles_without_a_word(verb: str) -> None:
    told = 0
    for place in places(verb):
        for value in good(place):
            found = compiled(verb, place.written(value)).diagnostics
            assert not found, f"{place.written(value)}: {found[0].message}"
            told += 1
    assert told or VERB[verb].of or verb in WITHOUT_PARAMS


WITHOUT_PARAMS = (
    "transcribe",
    "denoise",
    "denoise.stop",
    "disconnect",
    "ai_unhold",
    "ai_sidecar.status",
    "ai_sidecar.stop",
)


@pytest.mark.parametrize("verb", VERBS_OF_THE_API)
def test_value_outside_its_bounds_is_found_where_it_stands(verb: str) -> None:
    for place in places(verb):
        for value in bad(place):
            result = compiled(verb, place.written(value))
            shown = place.written(value)
            assert result.graph is None, f"{shown} compiles"
            inside = [one for one in result.diagnostics if one.span.line == 6]
            assert inside, f"{shown}: {result.diagnostics}"
            first = inside[0]
            start = column(verb, place)
            key = len(f'"{place.path[-1]}": ') if place.path and isinstance(place.path[-1], str) else len(verb) + 2
            end = len(f"    {verb}: {shown}") + 1
            assert start - key <= first.span.column <= end, f"{shown}: {first.span.column} for {start}: {first.message}"
            assert first.message
            assert first.path.startswith(f"steps.step.{verb}"), first.path


@pytest.mark.parametrize("verb", VERBS_OF_THE_API)
def test_mistake_is_told_once_and_says_what_to_do(verb: str) -> None:
    for place in places(verb):
        if not place.path:
            continue
        for value in (one for one in bad(place) if not isinstance(one, dict)):
            found = compiled(verb, place.written(value)).diagnostics
            assert len(found) == 1, [one.message for one in found]
            assert found[0].help or re.search("must be|wants|has no value|is empty|at most", found[0].message), found[
                0
            ].message


@given(st.data())
def test_text_that_fits_its_pattern_is_accepted_and_any_other_is_not(data: st.DataObject) -> None:
    verb, place = data.draw(st.sampled_from(PATTERNS), label="place")
    pattern: str = place.schema["pattern"]
    text = data.draw(
        st.one_of(st.from_regex(pattern), st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
    )
    if "${{" in text or re.search("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]", text):
        return
    accepted = compiled(verb, place.written(text)).graph is not None
    assert accepted == shape(place.whole).accepts(text), text


def test_the_bounds_are_there() -> None:
    bounded = [place for _, place in PLACES if {"minimum", "maximum", "exclusiveMinimum"} & {*place.schema}]
    assert len(bounded) > 40
    assert len(PATTERNS) > 10
