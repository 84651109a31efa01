"""Findings for people: each with its line, what is marked in it, and what to do."""

import click

from engine.cli.terminal import visible
from engine.lint.finding import Finding
from engine.lint.report import Checked, Report

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def show(report: Report, *, color: bool | None) -> None:
    for one in report.files:
        texts = {**one.beside, one.file: one.text}
        lines = {file: text.split("\n") for file, text in texts.items() if one.findings and text}
        for finding in one.findings:
            _show(finding, lines.get(finding.file, []), color)
    click.echo(report.summary())
    if more := _fixable(report.files):
        click.echo(more)


def _show(one: Finding, lines: list[str], color: bool | None) -> None:
    place = f"{visible(one.file)}:{one.span.line}:{one.span.column}"
    severity = click.style(one.severity, fg=_COLOURS[one.severity], bold=True)
    click.echo(f"{place}: {severity} {one.code} {one.name}: {visible(one.message)}", color=color)
    frame(one, lines, color)
    if one.witness:
        click.echo(f"      {click.style('way', bold=True)}: {visible(' > '.join(one.witness))}", color=color)
    if one.help:
        click.echo(f"      {click.style('help', bold=True)}: {visible(one.help)}", color=color)


def _fixable(files: tuple[Checked, ...]) -> str:
    fixes = [found.fix for one in files for found in one.findings if found.fix is not None]
    safe = sum(one.safety == "safe" for one in fixes)
    if len(fixes) == safe:
        return f"{safe} can be repaired with `--fix`." if safe else ""
    rest = len(fixes) - safe
    if not safe:
        return f"{rest} can be repaired with `--fix --unsafe-fixes`."
    return f"{safe} can be repaired with `--fix`, {rest} more with `--unsafe-fixes`."


def frame(one: Finding, lines: list[str], color: bool | None = None) -> None:
    """The line with the span marked under it."""
    if one.span.line > len(lines):
        return
    line = lines[one.span.line - 1].rstrip("\r")
    end = one.span.end_column if one.span.end_line == one.span.line else len(line) + 1
    start = min(one.span.column, len(line) + 1)
    shown, start, end = window(line, start, max(min(end, len(line) + 1), start + 1))
    number = f"{one.span.line:>5} | "
    click.echo(f"{number}{visible(shown)}")
    before, marked = visible(shown[: start - 1]), visible(shown[start - 1 : end - 1])
    marks = "^" * min(max(len(marked), 1), 100)
    click.echo(" " * (len(number) + len(before)) + click.style(marks, fg=_COLOURS[one.severity]), color=color)


def window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """At most 120 characters of a line, around the span; tabs as one blank, so that the marks fit."""
    line = line.replace("\t", " ")
    if len(line) <= 120:
        return line, start, end
    first = max(0, start - 40)
    return line[first : first + 120], start - first, min(end - first, 121)
