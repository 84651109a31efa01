"""A caller who has talked to somebody is told that nobody is there.

## What it does
Reports a `connect` whose `bridge_ended` leads to a text which says that nobody is free, that everybody is busy, or that nobody has
answered.

## Why
`bridge_ended` is how a `connect` ends when the two have talked. Mostly it was mixed up with `otherwise`, and then callers who
have reached nobody are thanked and hung up on.

## Bad
```yaml
uses: {agents: number}
steps:
  agent:
    connect: {to: "${{ uses.agents }}"}
    next: {bridge_ended: nobody, otherwise: thanks}
  nobody:
    play: "I am sorry, all our agents are busy."
    next: bye
  thanks:
    play: "Thank you for calling."
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {agents: number}
steps:
  agent:
    connect: {to: "${{ uses.agents }}"}
    next: {bridge_ended: thanks, otherwise: nobody}
  nobody:
    play: "I am sorry, all our agents are busy."
    next: bye
  thanks:
    play: "Thank you for calling."
    next: bye
  bye:
    end: hangup
```

## Limits
Only the first text after the talk is read, in English, Spanish, German and French; `set`, `user_event` and `wait` may stand between. A sentence with an `if` is none. Where
all outcomes lead to the same step it is [FLW023](flw023.md)'s.

## Source
[The language: connect](../language.md#connect).
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from engine.lint.calls.speech import Said, said
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import FlowGraph, Step
from engine.model.ids import StepName

RULE = Rule(code="FLW031", name="nobody-after-a-talk", severity="warning", needs="graph")

_BETWEEN = ("set", "user_event", "wait")
_SIGNS = {
    "en": ("nobody", "no one", "busy", "unavailable", "not available", "did not answer"),
    "es": ("nadie", "ocupad",),
    "de": ("niemand", "besetzt", "im gespräch"),
    "fr": ("personne ne", "personne n'", "occup"),
}  # fmt: skip
"""One of them stands in every text that has the pattern of its language."""
_NOBODY = {
    "en": (
        r"\b(?:nobody|no one)\b[^.!?]{0,60}\b(?:free|available|answer\w*|here|there|take|reached)\b"
        r"|\b(?:is|are|was|were)(?: (?:still|all|currently|now|both))? (?:busy|unavailable|not available)\b|\bdid not answer\b"
    ),
    "es": r"\bnadie\b[^.!?]{0,60}\b(?:disponible|libre|atender\w*|contest\w+|respond\w+)\b|\best[áa]n? (?:todos |todas )?ocupad[oa]s?\b",
    "de": (
        r"\bniemand\b[^.!?]{0,60}\b(?:frei|erreichbar|da|verfügbar|gemeldet)\b|\b(?:ist|sind)\b[^.!?]{0,40}\bbesetzt\b"
        r"|\bsind\b[^.!?]{0,40}\bim gespräch\b"
    ),
    "fr": r"\bpersonne n(?:e |['’])[^.!?]{0,60}\b(?:disponible|libre|répond\w*|répondu)\b|\b(?:est|sont)\b[^.!?]{0,30}\boccupée?s?\b",
}

_SENTENCE = re.compile(r"[^.!?;]+")
_IF = re.compile(r"\b(?:if|when|si|cuando|wenn|falls|quand)\b")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("connect"):
        follows = graph.steps[step.name].next
        talked = follows.target("bridge_ended")
        if talked is None or talked == follows.target("no_answer"):
            continue
        first = _first_that_speaks(graph, talked)
        node = step.node.get("next")
        if first is not None and any(map(_says_nobody, said(first))) and isinstance(node, Mapping):
            target = node.get("bridge_ended") or node.get("otherwise")
            yield subject.found(
                target if isinstance(target, Scalar) else step.node.key("next") or step.key,
                f"Who has talked to somebody comes to `{first.name}`, which says that nobody is there.",
                help="Exchange it with what happens `otherwise`.",
                path=(*step.path[:-1], "next"),
            )


def _first_that_speaks(graph: FlowGraph, name: StepName) -> Step | None:
    """The step, or the first behind it that says something, where nothing else comes between."""
    seen: set[StepName] = set()
    while (step := graph.steps.get(name)) is not None and name not in seen:
        if step.verb not in _BETWEEN:
            return step
        seen.add(name)
        following = {target for outcome in step.outcomes if (target := step.next.target(outcome)) is not None}
        if len(following) != 1:
            return None
        (name,) = following
    return None


def _says_nobody(one: Said) -> bool:
    language, text = one.language.partition("-")[0].lower(), one.text.lower()
    if not any(map(text.__contains__, _SIGNS.get(language, ()))):
        return False
    sentences = (sentence for sentence in _SENTENCE.findall(text) if not _IF.search(sentence))
    return any(re.search(_NOBODY[language], sentence) for sentence in sentences)
