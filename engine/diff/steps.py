"""What has changed in one step."""

from collections.abc import Iterator, Mapping

from engine.diff.change import Change, Kind
from engine.diff.content import Ways, heard, said, settings, sounds, ways
from engine.diff.ways import Reached
from engine.diff.wording import ENTERED
from engine.model.graph import BranchValue, FlowGraph, Step


def compare_step(
    old: tuple[FlowGraph, Step, Reached], new: tuple[FlowGraph, Step, Reached], names: Mapping[str, str]
) -> Iterator[Change]:
    """`names` are those that the old steps have now."""
    (old_graph, before, was), (new_graph, after, is_) = old, new
    if before.name != after.name:
        yield Change(kind="step_renamed", step=after.name, before=before.name, after=after.name, line=after.at.line)
    old_ways = {what: names.get(target, target) for what, target in ways(old_graph, before).items()}
    new_ways = dict(ways(new_graph, after))
    if before.verb == after.verb == "fetch":
        targets = {**_statuses(before, new_ways)}
        old_ways = {**{what: names.get(target, target) for what, target in targets.items()}, **old_ways}
        new_ways = {**_statuses(after, old_ways), **new_ways}
    if isinstance(before.value, BranchValue) and isinstance(after.value, BranchValue):
        yield from _conditions(after, old_ways, new_ways)
    yield from _ways(after, old_ways, new_ways, was.get(before.name, ()), is_.get(after.name, ()))
    if before.verb != after.verb:
        yield Change(kind="verb", step=after.name, before=before.verb, after=after.verb, line=after.at.line)
    yield from _said(before, after)
    if before.verb == after.verb:
        yield from differing("setting", settings(before), settings(after), step=after.name, line=after.at.line)


def _statuses(step: Step, others: Ways) -> Ways:
    """Where a status goes that only the other one names by itself: with its hundred, or with the rest."""
    named = (what for what in others if what.startswith("http_"))
    return {what: target for what in named if (target := step.next.target(what)) is not None}


def _conditions(step: Step, old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    """One that has changed and goes where the other went is the same condition; the order counts as well."""
    for before in [what for what in old if what not in new]:
        after = next((what for what in new if what not in old and new[what] == old[before]), None)
        if after is not None:
            yield Change(
                kind="condition",
                step=step.name,
                what=(new[after],),
                before=before.removeprefix("if "),
                after=after.removeprefix("if "),
                line=step.at.line,
            )
            del old[before], new[after]
    orders = [what for what in old if what in new], [what for what in new if what in old]
    if orders[0] != orders[1]:
        listed = ("; ".join(what.removeprefix("if ") for what in order if what != "else") for order in orders)
        yield Change(kind="order", step=step.name, before=next(listed), after=next(listed), line=step.at.line)


def _ways(step: Step, old: Ways, new: Ways, was: tuple[str, ...], is_: tuple[str, ...]) -> Iterator[Change]:
    """Keys and words that change alike are one change."""
    groups: dict[tuple[str | None, str | None], list[str]] = {}
    for what in dict.fromkeys((*new, *old)):
        if old.get(what) != new.get(what):
            groups.setdefault((old.get(what), new.get(what)), []).append(what)
    for (before, after), found in groups.items():
        for whats in _together(found):
            kind: Kind = "way_added" if before is None else "way_lost" if after is None else "goes"
            passed = was if after is None else is_
            end = before if after is None else after
            yield Change(
                kind=kind,
                step=step.name,
                what=tuple(whats),
                before=before,
                after=after,
                way=(*passed, f"{step.name} ({whats[0]})", str(end)),
                line=step.at.line,
            )


def _together(whats: list[str]) -> Iterator[list[str]]:
    """What the caller does, and outcomes; each condition is one by itself."""
    done = [what for what in whats if what.startswith(("press ", "say "))]
    alone = [what for what in whats if what.startswith("if ") or what in ENTERED]
    outcomes = [what for what in whats if what not in done and what not in alone]
    yield from (group for group in (done, outcomes) if group)
    yield from ([what] for what in alone)


def _said(before: Step, after: Step) -> Iterator[Change]:
    old, new = said(before), said(after)
    for part in dict.fromkeys((*new, *old)):
        words = heard(old[part]) if part in old else None, heard(new[part]) if part in new else None
        if words[0] != words[1]:
            yield Change(
                kind="said", step=after.name, what=(part,), before=words[0], after=words[1], line=after.at.line
            )
        if part in old and part in new and sounds(old[part]) != sounds(new[part]):
            yield Change(
                kind="setting",
                step=after.name,
                what=(f"{part}, its pauses and sounds",),
                before=sounds(old[part]),
                after=sounds(new[part]),
                line=after.at.line,
            )


def differing(
    kind: Kind, old: Mapping[str, str], new: Mapping[str, str], *, step: str = "", line: int = 0
) -> Iterator[Change]:
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield Change(kind=kind, step=step, what=(name,), before=old.get(name), after=new.get(name), line=line)
