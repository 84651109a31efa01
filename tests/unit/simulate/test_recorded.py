"""Recorded calls: their file, without what is personal, as cases, and against a candidate version."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from engine.compile import compile_bundle
from engine.exchange.caller import Decides, HangsUp, Hears, Line, Presses, Says, Silent
from engine.exchange.decisions import Verdict
from engine.exchange.faults import Fault
from engine.model.bundle import Bundle
from engine.model.events import Fetched, OperationReported
from engine.model.graph import FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import against, given, reading
from engine.simulate.cases.judging import judge
from engine.simulate.recorded import case, redacting
from engine.simulate.recorded.comparing import Compared, compare
from engine.simulate.recorded.recording import Recording, RecordingError, decode, encode
from engine.simulate.scenario import Replies, Reply, Scenario
from tests.unit.simulate.recorded import of_bundle

FLOW = """
flow: line
language: 1
uses: {api: url, desk: number}
start: menu
steps:
  menu:
    ask:
      prompt: "Press one for your account, or say desk."
      digits: {max: 1}
      speech: {hints: [desk]}
      choices: {account: {keys: ["1"]}, desk: {keys: ["0"], phrases: [desk]}}
      attempts: 2
      reprompt: {no_input: ["I did not hear you."]}
    next: {account: number, desk: to_desk, otherwise: sorry}
  number:
    ask: {prompt: "Enter your number.", digits: {max: 8, terminators: "#"}, accept: '^[0-9]{5}$', attempts: 2}
    next: {digits: look, otherwise: sorry}
  look:
    fetch: {url: "${{ uses.api }}/who", returns: {name: string, vip: bool}}
    next: {ok: which, http_404: number, otherwise: sorry}
  which:
    branch:
      - {if: steps.look.body.vip, next: to_desk}
      - {else: greet}
  greet:
    play: "Hello ${{ steps.look.body.name }}."
    next: bye
  to_desk:
    connect: {to: "${{ uses.desk }}"}
    next: {bridge_ended: bye, otherwise: message}
  message:
    record: {max_length: 60}
    next: {finished: bye, otherwise: sorry}
  sorry:
    play: "Sorry."
    next: bye
  bye:
    end: hangup
