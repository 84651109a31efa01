"""The texts are in another language than the voice that speaks them.

## What it does
Counts the small words of English, Spanish, German and French (the, el, der, le, ...) in all that a flow says with the voice of
`defaults`. Reports `language` where another one of the four has at least six of them, and five times as many as the language that
is declared. A step with a `language` of its own is judged by its own texts: two different small words of another language are enough
where there is none of its own, without those before a capital letter ("le Louvre"), which may belong to a name; and one of greeting or farewell where it says nothing else.

## Why
A German voice reads English as if it were German. Nobody understands it, and in a test of words nobody notices.

## Bad
```yaml
defaults:
  voice: {language: de-DE}
steps:
  hello:
    play: "Thank you for calling the office of the port. We are sorry that nobody is here at the moment."
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
defaults:
  voice: {language: en-US}
steps:
  hello:
    play: "Thank you for calling the office of the port. We are sorry that nobody is here at the moment."
    next: bye
  bye:
    end: hangup
```

## Limits
Other languages are not known. Texts with a voice of their own, and items of the API's with a language of their own, are not
counted. A flow that says little is not judged.

## Source
The calling API's play: `language` is that of the voice, the text is read as it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from engine.compile.located import Mapping, Node, Path, Scalar
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import items, primary
from engine.lint.subject import Subject, node_at, text_at
from engine.model.words import words

RULE = Rule(code="UX022", name="other-language-spoken", severity="warning")

_SMALL = {
    "en": "the and you your for to of is are we our please this that not with have will thank sorry",
    "es": "el los las usted su para por que es está estamos nuestro nuestra gracias favor con una lo siento",
    "de": "der das und sie ihr ihre für ist sind wir unser unsere bitte nicht mit haben werden danke leider",
    "fr": "le les vous votre pour est sont nous notre merci avec une pas des plaît êtes désolé",
}
_LANGUAGE_OF = {word: tag for tag, said in _SMALL.items() for word in said.split()}
_LEAST, _TIMES = 6, 5
_LEAST_OF_A_STEP = 2
_NAMED = re.compile(r"\b[^\W\d_]{2,4} (?=[A-ZÄÖÜÉÀÁÍÓÚÑÇÈÊ][^\W\d_])")
"""`le Louvre`, `Das Boot`: a name brings its own."""
_FAREWELLS = {
    "en": "goodbye bye hello",
    "es": "adiós hola hasta luego",
    "de": "auf wiederhören wiedersehen tschüss",
    "fr": "au revoir bonjour",
}
_FAREWELL_OF = {word: tag for tag, said in _FAREWELLS.items() for word in said.split()}
"""Where a step says nothing but these, one is enough."""


def check(subject: Subject) -> Iterator[Found]:
    voice = subject.section("defaults", "voice").get("language")
    spoken = [one for step in subject.steps("play", "ask") if not _has_its_own(step) for one in _texts(step)]
    yield from _judged(subject, voice, spoken, _LEAST, ("defaults", "voice", "language"))
    for step in subject.steps("play", "ask"):
        own = node_at(step.value, "language")
        if own is not None and not text_at(step.value, "voice"):
            said = [_NAMED.sub("", one) for one in _texts(step)]
            least = 1 if _is_farewell(said) else _LEAST_OF_A_STEP
            yield from _judged(subject, own, said, least, (*step.path, "language"))


def _judged(subject: Subject, voice: Node | None, said: Iterable[str], least: int, path: Path) -> Iterator[Found]:
    if not isinstance(voice, Scalar) or primary(voice.text) not in _SMALL:
        return
    known = _FAREWELL_OF if least == 1 else _LANGUAGE_OF
    small = [word for text in said for word in words(text).split() if word in known]
    counted, different = Counter(map(known.__getitem__, small)), Counter(map(known.__getitem__, {*small}))
    own = primary(voice.text)
    other, times = max(((tag, counted[tag]) for tag in _SMALL if tag != own), key=lambda one: one[1])
    if times >= least and different[other] >= min(least, _LEAST_OF_A_STEP) and times >= _TIMES * counted[own]:
        yield subject.found(
            voice,
            f"The voice speaks {voice.text}, and what it is given to say looks like `{other}`.",
            help="Correct the language, or the texts.",
            path=path,
        )


def _is_farewell(said: Iterable[str]) -> bool:
    found = [word for text in said for word in words(text).split()]
    return bool(found) and all(word in _FAREWELL_OF for word in found)


def _has_its_own(step: StepNode) -> bool:
    return bool(text_at(step.value, "language") or text_at(step.value, "voice"))


def _texts(step: StepNode) -> Iterator[str]:
    """The bare ones: an item of the API's own may have another language."""
    places = ["prompt"] if step.verb.name == "ask" else []
    for item in items(node_at(step.value, *places) if places else step.value):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            yield item.text
        elif (
            isinstance(item, Mapping)
            and not text_at(item, "params", "language")
            and not text_at(item, "params", "voice")
        ):
            yield text_at(item, "params", "text")
