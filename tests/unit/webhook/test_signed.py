"""Of which webhooks a signature is demanded."""

import pytest

from engine.model.ids import ControlId
from engine.webhook.keys import Keys
from engine.webhook.signed import Signed
from engine.wire.signature import Demand, sign

URL = "https://runner.example"
PLAY, COLLECT, CALL = (ControlId(f"irun.{op}") for op in ("0.hello.1.1.play", "0.hello.1.1.collect", "call"))


class Asked:
    def __init__(self, demand: Demand = "once_signed", key: str = "key", known: bool = False) -> None:
        self.signed = Signed(Keys(key, "", ""), URL, demand, known, self.learn)
        self.learnt = 0

    def learn(self) -> None:
        self.learnt += 1

    def problem(self, control_id: ControlId, key: str = "") -> str:
        path, body = f"/webhooks/{control_id}.mac", b"{}"
        headers = sign(key, URL + path, body) if key else {}
        scope = {"path": path, "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()]}
        return self.signed.problem(scope, body, control_id)


def test_once_one_came_signed_they_have_to_be_from_then_on() -> None:
    asked = Asked()
    assert asked.problem(PLAY) == ""
    assert asked.problem(PLAY, "key") == ""
    assert asked.problem(PLAY) == "no signature"
    assert asked.problem(PLAY, "another") == "wrong signature"
    assert asked.problem(PLAY, "key") == ""


def test_one_that_is_signed_teaches_of_all_verbs() -> None:
    """Else the URL of a verb that has not reported yet would be good without a key."""
    asked = Asked()
    assert asked.problem(COLLECT) == asked.problem(PLAY, "key") == ""
    assert {asked.problem(one) for one in (PLAY, COLLECT, CALL)} == {"no signature"}
    assert asked.problem(COLLECT, "key") == ""


def test_what_is_known_from_before_counts_at_once() -> None:
    asked = Asked(known=True)
    assert asked.problem(PLAY) == "no signature"
    assert asked.problem(PLAY, "key") == ""
    assert asked.learnt == 0


def test_it_is_learnt_once_and_from_right_signatures_alone() -> None:
    asked = Asked()
    for key in ("another", "", "key", "key"):
        asked.problem(PLAY, key)
    assert asked.learnt == 1


def test_forged_signature_teaches_nothing() -> None:
    asked = Asked()
    assert asked.problem(PLAY, "another") == "wrong signature"
    assert asked.problem(PLAY) == ""


@pytest.mark.parametrize(("demand", "unsigned"), [("all_signed", "no signature"), ("any", "")])
def test_it_may_be_said_once_for_all(demand: Demand, unsigned: str) -> None:
    asked = Asked(demand)
    assert asked.problem(PLAY) == unsigned
    assert asked.problem(PLAY, "key") == ""
    assert asked.problem(PLAY) == unsigned
    assert asked.problem(PLAY, "another") == "wrong signature"


def test_without_a_key_nothing_can_be_told() -> None:
    asked = Asked(key="")
    assert asked.problem(PLAY, "any") == asked.problem(PLAY) == ""


def test_each_kind_that_comes_unsigned_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked()
    for control_id in (PLAY, PLAY, COLLECT, COLLECT):
        asked.problem(control_id)
    asked.problem(PLAY, "key")
    asked.problem(PLAY)
    unsigned = "come without a signature, and are taken: the secret in their URL is all that proves them"
    assert [record.getMessage() for record in caplog.records] == [
        f"webhooks of `play` {unsigned}",
        f"webhooks of `collect` {unsigned}",
        "webhooks are signed after all: from now on none without a signature is taken",
    ]
