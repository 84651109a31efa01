"""For a comment on a pull request: what matters first, the rest folded."""

from collections.abc import Iterator, Sequence

from engine.diff.change import Change, Compared
from engine.diff.wording import sentence
from engine.diff.words import words

MAX_TEXT = 60_000
"""Characters; GitHub takes 65,536 in a comment."""
_FIRST = (
    "goes",
    "way_added",
    "way_lost",
    "event",
    "start",
    "unreached",
    "ending_added",
    "ending_lost",
    "recording",
    "said",
)
"""Kinds that are not folded."""
_MARKS = {"kept": "{}", "gone": "~~{}~~", "come": "**{}**"}
_SHOWN = 8
"""So many changes of a flow are not folded."""


def as_markdown(compared: Sequence[Compared]) -> str:
    changed = [one for one in compared if one.status != "same"]
    same = len(compared) - len(changed)
    if not changed:
        return "### Call flows\n\nNothing changes for a caller.\n"
    lines = ["### Call flows", "", _summary(changed, same), ""]
    for one in changed:
        flow = [*_flow(one)]
        if sum(map(len, lines)) + sum(map(len, flow)) > MAX_TEXT:
            lines += ["And more than a comment can hold: see `offhook diff` for the rest.", ""]
            break
        lines += flow
    return "\n".join(lines)


def _summary(changed: Sequence[Compared], same: int) -> str:
    names = ", ".join(f"`{one.flow}`" for one in changed[:10])
    more = f" and {len(changed) - 10} more" if len(changed) > 10 else ""
    rest = f" Nothing changes in {same} other{'s' if same > 1 else ''}." if same else ""
    return f"{len(changed)} {'flow changes' if len(changed) == 1 else 'flows change'}: {names}{more}.{rest}"


def _flow(one: Compared) -> Iterator[str]:
    yield f"#### `{one.flow}`{_STATUS[one.status]}"
    yield ""
    for problem in one.problems:
        yield f"- {_escaped(problem)}"
    first = [change for change in one.changes if change.kind in _FIRST][:_SHOWN]
    shown = {id(change) for change in first}
    rest = [change for change in one.changes if id(change) not in shown]
    yield from (f"- {_told(change)}" for change in first)
    yield from [""] if first or one.problems else []
    details = [*(f"- {_told(change)}" for change in rest), *_ways(one.changes)]
    if details:
        title = f"{len(rest)} more, and the ways there" if rest else "The ways there"
        yield from (f"<details><summary>{title}</summary>", "", *details, "", "</details>", "")


_STATUS = {
    "changed": "",
    "same": "",
    "added": ": new",
    "removed": ": gone",
    "broken": ": cannot be compared",
}


def _told(one: Change) -> str:
    text = _escaped(sentence(one))
    if one.kind != "said":
        return text
    parts = words(one.before or "", one.after or "")
    marked = " ".join(_MARKS[part.how].format(_escaped(part.text)) for part in parts)
    return f"{text}<br>“{marked}”"


def _ways(changes: Sequence[Change]) -> Iterator[str]:
    ways = {one.way: one.step for one in reversed(changes) if one.way and one.kind != "step_removed"}
    if ways:
        yield from ("", "| step | shortest way |", "|---|---|")
    for way, step in reversed(ways.items()):
        told = " → ".join(f"`{hop.replace('`', chr(39)).replace('|', '&#124;')}`" for hop in way)
        yield f"| `{step}` | {told} |"


def _escaped(text: str) -> str:
    """What is within backticks stays as it is; elsewhere nothing of a flow is markup."""
    parts = text.split("`")
    return "`".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return "".join(f"&#{ord(char)};" if char in "<>*_~[]|@#&\\" else char for char in shown)
