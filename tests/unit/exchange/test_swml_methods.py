"""Variables, branches, jumps, and what goes on beside a document of SWML."""

from typing import Any

import pytest

from engine.exchange.caller import Decides
from engine.exchange.decisions import Verdict
from engine.exchange.effects import FetchSwml
from engine.exchange.live import Recording
from engine.exchange.methods.table import METHODS
from engine.exchange.script import MAX_HOPS
from tests.unit.exchange.playbook import HOOK, Playbook, logged, marks

SAY = {"play": {"url": "say:${said}"}}


def running(*main: Any, **sections: list[Any]) -> Playbook:
    book = Playbook().parked()
    swml = {"sections": {"main": [*main], **sections}}
    assert book.post("update", id=book.call_id, swml=swml).status == 200
    return book


def heard(*main: Any, **sections: list[Any]) -> list[str]:
    book = running(*main, **sections)
    book.run(steps=400)
    return book.heard


def say(text: str) -> dict[str, Any]:
    return {"play": {"url": f"say:{text}"}}


def test_variables_are_set_read_and_taken_away() -> None:
    user = {"name": "Kim", "cards": [{"last": 7}]}
    assert heard(
        {"set": {"user": user, "total": 5}},
        say("${user.name} %{vars.user.cards[0].last} ${total + 1}"),
        {"unset": ["total"]},
        say("[${total}] ${call.direction}"),
    ) == ["Kim 7 6", "[] inbound"]


def test_value_that_is_one_placeholder_keeps_its_type() -> None:
    book = running({"set": {"one": 1, "list": [1]}}, {"set": {"two": "${one + 1}", "same": "${list}"}}, {"sleep": -1})
    assert (book.call.vars["two"], book.call.vars["same"]) == (2, [1])


def test_variables_and_params_are_told_to_the_next_document_and_live_on() -> None:
    book = running({"set": {"a": "x"}}, {"transfer": {"dest": "https://flows.test/b", "params": {"p": "${a}y"}}})
    assert (book.asked_back["vars"]["a"], book.asked_back["params"]) == ("x", {"p": "xy"})
    book.redirect({"sleep": -1})
    assert book.call.vars["a"] == "x"


def test_unset_of_any_name_breaks_nothing() -> None:
    assert heard({"unset": "turn"}, {"unset": ["call_id", 3]}, say("still here")) == ["still here"]


@pytest.mark.parametrize(("value", "said"), [(7, "seven"), ("'8'", "eight"), (9, "else")])
def test_cond_takes_the_first_branch_that_holds(value: Any, said: str) -> None:
    branches = [
        {"when": "n == 7", "then": [say("seven")]},
        {"when": "n == 8 || n === \"'8'\"", "then": [say("eight")]},
        {"else": [say("else")]},
    ]
    assert heard({"set": {"n": value}}, {"cond": branches}, say("after")) == [said, "after"]


@pytest.mark.parametrize(("value", "said"), [("sales", "yes"), (1, "one"), (None, "none")])
def test_switch_compares_the_variable_as_text(value: Any, said: str) -> None:
    switch = {"variable": "where", "case": {"sales": [say("yes")], "1": [say("one")]}, "default": [say("none")]}
    assert heard({"set": {"where": value}}, {"switch": switch}) == [said]


def test_goto_jumps_as_often_as_it_may() -> None:
    assert heard({"label": "again"}, say("x"), {"goto": {"label": "again", "max": 3}}, say("y")) == [*"xxxx", "y"]


def test_goto_jumps_while_its_condition_holds() -> None:
    count = {"set": {"n": "${n + 1}"}}
    jump = {"goto": {"label": "a", "when": "vars.n < 3"}}
    assert heard({"set": {"n": 0}}, {"label": "a"}, count, jump, say("${n}")) == ["3"]


def test_goto_out_of_a_branch_jumps_in_the_section() -> None:
    jump = {"cond": [{"when": "!done", "then": [{"set": {"done": True}}, {"goto": {"label": "a"}}]}]}
    assert heard({"label": "a"}, say("x"), jump, say("end")) == ["x", "x", "end"]


