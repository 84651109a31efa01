"""Replies that a case gives to fetches, held against what the step returns."""

import pytest

from tests.playbooks.machine import compiled
from tests.unit.simulate.judged import judged

FLOW = compiled("""
uses: {api: url}
start: look
steps:
  look:
    fetch:
      url: "${{ uses.api }}/who"
      returns: {name: string, nick: 'string?', owed: {amount: 'double?'}, calls: [{day: 'string?'}]}
    next: {ok: tell, otherwise: bye}
  tell: {play: "Hello ${{ steps.look.body.name }}.", next: plain}
  plain:
    fetch: {url: "${{ uses.api }}/told", returns: {}}
    next: {ok: bye, otherwise: bye}
  bye: {end: hangup}
""")
WHOLE = "name: Kim, nick: K, owed: {amount: 1}, calls: [{day: Monday}]"
LEAST = "name: Kim, owed: {}, calls: []"
URL = "https://api.example.com/who"


def _said(reply: str, fetch: str = "look", expect: str = "ends: hangup") -> str:
    return judged(FLOW, f"fetch: {{{fetch}: {reply}, plain: {{body: {{}}}}}}\nexpect: {{{expect}}}").said


@pytest.mark.parametrize(
    "body",
    [
        WHOLE,
        LEAST,
        # what a service really sends: more than is declared, beside all of it
        f"{WHOLE}, id: 17, nicks: [K]",
    ],
)
def test_a_body_that_has_what_is_declared_may_have_more(body: str) -> None:
    assert not _said(f"{{body: {{{body}}}}}")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"{LEAST}, nik: K", "calls: [], nik: K}}, plain: {body: {}}}] TST004"),
        (f"{LEAST}, nik: K", "`look` returns no `nik`. Did you mean `nick`?"),
        (f"{LEAST}, NICK: K", "`look` returns no `NICK`. Did you mean `nick`?"),
        ("nmae: Kim, owed: {}, calls: []", "`look` returns no `nmae`. Did you mean `name`?"),
        ("name: Kim, owed: {amuont: 1}, calls: []", "`look` returns no `owed.amuont`. Did you mean `amount`?"),
        ("name: Kim, owed: {}, calls: [{}, {dya: Monday}]", "`look` returns no `calls[1].dya`. Did you mean `day`?"),
    ],
)
def test_a_misspelt_field_is_said(body: str, message: str) -> None:
    said = _said(f"{{body: {{{body}}}}}")
    assert message in said
    assert len(said.splitlines()) == 1


def test_a_field_that_may_stand_for_one_that_is_left_out_is_a_warning() -> None:
    found = judged(FLOW, f"fetch: {{look: {{body: {{{LEAST}, title: K}}}}}}\nexpect: {{ends: hangup}}")
    assert [one.severity for one in found.diagnostics] == ["warning"]
    assert "`look` returns no `title`, so nothing reads it. It returns: calls, name, nick, owed." in found.said


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            "{body: {name: 7, owed: {}, calls: []}}",
            "does not fit what `look` returns: body.name: a string is wanted, and",
        ),
        ("[{status: 204}]", "does not fit what `look` returns: body: JSON is wanted, and it is empty"),
        (f"{{body: {{{LEAST}, nik: K}}}}", "`look` returns no `nik`. Did you mean `nick`?"),
    ],
)
def test_a_reply_by_url_that_does_not_fit_is_said(reply: str, message: str) -> None:
    assert message in _said(reply, f'"{URL}"')


@pytest.mark.parametrize("reply", ['{text: "<html>"}', "{status: 404, body: {nmae: Kim}}", "timeout"])
def test_a_reply_by_url_that_is_meant_not_to_fit_is_not(reply: str) -> None:
    found = judged(FLOW, f'fetch: {{"{URL}": {reply}}}\nexpect: {{path: [look, bye]}}')
    assert not found.said
