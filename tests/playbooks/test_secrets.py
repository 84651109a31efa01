"""Secret answers: what is silenced while they are entered, and where they may be sent."""

import pytest

from engine.model.state import RunState
from tests.playbooks.machine import compiled
from tests.playbooks.orders import Heard, outcomes
from tests.playbooks.playbook import Playbook, Sent, call

FLOW = """
uses: {api: url}
signals: {stop: {}}
start: tape
steps:
  tape:
    record: {max_length: 600}
    background: true
    next: copy
  copy:
    transcribe: {}
    next: pin
  pin:
    ask:
      prompt: "Your PIN?"
      digits: {max: 4}
      secret: true
      attempts: 2
      accept: '^[0-9]{4}$'
      EXTRA
    next: {digits: lookup, speech: lookup, no_input: silent, no_match: wrong, lost: nobody, error: broken}
  lookup:
    fetch: {method: POST, url: "${{ uses.api }}/pin", json: {pin: "${{ steps.pin.value }}"}}
    next: {ok: bye, otherwise: broken}
  silent: {end: busy}
  wrong: {end: decline}
  broken: {end: error}
  nobody: {end: noAnswer}
  away: {end: cancel}
  bye: {end: hangup}
handlers: {signal.stop: away}
"""
API = "https://api.example.com"


def sends(p: Playbook, *commands: str) -> Playbook:
    """These are sent next, and accepted when all are out."""
    sent = [p.sent(f"calling.{command}") for command in commands]
    p.nothing()
    for one in sent:
        one.accepted()
    return p


def listened(extra: str = "replay: true", api: str = API) -> Playbook:
    """The call is recorded and transcribed."""
    p = call(FLOW.replace("EXTRA", extra), uses={"api": api})
    sends(p, "record")
    return sends(p, "transcribe")


def silenced(p: Playbook) -> Playbook:
    pause, stop = silences(p)
    pause.accepted()
    sends(stop.accepted(), "collect", "play")
    p.report("tape", "record", "paused")
    return p.report("copy", "transcribe", "completed", text="before the PIN")


def silences(p: Playbook) -> tuple[Sent, Sent]:
    """Nothing is asked yet."""
    pause, stop = p.sent("calling.record.pause", behavior="silence"), p.sent("calling.transcribe.stop")
    p.at("pin")
    return pause, stop


def digits(p: Playbook, entered: str = "1234") -> Playbook:
    return p.report("pin", "collect", "digit", digits=entered)


GOES_ON = ("play.stop", "record.resume", "transcribe")


def test_secret_is_entered_while_nothing_listens_and_what_listened_goes_on() -> None:
    p = digits(silenced(listened()))
    first = [p.sent(f"calling.{command}") for command in GOES_ON]
    assert first[2].command.control_id == p.control_id("copy", "transcribe", attempt=2)
    request = p.fetches(f"{API}/pin", json={"pin": "1234"})
    for one in first:
        one.accepted()
    request.replied(200)
    sends(p, "end")
    p.report("tape", "record", "finished", url="https://files.example.com/1.wav")
    p.report("copy", "transcribe", "completed", attempt=2, text="and after it").ended("hangup")


def test_second_attempt_leaves_everything_silenced() -> None:
    p = digits(silenced(listened()), "12")
    sends(p, "play.stop", "collect", "play")
    sends(p.report("pin", "play", "finished"), "collect.start_input_timers")
    sends(p.report("pin", "collect", "no_input"), "record.resume", "transcribe", "end")


def test_failed_step_lets_everything_go_on() -> None:
    p = silenced(listened()).report("pin", "collect", "error")
    sends(p, "play.stop", "record.resume", "transcribe", "end")


def test_signal_that_takes_the_step_away_lets_everything_go_on() -> None:
    p = silenced(listened()).signals("stop")
    sends(p, "collect.stop", "play.stop", "record.resume", "transcribe", "end")


def test_lost_answer_lets_everything_go_on() -> None:
    p = silenced(listened()).report("pin", "play", "finished")
    sends(p, "collect.start_input_timers").passes_until_asked().looks_up().found("answered")
    sends(p, "collect.stop", "record.resume", "transcribe", "end")


def test_hang_up_while_a_secret_is_entered_sends_nothing_more() -> None:
    p = silenced(listened()).call_state("ended").at("pin")
    p.report("tape", "record", "finished", url="https://files.example.com/1.wav").ended("hangup")


