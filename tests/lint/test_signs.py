"""What is looked for first, since it is cheap, stands in all that a rule reports: nothing is missed for it."""

import pytest

from engine.lint.offers import key_before_purpose, offers
from engine.lint.rules import sec001_literal_secret, ux018_unfinished_text

PRESSING = (
    "Press", "Pressing", "Push", "Hit", "Oprima", "Oprime", "Presiona", "Pulse", "Marque", "Apriete", "DRÜCKEN Sie",
    "Wählen Sie", "Tapez", "Appuyez sur", "Faites",
)  # fmt: skip
FOLLOWING = (
    "then", "followed by", "finish with", "End with", "después", "luego", "SEGUIDO DE", "dann", "danach", "gefolgt von",
    "puis", "suivi de",
)  # fmt: skip
DRAFTS = (
    "TO" + "DO", "TBD", "TBC", "FIX" + "ME", "XX" + "X", "[COMPANY NAME]", "Lorem Ipsum", "A PLACEHOLDER", "Your text here",
    "insert a text here", "The Wording is to be defined.", "Message to be supplied", "<your company>", "[the caller name]",
    "Dummy Text", "DRAFT TEXT", "To be worded.",
)  # fmt: skip
SECRETS = (
    "Bearer abcdefghijklmnop", "Basic abcdefghijklmnop", "eyJabcdefghij.eyJabcdefghij.x", "AK" + "IA0123456789ABCDEF",
    "AS" + "IA0123456789ABCDEF", "PT" + "0" * 32, "sk" + "_live_0123456789abcdef", "gh" + "p_" + "a" * 30,
    "-----BEGIN" + " PRIVATE KEY-----", "https://me" + ":secret@example.com", "https://example.com/?Sig=0123456789abcdef",
)  # fmt: skip


@pytest.mark.parametrize("words", PRESSING)
def test_a_key_is_heard_behind_every_way_to_say_press(words: str) -> None:
    assert [one.key for one in offers(f"{words} 4.")] == ["4"]
    assert key_before_purpose(f"{words} 4 for sales.") is not None


@pytest.mark.parametrize("words", FOLLOWING)
def test_a_key_is_heard_behind_every_way_to_say_then(words: str) -> None:
    assert [one.key for one in offers(f"Enter it, {words} #.")] == ["#"]


@pytest.mark.parametrize("text", DRAFTS)
def test_a_draft_has_a_sign(text: str) -> None:
    assert ux018_unfinished_text._DRAFT.search(text)
    assert ux018_unfinished_text._has_sign(text)


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_found_beside_a_template(text: str) -> None:
    assert sec001_literal_secret._form(text, sec001_literal_secret._FORMS)
    assert sec001_literal_secret._form(f"${{{{ vars.name }}}} {text}", sec001_literal_secret._FORMS)


@pytest.mark.parametrize(
    "key", ["Password", "db_passwd", "client_secret", "X-Auth-Token", "API_KEY", "apikey", "private_key"]
)
def test_a_key_that_says_what_it_is_has_its_ending(key: str) -> None:
    assert sec001_literal_secret._KEY.search(key)
    assert key.lower().endswith(sec001_literal_secret._ENDINGS)
