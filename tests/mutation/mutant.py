"""A defect that authors make: what it is called, and where a file can have it."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from tests.mutation.document import Document, Edit, applied


class Mutation(Struct, frozen=True):
    """`where` names the place (`menu.no_input`), `change` says what is done there."""

    where: str
    change: str
    edits: tuple[Edit, ...]


Make = Callable[[Document], Iterable[Mutation | None]]


class Kind(Struct, frozen=True, kw_only=True):
    """`sentence`: what the author has done; `notices`: what a caller would notice of it. `file`: whose defect it is."""

    name: str
    sentence: str
    notices: str
    make: Make
    file: str = ".flow.yaml"


class Mutant(Struct, frozen=True, kw_only=True):
    """One file with one defect. `flow` is the flow that is run to see what it does."""

    kind: str
    flow: str
    path: str
    where: str
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.where}: {self.change}"


KINDS: dict[str, Kind] = {}
"""All of them by name, in the order in which the files of kinds/ are imported."""


def kind(sentence: str, *, notices: str, file: str = ".flow.yaml") -> Callable[[Make], Make]:
    """Makes a kind of a function, which has its name."""

    def take(make: Make) -> Make:
        name = make.__name__
        assert name not in KINDS, name
        KINDS[name] = Kind(name=name, sentence=sentence, notices=notices, make=make, file=file)
        return make

    return take


def mutation(where: str, change: str, *edits: Edit | None) -> Mutation | None:
    """None where one of the edits cannot be made."""
    real = tuple(edit for edit in edits if edit is not None)
    return Mutation(where, change, real) if edits and len(real) == len(edits) else None


def mutants(kind: Kind, document: Document, flow: str) -> Iterator[Mutant]:
    """The file with the defect, at every place where it can have it."""
    if not document.path.endswith(kind.file) and not (kind.file == "swml" and document.path.startswith("swml/")):
        return
    seen = set()
    for one in kind.make(document):
        text = applied(document.text, list(one.edits)) if one is not None else document.text
        if one is not None and text != document.text and text not in seen:
            seen.add(text)
            yield Mutant(kind=kind.name, flow=flow, path=document.path, where=one.where, change=one.change, text=text)
