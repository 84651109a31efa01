"""The run ends, and the caller is still on the line.

## What it does
Reports `end: done` where the call may still be up.

## Why
`done` sends nothing: it is for calls that are over. A caller who is still there hears silence, and the call costs money until
somebody hangs up.

## Bad
```yaml
hello:
  play: "Good day. Goodbye."
  next: gone
gone:
  end: done
```

## Good
```yaml
hello:
  play: "Good day. Goodbye."
  next: bye
bye:
  end: hangup
```

## Limits
A call that another leg has, or that SWML keeps, may be meant to go on; then say why, with `# offhook: ignore[FLW021] reason`.

## Source
[The language: end](../language.md#end).
"""

from collections.abc import Iterator

from engine.compile.located import Scalar
from engine.lint.finding import Edit, Fix
from engine.lint.routes import entries, reached
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="FLW021", name="done-on-a-live-call", severity="warning", fixability="unsafe", needs="graph")


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    # Most flows come to `done` from a hang-up alone, which is cheaper to see than what may be so of a call.
    begin = [one for one, why in entries(graph).items() if why not in ("handler of hangup", "finally")]
    seen = reached(subject.ways, begin)
    for step in subject.steps("end"):
        if not isinstance(step.value, Scalar) or step.value.text != "done" or step.name not in seen:
            continue
        way = subject.calls.way("anything", "", step.name)
        if way:
            yield subject.found(
                step.value,
                "The caller may still be there, and `done` does not hang up.",
                help="Write `end: hangup`, or lead there only from the `hangup` handler.",
                path=step.path,
                witness=way,
                fix=Fix(title="Hang up", safety="unsafe", edits=(Edit(step.value.start, step.value.end, "hangup"),)),
            )