def test_goto_where_there_is_no_label_goes_on() -> None:
    assert heard({"goto": {"label": "nowhere"}}, say("on")) == ["on"]


@pytest.mark.parametrize(
    "jump",
    [{"goto": {"label": "a"}}, {"transfer": "main"}, {"transfer": {"dest": "main"}}, {"execute": {"dest": "main"}}],
)
def test_document_that_jumps_without_end_is_ended(jump: dict[str, Any]) -> None:
    book = running({"label": "a"}, jump)
    assert (book.call.state, book.call.end_reason) == ("ended", "error")
    assert "swml.failed" in logged(book)


def test_number_of_jumps_is_that_of_one_document() -> None:
    book = running({"label": "a"}, {"goto": {"label": "a", "max": MAX_HOPS}}, {"sleep": -1})
    assert (book.call.state, book.call.hops) == ("answered", MAX_HOPS)
    book.redirect({"sleep": -1})
    assert book.call.hops == 0


def test_execute_comes_back_with_a_value_and_its_params_end() -> None:
    sub = [say("${params.to}"), {"return": {"ok": 5}}, say("never")]
    call = {"execute": {"dest": "sub", "params": {"to": "there"}, "on_return": [say("${return_value.ok}")]}}
    assert heard(call, say("[${params.to}]"), sub=sub) == ["there", "5", "[]"]


def test_execute_chooses_by_what_came_back() -> None:
    call = {"execute": {"dest": "sub", "result": {"case": {"2": [say("two")]}, "default": [say("other")]}}}
    assert heard(call, sub=[{"return": 2}]) == ["two"]


def test_section_that_is_over_comes_back_without_return() -> None:
    assert heard({"execute": {"dest": "sub"}}, say("back"), sub=[say("in")]) == ["in", "back"]


def test_return_in_main_is_the_end() -> None:
    assert running({"return": 1}, say("never")).call.state == "ended"


def test_transfer_to_a_section_does_not_come_back() -> None:
    assert heard({"transfer": {"dest": "sub", "params": {"a": 1}}}, say("never"), sub=[say("${params.a}")]) == ["1"]


def test_transfer_to_a_document_as_text_runs_it() -> None:
    swml = '{"sections": {"main": [{"play": {"url": "say:${a}"}}]}}'
    assert heard({"set": {"a": "in"}}, {"set": {"doc": swml}}, {"transfer": {"dest": "${doc}"}}) == ["in"]


def test_execute_of_a_url_leaves_and_can_be_brought_back() -> None:
    book = running({"execute": {"dest": "https://flows.test/sub"}}, say("never"))
    assert (book.call.left, book.call.asks) == (True, "left")


@pytest.mark.parametrize(
    "method", [{"join_room": {"name": "x"}}, {"set": {"a": "${new Date()}"}}, {"cond": [{"when": "f("}]}]
)
def test_what_is_not_interpreted_is_left_at_and_somebody_may_bring_it_back(method: dict[str, Any]) -> None:
    book = running(method, say("back"))
    assert (book.call.left, book.call.away) == (True, next(iter(method)))
    book.decides("left", "comes_back")
    assert (book.call.left, book.heard) == (False, ["back"])


def test_script_brings_back_what_has_left() -> None:
    book = Playbook().parked(Decides(about="left", verdict=Verdict(word="comes_back")))
    assert (
        book.post("update", id=book.call_id, swml={"sections": {"main": [{"join_room": {}}, say("back")]}}).status
        == 200
    )
    assert (book.call.left, book.heard) == (False, ["back"])


