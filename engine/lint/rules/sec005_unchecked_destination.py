"""A value of the caller's decides where the call goes.

## What it does
Reports what a caller has entered, who they say they are (`call.from`) and what their SIP headers say (`call.headers`) where it
becomes the `to` of a `connect`, `dial` or `refer`, the `dest` of a `transfer`, the host of a URL, or any of these in SWML,
and neither an `accept`, `choices` nor a `branch` has looked at it on the way.

## Why
Callers have numbers of their own dialled at your expense, or have your services asked for what is not theirs to see.

## Bad
```yaml
number:
  ask:
    prompt: "Enter the number that you want to reach, then press pound."
    digits: {max: 15, terminators: "#"}
  next: {digits: call, otherwise: bye}
call:
  connect: {to: "+${{ steps.number.digits }}"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
number:
  ask:
    prompt: "Enter the number that you want to reach, then press pound."
    digits: {max: 15, terminators: "#"}
    accept: '^1555[0-9]{7}$'
  next: {digits: call, otherwise: bye}
call:
  connect: {to: "+${{ steps.number.digits }}"}
  next: bye
bye:
  end: hangup
```

## Limits
What `accept` and conditions let pass is not judged. A value within an address whose host is fixed (`sip:${{ ... }}@example.com`,
`https://example.com/${{ ... }}`) is not reported: within a URL it is percent-encoded. Inputs, signals and what a `fetch` gives are trusted. SWML in files of its
own is not looked at.

## Source
CWE-918 (server-side request forgery); toll fraud, as in the vendor's notes on it.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Node, Path, Scalar, walk
from engine.compile.scope import StepNode
from engine.expr import has_template, split
from engine.lint.calls.trust import source
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="SEC005", name="unchecked-destination", severity="warning", needs="ways")

_VERBS = ("connect", "dial", "refer", "transfer", "redirect", "excursion", "fetch", "play", "update", "stream", "tap")
_NAME = re.compile(r"\b(?:steps|vars|call)\.[a-z_0-9]+(?:\.[a-z_0-9]+)?")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_COMPARES = re.compile(r"[?<>]|==|!=|\bin\b|matches")
_PLACES = ("to", "dest", "url", "uri", "audio", "to_script", "fallback_url", "addr")


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps(*_VERBS):
        for path, scalar in walk(step.value):
            if (
                not _is_destination(step.verb.name, path)
                or not has_template(scalar.text)
                or _host_is_fixed(scalar.text)
            ):
                continue
            for name in _names(scalar):
                way = _way(subject, name, step)
                if way:
                    yield _found(subject, step, path, scalar, name, way)
                    break


def _is_destination(verb: str, path: Path) -> bool:
    """Of a SWML document any part may be one; of a `fetch` its URL alone."""
    last = next((part for part in reversed(path) if isinstance(part, str)), verb)
    return path == ("url",) if verb == "fetch" else last in _PLACES


def _host_is_fixed(text: str) -> bool:
    """Does the caller's value come behind the host, or before an `@` with a host of our own?"""
    before = ""
    for piece in split(text):
        if piece.expression and _sources(piece.text):
            break
        before += "host" if piece.expression else piece.text
    _, found, host = before.partition("://")
    if before.startswith(("sip:", "sips:")):
        return re.search(r"\}\}[^{}@]*+@[^{}]+\Z", text) is not None
    return before.startswith("say:") or "/" in (host if found else before)


def _names(scalar: Scalar) -> dict[str, None]:
    """The caller's values that become a part of the text."""
    return dict.fromkeys(name for one in split(scalar.text) if one.expression for name in _sources(one.text))


def _sources(expression: str) -> list[str]:
    """What is only compared does not become a part of it."""
    if _COMPARES.search(expression):
        return []
    return [name for one in _NAME.findall(_QUOTED.sub("", expression)) if (name := source(one))]


def _way(subject: Subject, name: str, step: StepNode) -> tuple[str, ...]:
    calls = subject.calls
    return calls.way("unchecked", name, step.name) if calls.may("unchecked", name, step.name) else ()


def _found(subject: Subject, step: StepNode, path: Path, node: Node, name: str, way: tuple[str, ...]) -> Found:
    return subject.found(
        node,
        f"`{name}` is the caller's, and nobody has looked at it on this way: it decides where `{step.name}` goes.",
        help="Check it before, with `accept` where it is entered, or in a `branch`.",
        path=(*step.path, *path),
        witness=way,
    )
