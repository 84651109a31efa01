"""What an answer means for the `ask` that was answered: a choice, an outcome, or `no_match`.

In this order; the first that holds decides:

nothing came, or nothing was understood      no_input, no_match, as the collect says
heard with less than `min_confidence`        no_match (where the platform gives no confidence, 0, it is taken)
there are choices                            the one with these keys, or with the longest phrase that was said;
                                             none, or two with phrases as long: no_match
there is `accept`                            no_match unless its regular expression for this kind and its
                                             condition hold
it is nothing but the terminator             no_match, without choices and `accept`
"""

import re
from typing import Any

from engine.interpret.turn import Turn
from engine.model.graph import Accept, AskValue, Choice, Lookup
from engine.model.limits import MAX_SPOKEN
from engine.model.words import has_words, words

_ANSWER = ("value", "digits", "text", "confidence")


def judge(turn: Turn, value: AskValue, outcome: str, fields: dict[str, Any]) -> str:
    """`fields` are the collect's. Raises `ExpressionFailed` when the condition has no value."""
    if outcome in ("no_input", "no_match") or _is_unsure(value, outcome, fields):
        return outcome if outcome == "no_input" else "no_match"
    if value.choices:
        chosen = (
            pressed(value.choices, fields["digits"]) if outcome == "digits" else said(value.choices, fields["text"])
        )
        return chosen or "no_match"
    return outcome if _accepted(turn, value.accept, outcome, fields) else "no_match"


def _is_unsure(value: AskValue, outcome: str, fields: dict[str, Any]) -> bool:
    return outcome == "speech" and 0 < fields["confidence"] < value.min_confidence


def pressed(choices: tuple[Choice, ...], digits: str) -> str:
    """The name of the choice that has this key; empty when none has."""
    return next((choice.name for choice in choices if digits.upper() in choice.keys), "")


def said(choices: tuple[Choice, ...], text: str) -> str:
    """The name of the choice that has the longest phrase (by words) of those in the text; empty when none
    has, or two."""
    utterance = words(text) if len(text) <= MAX_SPOKEN else ""
    found: dict[str, int] = {}
    for choice in choices:
        for phrase in choice.phrases:
            if has_words(utterance, phrase):
                found[choice.name] = max(found.get(choice.name, 0), phrase.count(" ") + 1)
    longest = [name for name, count in found.items() if count == max(found.values())]
    return longest[0] if len(longest) == 1 else ""


def _accepted(turn: Turn, accept: Accept | None, outcome: str, fields: dict[str, Any]) -> bool:
    if accept is None:
        return bool(fields["value"])
    if outcome == "digits" and accept.digits and re.search(accept.digits, fields["digits"]) is None:
        return False
    if outcome == "speech" and accept.speech and not _reads(accept.speech, fields["text"]):
        return False
    return accept.condition is None or bool(accept.condition.evaluate(_with_answer(turn, fields)))


def _reads(pattern: str, text: str) -> bool:
    return len(text) <= MAX_SPOKEN and re.search(pattern, text, re.IGNORECASE) is not None


def _with_answer(turn: Turn, fields: dict[str, Any]) -> Lookup:
    """The names of the condition: the answer's `value`, `digits`, `text` and `confidence`, and the usual ones."""

    def lookup(name: str) -> Any:
        return fields[name] if name in _ANSWER else turn.lookup(name)

    return lookup
