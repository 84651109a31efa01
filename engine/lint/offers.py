"""The keys that a prompt tells callers to press, and what it says that they are for. In four languages, all at once:
prompts may be in several."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from engine.model.words import words

_KEYS = {
    "0": "zero oh cero null zéro",
    "1": "one uno eins un",
    "2": "two dos zwei deux",
    "3": "three tres drei trois",
    "4": "four cuatro vier quatre",
    "5": "five cinco fünf cinq",
    "6": "six seis sechs",
    "7": "seven siete sieben sept",
    "8": "eight ocho acht huit",
    "9": "nine nueve neun neuf",
    "#": "pound hash almohadilla numeral raute rautetaste dièse",
    "*": "star asterisk asterisco estrella sterntaste sternchen étoile",
}
_KEY_OF = {word: key for key, named in _KEYS.items() for word in named.split()} | {key: key for key in _KEYS}
_PRESS = (
    r"(?:press(?:ing)?|push|hit|oprim[ae]|presion[ae]|pulse|marque|apriete|drücken sie|wählen sie|tapez|appuyez sur|faites)"
    r"(?: (?:the|key|number|digit|button|el|la|tecla|número|die|taste|ziffer|auf|le|touche|just|simply|or))*"
)
_KEY = rf"(?:[0-9](?![0-9]| [0-9]\b|[.,][0-9])|[#*]|(?:{'|'.join(word for word in _KEY_OF if word.isalpha())})\b)"
_AFTER_ONE = (
    "for to if now and or then on when once twice again please para si ahora y o luego después pour maintenant et ou puis "
    "für wenn jetzt und oder um bitte dann"
)
_AN_ARTICLE = rf"(?!(?:un|uno|eins|one)\b(?!\W*\Z|[\"'”“»]*[.,;:!?–-]|[\"'”“»]* (?:{'|'.join(_AFTER_ONE.split())})\b))"
_PRESSED = re.compile(
    rf"\b{_PRESS} ?[\"'“„«]?{_AN_ARTICLE}({_KEY})(?! (?:digits?|keys?|times?|or more)\b)", re.IGNORECASE
)
"""`one` and `un` are no keys before other words: `Press one of the keys from 2 to 5`, `Tapez un code`."""
_PRESSING = (
    "press", "push", "hit", "oprim", "presion", "pulse", "marque", "apriete", "drücken", "wählen", "tapez", "appuyez",
    "faites",
)  # fmt: skip
_FOLLOWING = (
    "then", "followed", "finish", "end with", "después", "luego", "seguido", "dann", "danach", "gefolgt", "puis", "suivi",
)  # fmt: skip
"""One of them stands, in small letters, in every text that has one of the patterns; in most sentences none does."""
_THEN = re.compile(
    r"\b(?:then|followed by|finish with|end with|después|luego|seguido de|dann|danach|gefolgt von|puis|suivi de)"
    r"(?: (?:press|oprima|pulse|drücken sie|appuyez sur))?(?: (?:the|la|el|der|die|le|tecla|de))* "
    r"(pound|hash|star|almohadilla|numeral|asterisco|raute|rautetaste|sterntaste|dièse|étoile|[#*])",
    re.IGNORECASE,
)
_NUMBER = rf"([0-9]|{'|'.join(word for word in _KEY_OF if word.isalpha())})"
_RANGE = re.compile(
    rf"\b{_NUMBER}(?: ?[-–] ?| (?:to|through|and|a|al|hasta|y|bis|und|à|et) ){_NUMBER}\b", re.IGNORECASE
)
_NEAR = 40
_FOR = re.compile(r"[\"'”“»]? (?:for|if you|para|si desea|für|um|wenn sie|pour|si vous)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_LITTLE = """
for to the a an our your you us me my and or if it is of in on at with please press key number say just would like want have be
that this we all para su el la los las de un una o si por favor oprima tecla diga für den die das sie und oder ein eine bitte
taste pour le les votre vous et ou touche
"""
_FILLING = frozenset(_LITTLE.split())
_STEM = 4


class Offer(Struct, frozen=True):
    """`key` as it is pressed (`#` for pound); `about`: the words that stand around it."""

    key: str
    about: frozenset[str]


def offers(text: str) -> Iterator[Offer]:
    """In the order in which they are said. A sentence that begins with a key goes on with what it is for; in others that
    stands before it."""
    for sentence in _SENTENCE.split(text):
        found = _pressed(sentence)
        if _has(sentence, _FOLLOWING):
            yield from (Offer(_KEY_OF[one[1].lower()], frozenset()) for one in _THEN.finditer(sentence))
        if not found:
            continue
        first = len(sentence[: found[0].start()].split()) < 2
        inner = (one.start() for one in found[1:]) if first else (one.end() for one in found[:-1])
        cuts = [0, *inner, len(sentence)]
        for at, one in enumerate(found):
            yield Offer(_KEY_OF[one[1].lower()], content(sentence[cuts[at] : cuts[at + 1]]))


def key_before_purpose(text: str) -> tuple[int, int] | None:
    """Where a sentence begins with a number to press, and then says what for; None where none does."""
    at = 0
    for sentence in _SENTENCE.split(text):
        at = text.index(sentence, at)
        for one in _pressed(sentence):
            before = sentence[max(0, one.start() - _NEAR) : one.start()].rstrip().rpartition(",")[2].split()
            if len(before) < 2 and _KEY_OF[one[1].lower()].isdigit() and _FOR.match(sentence, one.end()):
                return at + one.start(), at + one.end()
    return None


def scales(text: str, keys: set[str]) -> set[str]:
    """The keys that the text gives as a whole (`from 1 to 5`, three or more), where all of them are there."""
    found: set[str] = set()
    for one in _RANGE.finditer(text) if len(keys) > 2 else ():
        first, last = _KEY_OF[one[1].lower()], _KEY_OF[one[2].lower()]
        whole = {str(number) for number in range(int(first), int(last) + 1)} if (first + last).isdigit() else set()
        found |= whole if len(whole) > 2 and whole <= keys else set()
    return found


def names(text: str, key: str) -> bool:
    """Is the key in the text, as a figure or as a word, whatever it is there for?"""
    if len(key) > 1:
        return key in text
    return any(_KEY_OF.get(one, one) == key for one in (*words(text).split(), *text.split()))


@lru_cache(maxsize=64)
def _pressed(sentence: str) -> tuple[re.Match[str], ...]:
    """Several rules ask for the same sentences."""
    return tuple(_PRESSED.finditer(sentence)) if _has(sentence, _PRESSING) else ()


def _has(text: str, signs: tuple[str, ...]) -> bool:
    return any(map(text.lower().__contains__, signs))


def content(text: str) -> frozenset[str]:
    """The words that say something."""
    return frozenset(one for one in words(text).split() if len(one) > 2 and one not in _FILLING)


def share(some: frozenset[str], others: frozenset[str]) -> bool:
    """Is one of the words among the others, be it in another form (`payment`, `payments`)?"""
    return any(_alike(one, other) for one in some for other in others)


def _alike(one: str, other: str) -> bool:
    least = min(len(one), len(other))
    return one == other or (least >= _STEM and one[:least] == other[:least])
