"""For a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from engine.diff.change import Change, Compared
from engine.diff.wording import sentence
from engine.diff.words import words

_WIDTH = 80
_MARKS = {"kept": "{}", "gone": "[-{}-]", "come": "{{+{}+}}"}
_STATUS = {
    "changed": "",
    "same": "nothing changes for a caller",
    "added": "new",
    "removed": "gone",
    "broken": "cannot be compared",
}


def as_text(compared: Sequence[Compared]) -> str:
    """Flows that have changed, each with its changes; those that have not are counted."""
    flows = ["\n".join(_flow(one)) for one in compared if one.status != "same"]
    same = sum(one.status == "same" for one in compared)
    if not flows:
        return "Nothing changes for a caller.\n"
    rest = [f"Nothing changes in {same} other {'flow' if same == 1 else 'flows'}."] if same else []
    return "\n\n".join([*flows, *rest]) + "\n"


def _flow(one: Compared) -> Iterator[str]:
    count = f"{len(one.changes)} {'change' if len(one.changes) == 1 else 'changes'}"
    yield f"{one.flow}: {_STATUS[one.status] or count}"
    for problem in one.problems:
        yield from _wrapped(problem, "  ", "    ")
    for change in one.changes:
        yield from _wrapped(sentence(change), "  ", "    ")
        yield from _details(change)


def _details(one: Change) -> Iterator[str]:
    if one.kind == "said":
        yield from _wrapped(_marked(one), "      ", "      ")
    if one.way:
        yield from _wrapped(f"way: {' > '.join(one.way)}", "      ", "        ")


def _marked(one: Change) -> str:
    return " ".join(_MARKS[part.how].format(part.text) for part in words(one.before or "", one.after or ""))


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return wrap(shown, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
