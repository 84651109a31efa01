"""A password, a token or a signed address that stands in the flow.

## What it does
Reports values that look like a secret: of keys such as `password`, `token` or `authorization`, tokens in headers, addresses with
a password or a signature in them, and the forms of well-known keys.

## Why
Flows are read by everybody who reads the repository, and stay in its history. A secret that was there once has to be
changed.

## Bad
```yaml
send:
  stream:
    url: wss://media.example.com/audio
    authorization_bearer_token: 9f8e7d6c5b4a39281706f5e4d3c2b1a0
  next: bye
bye:
  end: hangup
```

## Good
```yaml
uses:
  media_token: string
steps:
  send:
    stream:
      url: wss://media.example.com/audio
      authorization_bearer_token: "${{ uses.media_token }}"
    next: bye
  bye:
    end: hangup
```

## Limits
A secret that looks like a word is found only under a key that says what it is. Texts that callers hear are not looked
at. The message never repeats the value.

## Source
[The environment](../environment.md): secrets come from variables of the process.
"""

import re
from collections.abc import Iterator

from engine.compile.located import Path, Scalar
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject

RULE = Rule(code="SEC001", name="literal-secret", severity="error")

_KEY = re.compile(r"(?:^|_|-)(password|passwd|secret|token|api[_-]?key|authorization|private_key)$", re.IGNORECASE)
_HARMLESS = r"(?i)\$\{|%\{|^<[^>]*>$|^(x+|\*+|\.+|none|redacted)$"
_ENDINGS = ("password", "passwd", "secret", "token", "key", "authorization")
"""Every such key ends with one of these, in small letters: most keys do not."""
_SPOKEN = frozenset({"play", "prompt", "reprompt", "note", "description", "text", "phrases", "hints", "tags"})
# Texts may be as long as files: each form takes as long as the text, and gives nothing back that it has taken.
Forms = tuple[tuple[str, str, str], ...]
"""A short text that each match has, the pattern, and what it is."""
_FORMS: Forms = (
    ("Bearer", r"\bBearer\s+[A-Za-z0-9._~+/=-]{12,}", "an authorization header"),
    ("Basic", r"\bBasic\s+[A-Za-z0-9._~+/=-]{12,}", "an authorization header"),
    ("eyJ", r"(?<![\w-])eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.", "a token (JWT)"),
    ("AKIA", r"\bAKIA[A-Z0-9]{16}\b", "an access key"),
    ("ASIA", r"\bASIA[A-Z0-9]{16}\b", "an access key"),
    ("PT", r"\bPT[0-9a-f]{32,}\b", "an API token of the platform"),
    ("_live_", r"\b(?:sk|pk|rk)_live_[A-Za-z0-9]{16,}\b", "a payment key"),
    ("gh", r"\bgh[pousr]_[A-Za-z0-9]{30,}\b", "an access token"),
    ("-----BEGIN", r"-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
    ("@", r"(?:(?<=[a-z])://|\bsips?:)[^\s/:@]++:[^\s/@{}$]{1,300}+@\S", "an address with a password"),
    (
        "=",
        r"(?i)[?&](?:X-Amz-Signature|sig|signature|token|access_token|api_?key)=[^&\s${}]{12,}",
        "a signed address",
    ),
)
"""What has to be in a text, before the form is looked for in it: it hardly ever is."""
_TEMPLATE = re.compile(r"\$\{\{(?:(?!\$\{\{|\}\}).)*\}\}")
_SHORTEST = len("a://b:c@d")
"""No form fits a text that is shorter. Most texts of a flow are."""


def check(subject: Subject) -> Iterator[Found]:
    texts = "\0".join(scalar.text for _, scalar in subject.scalars())
    forms = tuple(one for one in _FORMS if one[0] in texts)
    for path, scalar in subject.scalars():
        what = _what(path, scalar, forms, is_sound=not subject.broken.intersection(path[1:2]))
        if what:
            yield subject.found(
                scalar,
                f"This looks like {what}, and everybody who reads the repository can read it.",
                help="Change the secret, declare it under `uses`, and write `${{ uses.name }}` here.",
                path=path,
            )


def _what(path: Path, scalar: Scalar, forms: Forms, *, is_sound: bool) -> str:
    """Of a broken step nobody knows which of its keys hold values. `forms`: those whose sign stands in the file."""
    if not isinstance(scalar.value, str) or not scalar.text or not _SPOKEN.isdisjoint(path[3:]):
        return ""
    found = _form(scalar.text, forms) if len(scalar.text) >= _SHORTEST else ""
    if found:
        return found
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if not key.lower().endswith(_ENDINGS) or not (is_sound and _holds_values(path) and _KEY.search(key)):
        return ""
    if re.search(_HARMLESS, scalar.text):
        return ""
    named = re.sub("[_-]", " ", key.lower())
    return f"the value of {'an' if named[0] in 'aeiou' else 'a'} {named}"


def _form(text: str, forms: Forms) -> str:
    near = [(form, what) for sign, form, what in forms if sign in text]
    bare = _TEMPLATE.sub("${}", text) if near else ""
    return next((what for form, what in near if re.search(form, bare)), "")


def _holds_values(path: Path) -> bool:
    """Is this what a step sends, not an expression, a name of the author's, or a type?"""
    if len(path) < 4 or path[0] not in ("steps", "finally") or {"returns", "outcomes", "choices"} & {*path}:
        return False
    return not {"set", "branch", "wait", "next", "visits", "return"} & {*path[1:3]}
