"""A text as the words that are compared when somebody speaks: the compiler and the interpreter agree on it."""

import re
import unicodedata

_ASCII = re.compile("[a-z0-9]+")
_APOSTROPHES = "'\u2019\u02bc"
_IN_WORDS = ("L", "M", "N")
"""Unicode's categories of letters, their marks, and numbers."""


def words(text: str) -> str:
    """The words in lower case (case-folded, NFKC) with one blank between them.

    Apostrophes are left out (`don't` is `dont`); any other character that is no letter, mark or number
    stands between words.
    """
    if text.isascii():
        return " ".join(_ASCII.findall(text.lower().replace("'", "")))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (one for one in folded if one not in _APOSTROPHES)
    return " ".join("".join(one if unicodedata.category(one)[0] in _IN_WORDS else " " for one in kept).split())


def has_words(utterance: str, phrase: str) -> bool:
    """Do the phrase's words stand in the utterance, one after the other? Both as `words` gives them."""
    return f" {phrase} " in f" {utterance} "
