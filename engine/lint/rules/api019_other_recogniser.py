"""A language that names another recogniser than `engine` does, or none that there is.

## What it does
Reports a `language` under `speech` of an `ask` or a `collect` that begins with the name of a recogniser (`Deepgram:en-US`), where `engine`
names another one, and where that name is none or is spelled in other letters.

## Why
The platform can take one of the two only, and knows their names just as they are spelled. What the caller says is understood badly
or not at all.

## Bad
```yaml
day:
  ask:
    prompt: "Which day suits you?"
    speech: {engine: Google, language: "Deepgram:en-US"}
    digits: {max: 1}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
day:
  ask:
    prompt: "Which day suits you?"
    speech: {engine: Google, language: en-US}
    digits: {max: 1}
  next: bye
bye:
  end: hangup
```

## Limits
An `engine` in other letters (`google`) does not compile ([SYN005](syn005.md)). A value from `${{ }}` is not known. The safe fix spells the
name as it is, the unsafe one leaves it out of the language.

## Source
The calling API's collect: `speech.engine` is one of `Google`, `Google.V2` and `Deepgram`.
"""

from collections.abc import Iterator

from engine.compile.located import Node, Scalar
from engine.lint.finding import Edit, Fix, Safety
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="API019", name="other-recogniser", severity="error", fixability="safe")

_ENGINES = {one.lower(): one for one in ("Google", "Google.V2", "Deepgram")}


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask", "collect"):
        speech = node_at(step.value, "speech")
        language, engine = node_at(speech, "language"), text_at(speech, "engine")
        if not isinstance(language, Scalar) or ":" not in language.text or "${{" in language.text + engine:
            continue
        named, _, tag = language.text.partition(":")
        meant = _ENGINES.get(named.lower(), "")
        problem = _problem(named, meant, engine)
        if problem:
            spelled = meant and engine in ("", meant)
            text = f"{meant}:{tag}" if spelled else tag
            yield subject.found(
                language,
                problem,
                help=f"Write `{text}`."
                if engine or spelled
                else f"Write `{text}`, or one of {', '.join(_ENGINES.values())} before it.",
                path=(*step.path, "speech", "language"),
                fix=_fix(subject, language, text, "safe" if spelled else "unsafe"),
            )


def _problem(named: str, meant: str, engine: str) -> str:
    if engine and meant != engine:
        return f"`language` names the recogniser `{named}`, and `engine` is `{engine}`."
    if not meant:
        return f"`{named}` is no recogniser that the platform has."
    return f"The recogniser is spelled `{meant}`, not `{named}`." if named != meant else ""


def _fix(subject: Subject, node: Node, text: str, safety: Safety) -> Fix:
    quoted = subject.places.text.startswith(("'", '"'), node.start)
    start, end = (node.start + 1, node.end - 1) if quoted else (node.start, node.end)
    return Fix(title=f"Write `{text}`", safety=safety, edits=(Edit(start, end, text),))
