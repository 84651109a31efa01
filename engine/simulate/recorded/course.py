"""What a run did at one event: the steps it went through and what it sent; apart from these, the words that it used."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from engine.model import marks
from engine.model.advance import Advance, Traced
from engine.model.commands import Command, Fetch, SendCommand
from engine.model.ids import op_of

_DEEDS = ("entered", "outcome", "handler", "limit", "interrupted", "ended", "returned", "signal")
_SENT = ("sent", "looking_up", "fetching", "repeated")


class Deed(Struct, frozen=True, kw_only=True):
    """`what` is said of it in words; two deeds are the same when their `key`s are and their `params`. `words` are its
    texts, `more` is said of deeds that are called the same."""

    step: str
    visit: int
    what: str
    key: object
    params: Mapping[str, Any] = {}
    words: tuple[str, ...] = ()
    more: str = ""
    is_outcome: bool = False
    is_limit: bool = False

    @property
    def tells(self) -> bool:
        """Why all that is done beside it is done: stops and prompts follow from it."""
        return self.is_outcome or self.is_limit

    def is_like(self, other: "Deed") -> bool:
        """In all but the words."""
        return self.key == other.key and self.params == other.params


def deeds(done: Advance) -> Iterator[Deed]:
    sent = iter(done.commands)
    for traced in done.trace:
        if traced.what in _SENT:
            command = next(sent, None)
            if command is not None:
                yield _command(traced, command)
        elif traced.what in _DEEDS:
            yield _deed(traced)


def _deed(one: Traced) -> Deed:
    key = (one.what, one.step, one.visit, one.subject)
    said = {"entered": f"goes to `{one.step}`", "outcome": f"`{one.subject}`", "ended": f"ends: {one.subject}"}
    what = said.get(one.what, f"{one.what} {one.subject}".strip())
    more = f"visit {one.visit}, `{one.subject}`" if one.what == "entered" else one.subject
    return Deed(
        step=one.step,
        visit=one.visit,
        what=what,
        key=key,
        more=more,
        is_outcome=one.what == "outcome",
        is_limit=one.what == "limit",
    )


def _command(traced: Traced, command: Command) -> Deed:
    if isinstance(command, SendCommand):
        words = tuple(_words(command.params))
        key = (command.command, op_of(command.control_id) if command.control_id else "")
        return Deed(
            step=traced.step,
            visit=traced.visit,
            what=f"sends {command.command}",
            key=key,
            params=_wordless(command.params),
            words=words,
        )
    if isinstance(command, Fetch):
        asked = {name: getattr(command, name) for name in ("method", "url", "headers", "json", "body")}
        return Deed(step=traced.step, visit=traced.visit, what="fetches", key="fetch", params=asked)
    return Deed(step=traced.step, visit=traced.visit, what="looks the call up", key=("look up", command.call_id))


def _words(params: Mapping[str, Any]) -> Iterator[str]:
    for item in params.get("play", ()):
        given = item.get("params", {}) if isinstance(item, Mapping) else {}
        yield marks.shown(str(given.get("text") or given.get("url") or ""))


def _wordless(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """A prompt is a prompt, however many pieces it has."""
    if "play" not in params:
        return dict(params)
    return {**params, "play": any(True for _ in params["play"])}


def params_of_its_own(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """The first of two commands' params in which it is not like the other: `digits.max 1`."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in dict.fromkeys((*one, *other)):
            yield from params_of_its_own(one.get(name), other.get(name), f"{path}.{name}" if path else str(name))
    elif one != other:
        yield f"{path} {_short(one)}".strip()


def _short(value: Any) -> str:
    text = "not set" if value is None else marks.shown(str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"
