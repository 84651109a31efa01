"""A caller who did not answer hears the same words again.

## What it does
Reports, as info, an `ask` of more than one attempt without any `reprompt` that takes every answer, one whose reprompts for silence
and for wrong answers are the same, and a reprompt that says what the prompt says.

## Why
Who has not understood the words the first time will not the second time. Other words, and what went wrong, help.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
    reprompt:
      no_input: ["Sorry."]
      no_match: ["Sorry."]
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
    reprompt:
      no_input: ["I did not hear a key."]
      no_match: ["That is not one of the choices."]
  next: bye
bye:
  end: hangup
```

## Limits
Words are compared, not what they mean. An audio file is not listened to. That nothing is said of a wrong answer is
[UX017](ux017.md)'s.

## Source
Guidelines for voice menus: each reprompt says more than the one before.
"""

from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import ladder, said
from engine.lint.subject import Subject, node_at, number_at

RULE = Rule(code="UX005", name="same-words-again", severity="info")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("ask"):
        attempts = number_at(step.value, "attempts")
        if attempts is not None and attempts < 2:
            continue
        again = node_at(step.value, "reprompt")
        if again is None and any(node_at(step.value, name) is not None for name in ("choices", "accept")):
            continue
        if again is None:
            message = f"`{step.name}` asks up to {int(attempts or 3)} times in the same words."
            advice = "Add `reprompt` with `no_input` and `no_match`."
            yield subject.found(step.node.key("ask") or step.key, message, help=advice, path=step.path)
            continue
        for node, message in _same(step):
            yield subject.found(
                node, message, help="Say what went wrong, and what to do.", path=(*step.path, "reprompt")
            )


def _same(step: StepNode) -> Iterator[tuple[Node, str]]:
    silence, wrong = ladder(step, "no_input"), ladder(step, "no_match")
    words = [said(one) for one in silence]
    if words and any(words) and words == [said(one) for one in wrong]:
        node = node_at(step.value, "reprompt", "no_match")
        if node is not None:
            yield node, "A wrong answer gets the same words as silence."
    prompt = said(node_at(step.value, "prompt"))
    for one in (*silence, *wrong):
        if prompt and said(one) == prompt:
            yield one, "This says what the prompt says, which is played again anyway."
