"""Amounts, dates and times as they are said: one file for each language, and ISO forms for all others."""

from engine.expr.speech.base import Language
from engine.expr.speech.english import ENGLISH, ENGLISH_US
from engine.expr.speech.french import FRENCH
from engine.expr.speech.german import GERMAN
from engine.expr.speech.other import OTHER
from engine.expr.speech.spanish import SPANISH

_BY_TAG = {"en": ENGLISH, "en-us": ENGLISH_US, "en-ca": ENGLISH_US, "de": GERMAN, "es": SPANISH, "fr": FRENCH}


def language_of(tag: str) -> Language:
    """`de-AT` is spoken as `de`, where it has no words of its own."""
    tag = tag.lower()
    return _BY_TAG.get(tag) or _BY_TAG.get(tag.partition("-")[0], OTHER)


__all__ = ["Language", "language_of"]
