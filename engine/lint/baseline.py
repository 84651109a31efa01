"""What a project has put off: findings that were there when it began, and are not reported again.

A finding is known by its file, its code, its place in the document and what is marked there, not by its line, so a
baseline outlives lines that move. What keeps a flow from compiling is never put off.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from shlex import quote
from typing import Any

import msgspec
from msgspec import Struct

from engine.lint import registry
from engine.lint.finding import Finding
from engine.model.errors import ConfigurationError

FORMAT = 1


class Key(Struct, frozen=True, order=True):
    """`mark` is a digest of the marked text: it may be a secret."""

    file: str
    code: str
    path: str
    mark: str


class _Row(Struct, frozen=True):
    """`count` findings that are alike."""

    file: str
    code: str
    path: str
    mark: str
    count: int


Texts = Mapping[str, str]
"""The text of each file by its name."""


Name = Callable[[str], str]
"""What a baseline calls a file: the same, whatever way its path was typed."""


def as_typed(file: str) -> str:
    return file.replace("\\", "/").removeprefix("./")


def key(finding: Finding, texts: Texts, name: Name = as_typed) -> Key:
    marked = " ".join(texts.get(finding.file, "")[finding.start : finding.end].split())
    return Key(name(finding.file), finding.code, finding.path, hashlib.sha256(marked.encode()).hexdigest()[:16])


def encode(findings: Iterable[Finding], texts: Texts, name: Name = as_typed) -> str:
    """The file's content for these findings."""
    counted = Counter(key(one, texts, name) for one in findings if _may_wait(one))
    rows = [
        {"file": one.file, "code": one.code, "path": one.path, "mark": one.mark, "count": count}
        for one, count in sorted(counted.items())
    ]
    return json.dumps({"baseline": FORMAT, "findings": rows}, indent=2) + "\n"


def decode(file: str, text: str) -> Counter[Key]:
    """`ConfigurationError` for what is no baseline, or one of another version."""
    again = f"Write it anew: offhook lint --write-baseline {quote(file)}"
    try:
        document: Any = json.loads(text)
        version = document["baseline"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigurationError(f"{file} is no baseline.", help=again) from None
    if type(version) is not int:
        raise ConfigurationError(f"{file} is no baseline.", help=again)
    if version != FORMAT:
        raise ConfigurationError(f"{file} is a baseline of version {version}; this is version {FORMAT}.", help=again)
    try:
        rows = msgspec.convert(document.get("findings"), tuple[_Row, ...])
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{file} is no whole baseline: {error}.", help=again) from None
    return Counter({Key(one.file, one.code, one.path, one.mark): one.count for one in rows})


def less(findings: Iterable[Finding], known: Counter[Key], texts: Texts, name: Name = as_typed) -> tuple[Finding, ...]:
    """The findings that the baseline does not have. Of several alike, as many are left as there are more of them."""
    left = Counter(known)
    found = []
    for one in findings:
        its = key(one, texts, name)
        if _may_wait(one) and left[its] > 0:
            left[its] -= 1
        else:
            found.append(one)
    return tuple(found)


def _may_wait(one: Finding) -> bool:
    return not (one.severity == "error" and registry.is_compilers(one.code, one.name))
