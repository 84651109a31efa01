"""Pages of what the linter says of its own work."""

from collections.abc import Mapping

PAGES: Mapping[tuple[str, str], str] = {
    ("STY006", "ignore-without-use"): """\
A comment that ignores nothing, or does not say why.

## What it does
Reports a comment `# offhook: ignore[CODE] reason` whose code finds nothing there, that names a code which does not exist,
that has no reason, or that is not understood. A comment about a rule that is switched off is left alone.

## Why
What was ignored once is repaired later, and the comment hides the next mistake.

## Bad
```yaml
bye:
  end: hangup # offhook: ignore[UX001]
```

## Good
```yaml
bye:
  end: hangup
```

## Limits
What keeps a flow from compiling cannot be ignored. The safe fix removes a comment whose only code finds nothing.

## Source
[The linter: comments](../lint.md#comments).
""",
    ("LNT001", "out-of-time"): """\
The file takes too long to look at.

## What it does
Reports a file whose rules were not all run, because its time was over (10 seconds; the setting `seconds`).

## Why
A check that hangs is switched off. What was found until then is reported.

## Bad
A generated flow with tens of thousands of steps.

## Good
Several flows.

## Limits
The time is looked at between rules and between steps, so the compiler's own part is not cut short.

## Source
[The linter: settings](../lint.md#settings).
""",
}
