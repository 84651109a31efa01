"""What there is to draw of a flow, whatever draws it: boxes, and one arrow from a box to another."""

from collections.abc import Iterator

from msgspec import Struct

from engine.diagram.families import Family


class Box(Struct, frozen=True, kw_only=True):
    """A step, or an event that leads to one (`id` begins with `@` then). `says` is what the caller hears, or what the
    step does; `marks` are bounds and the like; `line` is that of the file, 0 for events; `calls` is the flow that a
    subflow runs; `handles` are the events of a handler. `untested`: no test enters it."""

    id: str
    family: Family
    title: str
    verb: str = ""
    says: str = ""
    marks: tuple[str, ...] = ()
    line: int = 0
    calls: str = ""
    handles: str = ""
    untested: bool = False


class Label(Struct, frozen=True, kw_only=True):
    """What leads along an arrow. `text` is empty where there is nothing to tell apart; `outcomes` are those that it
    stands for, and `untaken` those of them that no test has taken."""

    text: str
    outcomes: tuple[str, ...]
    untaken: tuple[str, ...] = ()

    @property
    def is_untaken(self) -> bool:
        return bool(self.outcomes) and self.untaken == self.outcomes


class Arrow(Struct, frozen=True, kw_only=True):
    """All that leads from one box to another. `failure`: nothing but failures and limits does."""

    source: str
    target: str
    labels: tuple[Label, ...] = ()
    failure: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(outcome for label in self.labels for outcome in label.outcomes)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(label.text for label in self.labels if label.text)

    @property
    def is_untaken(self) -> bool:
        return bool(self.outcomes) and all(label.is_untaken for label in self.labels)


class Drawing(Struct, frozen=True, kw_only=True):
    """One flow. `file` is where its lines are; `notes` hold for all of it. `tested`: it is known which ways tests take."""

    flow: str
    file: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...] = ()
    tested: bool = False


def cut(text: str, longest: int) -> str:
    """The beginning of a text, at the end of a word where one is near."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    blank = kept.rfind(" ")
    return f"{(kept[:blank] if blank > longest * 0.6 else kept).rstrip(' ,;:')}…"


def plain(text: str) -> Iterator[str]:
    """The characters that every format can show; others as a blank."""
    return (char if char.isprintable() else " " for char in text)
