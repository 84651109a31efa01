"""A language that is no tag of one.

## What it does
Reports `language` of a voice, an item or of `speech` that is no BCP 47 tag: `english`, `en_US`, `US`.

## Why
The platform knows languages by their tags. For anything else it takes another voice, or refuses to speak.

## Bad
```yaml
defaults:
  voice: {language: english}
steps:
  hello:
    play: "Good day."
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
    play: "Good day."
    next: bye
  bye:
    end: hangup
```

## Limits
Whether the platform has a voice for the language is not judged. Templates are not known.

## Source
The calling API's `language`; [BCP 47](https://www.rfc-editor.org/info/bcp47).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Path, Scalar
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="API022", name="no-language", severity="warning")

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?|multi", re.IGNORECASE)
_SPEAKING = ("play", "ask", "collect")


def check(subject: Subject) -> Iterator[Found]:
    voice = subject.section("defaults", "voice").get("language")
    if isinstance(voice, Scalar):
        yield from _judged(subject, ("defaults", "voice", "language"), voice)
    for path, scalar in subject.scalars():
        if path[-1] == "language" and path[0] == "steps" and len(path) > 3 and path[2] in _SPEAKING:
            yield from _judged(subject, path, scalar)


def _judged(subject: Subject, path: Path, tag: Scalar) -> Iterator[Found]:
    plain = tag.text.rpartition(":")[2]
    if "${{" in tag.text or _TAG.fullmatch(plain):
        return
    yield subject.found(
        tag,
        f"`{tag.text}` is no tag of a language.",
        help="Write language and region, such as `en-US` or `es-MX`.",
        path=path,
    )
