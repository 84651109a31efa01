"""fetch: outcomes, attempts, the filler, and what is kept."""

import pytest

from tests.playbooks.playbook import Playbook, call

FLOW = """
uses: {api: url}
start: lookup
steps:
  lookup:
    fetch:
      method: POST
      url: "${{ uses.api }}/balance"
      json: {caller: "${{ call.from }}", tries: 2}
      timeout: 4s
      RETRY
      returns: {balance: double, owner: {name: 'string?'}}
      filler: {after: 1s, play: "One moment, please."}
    next: {ok: tell, http_404: unknown, http_4xx: sorry, otherwise: broken}
  tell:
    play: "It is ${{ steps.lookup.body.balance }}, ${{ or(steps.lookup.body.owner.name, 'friend') }}."
    next: bye
  unknown: {end: busy}
  sorry: {end: cancel}
  broken: {end: decline}
  bye: {end: hangup}
handlers: {error: sorry}
"""
URL = "https://api.example.com/balance"


def looking_up(retry: str = "") -> Playbook:
    flow = FLOW.replace("RETRY", f"retry: {retry}" if retry else "headers: {}")
    return call(flow, uses={"api": "https://api.example.com"})


def ends(p: Playbook, reason: str) -> None:
    p.sent("calling.end", reason=reason).accepted()


def test_fetch_sends_what_stands_there_and_gives_the_reply() -> None:
    p = looking_up()
    request = p.fetches(URL, method="POST", json={"caller": "+15550177", "tries": 2}, timeout_ms=4_000)
    assert request.command.key == f"{p.state.run_id}.0.lookup.1.1.fetch"
    request.replied(200, {"balance": 12.5, "owner": {"name": "Ann"}})
    p.says("It is 12.5, Ann.").accepted()
    assert p.result("lookup") == {
        "outcome": "ok",
        "status": 200,
        "body": {"balance": 12.5, "owner": {"name": "Ann"}},
    }


def test_fetch_missing_field_is_unset() -> None:
    p = looking_up()
    p.fetches(URL).replied(200, {"balance": 1.0, "owner": {}})
    p.says("It is 1, friend.").accepted()


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "busy"), (403, "cancel"), (429, "cancel"), (500, "decline"), (503, "decline")]
)
def test_fetch_status_is_the_outcome_the_named_one_first(status: int, reason: str) -> None:
    p = looking_up()
    p.fetches(URL).replied(status)
    assert p.result("lookup") == {"outcome": f"http_{status}", "status": status}
    ends(p, reason)


def test_fetch_invalid_and_refused_are_not_tried_again() -> None:
    for kind, outcome in (("invalid", "invalid"), ("refused", "failed")):
        p = looking_up("{times: 2}")
        p.fetches(URL).happened(kind, "because")  # type: ignore[arg-type]
        assert p.result("lookup")["outcome"] == outcome
        assert p.result("lookup")["code"] == "because"
        ends(p, "decline")


def test_fetch_is_tried_again_after_pauses_that_double_with_the_same_key() -> None:
    p = looking_up("{times: 2, backoff: 200ms}")
    first = p.fetches(URL)
    first.replied(503).at("lookup").passes("199ms").passes("1ms")
    second = p.fetches(URL)
    second.happened("timeout").passes("399ms").passes("1ms")
    third = p.fetches(URL)
    assert first.command.key == second.command.key == third.command.key
    third.happened("failed", "unreachable")
    assert p.result("lookup")["outcome"] == "failed"
    ends(p, "decline")


def test_fetch_shell_that_says_nothing_is_a_timeout() -> None:
    p = looking_up()
    late = p.fetches(URL)
    p.passes("1s").says("One moment").accepted()
    p.passes_until_asked("10s")
    assert p.result("lookup")["outcome"] == "timeout"
    p.sent("calling.play.stop")
    p.sent("calling.end", reason="decline")
    late.replied(200, {"balance": 1.0, "owner": {}}).was("late")


