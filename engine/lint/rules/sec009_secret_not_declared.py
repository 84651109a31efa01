"""A card number, a PIN or a password is asked for, and the flow does not say that it is secret.

## What it does
Reports an `ask` whose prompt asks for a card number, PIN, security code, password or social security number, and that has neither
`secret: true` nor `private: true`; and a `collect` in the foreground, right before which a `play` asks for one, as it cannot say so.

## Why
Without it what is entered stands in transcripts, logs and the journal as it is, may be spoken and sent anywhere, and is on every
recording. With it the compiler refuses all that, and the engine does the rest.

## Bad
```yaml
pin:
  ask:
    prompt: "Please enter your four digit PIN."
    digits: {max: 4}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
pin:
  ask:
    prompt: "Please enter your four digit PIN."
    digits: {max: 4}
    secret: true
  next: bye
bye:
  end: hangup
```

## Limits
Prompts are understood in English, Spanish, German and French; files and values are not. An `ask` with `choices` is no entry, and a
`collect` of one key is none. The unsafe fix adds `secret: true`; where the value is used for more than a secret may be, the flow would not compile, and it is left.

## Source
[The language: secrets](../language.md#secrets-and-private-values); PCI DSS, requirement 3.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping
from engine.lint.calls.speech import said, said_before
from engine.lint.calls.topics import SECRETS, asks_for
from engine.lint.finding import Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import AskValue, FlowGraph

RULE = Rule(code="SEC009", name="secret-not-declared", severity="warning", fixability="unsafe", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    yield from _by_hand(subject, graph)
    for step in subject.steps("ask"):
        compiled = graph.steps[step.name]
        value = compiled.value
        if not isinstance(value, AskValue) or value.choices or value.secrecy or not isinstance(step.value, Mapping):
            continue
        if any(asks_for(one, SECRETS) for one in said(compiled)):
            edit = subject.appending(step.value, "secret: true")
            yield subject.found(
                step.value.key("prompt") or step.key,
                f"`{step.name}` asks for a secret and does not say so: what is entered stands in logs and transcripts.",
                help="Add `secret: true`.",
                path=step.path,
                fix=Fix(title="Add `secret: true`", safety="unsafe", edits=(edit,)) if edit else None,
            )


def _by_hand(subject: Subject, graph: FlowGraph) -> Iterator[Found]:
    before = said_before(graph)
    for step in subject.steps("collect"):
        if any(asks_for(one, SECRETS) for one in before.get(step.name, ())):
            yield subject.found(
                step.node.key("collect") or step.key,
                f"`{step.name}` takes a secret: what is entered stands in logs and transcripts.",
                help="Ask for it with `ask` and `secret: true`, in place of `play` and `collect`.",
                path=step.path,
            )
