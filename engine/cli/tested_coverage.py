"""How much of the flows their tests have gone through, over all files."""

from collections.abc import Iterable, Mapping, Sequence

import click
from msgspec import Struct

from engine.cli.terminal import visible
from engine.project.testing import Tested
from engine.simulate.cases.coverage import Coverage, Way, cover
from engine.simulate.cases.points import Point


class Covered(Struct, frozen=True, kw_only=True):
    """One flow, and where it stands."""

    file: str
    coverage: Coverage
    steps: "Part"
    transitions: "Part"

    @property
    def percent(self) -> float:
        """Of what is covered least."""
        return min(self.coverage.percent, self.steps.percent, self.transitions.percent)


class Part(Struct, frozen=True, kw_only=True):
    """A flow's steps, or its transitions."""

    taken: int
    missing: tuple[Point, ...]

    @property
    def all(self) -> int:
        return self.taken + len(self.missing)

    @property
    def percent(self) -> float:
        return 100 * self.taken / self.all if self.all else 100.0


def merged(tested: Iterable[Tested]) -> tuple[Covered, ...]:
    """By flow: whatever any file's cases have taken. A flow of `lib` counts with those that call it."""
    files: dict[str, str] = {}
    every: dict[str, tuple[Way, ...]] = {}
    taken: set[Way] = set()
    points: dict[Point, bool] = {}
    for one in tested:
        files |= one.flow_files
        taken |= one.taken
        points |= {point: points.get(point, False) or point in one.passed_points for point in one.points}
        for flow in sorted({way.flow for way in one.every}):
            every[flow] = tuple(way for way in one.every if way.flow == flow)
    return tuple(
        Covered(
            file=files.get(flow, ""),
            coverage=cover(flow, ways, taken),
            steps=_part(points, "steps", flow),
            transitions=_part(points, "transitions", flow),
        )
        for flow, ways in sorted(every.items())
    )


def _part(points: Mapping[Point, bool], kind: str, flow: str) -> Part:
    mine = {point: passed for point, passed in points.items() if (point.kind, point.flow) == (kind, flow)}
    missing = tuple(point for point, passed in mine.items() if not passed)
    return Part(taken=len(mine) - len(missing), missing=missing)


def show(covered: Sequence[Covered], least: float | None) -> None:
    """A line for each flow, and under it the steps with the outcomes that no case had."""
    if not covered:
        return
    click.echo("\nCovered")
    width = max(len(one.coverage.flow) for one in covered)
    for one in covered:
        enough = one.percent >= (100 if least is None else least)
        percent = click.style(f"{one.percent:>4.0f} %", fg="green" if enough else "red", bold=not enough)
        click.echo(f"  {one.coverage.flow:<{width}}  {percent}  {_counts(one)}")
        for line, text in _missing(one):
            where = click.style(f"{visible(one.file) or one.coverage.flow}:{line}", dim=True)
            click.echo(f"      {where}  {text}")
    if least is not None and any(one.percent < least for one in covered):
        click.echo(click.style(f"Less than {least:g} % is too little.", fg="red", bold=True))


def _counts(one: Covered) -> str:
    steps, gone, ways = one.steps, one.transitions, one.coverage
    return f"{steps.taken} of {steps.all} steps, {gone.taken} of {gone.all} transitions, {ways.taken} of {ways.ways} outcomes"


def _missing(one: Covered) -> list[tuple[int, str]]:
    """By line: the step, if it was never entered, then where it never went, then the outcomes that it never had."""
    found = [(point.line, 0, f"{point.step}: never entered") for point in one.steps.missing]
    found += [(point.line, 1, f"{point.step} → {point.to}") for point in one.transitions.missing]
    found += [(line, 2, f"{step}: {', '.join(outcomes)}") for line, step, outcomes in _by_step(one.coverage.missing)]
    return [(line, text) for line, _, text in sorted(found, key=lambda each: each[:2])]


def _by_step(missing: Iterable[Way]) -> list[tuple[int, str, list[str]]]:
    steps: dict[tuple[int, str], list[str]] = {}
    for way in missing:
        steps.setdefault((way.line, way.step), []).append(way.outcome)
    return [(line, step, outcomes) for (line, step), outcomes in steps.items()]
