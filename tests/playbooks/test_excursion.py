"""excursion: SWML drives the call for a while, and the run has it back."""

import pytest

from engine.model.ids import way_back
from tests.playbooks.playbook import Playbook, Sent, call

FLOW = """
vars: {amount: 12}
limits: {call: 2m}
start: music
steps:
  music: {play: "La la la.", background: true, next: tape}
  tape: {record: {max_length: 600}, background: true, next: pay}
  pay:
    excursion:
      swml:
        sections:
          main:
            - pay: {charge_amount: "${vars.amount}", from: "${{ call.from }}"}
            - cond:
                - when: "pay_result == 'success'"
                  then: [{transfer: {dest: "${{ resume('paid') }}"}}]
                - else: [{transfer: {dest: "${{ resume('failed') }}"}}]
      with: {amount: "${{ vars.amount }}"}
      outcomes: [paid, failed]
      returns: {receipt: string, cents: int, note: 'string?'}
      deadline: 5m
    next: {paid: thanks, failed: sorry}
  thanks:
    play: "Receipt ${{ steps.pay.receipt }}, ${{ or(steps.pay.note, 'no note') }}."
    next: bye
  sorry: {play: "That did not work.", next: bye}
  gone: {end: cancel}
  bye: {end: hangup}
handlers: {lost: gone}
"""


def paying(flow: str = FLOW) -> tuple[Playbook, Sent]:
    """The music is stopped, and the call sent away."""
    p = call(flow)
    p.says("La la la.").accepted()
    p.sent("calling.record").accepted()
    stop, sent = p.sent("calling.play.stop"), p.sent("update")
    stop.accepted()
    return p, sent


def away(flow: str = FLOW) -> Playbook:
    return paying(flow)[1].accepted().at("pay")


def test_excursion_stops_voices_keeps_recordings_and_sends_the_document() -> None:
    p, sent = paying()
    main = sent.command.params["swml"]["sections"]["main"]
    control = sent.command.control_id
    assert control is not None
    assert main[0] == {"set": {"amount": 12}}
    assert main[1]["pay"] == {"charge_amount": "${vars.amount}", "from": "+15550177"}
    assert main[2]["cond"][0]["then"] == [{"transfer": {"dest": way_back(control, "paid")}}]
    sent.accepted().at("pay")
    assert sorted(op.verb for op in p.state.operations.values()) == ["excursion", "record"]


def test_what_the_call_could_not_take_along_is_nothing_to_wait_for() -> None:
    """The music is forgotten; the recording has gone on, and is waited for."""
    flow = FLOW.replace("paid: thanks", "paid: tell").replace(
        "  bye:", "  tell: {wait: tape, next: late}\n  late: {wait: music, next: {finished: bye, error: sorry}}\n  bye:"
    )
    p = away(flow).returns("pay", "paid", receipt="1", cents=1).at("tell")
    p.report("tape", "record", "finished", url="https://recordings.example.com/1.mp3")
    assert p.result("late")["code"] == "no-operation"
    p.says("That did not work.")


def test_return_has_its_outcome_and_typed_fields() -> None:
    p = away().returns("pay", "paid", receipt=4711, cents="1200")
    p.says("Receipt 4711, no note.").accepted()
    assert p.result("pay") == {"outcome": "paid", "receipt": "4711", "cents": 1200}


def test_return_without_a_field_that_was_declared_is_an_error() -> None:
    p = away(FLOW.replace("handlers: {", "handlers: {error: sorry, ")).returns("pay", "paid", receipt="1")
    assert p.result("pay")["code"] == "invalid-return"
    p.says("That did not work.").accepted()


def test_return_before_the_answer_to_its_command_counts() -> None:
    p, sent = paying()
    p.returns("pay", "failed", receipt="1", cents=1)
    p.says("That did not work.")
    sent.accepted().at("sorry")


def test_second_return_changes_nothing() -> None:
    p = away().returns("pay", "paid", digest="d", receipt="1", cents=1)
    p.says("Receipt 1").accepted()
    p.returns("pay", "failed").was("duplicate").at("thanks")
    p.returns("pay", "paid", digest="d").was("duplicate").at("thanks")


def test_excursion_that_is_refused_is_rejected() -> None:
    p, sent = paying(FLOW.replace("handlers: {", "handlers: {rejected: sorry, "))
    sent.rejected("cannot_update_completed")
    p.says("That did not work.").accepted()


def test_call_that_never_comes_back_is_looked_up_fetched_back_and_lost() -> None:
    p = away()
    for _ in range(20):
        p.passes_until_asked("1m")
        asked = p.looks_up()
        if asked.command.operations:
            break
        asked.found("answered")
    assert p.now_ms - p.state.started_ms == 315_000
    asked.found("answered")
    parked = p.sent("update").command.params["swml"]["sections"]["main"]
    assert parked == [{"answer": {}}, {"sleep": {"duration": -1}}]
    p.sent("calling.end", reason="cancel")
    assert p.result("pay")["outcome"] == "lost"


def test_hang_up_while_away_is_found_by_looking_up() -> None:
    p = away().passes_until_asked("31s")
    p.looks_up().found("ended", end_reason="hangup")
    p.report("tape", "record", "finished", url="https://example.com/1.mp3").ended("hangup")


def test_limit_of_the_call_does_not_run_while_away() -> None:
    p = away().lasts("4m").returns("pay", "paid", receipt="1", cents=1)
    p.says("Receipt 1").accepted()
    assert p.state.timers["call"] == p.now_ms + 120_000


def test_nobody_knows_whether_it_went_out_so_it_is_fetched_back() -> None:
    p, sent = paying()
    sent.unanswered()
    p.sent("update")
    p.sent("calling.end", reason="cancel")


def test_crash_before_the_answer_fetches_the_call_back() -> None:
    p, _ = paying()
    p.resumes().sent("update")
    p.sent("calling.end", reason="cancel")


def test_signal_fetches_the_call_back() -> None:
    flow = FLOW.replace("handlers: {", "handlers: {signal.stop: sorry, ").replace(
        "vars:", "signals: {stop: {}}\nvars:", 1
    )
    p = away(flow).signals("stop")
    back = p.sent("update")
    p.says("That did not work.").accepted()
    back.accepted()
    p.returns("pay", "paid", receipt="1", cents=1).was("late").at("sorry")


def test_value_cannot_become_an_expression_of_swml() -> None:
    flow = FLOW.replace("vars: {amount: 12}", 'vars: {amount: "${vars.secret} %{x}"}')
    _, sent = paying(flow)
    main = sent.command.params["swml"]["sections"]["main"]
    assert main[0] == {"set": {"amount": "$ {vars.secret} % {x}"}}


@pytest.mark.parametrize("document", ["[{enter_queue: {queue_name: support}}]"])
def test_way_back_is_appended_where_none_stands(document: str) -> None:
    p = call(f"""
start: queue
steps:
  queue:
    excursion: {{swml: {{sections: {{main: {document}}}}}, deadline: 10m}}
    next: bye
  bye: {{end: hangup}}
""")
    sent = p.sent("update")
    main = sent.command.params["swml"]["sections"]["main"]
    assert main[-1] == {"transfer": {"dest": way_back(sent.command.control_id or "", "returned")}}  # type: ignore[arg-type]
    sent.accepted().returns("queue")
    p.sent("calling.end")
