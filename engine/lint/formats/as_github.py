"""Annotations of a pull request, and the job's summary."""

from engine.lint.finding import Finding
from engine.lint.report import Report, worst

MOST = 10
"""GitHub shows that many annotations of a step, and drops the rest."""
_LEVEL = {"error": "error", "warning": "warning", "info": "notice"}
ROWS = 200


def annotations(report: Report) -> str:
    """Workflow commands for the worst findings, and the summary line."""
    shown = worst(report.findings)
    lines = [_annotation(one) for one in shown[:MOST]]
    more = len(shown) - MOST
    if more > 0:
        lines.append(f"{more} more {'is' if more == 1 else 'are'} in the job's summary.")
    return "\n".join([*lines, report.summary()])


def _annotation(one: Finding) -> str:
    place = f"file={_property(one.file)},line={one.span.line},endLine={one.span.end_line}"
    if one.span.line == one.span.end_line:  # columns have a meaning within one line only
        place += f",col={one.span.column},endColumn={one.span.end_column}"
    said = f"{one.message} {one.help}".strip()
    if one.witness:
        said += f"\nA caller's way there: {' > '.join(one.witness)}"
    return f"::{_LEVEL[one.severity]} {place},title={_property(f'{one.code} {one.name}')}::{_value(said)}"


def _value(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _value(text).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report) -> str:
    """Markdown for the job's summary: a table of all findings."""
    rows = [_row(one) for one in worst(report.findings)]
    left = f"\n{len(rows) - ROWS} more are left out.\n" if len(rows) > ROWS else ""
    table = ["| | place | finding | what to do |", "|---|---|---|---|", *rows[:ROWS]] if rows else []
    return "\n".join(["## offhook lint", "", report.summary(), "", *table]) + f"\n{left}"


def _row(one: Finding) -> str:
    place = f"`{_cell(one.file)}:{one.span.line}`"
    return f"| {one.severity} | {place} | **{one.code}** {_cell(one.message)} | {_cell(one.help)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
