"""A caller waits for a service for more than a minute.

## What it does
Adds up what a `fetch` may take: its `timeout` for each attempt, and the pauses between them, which double. Reports more than
60 seconds where a caller is on the line.

## Why
A `filler` is over after a sentence; then it is silent. When a service is down every caller goes through all attempts,
and hangs up before the flow can say that it is.

## Bad
```yaml
uses: {accounts_api: url}
steps:
  lookup:
    fetch:
      url: "${{ uses.accounts_api }}/balance"
      timeout: 4s
      retry: {times: 8, backoff: 2s}
      filler: {after: 1s, play: "One moment, please."}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {accounts_api: url}
steps:
  lookup:
    fetch:
      url: "${{ uses.accounts_api }}/balance"
      timeout: 4s
      retry: {times: 2, backoff: 500ms}
      filler: {after: 1s, play: "One moment, please."}
    next: bye
  bye:
    end: hangup
```

## Limits
A single attempt or pause that is too long is another rule's ([UX012](ux012.md)). In `finally` and after a hang-up nobody waits. A `filler` with a file in it may be music that lasts, and is not judged. The
option is in milliseconds.

## Source
[The language: fetch](../language.md#fetch).
"""

from collections.abc import Iterator

from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import FetchValue

RULE = Rule(
    code="UX020", name="fetch-takes-minutes", severity="warning", needs="graph", options={"max_fetch_ms": 60_000}
)

_LONGEST_MS, _PAUSE_MS = 60_000, 30_000
"""Of one attempt, and between two: longer ones are another rule's (UX012)."""


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    most = subject.options.get("max_fetch_ms", RULE.options["max_fetch_ms"])
    for step in subject.steps("fetch"):
        value = graph.steps[step.name].value
        assert isinstance(value, FetchValue)
        longest = longest_ms(value)
        implausible = value.timeout_ms > _LONGEST_MS or value.retry.backoff_ms > _PAUSE_MS
        if longest <= most or implausible or _plays_a_file(value) or not subject.calls.way("anything", "", step.name):
            continue
        yield subject.found(
            node_at(step.value, "retry") or node_at(step.value, "timeout") or step.key,
            f"With all its attempts `{step.name}` takes {longest / 1000:.0f} s, in which a caller waits.",
            help="Try less often, or with shorter pauses.",
            path=step.path,
        )


def longest_ms(value: FetchValue) -> int:
    """When nothing is answered, and every attempt is made."""
    pauses = sum(min(60_000, value.retry.backoff_ms << n) for n in range(value.retry.times))
    return value.timeout_ms * (value.retry.times + 1) + pauses


def _plays_a_file(value: FetchValue) -> bool:
    params = value.filler.play if value.filler is not None else {}
    return any(one.get("type") == "audio" for one in params.get("play", []))