def test_script_waits_until_a_call_leaves_for_elsewhere() -> None:
    book = Playbook().parked(Decides(about="left", verdict=Verdict(word="comes_back")))
    swml = {"sections": {"main": [say("first"), {"execute": {"dest": "https://flows.test/sub"}}, say("never")]}}
    assert book.post("update", id=book.call_id, swml=swml).status == 200
    assert book.call.state == "answered"
    book.run(steps=10)
    assert (book.call.state, book.heard) == ("ended", ["first"])


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ({"answer": {}}, {}),
        ({"send_digits": {"digits": "1w2"}}, {"send_digits_result": "success"}),
        ({"send_sms": {"to_number": "+1", "from_number": "+2", "body": "x"}}, {"send_sms_result": "success"}),
        (
            {"request": {"url": "https://x.test", "method": "GET"}},
            {"request_result": "failed", "return_value": "failed"},
        ),
        ({"denoise": {}}, {"denoise_result": "on"}),
        ({"stop_denoise": {}}, {"denoise_result": "failed"}),
        ({"stop_tap": {}}, {"stop_tap_result": "failed"}),
        ({"stop_record_call": {}}, {"stop_record_call_result": "failed"}),
        ({"tap": {"uri": "wss://x.test", "control_id": "t"}}, {"tap_result": "success", "tap_control_id": "t"}),
    ],
)
def test_method_that_is_done_at_once_says_how_it_went(method: dict[str, Any], told: dict[str, Any]) -> None:
    assert running(method, {"sleep": -1}).call.vars == {"answer_result": "success", **told}


def test_user_event_is_in_the_log() -> None:
    assert "user_event" in logged(running({"user_event": {"event": {"a": 1}}}, {"sleep": -1}))


def test_recording_of_a_document_goes_on_behind_it_until_it_is_stopped() -> None:
    book = running({"record_call": {"control_id": "r", "status_url": HOOK}}, {"sleep": 3_000}, {"stop_record_call": {}})
    (recording,) = book.call.operations
    assert (isinstance(recording, Recording), book.call.vars["record_control_id"]) == (True, "r")
    book.wait(3_000)
    assert marks(book, "record") == ["recording", "finished"]


@pytest.mark.parametrize("strange", [None, 5, "", [], ["x"], {"to": 5}, {"dest": None}, {"label": []}, {"case": 3}])
@pytest.mark.parametrize("verb", sorted(METHODS.keys() - {"sleep"}))
def test_strange_values_break_nothing(verb: str, strange: Any) -> None:
    book = running({verb: strange})
    book.run()
    assert book.call.state == "ended" or book.call.left


class TestPrompt:
    def prompted(self, **more: Any) -> Playbook:
        return running({"prompt": {"play": "say:Your PIN?", **more}}, {"transfer": {"dest": "https://flows.test/back"}})

    def told(self, book: Playbook) -> dict[str, Any]:
        (fetch,) = book.of(FetchSwml)
        return {name: value for name, value in fetch.body["vars"].items() if name.startswith("prompt")}

    def test_keys_stop_it_and_end_at_their_number(self) -> None:
        book = self.prompted(max_digits=2)
        book.presses("1")
        assert book.progress[-1] == "cut_off"
        book.presses("2")
        assert self.told(book) == {"prompt_result": "match_digits", "prompt_value": "12"}

    def test_terminator_ends_it(self) -> None:
        book = self.prompted(max_digits=9, terminators="#")
        book.presses("12#")
        assert self.told(book)["prompt_digit_terminator"] == "#"
        assert self.told(book)["prompt_value"] == "12"

    def test_time_between_keys_runs_out(self) -> None:
        book = self.prompted(max_digits=9, digit_timeout=2)
        book.presses("7")
        book.wait(2_000)
        assert self.told(book)["prompt_value"] == "7"

    def test_silence_is_no_input_when_the_first_key_should_be_there(self) -> None:
        book = self.prompted(initial_timeout=3)
        lasts_ms = 10 * 1_000 // 14
        book.wait(lasts_ms + 2_900)
        assert book.of(FetchSwml) == []
        book.wait(100 + 14)
        assert self.told(book) == {"prompt_result": "no_input"}

    def test_words_count_where_they_are_asked_for(self) -> None:
        book = self.prompted(speech_hints=["agent"])
        book.presses("1")
        book.says("agent", duration_ms=500, confidence=80.0)
        book.wait(1_500)
        assert self.told(book) == {
            "prompt_result": "match_speech",
            "prompt_value": "agent",
            "prompt_speech_confidence": 80.0,
        }
