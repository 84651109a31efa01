"""`offhook graph`: a flow as a picture."""

from collections.abc import Sequence
from pathlib import Path

import click

from engine.cli import named_paths
from engine.compile import compile_bundle
from engine.diagram import Drawing, draw
from engine.diagram.taken import untaken
from engine.model.errors import ConfigurationError, cannot_read, cannot_write
from engine.model.graph import FlowGraph
from engine.project import flows

FORMATS = ("mermaid", "dot", "svg")


@click.command()
@click.argument("flow", type=named_paths.FLOW)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: that of FILE's ending, else mermaid.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it there.")
@click.option("--handlers/--no-handlers", default=True, show_default=True, help="What is reached from anywhere, too.")
@click.option("--subflows", is_flag=True, help="The flows that it calls, too.")
@click.option(
    "--coverage",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Mark what tests do not take: FILE is what `offhook test --format json` has printed.",
)
def command(
    flow: Path, form: str | None, output: Path | None, handlers: bool, subflows: bool, coverage: Path | None
) -> None:
    """Draw FLOW, a flow file or its name: its steps, and every way from one to another.

    Exit status: 0 fine, 1 the flow has mistakes (they are printed), 2 wrong usage.
    """
    graph = _compiled(flow)
    taken = None if coverage is None else untaken(str(coverage), _read(coverage))
    files = {graph.flow: str(flow), **{name: f"{flows.LIBRARY}/{name}{flows.FLOW}" for name in graph.subflows}}
    called = reversed([*graph.subflows.values()])  # each before those that it calls itself
    graphs = [graph, *(called if subflows else ())]
    drawings = [draw(one, file=files[one.flow], handlers=handlers, untaken=taken) for one in graphs]
    text = _text(drawings, form or _form_of(output))
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)


def _compiled(path: Path) -> FlowGraph:
    from engine.cli.lint_diagnostics import show

    files = flows.find([path], (flows.FLOW,))
    if path.is_dir():
        raise ConfigurationError(f"{path} is a folder.", help="Name one flow file.")
    try:
        found = flows.read(files[0])
    except OSError as error:
        raise cannot_read(path, error) from None
    compiled = compile_bundle(found.bundle, file=found.file)
    if compiled.graph is None:
        show(compiled.diagnostics)
        raise SystemExit(1)
    return compiled.graph


def _form_of(output: Path | None) -> str:
    ending = "" if output is None else output.suffix
    return {".svg": "svg", ".dot": "dot", ".gv": "dot"}.get(ending, "mermaid")


def _text(drawings: Sequence[Drawing], form: str) -> str:
    """Each format is imported only when it is asked for."""
    if form == "svg":
        from engine.diagram.svg import MOST_BOXES, svg

        count = sum(len(drawing.boxes) for drawing in drawings)
        if count > MOST_BOXES:
            raise ConfigurationError(
                f"{count} steps are more than the {MOST_BOXES} that one picture can show.",
                help="Take --format dot, and Graphviz' sfdp.",
            )
        return svg(drawings)
    if form == "dot":
        from engine.diagram.dot import dot

        return dot(drawings)
    from engine.diagram.mermaid import mermaid, too_large

    text = mermaid(drawings)
    if problem := too_large(drawings, text):
        click.echo(f"offhook: {problem} Take --format svg or dot, or --no-handlers.", err=True)
    return text


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from None
