"""The findings of a document as it stands in the editor."""

from functools import partial
from pathlib import Path

from engine.compile import compile_bundle
from engine.compile.patience import Late
from engine.editing.document import Document
from engine.editing.shapes import findings as of_shape
from engine.editing.shapes import of_diagnostics
from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.lsp.documents import Documents
from engine.lsp.files import Files, flows_folder
from engine.project import checking
from engine.project.flows import TEST
from engine.project.vendor_swml import vendor_check


def findings(
    path: Path, document: Document, files: Files, documents: Documents, settings: Settings, over: Late
) -> tuple[Finding, ...]:
    """`over`: nobody wants them any more."""
    if document.kind == "calendar":
        return checking.calendar(path, document.text.encode()).findings
    if document.kind == "flow" and document.bundle is not None:
        late, beside = checking.late_after(settings), frozenset(files.names(path.parent))
        tests = frozenset(name for name in beside if name.endswith(TEST))
        found = lint(
            document.bundle,
            file=str(path),
            settings=settings,
            beside=tests,
            tests=files.read(path.with_name(f"{document.bundle.flow}{TEST}")),
            late=lambda: over() or late(),
            swml_check=vendor_check(),
        )
        return tuple(one for one in found if one.file == str(path))  # the test file has its own, when it is open
    if document.kind == "swml":
        return (*of_shape(document, str(path)), *_of_flows(path, document, files, documents, over))
    return of_shape(document, str(path))


def _of_flows(path: Path, document: Document, files: Files, documents: Documents, over: Late) -> tuple[Finding, ...]:
    """What the flows that name a SWML document say of its expressions."""
    name = path.relative_to(flows_folder(path, "swml")).as_posix()
    bundles = filter(None, map(partial(Files.bundle, files), documents.naming(path)))
    said = (
        one
        for bundle in bundles
        for one in compile_bundle(bundle, swml_check=vendor_check(), late=over).diagnostics
        if one.file == name
    )
    return of_diagnostics(str(path), document.text, dict.fromkeys(said))
