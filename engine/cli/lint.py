"""`offhook lint`: what the compiler has to say of flows, as text or JSON."""

import json
from pathlib import Path
from typing import Any

import click

from engine.cli.terminal import visible
from engine.compile import CALENDAR, compile_bundle, compile_calendar, zone_named
from engine.model.diagnostics import Diagnostic, Span
from engine.model.errors import ConfigurationError
from engine.project import flows, zones

FORMAT = 1
"""Version of the JSON format."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[Path, ...], form: str) -> None:
    """Check flow and calendar files, and those in folders (default: flows/).

    Exit status: 0 no errors, 1 errors found, 2 wrong usage.

    JSON: {"format": 1, "files": n, "errors": n, "warnings": n, "diagnostics": [{"file", "line", "column",
    "end_line", "end_column", "code", "name", "severity", "message", "help", "path"}]}. Lines and columns
    count from 1, columns in characters, the end is exclusive.
    """
    files = _files(paths or (Path("flows"),))
    calendars = [path for path in files if path.name.endswith(CALENDAR)]
    found: list[Diagnostic] = []
    texts: dict[str, list[str]] = {}
    for path in files:
        found += _check(path, texts)
    if form == "json":
        click.echo(json.dumps(_as_json(found, len(files)), indent=2))
    else:
        _print(found, texts, _counted(len(files) - len(calendars), len(calendars)))
    if any(one.severity == "error" for one in found):
        raise SystemExit(1)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    files = flows.find(paths)
    if not files:
        named = ", ".join(str(path) for path in paths)
        raise ConfigurationError(
            f"There is no flow in {named}.", help=f"Flows are files that end in {flows.FLOW}, calendars in {CALENDAR}."
        )
    return files


def _check(path: Path, texts: dict[str, list[str]]) -> list[Diagnostic]:
    """One file's diagnostics; a file that cannot be read is a diagnostic too, and stops nothing."""
    try:
        if path.name.endswith(CALENDAR):
            return _check_calendar(path, texts)
        flow = flows.read(path)
    except OSError as error:
        return [_unreadable(path, error)]
    source = next(iter(flow.bundle.files.values()))
    texts[str(path)] = source.decode("utf-8", "replace").splitlines()
    return list(compile_bundle(flow.bundle, file=str(path)).diagnostics)


def _check_calendar(path: Path, texts: dict[str, list[str]]) -> list[Diagnostic]:
    data = path.read_bytes()
    texts[str(path)] = data.decode("utf-8", "replace").splitlines()
    zone = zone_named(data)
    known = zones.load(zone)
    name = path.name.removesuffix(CALENDAR)
    return list(compile_calendar(name, data, {zone: known} if known else {}, file=str(path)).diagnostics)


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    return Diagnostic(
        file=str(path),
        span=Span(1, 1, 1, 1),
        code="SYN009",
        name="not-a-flow",
        severity="error",
        message=f"The file cannot be read: {error.strerror or error}.",
    )


def _as_json(found: list[Diagnostic], files: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "files": files,
        "errors": _count(found, "error"),
        "warnings": _count(found, "warning"),
        "diagnostics": [
            {
                "file": one.file,
                "line": one.span.line,
                "column": one.span.column,
                "end_line": one.span.end_line,
                "end_column": one.span.end_column,
                "code": one.code,
                "name": one.name,
                "severity": one.severity,
                "message": one.message,
                "help": one.help,
                "path": one.path,
            }
            for one in found
        ],
    }


def _counted(flows: int, calendars: int) -> str:
    said = [f"{flows} {'flow' if flows == 1 else 'flows'}"] if flows or not calendars else []
    said += [f"{calendars} {'calendar' if calendars == 1 else 'calendars'}"] if calendars else []
    return f"{' and '.join(said)} checked"


def _count(found: list[Diagnostic], severity: str) -> int:
    return sum(one.severity == severity for one in found)


_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def _print(found: list[Diagnostic], texts: dict[str, list[str]], counted: str) -> None:
    for one in found:
        place = f"{visible(one.file)}:{one.span.line}:{one.span.column}"
        severity = click.style(one.severity, fg=_COLOURS[one.severity], bold=True)
        click.echo(f"{place}: {severity} {one.code} {one.name}: {visible(one.message)}")
        _frame(one, texts.get(one.file, []))
        if one.help:
            click.echo(f"      {click.style('help', bold=True)}: {visible(one.help)}")
    errors, warnings = _count(found, "error"), _count(found, "warning")
    if found:
        counted += f": {errors} {'error' if errors == 1 else 'errors'}"
        counted += f", {warnings} {'warning' if warnings == 1 else 'warnings'}"
    click.echo(f"{counted}." if found else f"{counted}, nothing found.")


def _frame(one: Diagnostic, lines: list[str]) -> None:
    """The line with the span marked under it."""
    if one.span.line > len(lines):
        return
    line = lines[one.span.line - 1]
    end = one.span.end_column if one.span.end_line == one.span.line else len(line) + 1
    start = min(one.span.column, len(line) + 1)
    shown, start, end = _window(line, start, max(min(end, len(line) + 1), start + 1))
    number = f"{one.span.line:>5} | "
    click.echo(f"{number}{visible(shown)}")
    before, marked = visible(shown[: start - 1]), visible(shown[start - 1 : end - 1])
    marks = "^" * min(max(len(marked), 1), 100)
    click.echo(" " * (len(number) + len(before)) + click.style(marks, fg=_COLOURS[one.severity]))


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """At most 120 characters of a line, around the span; tabs as one blank, so that the marks fit."""
    line = line.replace("\t", " ")
    if len(line) <= 120:
        return line, start, end
    first = max(0, start - 40)
    return line[first : first + 120], start - first, min(end - first, 121)