def test_recording_that_has_ended_meanwhile_is_not_resumed() -> None:
    p = silenced(listened())
    p.report("tape", "record", "finished", url="https://files.example.com/1.wav")
    sends(p.report("pin", "collect", "error"), "play.stop", "transcribe", "end")


def test_record_while_secret_silences_transcriptions_alone() -> None:
    p = sends(listened("record_while_secret: true"), "transcribe.stop")
    sends(sends(p, "collect", "play").report("pin", "collect", "error"), "play.stop", "transcribe", "end")


def test_answer_that_is_not_secret_silences_nothing() -> None:
    graph = FLOW.replace("secret: true", "private: true").replace("EXTRA", "replay: true")
    p = sends(call(graph, uses={"api": API}), "record")
    sends(sends(p, "transcribe"), "collect", "play")


PAUSED = """
start: tape
steps:
  tape: {record: {}, background: true, next: rest}
  rest: {record.pause: tape, next: {accepted: pin}}
  more: {record.resume: tape, next: pin}
  pin:
    ask: {prompt: "Your PIN?", digits: {max: 4}, secret: true, attempts: 1}
    next: bye
  bye: {end: hangup}
handlers: {rejected: pin, error: pin, lost: pin}
"""


def test_recording_that_the_flow_has_paused_stays_paused() -> None:
    p = sends(sends(call(PAUSED), "record"), "record.pause")
    p = sends(p, "collect", "play").report("tape", "record", "paused")
    sends(digits(p), "play.stop", "end")


def test_recording_that_the_flow_has_resumed_is_silenced() -> None:
    p = sends(sends(call(PAUSED.replace("accepted: pin", "accepted: more")), "record"), "record.pause")
    sends(sends(sends(p, "record.resume"), "record.pause"), "collect", "play")
    sends(digits(p), "play.stop", "record.resume", "end")


@pytest.mark.parametrize("how", ["rejected", "unavailable", "unanswered"])
def test_recording_whose_pause_was_not_accepted_is_silenced(how: str) -> None:
    p = sends(call(PAUSED), "record")
    getattr(p.sent("calling.record.pause"), how)()
    sends(sends(p, "record.pause"), "collect", "play")
    sends(digits(p), "play.stop", "record.resume", "end")


def test_after_a_crash_the_pause_is_sent_again_and_the_step_ends_as_ever() -> None:
    p = listened()
    before = silences(p)
    p.resumes()
    again = silences(p)
    assert all(one.command.repeated for one in again)
    for one in again:
        one.accepted()
    digits(sends(p, "collect", "play"))
    sent = [p.sent(f"calling.{command}") for command in GOES_ON]
    p.fetches(f"{API}/pin")
    assert sent[1].command.control_id == before[0].command.control_id


@pytest.mark.parametrize(
    "api", ["http://api.example.com", "http://127.0.0.1.example.com", "http://127.0.0.1@example.com"]
)
def test_secret_is_not_sent_where_it_could_be_read(api: str) -> None:
    p = sends(digits(silenced(listened(api=api))), *GOES_ON, "end")
    assert p.result("lookup")["code"] == "not-https"


@pytest.mark.parametrize(
    "api", ["https://api.example.com", "HTTPS://api.example.com", "http://127.0.0.1:9000", "http://[::1]"]
)
def test_secret_is_sent_over_https_or_to_this_machine(api: str) -> None:
    p = digits(silenced(listened(api=api)))
    for command in GOES_ON:
        p.sent(f"calling.{command}")
    p.fetches(f"{api}/pin", json={"pin": "1234"})


def test_every_order_of_webhooks_and_answers_leaves_nothing_silenced() -> None:
    graph = compiled(FLOW.replace("EXTRA", "replay: true"))
    history = [
        Heard("tape.1.1.record", "recording"),
        Heard("tape.1.1.record", "paused", cause="calling.record.pause"),
        Heard("copy.1.1.transcribe", "completed", cause="calling.transcribe.stop"),
        Heard("pin.1.1.collect", "error"),
        Heard("pin.1.1.play", "finished"),
    ]

    def judge(state: RunState) -> tuple[str, int]:
        return (state.end_reason, state.seq)

    # Eleven: what starts the six, the stop of the prompt or the timers, what lets both go on, the end, the last look-up.
    assert outcomes(graph, history, judge, answers_first=True) == {("error", 11)}