"""
ACCOUNT: tuple[Line, ...] = (
    Hears(text="press one"),
    Presses(digits="1"),
    Hears(text="your number"),
    Presses(digits="90210#"),
)
ANY = {"look": Replies(each=(Reply(body={"name": "Kim", "vip": False}),), again=True)}
USES = {"api": "https://api.example.com", "desk": "+15550123"}


def bundle(text: str = FLOW) -> Bundle:
    return Bundle(flow="line", files={"line.flow.yaml": text.encode()})


def call(*script: Line, fetch: dict[str, tuple[Reply, ...]] | None = None, **more: Any) -> Recording:
    replies = {name: Replies(each=each) for name, each in (fetch or {}).items()}
    events = more.pop("events", None)
    scenario = Scenario(script=script, replies=replies, uses=USES, person="+15558888", **more)
    return of_bundle(bundle(), scenario, events=events)


def kim(*, vip: bool = False) -> dict[str, tuple[Reply, ...]]:
    return {"look": (Reply(body={"name": "Kim", "vip": vip}),)}


TWICE = Fault(kind="collect.digit", do="duplicate", nth=0)
CALLS: dict[str, Recording] = {
    "account": call(*ACCOUNT, fetch=kim()),
    "vip, and the desk is busy": call(
        *ACCOUNT, Decides(about="bridge", verdict=Verdict(word="busy")), Says(text="Call me."), fetch=kim(vip=True)
    ),
    "desk by a word": call(Hears(text="press one"), Says(text="the desk please")),
    "silence": call(),
    "a wrong key after silence": call(Hears(text="did not hear"), Presses(digits="7")),
    "hang-up at the prompt": call(Hears(text="press one"), HangsUp()),
    "hang-up while the number is entered": call(*ACCOUNT[:3], Silent(ms=2_000), HangsUp()),
    "unknown number, then a slow service": call(
        *ACCOUNT,
        Hears(text="your number"),
        Presses(digits="11111#"),
        fetch={"look": (Reply(status=404, text=""), Reply(body={"name": "Kim", "vip": False}, after_ms=3_000))},
    ),
    "service is down": call(*ACCOUNT, fetch={"look": (Reply(kind="unreachable"),)}),
    "nonsense": call(*ACCOUNT, fetch={"look": (Reply(text="<html>"),)}),
    "a doubled webhook": call(*ACCOUNT, fetch=kim(), faults=(Fault(kind="collect.digit", do="duplicate"),)),
    "every key told of twice": call(*ACCOUNT, fetch=kim(), faults=(TWICE,)),
    "a key told of twice, and a long wait after it": call(
        Hears(text="press one"),
        Presses(digits="0"),
        Decides(about="bridge", verdict=Verdict(word="busy")),
        faults=(TWICE,),
    ),
    "a lost webhook": call(*ACCOUNT, fetch=kim(), faults=(Fault(kind="play.finished", do="drop", nth=0),)),
    "a refused command": call(*ACCOUNT, fetch=kim(), faults=(Fault(kind="calling.play", do="422", nth=2),)),
    "a prompt that fails": call(*ACCOUNT, fetch=kim(), faults=(Fault(kind="play", do="fail", nth=2),)),
}


def graph(text: str = FLOW) -> FlowGraph:
    found = compile_bundle(bundle(text))
    assert found.graph is not None, found.diagnostics
    return found.graph


@pytest.mark.parametrize("name", CALLS)
def test_file_written_and_read_is_the_same_call(name: str) -> None:
    found = decode(encode(CALLS[name]).encode(), "x.json")
    assert found == CALLS[name]
    assert compare(found, graph()).verdict == "same"


@pytest.mark.parametrize("redact", [True, False], ids=["redacted", "as it was"])
@pytest.mark.parametrize("name", CALLS)
def test_as_test_the_case_passes_and_goes_as_the_call_went(name: str, redact: bool) -> None:
    made = redacting.redacted(CALLS[name]) if redact else CALLS[name]
    text = case.test_file(made)
    tests = reading.read("line.test.yaml", "line", text.encode())
    (one,) = tests.cases
    against.check(one, graph())
    said = given.read(one, graph(), {})
    outcome = simulate(graph(), said.scenario)
    assert not tests.diagnostics, text
    assert judge(one, said.script, outcome) == (), text
    wanted = simulate(graph(), Scenario())  # of any call: only to show that cases tell calls apart
    assert name == "silence" or judge(one, said.script, wanted)


def test_as_test_words_that_nobody_heard_are_said_to_be_so() -> None:
    was = CALLS["account"]
    place = next(at for at, one in enumerate(was.events) if isinstance(one, Fetched)) + 2
    asked = next(one for one in was.events if isinstance(one, OperationReported) and ".number." in one.control_id)
    late = OperationReported(
        at_ms=was.events[place].at_ms,
        control_id=asked.control_id,
        verb="collect",
        mark="speech",
        fields={"text": "nine"},
    )
    text = case.test_file(replace(was, events=(*was.events[: place + 1], late, *was.events[place + 1 :])))
    assert "{says: nine, ignored: true}" in text
    (one,) = reading.read("line.test.yaml", "line", text.encode()).cases
    said = given.read(one, graph(), {})
    assert judge(one, said.script, simulate(graph(), said.scenario)) == (), text


def test_as_test_a_key_that_was_told_of_twice_was_pressed_once() -> None:
    text = case.test_file(CALLS["every key told of twice"])
    assert text.count("presses: ") == 2, text


def test_as_test_of_a_live_call_leaves_its_end_open() -> None:
    text = case.test_file(call(*ACCOUNT, fetch=kim(), events=4))
    assert 'path: [menu, "..."]' in text
    assert "ends" not in text


def test_redacted_nothing_personal_is_left_and_the_course_is_the_same() -> None:
    whole = encode(redacting.redacted(CALLS["account"]))
    assert not [word for word in ("90210", "Kim", "+15558888", "+15550123", "api.example.com/who") if word in whole]
    assert compare(decode(whole.encode(), "x"), graph()).verdict == "same"


def test_redacted_what_the_flow_tells_apart_stays() -> None:
    found = redacting.redacted(CALLS["desk by a word"])
    said = [one.fields["text"] for one in found.events if getattr(one, "mark", "") == "speech"]  # type: ignore[union-attr]
    assert said == ["desk"], "a phrase of the choice in place of what was said"


OWES = """
flow: line
language: 1
uses: {api: url}
start: look
steps:
  look:
    fetch: {url: "${{ uses.api }}/owed", returns: {cents: int, paid: double, rate: string}}
    next: {ok: much, otherwise: bye}
  much:
    branch: [{if: steps.look.body.cents > 100000, next: more}, {else: bye}]
  more:
    branch: [{if: steps.look.body.paid < 25.0, next: least}, {else: bye}]
  least:
    branch: [{if: double(steps.look.body.rate) >= 4.5, next: again}, {else: bye}]
  again:
    branch: [{if: steps.look.body.cents * 2 > 246000, next: over}, {else: bye}]
  over: {play: "That is a lot.", next: bye}
  bye: {end: hangup}
