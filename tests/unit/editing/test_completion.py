"""What may be written at a place."""

import pytest

from engine.editing.completion import Item, complete
from engine.editing.document import Kind
from tests.unit.editing.marked import BEGINNING, CURSOR, marked, step

UNFINISHED = f"{BEGINNING}  last:\n    "


def offered(text: str, kind: Kind = "flow", *, flow: str = "") -> dict[str, Item]:
    document, at = marked(text, kind, flow=flow)
    return {one.label: one for one in complete(document, at)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{BEGINNING}¦", {"limits", "handlers", "finally", "outbound"}),
        (f"{UNFINISHED}¦", {"ask", "play", "play.stop", "next", "note"}),
        (step("collect:\n  ¦"), {"digits", "speech", "initial_timeout"}),
        (step("play:\n  - ¦"), {"audio", "silence", "ringtone"}),
        (step("detect:\n  type: ¦"), {"machine", "fax", "digit"}),
        (step("play: x\nbackground: ¦"), {"true", "false"}),
        (step("play: x\nnext: ¦"), {"menu", "listen", "bye", "resume"}),
        (f"{BEGINNING}handlers:\n  error: ¦", {"menu", "bye"}),
        (f"{BEGINNING}handlers:\n  ¦", {"hangup", "lost", "signal.desk_free"}),
        (step("collect.stop: ¦"), {"listen"}),
        (step("play.stop: ¦"), {"music"}),
        (step("wait: {any: [¦"), {"listen", "music"}),
        (step("play: x\nuntil: ¦"), {"listen"}),
        (step("play: x\nuntil: {listen: [¦"), {"digits", "speech", "lost"}),
        (step("wait: {signal: ¦"), {"desk_free"}),
        (step("set: {¦"), {"tries", "url"}),
        (step("subflow: {flow: ¦"), {"pin"}),
        (step("subflow:\n  flow: pin\n  with:\n    ¦"), {"account"}),
        (step("subflow: {flow: pin}\nnext: {¦"), {"verified", "otherwise", "error"}),
        (step("excursion:\n  swml: ¦"), {"desk.yaml", "queue.yaml"}),
        (step("redirect: {swml: ¦"), {"desk.yaml", "queue.yaml"}),
        (f"{BEGINNING}outbound:\n  hours: ¦", {"hours", "crm"}),
        (
            step("ask:\n  prompt: x\n  digits: {max: 1}\nnext:\n  ¦"),
            {"digits", "no_input", "no_match", "otherwise", "lost"},
        ),
    ],
)
def test_place_offers(text: str, wanted: set[str]) -> None:
    assert wanted <= offered(text).keys()


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (step("play: x\n¦"), {"play", "ask", "play.stop"}),
        (step("set: {tries: 1}\n¦"), {"background", "until", "deadline"}),
        (step("collect.stop: ¦"), {"music", "menu", "bye"}),
        (step("play: x\nuntil: ¦"), {"music"}),
        (step("wait:\n  handle: listen\n  ¦"), {"any", "all", "signal", "handle"}),
        (step("play: x # ¦"), {"play", "next"}),
        (f"{BEGINNING}limits:\n  next: ¦", {"resume"}),
    ],
)
def test_place_does_not_offer(text: str, refused: set[str]) -> None:
    assert not refused & offered(text).keys()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (step('play: "Hello ${{ ¦'), {"vars": "", "now": "timestamp", "or": "or(name, default)"}),
        (step('play: "Hello ${{ vars.¦ }}"\nnext: bye'), {"tries": "int", "url": "string"}),
        (step('play: "Hello ${{ steps.¦ }}"\nnext: bye'), {"menu": "ask", "listen": "collect"}),
        (step('play: "Hello ${{ steps.menu.¦ }}"\nnext: bye'), {"choice": "string", "confidence": "double"}),
        (step("play: >-\n  One\n  ${{ inputs.¦"), {"points": "int"}),
        (step("branch:\n  - if: vars.¦"), {"tries": "int"}),
        (step("set: {tries: vars.tries + ¦"), {"inputs": "", "size": "size(value): int"}),
        (step('ask:\n  prompt: x\n  accept: {if: "¦"}'), {"value": "string", "confidence": "double"}),
        (step("branch:\n  - if: signal.¦"), {"room": "int"}),
        (step('branch:\n  - if: "open(uses.¦"'), {"hours": "string"}),
    ],
)
def test_expression_offers_names_with_their_types(text: str, wanted: dict[str, str]) -> None:
    found = {name: one.detail for name, one in offered(text).items()}
    assert wanted.items() <= found.items()


