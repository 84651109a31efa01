"""Another name for a step or a variable, wherever it stands: in the flow, its test file and its SWML documents."""

import re

from engine.compile import reserved, yaml_reader
from engine.compile.wording import NAME
from engine.editing.links import Together, references
from engine.editing.occurrences import INNER, Occurrence, occurrence_at, occurrences
from engine.lint.finding import Edit
from engine.model.errors import OffhookError

_WHAT = {"step": "step", "variable": "variable"}


class CannotRename(OffhookError):
    """Why not, in an author's words."""

    code = "cannot-rename"


def renamed(together: Together, file: str, offset: int) -> Occurrence:
    """What would get another name; `CannotRename` when it is none that can."""
    one = occurrence_at(together[file], offset)
    if one is not None and one.kind == INNER:
        flow, _, step = one.name.partition("/")
        raise CannotRename(f"`{flow}` has no step `{step}`.", help="Name one that it has.")
    if one is None or one.kind not in _WHAT:
        raise CannotRename("Only steps and variables can be renamed.", help="Put the cursor on the name of one.")
    for name, document in together.items():
        if document.kind != "swml":
            _check_readable(name, document.text)
    if not any(
        found.symbol == one.symbol and found.declares for each in together.values() for found in occurrences(each)
    ):
        raise CannotRename(f"`{one.name}` is not declared in this flow.", help="Declare it first.")
    return one


def rename(together: Together, file: str, offset: int, name: str) -> dict[str, tuple[Edit, ...]]:
    """The edits of each file."""
    one = renamed(together, file, offset)
    _check_name(together, one, name)
    edits: dict[str, tuple[Edit, ...]] = {}
    for spot in references(together, file, offset):
        edits[spot.file] = (*edits.get(spot.file, ()), Edit(spot.start, spot.end, name))
    return edits


def _check_readable(file: str, text: str) -> None:
    _, report = yaml_reader.read(file, text.encode())
    for found in report.diagnostics:
        if found.code in ("SYN001", "SYN009"):
            raise CannotRename(
                f"{file} cannot be read at line {found.span.line}, so the name might stand where nobody sees it.",
                help="Correct that line first.",
            )


def _check_name(together: Together, one: Occurrence, name: str) -> None:
    what = _WHAT[one.kind]
    if not re.fullmatch(NAME, name):
        raise CannotRename(
            f"`{name}` cannot be the name of a {what}.", help="Small letters, digits and `_`, a letter first."
        )
    if name in reserved.STEPS:
        raise CannotRename(f"`{name}` has a meaning of its own.", help=f"Choose another name, such as {name}_{what}.")
    taken = (found for document in together.values() for found in occurrences(document) if found.declares)
    if name != one.name and any(found.symbol == (one.kind, name) for found in taken):
        raise CannotRename(f"There is a {what} `{name}` already.", help="Choose another name.")
