"""A voice that the platform does not take, or that speaks another language than is said.

## What it does
Reports a `voice` with characters other than letters, digits, `.` and `-`; one whose name holds another language than the
one it is to speak; and (as info) a `gender` beside a `voice`, where it has no effect.

## Why
The platform does not refuse such a voice. It falls back to another one, or reads English as if it were Spanish.

## Bad
```yaml
defaults:
  voice: {language: en-US, voice: gcloud.es-ES-Neural2-A}
steps:
  hello:
    play: "Thank you for calling."
    next: bye
```

## Good
```yaml
defaults:
  voice: {language: es-ES, voice: gcloud.es-ES-Neural2-A}
steps:
  hello:
    play: "Gracias por llamar."
    next: bye
```

## Limits
Which voices there are is not known here. A voice without a language in its name is taken to fit.

## Source
The calling API's play: `language`, `voice` and `gender` of the request and of an item.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Path, Scalar
from engine.lint.rule import Found, Rule
from engine.lint.spoken import DEFAULT_LANGUAGE, items, primary
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="API021", name="voice-conflict", severity="warning")

_GOOD = re.compile(r"[A-Za-z0-9.-]+")
_LANGUAGE = re.compile(r"(?:^|[.-])([a-z]{2,3}-[A-Z]{2})(?=[.-]|$)")


def check(subject: Subject) -> Iterator[Found]:
    flows = text_at(subject.section("defaults"), "voice", "language") or DEFAULT_LANGUAGE
    yield from _voice(subject, subject.section("defaults", "voice"), flows)
    for step in subject.steps("play", "ask"):
        own = text_at(step.value, "language") or flows
        yield from _voice(subject, step.value, own)
        played = step.value if step.verb.name == "play" else node_at(step.value, "prompt")
        for item in items(played):
            params = node_at(item, "params")
            yield from _voice(subject, params, text_at(params, "language") or own)


def _voice(subject: Subject, where: Node | None, language: str) -> Iterator[Found]:
    voice = node_at(where, "voice")
    if not isinstance(where, Mapping) or not isinstance(voice, Scalar) or "${{" in voice.text:
        return
    named = _LANGUAGE.search(voice.text)
    if not _GOOD.fullmatch(voice.text):
        message = "A voice's name has letters, digits, `.` and `-`; for any other the platform takes another voice."
        yield subject.found(
            voice, message, help="Write the name as the vendor's list of voices has it.", path=_path(subject, voice)
        )
    elif named and "${{" not in language and primary(named[1]) != primary(language):
        message = f"This voice speaks {named[1]}, and the language here is {language}."
        yield subject.found(
            voice, message, help=f"Write `language: {named[1]}`, or take another voice.", path=_path(subject, voice)
        )
    if (gender := where.key("gender")) is not None:
        message = "`gender` has no effect beside `voice`."
        yield subject.found(gender, message, help="Remove one of them.", path=_path(subject, voice), severity="info")


def _path(subject: Subject, voice: Scalar) -> Path:
    return next(path for path, one in subject.scalars() if one is voice)
