"""A request has the same `Idempotency-Key` in every call.

## What it does
Reports an `Idempotency-Key` among the `headers` of a `fetch` that does not depend on the call: a text without a value in
it, or with values of the environment alone.

## Why
The key tells a service that a request is one that it has seen already. With the same key in every call the second caller's
booking is taken for a repeat of the first one's: it is answered as if it were done, and nothing is done. In a test there is
one call, and all is well.

## Bad
```yaml
uses: {bookings: url}
steps:
  book:
    fetch:
      method: POST
      url: "${{ uses.bookings }}/tables"
      headers: {Idempotency-Key: book-a-table}
      json: {caller: "${{ call.from }}"}
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {bookings: url}
steps:
  book:
    fetch:
      method: POST
      url: "${{ uses.bookings }}/tables"
      headers: {Idempotency-Key: "book-a-table-${{ call.id }}"}
      json: {caller: "${{ call.from }}"}
    next: bye
  bye:
    end: hangup
```

## Limits
Looks at `Idempotency-Key` and `X-Idempotency-Key`, whatever their capitals. Where the key is another value of the caller (a customer's
number), a second order of theirs is taken for a repeat; that may be meant, and is not reported.

## Source
[The language: fetch](../language.md#fetch): without the header, every request has a key of its own that its repeats share.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Node, Path, Scalar, Sequence
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at

RULE = Rule(code="FLW028", name="one-key-for-all", severity="warning")

_KEYS = ("idempotency-key", "x-idempotency-key")
_OF_THE_CALL = re.compile(r"\b(?:call|run|steps|vars|inputs|signal)\.|\bnow\b")
_VALUE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def check(subject: Subject) -> Iterator[Found]:
    for path, fetch in _fetches(subject):
        headers = node_at(fetch, "headers")
        for name, value in headers.entries if isinstance(headers, Mapping) else ():
            if name.text.lower() in _KEYS and isinstance(value, Scalar) and not _differs(value.text):
                yield subject.found(
                    value,
                    "Every call asks with this key, so all requests but the first one are taken for repeats of it.",
                    help="Put what tells the requests apart into it, such as `${{ call.id }}`, or leave the header out.",
                    path=(*path, "headers", name.text),
                )


def _fetches(subject: Subject) -> Iterator[tuple[Path, Node]]:
    yield from ((step.path, step.value) for step in subject.steps("fetch"))
    last = subject.root.get("finally")
    for index, entry in enumerate(last.items if isinstance(last, Sequence) else ()):
        fetch = node_at(entry, "fetch")
        if fetch is not None:
            yield ("finally", index, "fetch"), fetch


def _differs(text: str) -> bool:
    return any(_OF_THE_CALL.search(value) for value in _VALUE.findall(text.replace("run.flow", "")))
