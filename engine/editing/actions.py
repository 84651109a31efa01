"""What can be done about findings: their repairs, and a comment that leaves one as it is."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from engine.compile import yaml_reader
from engine.lint import registry
from engine.lint.comments import ignores
from engine.lint.finding import Edit, Finding
from engine.lint.fixing import apply
from engine.lint.places import Places

_REASON = "because"


class Action(Struct, frozen=True, kw_only=True):
    """`preferred`: a repair that is safe. `finding` is what it is about."""

    title: str
    edits: tuple[Edit, ...]
    finding: Finding
    preferred: bool = False


def actions(text: str, findings: Iterable[Finding], start: int, end: int) -> tuple[Action, ...]:
    """About the findings that stand between the two places. Repairs first."""
    found = [one for one in findings if one.start <= end and start <= max(one.end, one.start + 1)]
    repairs = (
        Action(title=one.fix.title, edits=one.fix.edits, finding=one, preferred=one.fix.safety == "safe")
        for one in found
        if one.fix is not None
    )
    return (*repairs, *_comments(text, found))


def _comments(text: str, found: list[Finding]) -> Iterator[Action]:
    for one in found:
        edit = _comment(text, one) if _can_be_ignored(one) else None
        if edit is not None:
            yield Action(title=f"Leave {one.code} as it is, with a comment", edits=(edit,), finding=one)


def _can_be_ignored(one: Finding) -> bool:
    """What keeps a flow from compiling cannot."""
    return registry.is_code(one.code) and not (one.severity == "error" and registry.is_compilers(one.code, one.name))


def _comment(text: str, one: Finding) -> Edit | None:
    """Behind the line, else on a line of its own above it: the first that the linter would understand."""
    return next((edit for edit in _places(text, one) if _covers(apply(text, [edit]), one, edit)), None)


def _places(text: str, one: Finding) -> Iterator[Edit]:
    places = Places(text)
    start, end = places.line_start(one.start), places.line_end(one.start)
    end -= text[start:end].endswith("\r")
    comment = f"# offhook: ignore[{one.code}] {_REASON} ..."
    yield Edit(end, end, f"  {comment}")
    indent = len(text[start:end]) - len(text[start:end].lstrip(" "))
    yield Edit(start, start, f"{' ' * indent}{comment}\n")
    step = _step_line(text, start, one)
    if step is not None:
        yield Edit(
            step,
            step,
            f"{' ' * (places.line_end(step) - step - len(text[step : places.line_end(step)].lstrip(' ')))}{comment}\n",
        )


def _step_line(text: str, at: int, one: Finding) -> int | None:
    """Where the line of the step begins that the finding is in."""
    name = one.path.split(".")[1] if one.path.startswith("steps.") else ""
    lines = text[: at + 1].split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if name and lines[number].strip().startswith(f"{name}:"):
            return sum(len(line) + 1 for line in lines[:number])
    return None


def _covers(text: str, one: Finding, edit: Edit) -> bool:
    root, report = yaml_reader.read("", text.encode())
    if report.diagnostics and root is None:
        return False
    line = one.span.line + (1 if edit.text.endswith("\n") else 0)
    return any(comment.covers(one.code, line) for comment in ignores(root, Places(text)))
