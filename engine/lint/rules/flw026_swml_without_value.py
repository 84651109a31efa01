"""A SWML document reads a value that nobody gives it.

## What it does
Reports an `excursion` or `redirect` whose document names `${vars.x}` or `${x}` (or has `%` in place of `$`) while no `with` of the
flow gives `x`, no `set` of its documents does, and it is no result of a SWML method.

## Why
SWML takes a name that is not set for an empty text: a payment of nothing, a queue without a name.

## Bad
```yaml
pay:
  excursion:
    swml:
      version: 1.0.0
      sections:
        main:
          - play: {url: "say:You pay ${vars.amount} dollars."}
    deadline: 2m
  next: bye
bye:
  end: hangup
```

## Good
```yaml
pay:
  excursion:
    swml:
      version: 1.0.0
      sections:
        main:
          - play: {url: "say:You pay ${vars.amount} dollars."}
    with: {amount: "12"}
    deadline: 2m
  next: bye
bye:
  end: hangup
```

## Limits
Names that begin with that of a SWML method (`pay_...`, `record_...`) are taken for its results. A document that runs others is not
judged, and neither is a `${...}` that computes something.

## Source
SWML's variables: `set`, `unset`, and what the methods leave behind.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar, Sequence, walk
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="FLW026", name="swml-without-value", severity="warning")

_READ = re.compile(r"(?<!\$)[$%]\{\s*(?:vars\.(?P<of_vars>[a-z_][a-z0-9_]*)|(?P<short>[a-z_][a-z0-9_]*)\s*\})")
_SET = re.compile(r"^[ \t]*-?[ \t]*([a-z_][a-z0-9_]*):", re.MULTILINE)
_RESULTS = (
    r"(?:ai|answer|bind|call|connect|detect|dial|enter|fax|hangup|join|live|pay|play|prompt|queue|receive|record|refer|request"
    r"|return|send|sip|sms|stop|tap|transcribe|transfer|user|voicemail)(?:_|$)"
)
_SCOPES = ("vars", "params", "args", "envs", "env", "global_data", "meta_data")
_OTHERS = re.compile(r"\b(?:execute|switch_to|userEvent|ai)[:.]")


def check(subject: Subject) -> Iterator[Found]:
    documents = {step.name: _document(subject, step) for step in subject.steps("excursion", "redirect")}
    known = {name for step in subject.steps("excursion", "redirect") for name in _given(step)}
    known.update(name for one in documents.values() for name in _SET.findall(one))
    for step in subject.steps("excursion", "redirect"):
        document = documents[step.name]
        for name, written in _read(document).items() if not _OTHERS.search(document) else ():
            if name not in known and not re.match(_RESULTS, name):
                yield subject.found(
                    node_at(step.value, "with") or step.node.key(step.verb.name) or step.key,
                    f"The SWML of `{step.name}` reads `{written}`, and nobody gives it.",
                    help=f"Add `{name}` under `with`.",
                    path=step.path,
                )


def _read(document: str) -> dict[str, str]:
    """The variables, each as it is written."""
    found = {one["of_vars"] or one["short"]: one for one in _READ.finditer(document)}
    return {
        name: f"vars.{name}" if one["of_vars"] else name
        for name, one in found.items()
        if one["of_vars"] or name not in _SCOPES
    }


def _document(subject: Subject, step: StepNode) -> str:
    """Its text: that of the file, or what stands in the flow, with a line for each key."""
    swml = node_at(step.value, "swml")
    if isinstance(swml, Scalar):
        return subject.bundle.files.get(f"swml/{swml.text}", b"").decode("utf-8", "replace")
    if isinstance(swml, Mapping | Sequence):
        return "\n".join(
            f"{'.'.join(str(one) for one in path)}\n{path[-1]}: {scalar.text}" for path, scalar in walk(swml)
        )
    return ""


def _given(step: StepNode) -> set[str]:
    given = node_at(step.value, "with")
    return {key.text for key, _ in given.entries} if isinstance(given, Mapping) else set()
