"""Goodbye is said, and the call goes on.

## What it does
Reports a `play` whose last words are a farewell where every way on leads to a question or another text before the call ends;
and one that tells callers to call again and leads to the flow's first step.

## Why
Whoever has heard goodbye hangs up, or waits for the end, and is asked the first question again. Mostly the `next` was copied.

## Bad
```yaml
menu:
  ask:
    prompt: "To hear our opening hours, press 1."
    digits: {max: 1}
    attempts: 1
    choices:
      hours: {keys: ["1"]}
  next: {hours: hours, otherwise: bye}
hours:
  play: "We are open from nine to five. Thank you for calling, goodbye."
  next: menu
bye:
  end: hangup
```

## Good
```yaml
menu:
  ask:
    prompt: "To hear our opening hours, press 1."
    digits: {max: 1}
    attempts: 1
    choices:
      hours: {keys: ["1"]}
  next: {hours: hours, otherwise: bye}
hours:
  play: "We are open from nine to five. Thank you for calling, goodbye."
  next: bye
bye:
  end: hangup
```

## Limits
Knows what people say last in English, Spanish, German and French, at the end of a text. Farewells in several languages may follow each
other, and a recording, a flow that is called or a talk may follow one ("leave a message after the tone, goodbye"). A text that
quotes, with a colon or quotation marks, or that says what to do for more ("or press a key") is not judged.

## Source
Guidelines for voice menus: close when you close.
"""

import re
from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.farewell import SENTENCE, is_farewell, last_sentence, plays_before
from engine.lint.routes import reached
from engine.lint.rule import Found, Rule
from engine.lint.spoken import texts
from engine.lint.subject import Subject
from engine.model.ids import StepName
from engine.model.verbs import VERB

RULE = Rule(code="UX026", name="goodbye-and-on", severity="warning", needs="graph")

_CALL_AGAIN = re.compile(
    r"(?:please|you may|just|or) call (?:us )?(?:again|back)|(?:vuelva|vuelve) a llamar|rufen sie (?:\w+ ){0,3}(?:wieder|noch einmal|erneut)"
    r"|(?:veuillez )?rappele[zr]",
    re.IGNORECASE,
)
_SIGNS = ("bye", "call ", "adiós", "hasta luego", "a llamar", "auf wieder", "tschüss", "rufen", "au revoir", "rappele")
"""One of them stands in all of these."""
_LATE = 100
_UNLESS = re.compile(r"\b(?:if|should|or (?:stay|hold|wait|press|leave|say)|si|o|wenn|falls|oder|ou)\b", re.IGNORECASE)
_CHOICE = re.compile(
    r"\b(?:press|stay on the line|stay with us|hold|hang up|otherwise|oprima|pulse|marque|espere|cuelgue|de lo contrario"
    r"|drücken|bleiben sie|legen sie|andernfalls|ansonsten|appuyez|tapez|restez|raccrochez|sinon)\b",
    re.IGNORECASE,
)
"""Who is told what to do for more takes the farewell as meant for the others."""
_QUOTED = re.compile(r"[\"“„«:]")
_ASKING = ("ask", "collect")
_QUIET = ("set", "branch", "fetch", "wait", "user_event", "detect")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("play"):
        target = _after(subject, step.name)
        last = _last_words(step) if target is not None else ""
        if target is not None and last and _is_wrong(subject, step, last, target):
            yield subject.found(
                step.node.key("next") or step.key,
                f"“{last}” is the last that callers hear in `{step.name}`, and the call goes on at `{target}`.",
                help="Lead it to the end of the call, or take the farewell out.",
                path=(*step.path[:-1], "next"),
            )


def _is_wrong(subject: Subject, step: StepNode, last: str, target: StepName) -> bool:
    assert subject.graph is not None
    if is_farewell(last):
        return not _is_meant_otherwise(subject, step) and _goes_on(subject, target)
    told_to_call = _CALL_AGAIN.search(last) and not _UNLESS.search(last)
    return bool(told_to_call) and target == subject.graph.start and _goes_on(subject, target)


def _is_meant_otherwise(subject: Subject, step: StepNode) -> bool:
    """For those who want no more, or as a quotation; in its sentence, or in a text before it that goes on with farewells."""
    text = _text(step)
    farewells = {one.name for one in subject.steps("play") if _is_farewell(subject, one.name)}
    before = (
        " ".join(_text(one) for one in plays_before(subject, step.name, farewells))
        if is_farewell(text.strip(" .!?\n"))
        else ""
    )
    return any(_QUOTED.search(one) for one in (text, before)) or _CHOICE.search(text) is not None


def _last_words(step: StepNode) -> str:
    """Nothing where they cannot be a farewell."""
    text = _text(step)
    return last_sentence(text) if any(map(text[-_LATE:].lower().__contains__, _SIGNS)) else ""


def _text(step: StepNode) -> str:
    return " ".join(texts(step.value))


def _after(subject: Subject, name: StepName) -> StepName | None:
    """Where it leads when it has been heard; None for the end of the call, for the way back to what a handler has interrupted, and for
    another farewell, which then is the last."""
    assert subject.graph is not None
    target = subject.graph.steps[name].next.target("finished")
    step = subject.graph.steps.get(target) if target is not None else None
    return None if step is None or VERB[step.verb].ending or _is_farewell(subject, step.name) else step.name


def _is_farewell(subject: Subject, name: str) -> bool:
    step = subject.step(name)
    return step is not None and step.verb.name == "play" and is_farewell(_last_words(step))


def _goes_on(subject: Subject, begin: StepName) -> bool:
    """Do all ways lead to a question or another text, before one may end? And may a question come?"""
    graph = subject.graph
    assert graph is not None
    ahead = [begin]
    for name in ahead:
        step = graph.steps[name]
        if step.verb in _QUIET or (step.verb == "play" and not _says_more(subject, name)):
            ahead += {way.to for way in subject.ways[name]}.difference(ahead)
        elif step.verb not in (*_ASKING, "play"):
            return False
    return any(graph.steps[name].verb in _ASKING for name in reached(subject.ways, [begin]))


def _says_more(subject: Subject, name: str) -> bool:
    """More than goodbye."""
    step = subject.step(name)
    said = _text(step) if step is not None else ""
    return any(not is_farewell(one.strip()) for one in SENTENCE.findall(said) if one.strip())
