"""A caller who has failed to answer, or has reached nobody, is hung up on without a word.

## What it does
Reports an `ask` whose `no_input` or `no_match`, and a `connect` whose `busy`, `no_answer`, `declined` or `failed`, leads to an `end`,
and nothing is said or done for the caller on the way.

## Why
The line goes dead, and the caller does not know whether it was a fault.

## Bad
```yaml
menu:
  ask:
    prompt: "For sales, press 1."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
  next: {sales: sales, otherwise: bye}
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
  next: {sales: sales, otherwise: sorry}
sorry:
  play: "I did not understand you. Please call us again."
  next: bye
bye:
  end: hangup
```

## Limits
What is said is not judged, and a question that ends with a farewell ("Otherwise, goodbye.") has said it. A `connect` that goes on alike after a talk is [FLW023](flw023.md)'s; with `answer_on_bridge` the caller has
only heard it ring, and needs no word. There is no fix: the words are the author's to find.

## Source
Guidelines for voice menus (Plum): ask again twice, then a person, or a polite end.
"""

from collections.abc import Iterator

from engine.compile.scope import StepNode
from engine.lint.farewell import closes
from engine.lint.rule import Found, Rule
from engine.lint.silence import Silence
from engine.lint.subject import Subject, node_at

RULE = Rule(code="UX004", name="failure-without-a-word", severity="warning", needs="ways")

_FAILED = ("no_input", "no_match")
_UNANSWERED = ("busy", "no_answer", "declined", "failed")


def check(subject: Subject) -> Iterator[Found]:
    seen = subject.reached
    silence = Silence(subject)
    for step in subject.steps("ask", "connect"):
        if step.verb.name == "ask" and closes(step):
            continue
        failed = _FAILED if step.verb.name == "ask" else _unanswered(subject, step)
        for edge in subject.calls.ends(step.name) if step.name in seen else ():
            way = silence.after(edge) if edge.outcome in failed else ()
            if way:
                when = "the last attempt" if step.verb.name == "ask" else "ringing in vain"
                yield subject.found(
                    step.node.key("next") or step.key,
                    f"After {when} (`{edge.outcome}`) the call is over without a word.",
                    help="Go to a step that says so, or to a person.",
                    path=("steps", step.name, "next"),
                    witness=way,
                )
                break


def _unanswered(subject: Subject, step: StepNode) -> tuple[str, ...]:
    """The outcomes of a `connect` after which there was no talk, and that go on otherwise than after one."""
    assert subject.graph is not None
    follows = subject.graph.steps[step.name].next
    if node_at(step.value, "answer_on_bridge") is not None:
        return ()
    return tuple(one for one in _UNANSWERED if follows.target(one) != follows.target("bridge_ended"))
