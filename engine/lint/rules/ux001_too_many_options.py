"""A menu with more options than a caller can keep in mind.

## What it does
Reports an `ask` with more choices than the option `max_options` (5), those of `defaults.choices` among them.

## Why
A caller hears the options one after the other and has to remember the best so far until the last is said.

## Bad
```yaml
menu:
  ask:
    prompt: "Sales 1, service 2, billing 3, jobs 4, press 5, anything else 6."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
      billing: {keys: ["3"]}
      jobs: {keys: ["4"]}
      press: {keys: ["5"]}
      other: {keys: ["6"]}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "For sales, press 1. For service, press 2. For anything else, press 3."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
      other: {keys: ["3"]}
  next: bye
bye:
  end: hangup
```

## Limits
Options that the prompt does not mention are counted too. Choices that are said as their own keys (`phrases: [two, "2"]`
for the key 2), and those whose keys the prompt gives as a whole ("from 1 to 5"), are the numbers of one scale, which is one
thing to keep in mind. Ranges are understood in English, Spanish, German and French.

## Source
Guidelines of vendors of phone systems (Avaya: 4 to 5 options, Plum: 5).
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Node
from engine.compile.scope import StepNode, texts
from engine.lint.offers import scales
from engine.lint.rule import Found, Rule
from engine.lint.spoken import texts as spoken_texts
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="UX001", name="too-many-options", severity="warning", options={"max_options": 5})


def check(subject: Subject) -> Iterator[Found]:
    most = subject.options.get("max_options", RULE.options["max_options"])
    for step in subject.steps("ask"):
        names = _offered(subject, step)
        choices = step.value.key("choices") if isinstance(step.value, Mapping) else None
        if choices is not None and len(names) > most:
            yield subject.found(
                choices,
                f"`{step.name}` offers {len(names)} choices; callers keep about {most} in mind.",
                help="Make two menus of it, the most wanted choices first.",
                path=(*step.path, "choices"),
            )


def _offered(subject: Subject, step: StepNode) -> set[str]:
    own = node_at(step.value, "choices")
    entries = own.entries if isinstance(own, Mapping) else ()
    keys = {one for _, node in entries for one in _keys(node)}
    scale = scales(" ".join(spoken_texts(node_at(step.value, "prompt"))), keys)
    names = {_SCALE if _is_number(node) or scale & _keys(node) else key.text for key, node in entries}
    if names and text_at(step.value, "universal") != "false":
        names |= {key.text for key, _ in subject.section("defaults", "choices").entries}
    return names


_SCALE = "from 1 to 5"


def _is_number(choice: Node) -> bool:
    """Is it said as it is pressed?"""
    if not isinstance(choice, Mapping):
        return False
    return not _keys(choice).isdisjoint(texts(choice.get("phrases")))


def _keys(choice: Node) -> set[str]:
    return set(texts(node_at(choice, "keys")))
