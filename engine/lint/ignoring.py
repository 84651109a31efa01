"""Findings less those that comments cover, and what is wrong with the comments (STY006)."""

from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.patience import go_on
from engine.lint import registry
from engine.lint.comments import Ignore, ignores
from engine.lint.finding import Edit, Finding, Fix
from engine.lint.settings import Settings
from engine.lint.subject import Subject

CODE, NAME = "STY006", "ignore-without-use"
TIME = ("LNT001", "out-of-time")
FAULT = ("LNT002", "fault-of-ours")


def less_ignored(found: list[Finding], subject: Subject, root: Node | None, settings: Settings) -> Iterator[Finding]:
    """What the comments do not cover, and what is wrong with the comments. What stops a flow from compiling cannot be
    ignored: it would not run all the same. `OutOfTime` where there is too much of either."""
    unfinished = any(one.code == TIME[0] for one in found)  # then nobody knows what there is to ignore
    check_time = go_on if unfinished else subject.check_time
    comments = ignores(root, subject.places)
    used: set[tuple[Ignore, str]] = set()
    for one in found:
        check_time()
        covering = [comment for comment in comments if comment.covers(one.code, one.span.line)]
        if covering and not (one.severity == "error" and registry.is_compilers(one.code, one.name)):
            used.update((comment, one.code) for comment in covering)
        else:
            yield one
    if settings.takes(CODE, subject.file) and not unfinished:
        for comment in comments:
            check_time()
            yield from _of_comment(comment, used, subject, settings)


def _of_comment(
    comment: Ignore, used: set[tuple[Ignore, str]], subject: Subject, settings: Settings
) -> Iterator[Finding]:
    if not comment.codes:
        message = "This comment is not understood."
        yield _said(comment, subject, settings, message, "Write: # offhook: ignore[CODE] and the reason.")
        return
    for code in comment.codes:
        if not registry.is_code(code):
            yield _said(comment, subject, settings, f"There is no rule `{code}`.", registry.near(code))
        elif (comment, code) not in used and _could_find(code, subject, settings):
            message = f"`{code}` finds nothing here to ignore."
            fix = _removal(comment, subject) if len(comment.codes) == 1 else None
            yield _said(comment, subject, settings, message, "Remove it.", fix)
    if not comment.reason:
        codes = ", ".join(comment.codes)
        message = "The comment does not say why."
        yield _said(comment, subject, settings, message, f"Add the reason: # offhook: ignore[{codes}] because ...")


def _could_find(code: str, subject: Subject, settings: Settings) -> bool:
    """A comment about a rule that did not run is not useless."""
    rule = registry.BY_CODE.get(code)
    if rule is None:
        return True
    return settings.runs(rule, subject.file) and subject.is_whole


def _said(
    comment: Ignore, subject: Subject, settings: Settings, message: str, advice: str, fix: Fix | None = None
) -> Finding:
    return Finding(
        file=subject.file,
        code=CODE,
        name=NAME,
        severity=settings.severity.get(CODE) or "warning",
        span=subject.places.span(comment.start, comment.end),
        start=comment.start,
        end=comment.end,
        message=message,
        help=advice,
        fix=fix,
    )


def _removal(comment: Ignore, subject: Subject) -> Fix:
    text = subject.places.text
    start, end = comment.start, comment.end
    begin = subject.places.line_start(start)
    if text[begin:start].strip():
        start = begin + len(text[begin:start].rstrip())
    else:
        start, end = begin, min(subject.places.line_end(end) + 1, len(text))
    return Fix(title="Remove the comment", safety="safe", edits=(Edit(start, end, ""),))
