"""What is said of a change: a flow, what is replaced in it, and the sentences."""

from textwrap import dedent

import pytest

from engine.compile import compile_bundle, suffix
from engine.diff import Change, compare, compare_calendars
from engine.diff.wording import sentence
from engine.model.bundle import Bundle
from engine.model.graph import FlowGraph

FLOW = """\
flow: line
language: 1
uses: {desk: number}
vars: {tries: 0}
start: welcome
steps:
  welcome:
    play: "Thank you for calling."
    next: menu
  menu:
    ask:
      prompt: "For sales, press 1. To leave a message, press 2."
      digits: {max: 1}
      initial_timeout: 6
      choices:
        sales: {keys: ["1"]}
        message: {keys: ["2"]}
    next: {sales: sales, message: message, no_input: check, no_match: bye}
  check:
    branch:
      - if: vars.tries < 2
        next: count
      - else: bye
  count:
    set: {tries: vars.tries + 1}
    next: menu
  sales:
    play: "One moment. We are connecting you to our sales desk."
    next: bye
  message:
    record: {max_length: 60}
    next: {finished: bye, no_input: bye}
  bye:
    end: hangup
handlers: {error: bye, hangup: over}
limits: {call: 10m, next: bye}
"""
FLOW = FLOW.replace("handlers:", "  over: {end: done}\nhandlers:")


def graph(text: str) -> FlowGraph:
    found = compile_bundle(Bundle("line", {suffix("line"): text.encode()}))
    assert found.graph is not None, found.diagnostics
    return found.graph


def changed(*replaced: tuple[str, str]) -> tuple[Change, ...]:
    text = FLOW
    for before, after in replaced:
        assert text.count(before) >= 1, before
        text = text.replace(before, after)
    return compare(graph(FLOW), graph(text))


def said(*replaced: tuple[str, str]) -> list[str]:
    return [sentence(one) for one in changed(*replaced)]


@pytest.mark.parametrize(
    "replaced",
    [
        ("flow: line", "# a comment\nflow: line"),
        ("vars.tries < 2", "vars.tries  <  2"),
        ('"Thank you for calling."', "Thank you\n      for calling."),
        ("next: {sales: sales, message: message, no_input: check, no_match: bye}", "next: {message: message, sales: sales, no_input: check, otherwise: bye}"),
        ("  welcome:\n", "  welcome:\n    note: The first thing.\n    tags: [start]\n"),
        ("message: {keys:", "voicemail: {keys:"),
    ],
)  # fmt: skip
def test_what_only_looks_different_is_nothing(replaced: tuple[str, str]) -> None:
    also = [("message: message", "voicemail: message")] if "voicemail" in replaced[1] else []
    assert said(replaced, *also) == []


@pytest.mark.parametrize(
    ("replaced", "wanted"),
    [
        (("no_input: check", "no_input: bye"), "A caller who enters nothing in `menu` now reaches `bye` instead of `check`."),
        (("no_match: bye", "no_match: menu"), "A caller whose answer does not fit in `menu` now reaches `menu` instead of `bye`."),
        (('{keys: ["2"]}', '{keys: ["2", "3"]}'), "New: a caller who presses 3 in `menu` reaches `message`."),
        (('{keys: ["2"]}', '{keys: ["3"]}'), "Gone: a caller who presses 2 in `menu` reached `message`."),
        (("next: count", "next: sales"), "In `check`, if `vars.tries < 2`, a call now reaches `sales` instead of `count`."),
        (("else: bye", "else: menu"), "In `check`, where no condition holds, a call now reaches `menu` instead of `bye`."),
        (("vars.tries < 2", "vars.tries < 3"), "`check` goes to `count` if `vars.tries < 3`, and did if `vars.tries < 2`."),
        (("error: bye", "error: sales"), "After an error, a call goes to `sales` instead of `bye`."),
        (("error: bye, ", ""), "After an error, a call no longer goes to `bye`; there is no handler."),
        (("call: 10m, next: bye", "call: 10m"), "At a limit, a call no longer goes to `bye`; there is no handler."),
        (("call: 10m", "call: 5m"), "`limits.call` is `5m` instead of `10m`."),
        (("initial_timeout: 6", "initial_timeout: 9"), "`menu`: `initial_timeout` is `9` instead of `6`."),
        (("max_length: 60", "max_length: 90"), "`message`: `max_length` is `90` instead of `60`."),
        (("vars.tries + 1", "vars.tries + 2"), "`count`: `tries` is `vars.tries + 2` instead of `vars.tries + 1`."),
        (("start: welcome", "start: menu"), "A call begins at `menu` instead of `welcome`."),
        (("start: welcome", "start: menu"), "No way leads to `welcome` any more."),
        (("end: hangup", "end: busy"), "A call can end with `end busy` now."),
        (("end: hangup", "end: busy"), "No call ends with `end hangup` any more."),
        (("no_match: bye", "no_match: message"), "A caller can be recorded on a new way: from `menu` (no_match) to `message`."),
        (("Thank you for calling", "Thank you very much"), "`welcome` says something else (play)."),
        (("uses: {desk: number}\n", ""), "`uses.desk` is not set any more; it was `number, required`."),
        (("  count:\n    set: {tries: vars.tries + 1}", "  count:\n    wait: 2s"), "`count` is a `wait` instead of a `set`."),
        (("flow: line", "signals: {stop: {why: string}}\nflow: line"), "`signals.stop` is `why: string`; it was not set."),
    ],
)  # fmt: skip
def test_change_is_said(replaced: tuple[str, str], wanted: str) -> None:
    assert wanted in said(replaced)


