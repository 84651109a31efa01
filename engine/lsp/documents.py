"""Documents as `engine.editing` wants them, each kept while neither it nor what it needs has changed."""

from pathlib import Path

from engine.compile import needs, suffix
from engine.compile.patience import Late, never
from engine.editing.document import Document, Kind
from engine.lsp.files import Files, flows_folder, kind_of
from engine.model.bundle import Bundle
from engine.project import flows
from engine.project.flows import TEST


class Documents:
    """`late`: nobody waits for an answer any more."""

    def __init__(self, files: Files, late: Late = never) -> None:
        self._files = files
        self._late = late
        self._kept: dict[Path, Document] = {}

    def find(self, path: Path, text: str | None = None) -> Document | None:
        """None for what is not ours, or not there. `text`: what it holds, where that is known."""
        if text is None:
            data = self._files.read(path)
            text = None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")
        kind = None if text is None else kind_of(path, text)
        if text is None or kind is None:
            return None
        bundle = self._bundle(path, kind, text)
        beside = self._files.beside(flows_folder(path, kind))
        kept = self._kept.get(path)
        if kept is not None and (kept.kind, kept.text, kept.bundle, kept.beside) == (kind, text, bundle, beside):
            return kept
        earlier = kept.graph_so_far if kept is not None else None
        self._kept[path] = Document(kind, text, bundle=bundle, beside=beside, earlier=earlier, late=self._late)
        return self._kept[path]

    def forget(self, path: Path) -> None:
        self._kept.pop(path, None)

    def together(self, path: Path, document: Document) -> dict[str, Document]:
        """The document, and what is about the same flow, by file below the flows folder: the document's own is first. With a
        flow that others call, their tests."""
        folder = flows_folder(path, document.kind)
        flow = self.flow_of(path, document.kind)
        others = [path, *([flow] if flow is not None else [])]
        if flow is not None:
            others.append(flow.with_name(f"{flows.name(flow)}{TEST}"))
            data = self._files.read(flow)
            named = needs(data) if data is not None else ()
            others += [found for name in named if name.startswith("swml/") and (found := flows.below(folder, name))]
            others += self._tests_of_callers(flow, folder) if flow.parent.name == flows.LIBRARY else []
        together = {_below(one, folder): document if one == path else self.find(one) for one in dict.fromkeys(others)}
        return {name: found for name, found in together.items() if found is not None}

    def flow_of(self, path: Path, kind: Kind) -> Path | None:
        """The flow that a document is about; of a SWML document the first that names it."""
        if kind == "flow":
            return path
        if kind == "test":
            return path.with_name(f"{path.name.removesuffix(TEST)}{flows.FLOW}")
        return next(iter(self.naming(path)), None) if kind == "swml" else None

    def naming(self, path: Path) -> list[Path]:
        """The flows that name a SWML document."""
        folder = flows_folder(path, "swml")
        name = _below(path, folder)
        places = [folder / one for one in self._files.beside(folder).flows]
        places += [folder / flows.LIBRARY / one for one in self._files.beside(folder).subflows]
        paths = [one.with_name(suffix(one.name)) for one in places]
        return [one for one in paths if (data := self._files.read(one)) is not None and name in needs(data)]

    def _tests_of_callers(self, flow: Path, folder: Path) -> list[Path]:
        """Of those too that call it by way of others: their tests name its steps as well."""
        name = _below(flow, folder)
        places = [folder / suffix(one) for one in self._files.beside(folder).flows]
        places += [folder / suffix(f"{flows.LIBRARY}/{one}") for one in self._files.beside(folder).subflows]
        bundles = ((one, self._files.bundle(one)) for one in places if one != flow)
        calling = [one for one, bundle in bundles if bundle is not None and name in bundle.files]
        return [one.with_name(f"{flows.name(one)}{TEST}") for one in calling]

    def _bundle(self, path: Path, kind: Kind, text: str) -> Bundle | None:
        flow = self.flow_of(path, kind) if kind in ("flow", "test", "swml") else None
        bundle = self._files.bundle(flow) if flow is not None else None
        if kind != "flow":
            return bundle
        name = flows.name(path)
        return Bundle(name, {**(bundle.files if bundle else {}), suffix(name): text.encode()})


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
