"""`offhook diff`: what a change of flows means for callers."""

from collections.abc import Iterator
from pathlib import Path

import click

from engine.cli.lint_diagnostics import line
from engine.compile import CALENDAR, compile_bundle
from engine.diff import Compared, compare, compare_calendars
from engine.model.errors import ConfigurationError
from engine.model.graph import FlowGraph
from engine.project import flows

FORMATS = ("text", "markdown", "json")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something has changed or cannot be compared.")
def command(old: Path, new: Path, form: str, exit_code: bool) -> None:
    """Compare two flow files, or two folders: their flows and calendars by name, those of lib/ too.

    Says what changes for a caller, each with the shortest way there; nothing for comments, order and layout.

    Exit status: 0, whatever has changed; 2 wrong usage.
    """
    if old.is_dir() != new.is_dir():
        raise ConfigurationError(f"{old} and {new} are not of a kind.", help="Name two flow files, or two folders.")
    before, after = _files(old), _files(new)
    names = {name: name for name in (*after, *before)} if old.is_dir() else {next(iter(after)): next(iter(before))}
    called = not old.is_dir()  # in a folder they are files of their own
    compared = [one for name, was in names.items() for one in _compared(name, before.get(was), after.get(name), called)]
    if not called:
        compared += [one for one in _of_calendars(old, new) if one.status != "same"]
    click.echo(_text(compared, form), nl=False)
    if exit_code and any(one.status != "same" for one in compared):
        raise SystemExit(1)


def _files(path: Path) -> dict[str, Path]:
    """Flows by name. `lib/greeting` is another one than `greeting`."""
    found = flows.find([path], (flows.FLOW,))
    if not found and path.is_dir():
        raise ConfigurationError(f"There is no flow in {path}.", help=f"Flows are files that end in {flows.FLOW}.")
    if not path.is_dir():
        return {flows.name(path): path}
    return {one.relative_to(path).as_posix().removesuffix(flows.FLOW): one for one in found}


def _of_calendars(old: Path, new: Path) -> Iterator[Compared]:
    """Those that both folders have, and those that one has."""
    before, after = (
        {one.relative_to(path).as_posix().removesuffix(CALENDAR): one for one in flows.find([path], (CALENDAR,))}
        for path in (old, new)
    )
    for name in dict.fromkeys((*after, *before)):
        was, is_ = before.get(name), after.get(name)
        try:
            old_text, new_text = (None if one is None else flows.read_file(one) for one in (was, is_))
            yield _of_calendar(name, old_text, new_text, str(is_ or was))
        except OSError as error:
            problem = f"{error.filename} cannot be read: {error.strerror or error}."
            yield Compared(flow=name, status="broken", problems=(problem,), file=str(is_ or was))


def _of_calendar(name: str, old: bytes | None, new: bytes | None, file: str) -> Compared:
    if old is None or new is None:
        return Compared(flow=name, status="added" if old is None else "removed", file=file)
    changes = compare_calendars(old, new)
    return Compared(flow=name, status="changed" if changes else "same", changes=changes, file=file)


def _compared(flow: str, old: Path | None, new: Path | None, called: bool) -> Iterator[Compared]:
    """The flow; `called`: and the flows that it calls."""
    file = str(new or old)
    if not called and old is not None and new is not None and _are_equal(old, new):
        yield Compared(flow=flow, status="same", file=file)
        return
    before, after = (None if path is None else _compiled(path) for path in (old, new))
    problems = tuple(problem for found in (before, after) if isinstance(found, tuple) for problem in found)
    if problems:
        yield Compared(flow=flow, status="broken", problems=problems, file=file)
        return
    yield _of_graphs(flow, before, after, file)
    if called and isinstance(before, FlowGraph) and isinstance(after, FlowGraph):
        for name in dict.fromkeys((*after.subflows, *before.subflows)):
            yield _of_graphs(f"{flows.LIBRARY}/{name}", before.subflows.get(name), after.subflows.get(name), "")


def _are_equal(old: Path, new: Path) -> bool:
    """With all that they name: then nothing changes, and neither need be compiled."""
    try:
        return flows.read(old).bundle == flows.read(new).bundle
    except OSError:
        return False


def _of_graphs(flow: str, before: object, after: object, file: str) -> Compared:
    if isinstance(before, FlowGraph) and isinstance(after, FlowGraph):
        changes = compare(before, after)
        return Compared(flow=flow, status="changed" if changes else "same", changes=changes, file=file)
    return Compared(flow=flow, status="added" if before is None else "removed", file=file)


def _compiled(path: Path) -> FlowGraph | tuple[str, ...]:
    """The graph, or what is wrong with the file."""
    try:
        found = flows.read(path)
    except OSError as error:
        return (f"{path} cannot be read: {error.strerror or error}.",)
    compiled = compile_bundle(found.bundle, file=found.file)
    if compiled.graph is not None:
        return compiled.graph
    return tuple(line(one) for one in compiled.diagnostics if one.severity == "error")


def _text(compared: list[Compared], form: str) -> str:
    """Each format is imported only when it is asked for."""
    if form == "json":
        from engine.diff.formats.as_json import as_json

        return f"{as_json(compared)}\n"
    if form == "markdown":
        from engine.diff.formats.as_markdown import as_markdown

        return as_markdown(compared)
    from engine.diff.formats.as_text import as_text

    return as_text(compared)
