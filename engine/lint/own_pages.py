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
    ("LNT002", "fault-of-ours"): """\
The linter fell over the file.

## What it does
Reports a file that could not be looked at because of a mistake in Offhook itself. All other files are looked at, the exit status is
3, and where in the program it happened stands on stderr.

## Why
What is not looked at must not look as if it were right, and nobody else's file should wait for the mistake to be mended.

## Bad
A file with something in it that nobody had thought of.

## Good
The same, written in another way, until a version comes that reads it.

## Limits
Nothing else is said of the file, not even what had been found in it before.

## Source
[The linter: exit status](../lint.md#exit-status).
""",
    ("TST008", "no-flow"): """\
A test file without its flow.

## What it does
Reports a test file beside which there is no flow of its name. `offhook test` reports that as an error, and also a flow that
does not compile.

## Why
The flow was removed or renamed, and its tests were forgotten: nothing runs them any more.

## Bad
```text
recption.test.yaml beside reception.flow.yaml
```

## Good
```text
reception.test.yaml beside reception.flow.yaml
```

## Limits
A file without `tests:` at the beginning of a line is taken for another program's. No comment in the file ignores it; the
setting `ignore` does.

## Source
[Testing: messages](../testing.md#messages).
""",
}


def _of_tests(summary: str, why: str, bad: str, good: str) -> str:
    """What is found when tests are run."""
    return f"""\
{summary}

## What it does
`offhook test` reports it, at its place in the test file; `offhook lint` reads what a case does only of a test file that it is
given by name.

## Why
{why}

## Bad
```text
{bad}
```

## Good
```text
{good}
```

## Limits
The other cases of the file are run all the same.

## Source
[Testing: messages](../testing.md#messages).
"""


def _not_kept(summary: str, why: str) -> str:
    """A rule that has been thought of and is not there."""
    return f"""\
{summary} There is no such rule.

## What it does
Nothing. The code is kept for it.

## Why
{why}

## Bad
None.

## Good
Whatever reads well.

## Limits
None.

## Source
[A linter that is trusted](../decisions/0019-a-linter-that-is-trusted.md).
"""


ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("TST004", "bad-reply"): _of_tests(
        "The `body` of a reply that does not fit the step's `returns`, or has a field that is misspelt.",
        "The step would end with `invalid`, which a case asks for with a reply that is meant to be broken; and a misspelt field "
        "is left out, so that the case shows what the flow does without it.",
        "fetch: {lookup: {body: {balance: many}}}",
        "fetch: {lookup: {body: {balance: 12.5}}}",
    ),
    ("TST005", "bad-script"): _of_tests(
        "A line of a case's `caller` that does two things, or presses keys that no telephone has.",
        "Nobody could tell what the caller does first.",
        'caller: [{presses: "1", says: "Sales"}]',
        'caller: [{presses: "1"}, {says: "Sales"}]',
    ),
    ("TST006", "bad-fault"): _of_tests(
        "A fault about a webhook or a command that is not there, or to which it cannot happen.",
        "The case would show that the flow stands a fault which has never occurred.",
        "faults: [{drop: play.finishd}]",
        "faults: [{drop: play.finished}]",
    ),
    ("TST007", "bad-value"): _of_tests(
        "A value of another type than the flow declares, a moment that is none, a calendar that is not there.",
        "The run could not begin with it.",
        'at: "2026-02-30T10:00:00Z"',
        'at: "2026-02-28T10:00:00Z"',
    ),
    ("TST009", "bad-invariant"): _of_tests(
        "An invariant that names what it may not, or is no condition.",
        "It would hold or not hold for no reason.",
        "invariants: [\"steps.menu.outcme != 'lost'\"]",
        "invariants: [\"or(steps.menu.outcome, '') != 'lost'\"]",
    ),
    ("SYN010", "not-yet"): """\
A part of the language that this version cannot do yet. There is none: all that is described can be done.

## What it does
Nothing in this version. What a later one announces before it can be done is refused under this code, with its place.

## Why
It is refused rather than passed over, so that no flow relies on what is not there.

## Bad
A flow that is newer than the `offhook` that reads it.

## Good
The same flow, read by the version that it was written for.

## Limits
A key that no version knows is [SYN003](syn003.md).

## Source
[The language: messages](../language.md#messages).
""",
    ("FLW012", "left-going-on"): """\
What a flow has begun and does not end when the caller hangs up. A flow cannot make this mistake.

## What it does
Nothing: recordings, taps, streams and all other operations of a call end with it, on the platform, and the engine waits up to ten
seconds for the last report of a recording. No step has to stop them in a handler of `hangup`.

## Why
In SWML or a program of one's own, what was begun has to be kept in mind. What a service has to be told however the call has ended
stands in the flow's `finally`, which is gone through after a hang-up too.

## Bad
```text
handlers: {hangup: stop_tape}
steps:
  stop_tape:
    record.stop: tape
```

## Good
```text
finally:
  - fetch: {url: "${{ uses.crm }}/ended", method: POST}
```

## Limits
That something has to be told at all is the author's to know. A command in a handler of `hangup` is found ([API011](api011.md)).

## Source
[The language: finally](../language.md#finally).
""",
    ("SEC008", "unsigned-webhooks"): """\
A receiver of webhooks that takes them from anybody. A flow cannot make this mistake.

## What it does
Nothing: the receiver is `offhook run`, not the flow. Each operation has a URL of its own with a code that only the runner can make,
which is looked at before anything else and cannot be switched off.

## Why
Who can send webhooks can press keys for callers, and end their calls.

## Bad
An environment in which others know the runner's key.

## Good
```text
# prod.env.yaml, with SIGNALWIRE_SIGNING_KEY in the process's environment
guard: {webhooks: all_signed}
```

## Limits
Requests for inbound calls are signed too when `SIGNALWIRE_SIGNING_KEY` is set; without it whoever knows the address can begin runs.
`offhook lint` does not read environments.

## Source
[Environments](../environment.md).
""",
    ("STY002", "undescribed-step"): _not_kept(
        "A step with many ways on and no description.",
        "Steps have no description: their names say what they are for, and a comment says why. Long names are [STY001](sty001.md).",
    ),
    ("STY003", "repeated-number"): _not_kept(
        "The same number at several places.",
        "`3` attempts here and `3` seconds there have nothing to do with each other, so such a rule would be wrong more often than"
        " right. A telephone number belongs under `uses`.",
    ),
    ("STY004", "key-order"): _not_kept(
        "Keys in another order, other quotes, other spaces.",
        "How YAML is laid out is its author's business, and there are formatters for it. Fixes keep comments and layout.",
    ),
    ("API015", "event-not-asked-for"): """\
A `branch` on an event that the platform was not asked to report. A flow cannot make this mistake.

## What it does
Nothing: the engine asks for every state of a leg that it dials (`created`, `ringing`, `answered`, `ended`), whatever the flow
does with them. A `status_events` that is written is left out, with a warning ([SYN006](syn006.md)).

## Why
By default the platform reports only that a call has ended, and a flow that waited for `answered` would wait for ever.

## Bad
```text
call_desk:
  dial: {to: "+15550142", url: "https://example.com/leg", status_events: [ended]}
```

## Good
```text
call_desk:
  dial: {to: "+15550142", url: "https://example.com/leg"}
```

## Limits
What another leg does after it was dialled is not told to the flow in this version.

## Source
The calling API's dial: `status_events` is `[ended]` where it is not given.
""",
}
"""Codes under which nothing is reported, since the mistake cannot be made, or is found by another command."""
