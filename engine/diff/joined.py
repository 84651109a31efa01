"""A voice that changes everywhere is one change, not one for each text."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from engine.diff.change import Change

_VOICE = ("language", "voice", "gender")
_OF_A_PROMPT = "play."


def joined(changes: Iterable[Change]) -> Iterator[Change]:
    """The first of those that several steps have alike names all of them; the others stay as they are."""
    every = list(changes)
    alike: dict[tuple[str, str | None, str | None], list[Change]] = {}
    for one in every:
        if (name := _voice(one)) is not None:
            alike.setdefault((name, one.before, one.after), []).append(one)
    of_several = {id(one): (name, group) for (name, *_), group in alike.items() if len(group) > 1 for one in group}
    for one in every:
        name, group = of_several.get(id(one), ("", []))
        if not group:
            yield one
        elif one is group[0]:
            yield replace(one, step="", what=(name,), steps=tuple(dict.fromkeys(each.step for each in group)))


def _voice(one: Change) -> str | None:
    """Which setting of a step's voice it is about."""
    name = one.what[0].removeprefix(_OF_A_PROMPT) if one.kind == "setting" and one.step else ""
    return name if name in _VOICE else None