def test_nothing_is_offered_within_quotes_of_an_expression() -> None:
    assert not offered(step("branch:\n  - if: vars.url == '¦'"))


def test_param_has_type_unit_and_default() -> None:
    found = offered(step("collect:\n  ¦"))
    assert found["initial_timeout"].detail == "a number, in seconds"
    assert "Seconds to wait for the first input" in found["initial_timeout"].about
    assert found["continuous"].detail == "true or false; default false"


def test_verb_has_its_summary() -> None:
    assert offered(step("¦"))["record"].detail == "Record the call; the URL comes with the last webhook."


def test_key_is_written_with_its_colon_once() -> None:
    assert offered(step("pl¦"))["play"].text == "play: "
    assert offered(step("pl¦: x"))["play"].text == "play"
    assert offered(step("¦"))["branch"].text == "branch:\n      "


def test_item_takes_the_place_of_the_word() -> None:
    document, at = marked(step("play: x\nnext: me¦nx"))
    menu = next(one for one in complete(document, at) if one.label == "menu")
    assert document.text[menu.start : menu.end] == "menx"


def test_name_in_an_expression_takes_the_place_of_its_last_part() -> None:
    document, at = marked(step('play: "${{ vars.tr¦x }}"\nnext: bye'))
    (item,) = [one for one in complete(document, at) if one.label == "tries"]
    assert document.text[item.start : item.end] == "trx"


@pytest.mark.parametrize("line", ["next: {sales: b", 'play: "${{ vars.', "ask: {digits: [", "next:", "- -", "\tx"])
def test_line_that_is_no_yaml_keeps_the_rest_known(line: str) -> None:
    found = offered(step(f"{line}¦").replace(line + CURSOR, f"{line}\n    next: ¦"))
    assert {"menu", "listen"} <= found.keys()


TESTS = "tests: hello\ncases:\n  one:\n    expect:\n      "


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{TESTS}path: [¦", {"menu", "bye"}),
        (f"{TESTS}outcomes: {{¦", {"menu", "listen"}),
        (f"{TESTS}outcomes: {{menu: ¦", {"sales", "no_input"}),
        (f"{TESTS}vars:\n        ¦", {"tries", "url"}),
        ("tests: hello\ncases:\n  one:\n    uses:\n      ¦", {"hours", "crm"}),
        ("tests: hello\ncases:\n  one:\n    uses:\n      hours: ¦", {"practice"}),
    ],
)
def test_test_file_offers_what_the_flow_has(text: str, wanted: set[str]) -> None:
    assert wanted <= offered(text, "test", flow=BEGINNING).keys()


def test_swml_offers_what_the_flow_has() -> None:
    text = 'sections: {main: [{play: "say:${{ vars.¦'
    assert {"tries", "url"} <= offered(text, "swml", flow=BEGINNING).keys()


@pytest.mark.parametrize(
    "text",
    [
        step("play: Thank you ¦"),
        step('play: "Thank y¦'),
        step("play:\n  - Thank you ¦"),
        step("play: >-\n  Thank you ¦"),
        step("next to¦"),
    ],
)
def test_nothing_is_offered_further_on_in_a_text(text: str) -> None:
    assert not offered(text)


def test_environment_offers_keys_flows_and_calendars() -> None:
    assert {"routes", "public_url"} <= offered("¦", "environment").keys()
    assert "hello" in offered('routes:\n  "+15550100": ¦', "environment")
    assert "practice" in offered("uses:\n  hours: ¦", "environment")


def test_calendar_offers_its_keys() -> None:
    assert {"zone", "hours", "holidays"} <= offered("calendar: a\n¦", "calendar").keys()
    assert {"monday", "sunday"} <= offered("calendar: a\nhours:\n  ¦", "calendar").keys()