def test_filler_starts_after_its_delay_and_stops_when_the_reply_is_there() -> None:
    p = looking_up()
    request = p.fetches(URL)
    p.passes("999ms").at("lookup").passes("1ms")
    p.says("One moment").accepted()
    p.report("lookup", "play", "playing").at("lookup")
    request.replied(200, {"balance": 3.0, "owner": {}})
    p.sent("calling.play.stop")
    p.says("It is 3").accepted().report("lookup", "play", "finished").at("tell")


def test_filler_that_ends_or_fails_leaves_the_fetch_alone() -> None:
    for mark in ("finished", "error"):
        p = looking_up()
        request = p.fetches(URL)
        p.passes("1s").says("One moment").accepted()
        p.report("lookup", "play", mark).at("lookup")
        request.replied(200, {"balance": 3.0, "owner": {}})
        p.says("It is 3").accepted()


def test_filler_is_not_played_for_a_quick_reply() -> None:
    p = looking_up()
    p.fetches(URL).replied(200, {"balance": 3.0, "owner": {}})
    p.says("It is 3").accepted().passes("2s").at("tell")


def test_hang_up_during_a_fetch_ends_the_run_and_the_reply_is_late() -> None:
    p = looking_up()
    request = p.fetches(URL)
    p.passes("1s").says("One moment").accepted()
    p.call_state("ended", end_reason="hangup").ended("hangup")
    request.replied(200, {"balance": 3.0, "owner": {}}).was("late")


def test_reply_too_large_to_be_kept_is_invalid() -> None:
    p = looking_up()
    p.fetches(URL).replied(200, {"balance": 1.0, "owner": {"name": "x" * 70_000}})
    assert p.result("lookup")["code"] == "state-too-large"
    ends(p, "decline")


def test_after_a_crash_the_request_is_made_again() -> None:
    p = looking_up()
    first = p.fetches(URL)
    p.resumes()
    again = p.fetches(URL)
    assert again.command == first.command
    again.replied(404)
    ends(p, "busy")


ASKS = """
uses: {api: url}
vars: {q: "VALUE"}
start: who
steps:
  who:
    fetch: {url: "URL"}
    next: {ok: bye, otherwise: sorry}
  sorry: {end: busy}
  bye: {end: hangup}
"""


def asking(url: str, value: str) -> Playbook:
    flow = ASKS.replace("URL", url).replace("VALUE", value)
    return call(flow, uses={"api": "https://api.example.com/v1"})


@pytest.mark.parametrize(
    ("url", "value", "asked"),
    [
        ("${{ uses.api }}/who/${{ vars.q }}?a=1", "x?all=1#", "/who/x%3Fall%3D1%23?a=1"),
        ("${{ uses.api }}/who?from=${{ vars.q }}", "sip:x@evil&a=b", "/who?from=sip%3Ax%40evil%26a%3Db"),
        ("${{ uses.api }}/who?q=${{ vars.q }}", "../..", "/who?q=..%2F.."),
        ("${{ uses.api }}/${{ vars.q }}", "50% +é", "/50%25%20%2B%C3%A9"),
        ("${{ uses.api }}/${{ vars.q }}/${{ 7.0 }}", "a-b_c.d~e", "/a-b_c.d~e/7"),
        ("https://api.example.com/v1/${{ vars.q }}", "%2e%2e", "/%252e%252e"),
        ("${{ uses.api + '/a/' + vars.q }}", "b/../c?d", "/a/b/../c?d"),
        ("${{ uses.api }}/who", "-", "/who"),
    ],
)
def test_value_within_a_url_is_data_of_one_part(url: str, value: str, asked: str) -> None:
    asking(url, value).fetches(f"https://api.example.com/v1{asked}")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/who/${{ vars.q }}", ".."),
        ("/who/${{ vars.q }}/x", "."),
        ("/who/.${{ vars.q }}?a=1", "."),
        ("/who/${{ vars.q }}", "x/../../admin/delete?all=1#"),
        ("/who/${{ vars.q }}", "..\\\\admin"),
    ],
)
def test_value_does_not_climb_out_of_a_path(path: str, value: str) -> None:
    p = asking("${{ uses.api }}" + path, value)
    assert p.result("who")["code"] == "url-climbs"
    ends(p, "busy")
