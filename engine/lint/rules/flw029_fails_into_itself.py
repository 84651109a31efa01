"""A request that has failed is made again at once, and again.

## What it does
Reports an outcome of a `fetch` other than `ok` that leads to the `fetch` itself, where the step has no `visits` of its own.

## Why
A service that has just failed fails again, and the caller hears nothing of it: the same request goes out with no pause
between, as often as the flow's limits allow, and then the call lands where limits land. With many callers that is what keeps
a service down.

## Bad
```yaml
uses: {accounts_api: url}
limits: {visits: 6}
steps:
  lookup:
    fetch: {url: "${{ uses.accounts_api }}/balance"}
    next: {ok: bye, otherwise: lookup}
  bye:
    end: hangup
```

## Good
```yaml
uses: {accounts_api: url}
limits: {visits: 6}
steps:
  lookup:
    fetch:
      url: "${{ uses.accounts_api }}/balance"
      retry: {times: 2, backoff: 500ms}
    next: {ok: bye, otherwise: sorry}
  sorry:
    play: "I am sorry, I cannot look that up right now."
    next: bye
  bye:
    end: hangup
```

## Limits
A way back over other steps is not reported: a text or a pause may be what is wanted. Where the flow has no `limits.visits`
either, it is a loop that nothing counts ([FLW005](flw005.md)).

## Source
[The language: fetch](../language.md#fetch): `retry` has pauses that double, and the same `Idempotency-Key` for each attempt.
"""

from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Scalar
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW029", name="fails-into-itself", severity="warning")


def check(subject: Subject) -> Iterator[Found]:
    if subject.section("limits").get("visits") is None:
        return
    for step in subject.steps("fetch"):
        found = next(_back(step), None) if step.node.get("visits") is None else None
        if found is not None:
            yield subject.found(
                found,
                f"When it fails, `{step.name}` asks again at once, until a limit of the flow is reached.",
                help="Use `retry`, which waits longer each time, and tell the caller when it has failed.",
                path=("steps", step.name, "next"),
            )


def _back(step: StepNode) -> Iterator[Node]:
    ways = step.node.get("next")
    for outcome, target in ways.entries if isinstance(ways, Mapping) else ():
        if outcome.text != "ok" and isinstance(target, Scalar) and target.text == step.name:
            yield target
