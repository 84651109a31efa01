"""A call out that may cost anything, or that is made again and again.

## What it does
Reports `outbound` and `dial` without `max_price_per_minute`, and a `dial` that lies in a loop without `visits` of its
own.

## Why
A number that somebody else chose may be a premium one. A limit in the flow is the one that reviewers see.

## Bad
```yaml
second:
  dial: {from: "+15550100", to: "+15550142", url: "https://example.com/swml"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
second:
  dial: {from: "+15550100", to: "+15550142", url: "https://example.com/swml", max_price_per_minute: 0.05}
  next: bye
bye:
  end: hangup
```

## Limits
Whether the limit is low enough is not judged. How long it rings has a limit anyway.

## Source
The calling API's dial: without `max_price_per_minute` there is no such limit.
"""

from collections.abc import Iterator

from engine.lint.routes import only, rounds
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="SEC007", name="dial-without-price-limit", severity="warning")

_LIMIT = "max_price_per_minute"
_ADVICE = f"Add `{_LIMIT}`, such as 0.05."


def check(subject: Subject) -> Iterator[Found]:
    outbound = subject.root.key("outbound")
    if outbound is not None and subject.is_sure and node_at(subject.root, "outbound", _LIMIT) is None:
        message = "These calls may cost anything: there is no limit to their price."
        yield subject.found(outbound, message, help=_ADVICE, path=("outbound",))
    for step in subject.steps("dial"):
        if node_at(step.value, _LIMIT) is None:
            message = f"The call of `{step.name}` may cost anything: there is no limit to its price."
            yield subject.found(step.node.key("dial") or step.key, message, help=_ADVICE, path=step.path)
    yield from _again(subject)


def _again(subject: Subject) -> Iterator[Found]:
    if subject.graph is None or not subject.is_sure or not any(subject.steps("dial")):
        return
    found = only(subject.ways, lambda name, way: not {name, way.to} & subject.broken)
    for group in rounds(found):
        for step in (one for name in group if (one := subject.step(name)) and one.verb.name == "dial"):
            if step.node.get("visits") is None:
                yield subject.found(
                    step.key,
                    f"`{step.name}` calls again each time the flow comes round, up to {subject.graph.limits.visits} times.",
                    help="Give it a limit: `visits: {max: 2, next: step}`.",
                    path=("steps", step.name),
                    witness=subject.calls.way_round_in(step.name, frozenset(group)),
                )
