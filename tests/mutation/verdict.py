"""What becomes of a mutant: who finds it, and whether there is anything to be found."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from engine.compile import CALENDAR
from engine.model.graph import FlowGraph
from engine.simulate import simulate
from tests.mutation.behaviour import behaviour
from tests.mutation.cases import cases
from tests.mutation.document import Document
from tests.mutation.folder import Folder, Said
from tests.mutation.mutant import Mutant
from tests.mutation.scenarios import Driven, drive

By = Literal["compiler", "rules", "nobody"]


class Verdict(Struct, frozen=True, kw_only=True):
    """`same`: in every call that was tried it does what the flow without the defect does; `calls` of them came to it."""

    mutant: Mutant
    by: By
    codes: tuple[str, ...] = ()
    same: bool = False
    calls: int = 0


class Bench:
    """A folder's flows as they stand: what is said against them already, and what they do."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self._said: dict[str, Said] = {}
        self._calendars: dict[str, dict[str, str]] = {}
        self._driven: dict[str, Driven] = {}
        self._documents: dict[str, Document] = {}

    def try_(self, mutant: Mutant) -> Verdict:
        changed = Folder(self.folder.root, {mutant.path: mutant.text})
        found = {code for path in {mutant.path, mutant.flow} for _, code, _ in changed.said(path) - self.said(path)}
        graph = changed.graph(mutant.flow, self.calendars(mutant.flow))
        if graph is None or (found and mutant.path.endswith(CALENDAR)):
            return Verdict(mutant=mutant, by="compiler", codes=tuple(sorted(found)))
        same, calls = self._same(mutant, graph)
        return Verdict(
            mutant=mutant, by="rules" if found else "nobody", codes=tuple(sorted(found)), same=same, calls=calls
        )

    def said(self, path: str) -> Said:
        if path not in self._said:
            self._said[path] = self.folder.said(path)
        return self._said[path]

    def said_of_all(self) -> list[str]:
        """Code and place of each finding on the files as they stand."""
        return [f"{code} {path} {place}" for file in self.folder.files for path, code, place in self.said(file)]

    def calendars(self, flow: str) -> dict[str, str]:
        if flow not in self._calendars:
            self._calendars[flow] = self.folder.calendars(flow)
        return self._calendars[flow]

    def driven(self, flow: str) -> Driven:
        if flow not in self._driven:
            calendars = self.calendars(flow)
            graph = self.folder.graph(flow, calendars)
            assert graph is not None, flow
            bundle = self.folder.bundle(flow, calendars)
            text = "\n".join(data.decode() for name, data in bundle.files.items() if name.endswith(".flow.yaml"))
            self._driven[flow] = drive(graph, text, cases(self.folder.root / flow, graph, calendars), calendars)
        return self._driven[flow]

    def _same(self, mutant: Mutant, graph: FlowGraph) -> tuple[bool, int]:
        """Only calls that come to a step that was changed can go another way."""
        touched = self._touched(mutant)
        driven = self.driven(mutant.flow)
        calls = [one for one in driven.calls if touched is None or touched & one.steps]
        same = all(behaviour(simulate(graph, one.scenario)) == one.behaviour for one in calls)
        return same, len(calls)

    def _touched(self, mutant: Mutant) -> frozenset[str] | None:
        """The names, as paths of calls have them, of the steps that are not what they were; None: it is not about steps."""
        if not mutant.path.endswith(".flow.yaml"):
            return None
        before, after = self._document(mutant.path), Document(mutant.path, mutant.text)
        (head, steps), (other, others) = _parts(before), _parts(after)
        if head != other:
            return None
        name = Path(mutant.path).name.removesuffix(".flow.yaml")
        prefix = f"{name}/" if mutant.path != mutant.flow else ""
        return frozenset(f"{prefix}{one}" for one, text in steps.items() if others.get(one) != text)

    def _document(self, path: str) -> Document:
        if path not in self._documents:
            self._documents[path] = Document(path, self.folder.text(path))
        return self._documents[path]


def _parts(of: Document) -> tuple[str, dict[str, str]]:
    """The file without its steps, and the text of each."""
    section = of.section("steps")
    steps, rest, at = {}, "", 0
    for key, _ in section.entries:
        start, end = of.entry(section, key.text)
        steps[key.text] = of.text[start:end].strip()
        rest, at = rest + of.text[at:start].strip(), end
    return rest + of.text[at:].strip(), steps
