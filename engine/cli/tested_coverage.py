"""How much of the flows their tests have gone through, over all files."""

from collections.abc import Iterable, Sequence

import click
from msgspec import Struct

from engine.cli.terminal import visible
from engine.project.testing import Tested
from engine.simulate.cases.coverage import Coverage, Way


class Covered(Struct, frozen=True, kw_only=True):
    """One flow and where it stands; "" for one that only other flows' tests have gone through."""

    file: str
    coverage: Coverage


def merged(tested: Iterable[Tested]) -> tuple[Covered, ...]:
    """By flow: whatever any file's cases have taken. A flow of `lib` counts with those that call it."""
    files: dict[str, str] = {}
    every: dict[str, tuple[Way, ...]] = {}
    taken: set[Way] = set()
    for one in tested:
        files[one.flow] = one.flow_file
        taken |= one.taken
        for flow in sorted({way.flow for way in one.every}):
            every[flow] = tuple(way for way in one.every if way.flow == flow)
    return tuple(
        Covered(
            file=files.get(flow, ""),
            coverage=Coverage(
                flow=flow,
                taken=sum(way in taken for way in ways),
                missing=tuple(way for way in ways if way not in taken),
            ),
        )
        for flow, ways in sorted(every.items())
    )


def show(covered: Sequence[Covered], least: float | None) -> None:
    """A line for each flow, and under it the steps with the outcomes that no case had."""
    if not covered:
        return
    click.echo("\nTransitions covered")
    width = max(len(one.coverage.flow) for one in covered)
    for one in covered:
        found = one.coverage
        enough = found.percent >= (100 if least is None else least)
        percent = click.style(f"{found.percent:>4.0f} %", fg="green" if enough else "red", bold=not enough)
        click.echo(f"  {found.flow:<{width}}  {percent}  {found.taken} of {found.ways}")
        for line, step, outcomes in _by_step(found.missing):
            where = click.style(f"{visible(one.file) or found.flow}:{line}", dim=True)
            click.echo(f"      {where}  {step}: {', '.join(outcomes)}")
    if least is not None and any(one.coverage.percent < least for one in covered):
        click.echo(click.style(f"Less than {least:g} % is too little.", fg="red", bold=True))


def _by_step(missing: Iterable[Way]) -> list[tuple[int, str, list[str]]]:
    steps: dict[tuple[int, str], list[str]] = {}
    for way in missing:
        steps.setdefault((way.line, way.step), []).append(way.outcome)
    return [(line, step, outcomes) for (line, step), outcomes in steps.items()]
