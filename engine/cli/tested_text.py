"""What `offhook test` says, for a terminal: a line for each file, and all about what failed."""

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from engine.cli.lint_text import window
from engine.cli.terminal import columns, visible
from engine.model.diagnostics import Span
from engine.project.testing import Result, Tested
from engine.simulate import told
from engine.simulate.cases.failing import Failure
from engine.simulate.transcript import Line

_INDENT = 14
_LONG, _AROUND = 1_500, 60
"""Lines of a transcript, most of which are not shown: a call of five minutes has fewer."""
_STYLES: Mapping[told.Look, dict[str, Any]] = {
    "": {},
    "heard": {"fg": "cyan"},
    "done": {"fg": "magenta"},
    "step": {"bold": True},
    "faint": {"dim": True},
}


def show(tested: Sequence[Tested], seconds: float, *, verbose: bool) -> None:
    """`verbose`: every case by name, with its transcript where there is one."""
    for one in tested:
        _file(one, verbose)
    for one in tested:
        for line in (
            *wrong(one),
            *(line for result in one.results if not result.passed for line in failed(one, result)),
        ):
            click.echo(line)
    click.echo(_summary(tested, seconds))


def _file(one: Tested, verbose: bool) -> None:
    count = sum(not result.passed for result in one.results)
    cases = f"{len(one.results)} {'case' if len(one.results) == 1 else 'cases'}"
    took = f"{sum(result.seconds for result in one.results) * 1000:.0f} ms"
    said = f"{cases}, {count} failed" if count else cases
    said += ", with mistakes" if one.has_errors else ", with warnings" if one.diagnostics else ""
    said += f", {one.kept} {'transcript' if one.kept == 1 else 'transcripts'} written" if one.kept else ""
    click.echo(f"{_sign(one.passed)} {visible(one.file)}  {click.style(f'{said}, {took}', dim=True)}")
    for result in one.results if verbose else ():
        click.echo(f"    {_sign(result.passed)} {visible(result.case)}")
        if result.passed and result.transcript:
            for line in (*_transcript(result.transcript, ()), ""):
                click.echo(line)


def _sign(passed: bool) -> str:
    return click.style("✓", fg="green") if passed else click.style("✗", fg="red", bold=True)


def _summary(tested: Sequence[Tested], seconds: float) -> str:
    results = [result for one in tested for result in one.results]
    passed = sum(result.passed for result in results)
    broken = sum(one.has_errors for one in tested)
    fine = passed == len(results) and not broken
    parts = [click.style(f"{passed} passed", fg="green", bold=fine)] if passed or fine else []
    if passed < len(results):
        parts.append(click.style(f"{len(results) - passed} failed", fg="red", bold=True))
    if broken:
        parts.append(click.style(f"{broken} {'file' if broken == 1 else 'files'} with mistakes", fg="red", bold=True))
    return f"{', '.join(parts)} in {seconds:.2f} s."


def wrong(tested: Tested) -> Iterator[str]:
    """What is wrong with a test file."""
    for found in tested.diagnostics:
        place = f"{visible(found.file)}:{found.span.line}:{found.span.column}"
        severity = click.style(found.severity, fg="red" if found.severity == "error" else "yellow", bold=True)
        yield ""
        yield f"{place}: {severity} {found.code} {found.name}: {visible(found.message)}"
        yield from _frame(found.span, tested.lines)
        if found.help:
            yield f"      {click.style('help', bold=True)}: {visible(found.help)}"


def failed(tested: Tested, result: Result) -> Iterator[str]:
    """Everything about a case that failed: its failures with their places, and the call."""
    yield ""
    yield f"{_sign(False)} {click.style(visible(result.case), bold=True)}"
    for failure in result.failures:
        yield f"{visible(tested.file)}:{failure.at.line}:{failure.at.column}: {visible(failure.message)}"
        yield from _frame(failure.at, tested.lines)
        if failure.help:
            yield from textwrap.wrap(
                visible(failure.help), columns(100), initial_indent=" " * 6, subsequent_indent=" " * 6
            )
    yield ""
    yield from _transcript(result.transcript, result.failures)
    yield ""


def _frame(span: Span, lines: Sequence[str]) -> Iterator[str]:
    """The line with the place marked under it."""
    if span.line > len(lines):
        return
    line = lines[span.line - 1]
    end = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
    shown, start, end = window(line, span.column, max(end, span.column + 1))
    number = f"{span.line:>5} | "
    yield f"{click.style(number, dim=True)}{visible(shown)}"
    yield " " * (len(number) + start - 1) + click.style("^" * (end - start), fg="red")


def _transcript(lines: Sequence[Line], failures: Iterable[Failure]) -> Iterator[str]:
    """The call as a person would tell it; where it went another way is marked. A long call is cut."""
    marks = {failure.mark for failure in failures if failure.mark is not None}
    kept = _kept(lines, marks)
    before = -1
    for index in sorted(kept):
        if index > before + 1:
            yield click.style(f"{'':14}… {index - before - 1:,} lines of the transcript …", dim=True)
        yield from _told(lines[index], index in marks)
        before = index


def _kept(lines: Sequence[Line], marks: Collection[int]) -> set[int]:
    """All of a call of usual length; of a longer one its beginning, its end, and what is around the marks."""
    every = set(range(len(lines)))
    if len(lines) <= _LONG:
        return every
    places = (*marks, len(lines) - 1)
    around = {index for place in places for index in range(place - _AROUND, place + _AROUND + 1)}
    return every & (set(range(2 * _AROUND)) | around)


def transcript(lines: Sequence[Line], marks: Collection[int]) -> Iterator[str]:
    """The call as a person would tell it, some lines of it marked."""
    for index, line in enumerate(lines):
        yield from _told(line, index in marks)


def _told(line: Line, marked: bool) -> Iterator[str]:
    """One line, or none where it says nothing that such a reader asks for."""
    one = told.told(line)
    text = told.marked(line) if marked else one.text
    if not text:
        return
    width = columns(100) - _INDENT
    first, *others = textwrap.wrap(visible(text), max(width, 20), subsequent_indent="  ") or [""]
    sign = click.style("✗ ", fg="red", bold=True) if marked else "  "
    style = {"fg": "red"} if marked else _STYLES[one.look]
    yield f"  {sign}{one.time:>8}  {click.style(first, **style)}"
    for other in others:
        yield " " * _INDENT + click.style(other, **style)
