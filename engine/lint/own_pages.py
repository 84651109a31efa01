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
Reports a file that was not looked at to the end, because its time was over (10 seconds; the setting `seconds`): what was
being done then, and which rules have not looked at it, or not at all of it.

## Why
A check that hangs is switched off. What was found until then is reported, and all other files are looked at.

## Bad
A generated flow with tens of thousands of steps.

## Good
Several flows.

## Limits
The time is asked for at each step and each place that a call may come to, not within one expression or while YAML is read.
A file has at most 1,000,000 bytes and 200,000 values, so these take seconds at most.

## Source
[The linter: settings](../lint.md#settings).
""",
}
