"""How a step is reached and where it leads, from the names that the document holds: it need not compile."""

from collections.abc import Iterator

from engine.compile.located import Path
from engine.editing.occurrences import Occurrence


def ways_in(found: tuple[Occurrence, ...], step: str) -> list[str]:
    """`start`, `menu (no_input)`, `handler of error`, ..."""
    return list(dict.fromkeys(_from(one.path) for one in _targets(found) if one.name == step))


def ways_out(found: tuple[Occurrence, ...], step: str) -> list[tuple[str, str]]:
    """Outcomes (empty for a plain `next`), each with the step that it leads to."""
    return [(_by(one.path), one.name) for one in _targets(found) if one.path[:2] == ("steps", step)]


def _targets(found: tuple[Occurrence, ...]) -> Iterator[Occurrence]:
    return (one for one in found if one.kind == "step" and not (one.declares or one.reads or one.handle))


def _from(path: Path) -> str:
    if path[0] == "steps":
        by = _by(path)
        return f"`{path[1]}` ({by})" if by else f"`{path[1]}`"
    if path[0] == "handlers":
        return f"handler of {path[1]}"
    if path[0] == "limits":
        return "a limit is reached"
    return "start" if path[0] == "start" else f"choice `{path[2]}` of every ask"


def _by(path: Path) -> str:
    """The outcome, or what else a target under a step stands for."""
    if path[2] == "next":
        return str(path[3]) if len(path) > 3 else ""
    if path[2] == "visits":
        return "visits"
    if path[2] == "branch":
        return "else" if path[-1] == "else" else f"case {int(path[3]) + 1}"
    return str(path[-2])
