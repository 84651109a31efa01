"""An address without encryption.

## What it does
Reports values that are an `http://` or `ws://` address, also where `${{ }}` stands in it.

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
Addresses in spoken texts and of this machine (`localhost`) are not reported; one that the command does not take at all is
[API006](api006.md). The fix is unsafe: whether the server has
https is not known here.

## Source
The calling API takes `http` for audio and `ws` for a tap, and a stream needs `wss`.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Path
from engine.lint.finding import Edit, Fix
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject
from engine.model.graph import FetchValue
from engine.model.ids import StepName

RULE = Rule(code="SEC006", name="plain-address", severity="warning", fixability="unsafe")

_PLAIN = re.compile(r"(http|ws)://(?!localhost\b|127\.|\[::1\])(?:(?>\$\{\{.*?\}\})|\S)++", re.IGNORECASE | re.DOTALL)


def _is_socket(path: Path) -> bool:
    """The audio of a stream and of a tap goes over a WebSocket, whatever is written."""
    return path[-1:] == ("uri",) or ("stream" in path and path[-1:] == ("url",))


def check(subject: Subject) -> Iterator[Found]:
    for path, scalar in subject.scalars():
        plain = _PLAIN.fullmatch(scalar.text)
        if plain is None:
            continue
        scheme = plain[1].lower()
        secure = "wss" if scheme == "ws" or _is_socket(path) else "https"
        at = subject.places.text.find(plain[1], scalar.start, scalar.end)
        fix = Fix(title=f"Write `{secure}`", safety="unsafe", edits=(Edit(at, at + len(scheme), secure),))
        lost = scheme == "http" and _is_confidential(subject, path)
        yield subject.found(
            scalar,
            f"`{path[1]}` sends what is secret or private, which goes over https alone: it always ends as `failed`."
            if lost
            else f"What goes over `{scheme}://` can be read and changed on its way.",
            help=f"Write `{secure}://`.",
            path=path,
            fix=fix if at >= 0 else None,
            severity="error" if lost else None,
        )


def _is_confidential(subject: Subject, path: Path) -> bool:
    step = (
        subject.graph.steps.get(StepName(str(path[1])))
        if subject.graph is not None and path[2:] == ("fetch", "url")
        else None
    )
    return step is not None and isinstance(step.value, FetchValue) and step.value.confidential