"""


def test_redacted_an_amount_tells_on_which_side_of_a_bound_it_was_and_no_more() -> None:
    body = {"cents": 123_457, "paid": 17.31, "rate": "4.83"}
    made = of_bundle(
        bundle(OWES), Scenario(uses={"api": USES["api"]}, replies={"look": Replies(each=(Reply(body=body),))})
    )
    found = redacting.redacted(made)
    whole = encode(found)
    assert not [one for one in ("123457", "17.31", "4.83") if one in whole], whole
    candidate = found.graph()
    assert compare(found, candidate).verdict == "same"


LISTENED = """
flow: line
language: 1
uses: {service: string, monitor: string}
start: stream
steps:
  stream:
    stream: {url: "${{ uses.service }}"}
    background: true
    next: tap
  tap:
    tap: {tap: {type: audio, params: {direction: both}}, device: {type: rtp, params: {addr: "${{ uses.monitor }}", port: 4000}}}
    background: true
    next: bye
  bye: {end: hangup}
"""


def test_redacted_addresses_are_of_the_same_kind_so_that_the_case_of_the_call_passes() -> None:
    uses = {"service": "wss://secret.corp.example/x", "monitor": "9.9.9.9"}
    found = redacting.redacted(of_bundle(bundle(LISTENED), Scenario(uses=uses)))
    assert found.uses == {"service": "wss://service.example.com", "monitor": "8.8.8.8"}
    text = case.test_file(found)
    (one,) = reading.read("line.call.test.yaml", "line", text.encode()).cases
    said = given.read(one, found.graph(), {})
    assert judge(one, said.script, simulate(found.graph(), said.scenario)) == (), text


@pytest.mark.parametrize(
    ("service", "instead"),
    [
        ("http://127.0.0.1:18790/pin", "https://api.example.com"),
        ("http://localhost", "https://api.example.com"),
        ("http://far.corp.example", "http://api.example.com"),
    ],
)
def test_redacted_a_service_that_a_secret_may_go_to_is_one_that_it_may_go_to(service: str, instead: str) -> None:
    text = FLOW.replace("accept: '^[0-9]{5}$'", "secret: true, accept: '^[0-9]{5}$'").replace(
        '/who", returns', '/who", method: POST, json: {pin: "${{ steps.number.value }}"}, returns'
    )
    made = of_bundle(bundle(text), Scenario(script=ACCOUNT, uses={**USES, "api": service}, replies=ANY))
    found = redacting.redacted(made)
    assert found.uses["api"] == instead
    assert "90210" not in encode(found)
    assert compare(found, graph(text)).verdict == "same"
    asked = any(isinstance(one, Fetched) for one in found.events)
    assert asked == instead.startswith("https"), "what is secret goes over https or to this machine"


def test_redacted_a_secret_that_decides_is_refused_with_its_step() -> None:
    secret = FLOW.replace("accept: '^[0-9]{5}$'", "secret: true, accept: '^[0-9]{5}$'")
    judged = secret.replace("{digits: look,", "{digits: judge,").replace(
        "  look:\n",
        "  judge:\n    branch: [{if: steps.number.value == '90210', next: sorry}, {else: look}]\n  look:\n",
    )
    plain, decides = (
        of_bundle(bundle(text), Scenario(script=ACCOUNT, uses=USES, replies=ANY)) for text in (secret, judged)
    )
    assert "90210" not in encode(redacting.redacted(plain))
    with pytest.raises(RecordingError, match="what was entered at `number`, which is not to be seen") as error:
        redacting.redacted(decides)
    assert "--no-redact" in error.value.help


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "is no recorded run"),
        (b"[]", "is no recorded run"),
        (b'{"what": "a song", "format": 1}', "`what` is 'a song'"),
        (b'{"what": "offhook run", "format": 2}', "has the format 2, and this Offhook knows 1"),
        (b'{"what": "offhook run", "format": 1}', "is damaged"),
    ],
)
def test_decode_says_what_is_wrong_with_a_file(data: bytes, says: str) -> None:
    with pytest.raises(RecordingError, match=r"x\.json") as error:
        decode(data, "x.json")
    assert says in str(error.value)


def test_decode_a_file_that_does_not_begin_with_a_call() -> None:
    whole = json.loads(encode(CALLS["silence"]))
    whole["events"] = whole["events"][1:]
    with pytest.raises(RecordingError, match="does not begin with a call"):
        decode(json.dumps(whole).encode(), "x.json")


def test_version_that_does_not_compile_any_more_is_named() -> None:
    broken = replace(CALLS["silence"], bundle=bundle(FLOW.replace("next: bye", "next: nowhere")))
    with pytest.raises(
        RecordingError, match=r"line\.flow\.yaml of run i.* does not compile any more: There is no step `nowhere`"
    ):
        compare(broken, graph())


def against_change(name: str, old: str, new: str) -> Compared:
    assert old in FLOW
    return compare(CALLS[name], graph(FLOW.replace(old, new)))


def test_compare_other_words_are_no_other_course() -> None:
    found = against_change("account", "Enter your number.", "Please enter your number.")
    assert (found.verdict, found.difference) == ("words", None)
    assert [msgspec.structs.astuple(one) for one in found.reworded] == [
        ("number", "Enter your number.", "Please enter your number.")
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("account", "account: number,", "account: sorry,", ("menu", "goes to `number`", "goes to `sorry`", "")),
        ("account", "attempts: 2}", "attempts: 2, initial_timeout: 9}", ("number", "not set", "initial_timeout 9", "")),
        ("account", "/who", "/whose", ("look", "url https://api.example.com/who", "/whose", "")),
        ("account", 'greet:\n    play: "Hello ${{ steps.look.body.name }}."', "greet:\n    wait: 1s",
         ("greet", "goes to `greet`, visit 1, `play`", "`wait`", "`greet` was `play`, and is `wait` now")),
        ("account", "look", "ask_them", ("number", "goes to `look`", "goes to `ask_them`", "there is no step `look` any more")),
        ("account", "vip: bool}", "vip: bool, extra: string}", ("look", "`ok`", "`invalid`",
         "what was recorded of the reply does not fit its `returns` now: body.extra: a string is wanted, and it is missing")),
        ("silence", "attempts: 2\n", "attempts: 3\n", ("menu", "`no_input`", "sends calling.collect", "")),
    ],
)  # fmt: skip
def test_compare_the_first_step_that_differs_is_named(
    name: str, old: str, new: str, says: tuple[str, str, str, str]
) -> None:
    found = against_change(name, old, new)
    assert found.verdict == "course"
    assert found.difference is not None
    step, was, now, why = says
    assert found.difference.step == step
    assert was in found.difference.was
    assert now in found.difference.now
    assert found.difference.why == why


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "start: menu",
            "inputs: {name: {type: string}}\nstart: menu",
            "the input `name` is new, and the call was not given it",
        ),
        ("uses: {", "uses: {other: url, ", "`uses.other` is new, and the call was bound to nothing of that name"),
        (
            "start: menu",
            'outbound: {from: "+15550100"}\nstart: menu',
            "the flow is called in the version of the call, and calls",
        ),
    ],
)
def test_compare_what_the_call_did_not_have_is_named(old: str, new: str, why: str) -> None:
    found = against_change("account", old, new)
    assert found.verdict == "incompatible"
    assert why in found.why


def test_compare_a_change_that_the_call_does_not_come_to_is_none() -> None:
    assert against_change("silence", "Enter your number.", "Type your number.").verdict == "same"
    assert against_change("account", "vip: bool}", "vip: bool, extra: string?}").verdict == "same"
