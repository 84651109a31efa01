"""An address without encryption.

## What it does
Reports values that are an `http://` or `ws://` address.

## Why
What is fetched can be replaced on its way, and what is sent (the call's audio, what callers entered) can be read.

## Bad
```yaml
jingle:
  play: [{audio: "http://example.com/jingle.mp3"}]
  next: bye
bye:
  end: hangup
```

## Good
```yaml
jingle:
  play: [{audio: "https://example.com/jingle.mp3"}]
  next: bye
bye:
  end: hangup
```

## Limits
Addresses in spoken texts and of this machine (`localhost`) are not reported. The fix is unsafe: whether the server has
https is not known here.

## Source
The calling API takes `http` for audio and `ws` for a tap, and a stream needs `wss`.
"""

import re
from collections.abc import Iterator

from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="SEC006", name="plain-address", severity="warning", fixability="unsafe")

_PLAIN = re.compile(r"(http|ws)://(?!localhost\b|127\.|\[::1\])\S+", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Found]:
    for path, scalar in subject.scalars():
        plain = _PLAIN.fullmatch(scalar.text)
        if plain is None:
            continue
        scheme = plain[1].lower()
        at = subject.places.text.find(plain[1], scalar.start, scalar.end)
        fix = Fix(title=f"Write `{scheme}s`", safety="unsafe", edits=(Edit(at, at + len(scheme), f"{scheme}s"),))
        yield subject.found(
            scalar,
            f"What goes over `{scheme}://` can be read and changed on its way.",
            help=f"Write `{scheme}s://`.",
            path=path,
            fix=fix if at >= 0 else None,
        )
