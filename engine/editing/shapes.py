"""Findings of what is no flow and no calendar: environments, test files and SWML."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.check import check
from engine.compile.kinds import ENVIRONMENT, SWML
from engine.compile.kinds import Kind as Words
from engine.compile.located import Mapping as Entries
from engine.compile.located import Node, Sequence
from engine.compile.plain import plain
from engine.editing.document import Document, Kind
from engine.lint.finding import Finding
from engine.lint.run import from_diagnostic
from engine.lint.subject import Subject
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic
from engine.simulate.cases import against, reading


class _Form(Struct, frozen=True):
    words: Words
    schema: str = ""


_FORMS: Mapping[Kind, _Form] = {"environment": _Form(ENVIRONMENT, "environment.schema.json"), "swml": _Form(SWML)}


def findings(document: Document, file: str) -> tuple[Finding, ...]:
    if document.kind == "test":
        return of_diagnostics(file, document.text, _of_tests(document, file))
    form = _FORMS[document.kind]
    root, report = yaml_reader.read(file, document.text.encode(), form.words)
    if root is not None and form.schema:
        check(report, root, plain(report, root), form.schema)
    elif root is not None and not _has_main(root):
        problem, advice = "A SWML document has a list `sections.main`.", "Write: sections: {main: [...]}."
        report.node_error("FLW015", "bad-swml", root, problem, help=advice)
    return of_diagnostics(file, document.text, sorted(report.diagnostics, key=Diagnostic.sort_key))


def of_diagnostics(file: str, text: str, diagnostics: Iterable[Diagnostic]) -> tuple[Finding, ...]:
    subject = Subject(file=file, bundle=Bundle("", {}), text=text)
    return tuple(from_diagnostic(one, subject) for one in diagnostics)


def _of_tests(document: Document, file: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the cases themselves; nothing is run."""
    flow = document.bundle.flow if document.bundle else file.rpartition("/")[2].partition(".")[0]
    tests = reading.read(file, flow, document.text.encode())
    graph = document.graph
    if graph is not None:
        for case in tests.cases:
            against.check(case, graph)
    return tests.diagnostics


def _has_main(root: Node) -> bool:
    sections = root.get("sections") if isinstance(root, Entries) else None
    return isinstance(sections, Entries) and isinstance(sections.get("main"), Sequence)