def test_keys_that_change_places_are_two_sentences_with_their_ways() -> None:
    found = changed(('"1"', '"9"'), ('"2"', '"1"'), ('"9"', '"2"'))
    assert [sentence(one) for one in found] == [
        "A caller who presses 1 in `menu` now reaches `message` instead of `sales`.",
        "A caller who presses 2 in `menu` now reaches `sales` instead of `message`.",
        "A caller can be recorded on a new way: from `menu` (press 1) to `message`.",
    ]
    assert found[0].way == ("welcome", "menu (press 1)", "message")


def test_step_with_another_name_is_the_same_step() -> None:
    renamed = dedent("`sales` is called `our_desk` now.")
    assert said(("sales: sales", "sales: our_desk"), ("  sales:\n", "  our_desk:\n")) == [f"Step {renamed}"]


def test_step_that_is_quite_different_is_another_one() -> None:
    found = changed(
        ("sales: sales", "sales: offers"),
        ("  sales:\n", "  offers:\n"),
        ("One moment. We are connecting you to our sales desk.", "All our offers are on our website today."),
    )
    assert [one.kind for one in found] == ["goes", "step_added", "step_removed"]


def test_way_of_what_is_lost_is_that_of_the_old_flow() -> None:
    lost = next(one for one in changed(("no_input: check", "no_input: bye")) if one.kind == "unreached")
    assert lost.way[:3] == ("welcome", "menu (no_input)", "check")


def test_order_of_conditions_counts() -> None:
    two = "      - if: vars.tries < 2\n        next: count\n      - if: vars.tries > 8\n        next: menu\n"
    other = "      - if: vars.tries > 8\n        next: menu\n      - if: vars.tries < 2\n        next: count\n"
    one = "      - if: vars.tries < 2\n        next: count\n"
    changes = compare(graph(FLOW.replace(one, two)), graph(FLOW.replace(one, other)))
    assert [change.kind for change in changes] == ["order"]


def test_words_that_are_said_in_another_voice_are_a_setting() -> None:
    found = changed(('play: "Thank you for calling."', 'play: ["Thank you for calling.", {silence: 2}]'))
    assert [(one.kind, one.what) for one in found] == [("setting", ("play, its pauses and sounds",))]


def test_voice_of_all_steps_is_one_change() -> None:
    spoken = FLOW.replace("limits:", "defaults: {voice: {language: en-US, gender: female}}\nlimits:")
    other = spoken.replace("language: en-US", "language: en-GB")
    (found,) = compare(graph(spoken), graph(other))
    assert found.steps == ("welcome", "menu", "sales")
    assert sentence(found) == (
        "The voice of 3 steps (`welcome`, `menu`, `sales`): `language` is `en-GB` instead of `en-US`."
    )


def test_voice_of_one_step_is_its_own() -> None:
    alone = 'sales:\n    play: {play: ["One moment."], language: en-GB}\n    next: bye\n  message:'
    before = FLOW.replace(FLOW[FLOW.index("sales:\n") : FLOW.index("message:\n") + len("message:")], alone)
    (found,) = compare(graph(before), graph(before.replace("en-GB", "en-AU")))
    assert (found.step, found.steps) == ("sales", ())


def test_status_that_a_request_no_longer_names_goes_with_the_rest() -> None:
    asked = 'fetch: {url: "https://example.com/x", timeout: 2s}\n    next: {ok: bye, http_409: sales, otherwise: check}'
    before = FLOW.replace("record: {max_length: 60}\n    next: {finished: bye, no_input: bye}", asked)
    (found,) = compare(graph(before), graph(before.replace("http_409: sales, ", "")))
    assert sentence(found) == "After `http_409` in `message`, a call now reaches `check` instead of `sales`."
    (back,) = compare(graph(before.replace("http_409: sales, ", "")), graph(before))
    assert sentence(back) == "After `http_409` in `message`, a call now reaches `sales` instead of `check`."


def test_words_are_those_of_the_file() -> None:
    called = 'connect: {to: "+15550123", timeout: 20}\n    next: {bridge_ended: bye, otherwise: bye}'
    before = FLOW.replace("record: {max_length: 60}\n    next: {finished: bye, no_input: bye}", called)
    found = sentences(before, before.replace("timeout: 20", "timeout: 25"))
    assert "`message`: `timeout` is `25` instead of `20`." in found
    assert not [one for one in found if "swml" in one]
    asked = 'ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true, accept: "^[0-9]{4}$"}\n    next: bye'
    before = FLOW.replace("record: {max_length: 60}\n    next: {finished: bye, no_input: bye}", asked)
    assert sentences(before, before.replace("secret: true", "private: true")) == [
        "`message`: `private` is `true`; it was not set.",
        "`message`: `secret` is not set any more; it was `true`.",
    ]
    assert sentences(before, before.replace("{4}$", "{5}$")) == [
        "`message`: `accept` is `^[0-9]{5}$` instead of `^[0-9]{4}$`."
    ]


def test_calendars_are_compared_as_they_are_written() -> None:
    before = b"calendar: desk\nzone: UTC\nhours: {monday: 08:00-18:00}\n"
    after = before.replace(b"18:00", b"10:00") + b"description: Shorter.\n"
    (found,) = compare_calendars(before, after)
    assert sentence(found) == "`hours.monday` is `08:00-10:00` instead of `08:00-18:00`."
    assert compare_calendars(before, before + b"# As ever.\n") == ()


def sentences(before: str, after: str) -> list[str]:
    return sorted(sentence(one) for one in compare(graph(before), graph(after)))
