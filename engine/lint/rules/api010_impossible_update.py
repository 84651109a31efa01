"""An `update` that the platform is bound to refuse.

## What it does
Reports `status: canceled` for the run's own call, and an `update` of another leg that was canceled or completed before on
some way.

## Why
Steps run when the call is answered, and only what is not answered yet can be canceled. What has ended cannot be changed.
The step is `rejected`, and the caller lands in the flow's handler or is hung up on.

## Bad
```yaml
give_up:
  update: {status: canceled}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
give_up:
  end: hangup
```

## Limits
Whether another leg is answered is not known to a flow. A step that names `rejected` in its `next` is not reported: there is
no other way to find out.

## Source
The calling API's update, states of a call; [the language: update](../language.md#update).
"""

from collections.abc import Iterator

from engine.lint.calls.effects import other_leg
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at, text_at

RULE = Rule(code="API010", name="impossible-update", severity="error", needs="ways")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    for step in subject.steps("update"):
        compiled = graph.steps[step.name]
        leg, status = other_leg(compiled), node_at(step.value, "status")
        if "rejected" in compiled.next.named:
            continue
        if leg is None and status is not None and text_at(step.value, "status") == "canceled":
            yield subject.found(
                status,
                "This call is answered when steps run, so it cannot be canceled.",
                help="Write `end: hangup`, or `status: completed`.",
                path=(*step.path, "status"),
            )
        elif leg is not None and subject.calls.may("ended", leg, step.name):
            way = subject.calls.way("ended", leg, step.name)
            if way:
                yield subject.found(
                    node_at(step.value, "id") or step.key,
                    "This leg has been canceled or completed before on this way, and cannot be changed any more.",
                    help="Lead around this step, or dial again before.",
                    path=(*step.path, "id"),
                    witness=way,
                )
