"""What `offhook explore` says: what was looked at, and for each thing that does not hold the call and a case."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec

from engine.cli.terminal import visible
from engine.cli.tested_text import transcript

if TYPE_CHECKING:
    from engine.project.exploring import Found
    from engine.simulate.explore import Covered, Shown
    from engine.simulate.shaken import AsTested


def text(found: "Found", seconds: float) -> str:
    return "\n".join(_lines(found, seconds))


def _lines(found: "Found", seconds: float) -> Iterator[str]:
    for one in found.diagnostics:
        yield f"{visible(one.file)}:{one.span.line}:{one.span.column}: error {one.code} {one.name}: {visible(one.message)}"
    if found.explored is None:
        return
    for shown in found.shown:
        yield from _shown(shown)
    yield from _covered(found.flow, found.explored.covered, passed=found.passed, seconds=seconds)
    yield _cases(found.tested)


def _shown(shown: "Shown") -> Iterator[str]:
    yield f"{click.style('✗', fg='red', bold=True)} {click.style(shown.law, bold=True)}: {visible(shown.why)}"
    yield ""
    if not shown.case:
        return
    yield from transcript(shown.transcript, {shown.mark})
    yield ""
    yield "    As a case:"
    yield ""
    yield from (visible(line) for line in shown.case.splitlines())
    yield ""


def _covered(flow: str, covered: "Covered", *, passed: bool, seconds: float) -> Iterator[str]:
    yield f"{_sign(covered, passed)} {flow}  {covered.states:,} situations, {covered.transitions:,} transitions, {seconds:.1f} s"
    yield f"    ways      {covered.paths:,}, the longest of {covered.depth} moves; {covered.merged:,} met a known situation"
    if covered.usual:
        left = f"{covered.usual_cut:,} cut off by {covered.usual_why}" if covered.usual_cut else "nothing cut off"
        yield f"    usual     {covered.usual:,} situations without faults and with nothing slow; {left}"
        left = f"{covered.scenes_cut:,} were not gone on from" if covered.scenes_cut else "each was gone on from"
        yield f"    scenes    {covered.scenes:,} in which something may go wrong or be slow; {left}"
    unseen = f"; never entered: {', '.join(covered.unseen)}" if covered.unseen else ""
    yield f"    steps     {covered.steps} of {covered.all_steps}{unseen}"
    untaken = f"; never: {', '.join(covered.untaken)}" if covered.untaken else ""
    yield f"    outcomes  {covered.ways} of {covered.ways + len(covered.untaken)}{untaken}"
    yield f"    ends      {', '.join(covered.ends) or 'none'}"
    tried = ", ".join(f"{name} {count:,}" for name, count in covered.faults.items())
    yield f"    faults    {tried or 'none'}"
    if covered.cut:
        at = ", ".join(one or "(dialling)" for one in covered.cut_at)
        yield f"    cut off   {covered.cut:,} situations by {covered.why}, at {at}; what follows them was not looked at"
        if covered.scenes and not covered.scenes_cut:
            yield "              each is like one that was gone on from, but for what was before"
    else:
        yield "    cut off   nothing"
    if not covered.cut and covered.untaken:
        count = len(covered.untaken)
        yield f"    unknown   what follows the {count} outcome{'s' if count > 1 else ''} that no call has taken, as said above"
    if covered.untried:
        yield f"    untried   other values of {', '.join(map(visible, covered.untried))}, which conditions read"


def _sign(covered: "Covered", passed: bool) -> str:
    """`✓`: nothing was found, and everything was looked at."""
    if not passed:
        return click.style("✗", fg="red", bold=True)
    whole = not (covered.cut or covered.unseen or covered.untaken or covered.untried)
    return click.style("✓", fg="green") if whole else click.style("~", fg="yellow", bold=True)


def _cases(tested: "AsTested") -> str:
    left = f"; {tested.left:,} left out" if tested.left else ""
    return f"    cases     {tested.cases:,}, played {tested.played:,} times{left}"


def as_json(found: "Found", seconds: float) -> str:
    explored = found.explored
    fields = ("at_ms", "way", "what", "step", "outcome", "detail")
    whole = {
        "format": 1,
        "flow": found.flow,
        "passed": found.passed,
        "seconds": round(seconds, 3),
        "covered": None if explored is None else explored.covered,
        "cases": {name: getattr(found.tested, name) for name in ("cases", "played", "left", "failing")},
        "found": [
            {
                "law": one.law,
                "why": one.why,
                "case": one.case,
                "mark": one.mark,
                "transcript": [{name: getattr(line, name) for name in fields} for line in one.transcript],
            }
            for one in found.shown
        ],
        "diagnostics": found.diagnostics,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
