"""Findings of what is no flow and no calendar: environments, test files and SWML, by their schemas."""

from typing import Any

from msgspec import Struct

from engine.compile import yaml_reader
from engine.compile.check import check
from engine.compile.kinds import ENVIRONMENT, SWML
from engine.compile.kinds import Kind as Words
from engine.compile.located import Mapping, Sequence
from engine.compile.plain import plain
from engine.editing.document import Kind
from engine.lint.finding import Finding
from engine.lint.run import from_diagnostic
from engine.lint.subject import Subject
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic


class _Form(Struct, frozen=True):
    words: Words
    schema: str = ""


_FORMS: dict[Kind, _Form] = {"environment": _Form(ENVIRONMENT, "environment.schema.json"), "swml": _Form(SWML)}


def findings(kind: Kind, file: str, text: str) -> tuple[Finding, ...]:
    form = _FORMS[kind]
    root, report = yaml_reader.read(file, text.encode(), form.words)
    if root is not None and form.schema:
        document: Any = plain(report, root)
        check(report, root, document, form.schema)
    elif root is not None and not _has_main(root):
        problem, advice = "A SWML document has a list `sections.main`.", "Write: sections: {main: [...]}."
        report.node_error("FLW015", "bad-swml", root, problem, help=advice)
    return of_diagnostics(file, text, sorted(report.diagnostics, key=Diagnostic.sort_key))


def of_diagnostics(file: str, text: str, diagnostics: list[Diagnostic]) -> tuple[Finding, ...]:
    subject = Subject(file=file, bundle=Bundle("", {}), text=text)
    return tuple(from_diagnostic(one, subject) for one in diagnostics)


def _has_main(root: object) -> bool:
    sections = root.get("sections") if isinstance(root, Mapping) else None
    return isinstance(sections, Mapping) and isinstance(sections.get("main"), Sequence)
