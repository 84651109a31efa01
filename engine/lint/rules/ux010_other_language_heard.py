"""The flow speaks one language and listens for another.

## What it does
Reports `speech` whose language is not the one that the step speaks. Where `speech` names none, the platform listens for
en-US.

## Why
Spanish that is heard as English is nonsense: every answer is a `no_match`.

## Bad
```yaml
defaults:
  voice: {language: es-ES}
steps:
  menu:
    ask:
      prompt: "Diga ventas, o pulse 1."
      digits: {max: 1}
      speech: {}
      choices:
        sales: {phrases: [ventas], keys: ["1"]}
    next: bye
```

## Good
```yaml
defaults:
  voice: {language: es-ES}
steps:
  menu:
    ask:
      prompt: "Diga ventas, o pulse 1."
      digits: {max: 1}
      speech: {language: es-ES}
      choices:
        sales: {phrases: [ventas], keys: ["1"]}
    next: bye
```

## Limits
Regions are not compared, only languages. A tag that is a template is not known.

## Source
The calling API's collect: `speech.language` is en-US where it is not given.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.compile.scope import StepNode
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.spoken import DEFAULT_LANGUAGE, language, primary
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="UX010", name="other-language-heard", severity="warning", fixability="unsafe")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        speech, spoken = node_at(step.value, "speech"), language(subject, step)
        if not isinstance(speech, Mapping) or not isinstance(step.value, Mapping) or not spoken:
            continue
        heard = text_at(speech, "language").rpartition(":")[2] or DEFAULT_LANGUAGE
        if "${{" in heard or primary(heard) == primary(spoken):
            continue
        node = speech.get("language") or step.value.key("speech") or step.key
        yield subject.found(
            node,
            f"`{step.name}` speaks {spoken} and listens for {heard}.",
            help=f"Write `language: {spoken}` under `speech`.",
            path=(*step.path, "speech"),
            fix=_fix(subject, step, speech, spoken),
        )


def _fix(subject: Subject, step: StepNode, speech: Mapping, spoken: str) -> Fix | None:
    own = speech.get("language")
    edit = Edit(own.start, own.end, spoken) if own is not None else subject.adding(speech, f"language: {spoken}")
    return Fix(title=f"Listen for {spoken}", safety="unsafe", edits=(edit,)) if edit else None
