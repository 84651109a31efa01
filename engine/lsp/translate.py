"""Our values as the protocol's."""

from collections.abc import Iterable, Mapping

from lsprotocol import types

from engine.editing.actions import Action
from engine.editing.completion import Item, Sort
from engine.editing.hover import Hover
from engine.editing.outline import Entry
from engine.editing.positions import Positions
from engine.lint.finding import Edit, Finding
from engine.model.diagnostics import Severity

SOURCE = "offhook"
_SEVERITY: Mapping[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}
_ITEM: Mapping[Sort, types.CompletionItemKind] = {
    "verb": types.CompletionItemKind.Method,
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "name": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
}
_FADED = ("VAR004", "FLW002")
"""What nobody uses: editors show it faded."""


def range_of(positions: Positions, start: int, end: int) -> types.Range:
    return types.Range(types.Position(*positions.position(start)), types.Position(*positions.position(end)))


def diagnostic(one: Finding, positions: Positions) -> types.Diagnostic:
    return types.Diagnostic(
        range=range_of(positions, one.start, one.end),
        message=_said(one),
        severity=_SEVERITY[one.severity],
        code=one.code,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if one.code in _FADED else None,
    )


def _said(one: Finding) -> str:
    way = f"A caller's way there: {' > '.join(one.witness)}" if one.witness else ""
    return "\n".join(line for line in (one.message, one.help, way) if line)


def completions(items: tuple[Item, ...], positions: Positions) -> types.CompletionList:
    """In our order, which editors would change without `sort_text`."""
    found = [
        types.CompletionItem(
            label=one.label,
            kind=_ITEM[one.sort],
            detail=one.detail or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, one.about) if one.about else None,
            sort_text=f"{number:04}",
            text_edit=types.TextEdit(range_of(positions, one.start, one.end), one.text),
        )
        for number, one in enumerate(items)
    ]
    return types.CompletionList(is_incomplete=False, items=found)


def hovered(one: Hover, positions: Positions) -> types.Hover:
    content = types.MarkupContent(types.MarkupKind.Markdown, one.text)
    return types.Hover(contents=content, range=range_of(positions, one.start, one.end))


def symbol(entry: Entry, positions: Positions) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=entry.name or "?",
        detail=entry.detail or None,
        kind=types.SymbolKind.Namespace
        if entry.inner
        else types.SymbolKind.Function
        if entry.detail
        else types.SymbolKind.Key,
        range=range_of(positions, entry.start, entry.end),
        selection_range=range_of(positions, entry.key, entry.key_end),
        children=[symbol(one, positions) for one in entry.inner],
    )


def text_edits(edits: Iterable[Edit], positions: Positions) -> list[types.TextEdit]:
    return [types.TextEdit(range_of(positions, one.start, one.end), one.text) for one in edits]


def code_action(one: Action, uri: str, positions: Positions) -> types.CodeAction:
    return types.CodeAction(
        title=one.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(one.finding, positions)],
        is_preferred=one.preferred or None,
        edit=types.WorkspaceEdit(changes={uri: text_edits(one.edits, positions)}),
    )
